/** What lesson.yaml may say, field by field; whatever else stands there is an error that names file and field. */
import { namespaceKinds } from '../trace/index.ts';
import type { Goal } from './goals.ts';

export class LessonError extends Error {
  override readonly name = 'LessonError';
}

type Kind = 'text' | 'texts' | 'number' | 'flag' | 'size' | 'map' | readonly string[] | { listOf: readonly string[] };
type Fields = Readonly<Record<string, Kind>>;

const goalFields: Readonly<Record<string, { fields: Fields; needs?: readonly string[] }>> = {
  image: {
    fields: {
      reference: 'text',
      absent: 'flag',
      untagged: 'flag',
      from: 'text',
      layersAbove: 'number',
      layers: 'number',
      layersAtMost: 'number',
      sizeBelow: 'size',
      sizeAbove: 'size',
      layerContains: 'text',
      notInLayers: 'text',
      buried: 'text',
      without: 'text',
      exposes: 'text',
      cmd: 'texts',
      entrypoint: 'texts',
      env: 'texts',
      user: 'text',
      workdir: 'text',
      volume: 'text',
      labels: 'map',
      healthcheck: 'text',
    },
  },
  container: {
    fields: {
      name: 'text',
      image: 'text',
      status: ['running', 'exited', 'created', 'paused'],
      changed: 'text',
      deleted: 'text',
      port: 'text',
      hostPort: 'text',
      absent: 'flag',
      exitCode: 'number',
      oomKilled: 'flag',
      health: ['starting', 'healthy', 'unhealthy'],
      restart: ['no', 'always', 'unless-stopped', 'on-failure'],
      memory: 'size',
      pidsLimit: 'number',
      readOnly: 'flag',
      user: 'text',
      env: 'texts',
      network: 'text',
      volume: 'text',
      bind: 'text',
      mountedAt: 'text',
      logs: 'text',
    },
  },
  file: { fields: { path: 'text', contains: 'text', absent: 'flag' }, needs: ['path'] },
  registry: {
    fields: {
      host: 'text',
      repository: 'text',
      tag: 'text',
      absent: 'flag',
      sameAs: 'text',
      sharesLayersWith: 'text',
    },
    needs: ['repository'],
  },
  login: { fields: { registry: 'text' }, needs: ['registry'] },
  network: { fields: { name: 'text', absent: 'flag', driver: 'text', containers: 'texts' }, needs: ['name'] },
  volume: {
    fields: { name: 'text', absent: 'flag', holds: 'text', contains: 'text', container: 'text' },
    needs: ['name'],
  },
  build: {
    fields: {
      succeeded: 'flag',
      warns: 'texts',
      silent: 'texts',
      hit: 'texts',
      miss: 'texts',
      missFrom: 'text',
      allHit: 'flag',
    },
  },
  process: {
    fields: {
      name: 'text',
      args: 'text',
      container: 'text',
      pid: 'number',
      uid: 'number',
      own: { listOf: namespaceKinds },
      shared: { listOf: namespaceKinds },
      with: 'text',
      absent: 'flag',
    },
  },
  cgroup: {
    fields: {
      path: 'text',
      container: 'text',
      memoryMax: 'size',
      pidsMax: 'number',
      cpuMax: 'number',
      frozen: 'flag',
      oomKilled: 'flag',
      holds: 'text',
    },
  },
  http: {
    fields: { port: 'number', path: 'text', status: 'number', contains: 'text', refused: 'flag' },
    needs: ['port'],
  },
  exec: { fields: { run: 'text' }, needs: ['run'] },
};

export type Reader = ReturnType<typeof reader>;

/** Reads values of one file. */
export function reader(file: string) {
  const fail = (problem: string): never => {
    throw new LessonError(`${file}: ${problem}`);
  };
  const text = (value: unknown, at: string): string =>
    typeof value === 'string' ? value : fail(`${at} must be text${typeof value === 'number' ? ' (quote it)' : ''}`);
  const list = (value: unknown, at: string): unknown[] => (Array.isArray(value) ? value : fail(`${at} must be a list`));
  const object = (value: unknown, at: string): Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : fail(`${at} must be a map`);
  const record = (value: unknown, at: string): Record<string, string> =>
    Object.fromEntries(Object.entries(object(value, at)).map(([key, one]) => [key, text(one, `${at}.${key}`)]));
  const texts = (value: unknown, at: string): string[] =>
    list(value, at).map((one, index) => text(one, `${at}[${index}]`));
  const number = (value: unknown, at: string): number =>
    // Of who edits a lesson with variants: `{{port}}`.
    typeof value === 'string' && /^\{\{[\w-]+\}\}$/.test(value)
      ? (value as unknown as number)
      : typeof value === 'number' && Number.isFinite(value)
        ? value
        : fail(`${at} must be a number`);
  const oneOf = <T extends string>(value: unknown, allowed: readonly T[], at: string): T =>
    allowed.find((one) => one === value) ?? fail(`${at} must be one of ${allowed.join(', ')}`);
  const only = (value: Record<string, unknown>, allowed: readonly string[], at: string): void => {
    const unknown = Object.keys(value).filter((key) => !allowed.includes(key));
    if (unknown.length > 0) fail(`${at ? `${at}.` : ''}${unknown[0]}: no such field (there are ${allowed.join(', ')})`);
  };
  return { fail, text, list, object, record, texts, number, oneOf, only };
}

/** One goal; `at` is where it stands. */
export function readGoal(raw: unknown, at: string, read: Reader): Goal {
  const goal = read.object(raw, at);
  const [kind, ...more] = Object.keys(goal);
  if (kind === undefined || more.length > 0) {
    return read.fail(`${at} must have one kind of goal, has ${kind ? [kind, ...more].join(', ') : 'none'}`);
  }
  const body = goal[kind];
  if (kind === 'not') return { not: readGoal(body, `${at}.not`, read) };
  if (kind === 'all') return { all: readGoals(body, `${at}.all`, read) };
  if (kind === 'any') return { any: readGoals(body, `${at}.any`, read) };
  const known = Object.hasOwn(goalFields, kind) ? goalFields[kind] : undefined;
  if (!known) return read.fail(`${at}: unknown goal ${kind}`);
  return { [kind]: readFields(body, known.fields, known.needs ?? [], `${at}.${kind}`, read) } as unknown as Goal;
}

export function readGoals(raw: unknown, at: string, read: Reader): Goal[] {
  return read.list(raw, at).map((goal, index) => readGoal(goal, `${at}[${index}]`, read));
}

function readFields(raw: unknown, fields: Fields, needs: readonly string[], at: string, read: Reader): object {
  const body = read.object(raw, at);
  read.only(body, Object.keys(fields), at);
  for (const name of needs) if (body[name] === undefined) read.fail(`${at}.${name} is missing`);
  if (Object.keys(body).length === 0) read.fail(`${at} says nothing`);
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, readField(value, fields[name]!, `${at}.${name}`, read)]),
  );
}

function readField(value: unknown, kind: Kind, at: string, read: Reader): unknown {
  if (kind === 'text') return read.text(value, at);
  if (kind === 'texts') return read.texts(value, at);
  if (kind === 'number') return read.number(filledIn(value), at);
  if (kind === 'map') return read.record(value, at);
  if (kind === 'flag') return typeof value === 'boolean' ? value : read.fail(`${at} must be true or false`);
  if (kind === 'size') return bytes(value) ?? read.fail(`${at} must be a size: 10MB, 64MiB or 64m`);
  if ('listOf' in kind) return read.list(value, at).map((one, i) => read.oneOf(one, kind.listOf, `${at}[${i}]`));
  return read.oneOf(value, kind, at);
}

/** A number that a variant gave stands in quotes; a placeholder that is not filled in stays as it is. */
const filledIn = (value: unknown): unknown =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
};

/** As Docker writes sizes: `MB` where it prints them, `m` where `docker run -m` reads them. */
function bytes(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  const found = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(value) : null;
  const unit = found && Object.hasOwn(units, found[2]!) ? units[found[2]!] : undefined;
  return unit && Number(found![1]) * unit;
}
