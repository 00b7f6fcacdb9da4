import {
  type Inspection,
  namespaceKinds,
  type TraceEvent,
  type TraceEventOf,
  type TraceEventType,
} from '../../trace/index.ts';
import { networkPicture } from '../network/picture.ts';
import type { Story } from '../network/stories.ts';

/** One command, as the page's history keeps it. */
export interface Told {
  line: string;
  status: number | undefined;
  events: readonly TraceEvent[];
  before: Inspection | undefined;
  after: Inspection | undefined;
}

/** What a command did, gathered from its events: what the sentences are made of. */
export interface Facts {
  calls: { method: string; path: string }[];
  /** What ended the command: its last call that was to change something (or its last, if none was), when refused. */
  refused: { status: number; message: string } | undefined;
  pulled: Transfer[];
  pushed: Transfer[];
  builds: { form: 'classic' | 'buildkit'; steps: TraceEventOf<'build.step'>[]; error?: string }[];
  images: { id: string; references: string[] }[];
  tagged: string[];
  /** Names that another image had until now. */
  moved: string[];
  untagged: string[];
  deletedImages: number;
  layers: TraceEventOf<'layer.commit'>[];
  removedLayers: number;
  created: { id: string; name: string; image: string }[];
  started: { id: string; name: string; pid: number; own: number }[];
  ended: { name: string; exitCode: number; oom: boolean; signal?: number }[];
  paused: { name: string; status: string }[];
  removed: string[];
  networks: Change;
  volumes: Change;
  copiedUp: string[];
  whiteouts: string[];
  /** Containers whose writable layer holds more files than before. */
  wrote: { name: string; files: number; bytes: number }[];
  /** The command dealt with no container: what containers did to files they did by themselves while it ran. */
  background: boolean;
  /** Connections and questions for a name that failed, and why. */
  failures: Story[];
}

/** Names that are there now and were not, and the other way about. */
export interface Change {
  made: string[];
  gone: string[];
}

export interface Transfer {
  registry: string;
  repository: string;
  done: number;
  exists: number;
  mounted: number;
  from: string | undefined;
  bytes: number;
}

export function gather(command: Told): Facts {
  const facts = gatherAll(command);
  // A name that was taken from one image and given to another is neither gone nor new.
  const moved = facts.deletedImages === 0 ? facts.tagged.filter((name) => facts.untagged.includes(name)) : [];
  const rest = (names: string[]) => names.filter((name) => !moved.includes(name));
  return { ...facts, moved: unique(moved), tagged: rest(facts.tagged), untagged: rest(facts.untagged) };
}

function gatherAll(command: Told): Facts {
  const of = <T extends TraceEventType>(type: T) =>
    command.events.filter((event): event is TraceEventOf<T> => event.type === type);
  const files = fileEvents(command.events);
  const paths = (type: 'overlay.copyup' | 'overlay.whiteout') =>
    unique(files.flatMap((event) => (event.type === type ? [event.path] : [])));
  const refusal = refused(of('http.request'), of('http.response'));
  return {
    calls: of('http.request')
      .filter(({ from, to }) => from === 'docker' && to === 'engine')
      .map(({ method, target }) => ({ method, path: pathOf(target) })),
    refused: refusal,
    pulled: transfers(of('blob'), 'pull'),
    pushed: transfers(of('blob'), 'push'),
    builds: builds(command.events),
    images: of('image.create').map(({ id, references }) => ({ id, references })),
    tagged: of('image.tag').map(({ reference }) => familiar(reference)),
    moved: [],
    untagged: of('image.untag').map(({ reference }) => familiar(reference)),
    deletedImages: of('image.delete').length,
    layers: of('layer.commit'),
    removedLayers: of('layer.remove').length,
    created: stayed(command, of('container.create')).map(({ id, name, image }) => ({ id, name, image })),
    started: started(command, stayed(command, of('container.state'))),
    ended: ended(of('container.state'), of('process.oom').length > 0),
    paused: of('container.state').filter(({ status }) => status === 'paused'),
    removed: of('container.remove').map(({ name }) => name),
    networks: change(command, (state) => state.networks),
    volumes: change(command, (state) => state.volumes),
    copiedUp: paths('overlay.copyup'),
    whiteouts: paths('overlay.whiteout'),
    wrote: wrote(command),
    background: inBackground(command.events, refusal),
    failures: failures(command),
  };
}

function refused(
  requests: TraceEventOf<'http.request'>[],
  responses: TraceEventOf<'http.response'>[],
): Facts['refused'] {
  const calls = requests.filter(({ from, to, target }) => from === 'docker' && to === 'engine' && target !== '/_ping');
  const changing = calls.findLast(({ method }) => method !== 'GET' && method !== 'HEAD');
  const answerTo = (call: typeof changing) => responses.find(({ id }) => id === call?.id);
  if ((answerTo(changing ?? calls.at(-1))?.status ?? 0) < 400) return undefined;
  // `docker inspect NAME` asks for one kind of thing after another: no answer alone tells of what was meant.
  const answer = answerTo(changing ?? calls[0])!;
  return { status: answer.status, message: changing || calls.length === 1 ? messageOf(answer.body ?? '') : '' };
}

/** An error of the Engine API is `{"message": …}`. */
function messageOf(body: string): string {
  const message = /"message":("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  return message ? firstLine(JSON.parse(message)) : '';
}

const firstLine = (text: string): string => text.split('\n')[0]!.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…');

/** What runs a build's steps is told by the build: of a command that builds, only the containers that are left count. */
function stayed<T extends { id: string }>({ after, events }: Told, all: T[]): T[] {
  if (!events.some(({ type }) => type === 'build.begin')) return all;
  return all.filter(({ id }) => after?.containers.some((one) => one.id === id));
}

/** Anonymous volumes have no name that says anything. */
function change({ before, after }: Told, of: (state: Inspection) => { name: string }[]): Change {
  if (!before || !after) return { made: [], gone: [] };
  const [then, now] = [before, after].map((state) =>
    of(state).flatMap(({ name }) => (/^[0-9a-f]{64}$/.test(name) ? [] : [name])),
  ) as [string[], string[]];
  return { made: now.filter((name) => !then.includes(name)), gone: then.filter((name) => !now.includes(name)) };
}

function wrote({ before, after, events }: Told): Facts['wrote'] {
  if (!before || !after || events.some(({ type }) => type === 'build.begin')) return [];
  const known = new Map(before.containers.map((one) => [one.id, one]));
  return after.containers.flatMap(({ id, name, added, size }) => {
    const files = added - (known.get(id)?.added ?? 0);
    return files > 0 ? [{ name, files, bytes: Math.max(0, size - (known.get(id)?.size ?? 0)) }] : [];
  });
}

/** A client that only asked, or was refused, makes no container write; of what is no client nothing can be said. */
function inBackground(events: readonly TraceEvent[], refusal: Facts['refused']): boolean {
  const asked = events.filter((event) => event.type === 'http.request' && event.from === 'docker');
  const deals = ({ method, target }: TraceEventOf<'http.request'>) =>
    method !== 'GET' && /\/(containers|exec|build|commit|session)\b/.test(target);
  return (
    asked.length > 0 &&
    (refusal !== undefined || !asked.some((event) => event.type === 'http.request' && deals(event))) &&
    !events.some(({ type }) => type === 'container.create' || type === 'build.begin')
  );
}

/** Most commands reach nobody, or whom they wanted to: then no picture is made. */
function failures({ events, after }: Told): Story[] {
  const failed = ({ type, ...event }: TraceEvent) =>
    (type === 'net.connect' && 'result' in event && event.result !== 'connected') ||
    (type === 'net.lookup' && 'result' in event && event.result !== 'ok');
  if (!after || !events.some(failed)) return [];
  return (networkPicture(after, events)?.stories ?? []).filter(({ ok }) => !ok);
}

const unique = (list: string[]): string[] => [...new Set(list)];

const familiar = (reference: string): string => reference.replace(/^docker\.io\/(library\/)?/, '');

/** `/v1.41/containers/4ed2…/start?x=1` -> `/containers/4ed2…/start`. */
const pathOf = (target: string): string =>
  target
    .replace(/\?.*$/, '')
    .replace(/^\/v\d+\.\d+(?=\/)/, '')
    .replace(/\b([0-9a-f]{4})[0-9a-f]{60}\b/g, '$1…');

/**
 * What students' processes did to files: not what the engine does before it starts a container (/etc/hosts, /dev ...) or
 * when it unpacks a layer, and not the steps of a build, which run in containers of their own.
 */
function fileEvents(events: readonly TraceEvent[]): readonly TraceEvent[] {
  if (events.some(({ type }) => type === 'build.begin')) return [];
  const created = events.findLastIndex(({ type }) => type === 'container.create');
  if (created < 0) return events.some(({ type }) => type === 'layer.commit') ? [] : events;
  const running = events.findIndex((event) => event.type === 'container.state' && event.status === 'running');
  return running < 0 ? [] : events.slice(running);
}

function transfers(events: TraceEventOf<'blob'>[], direction: 'pull' | 'push'): Transfer[] {
  const byRepository = new Map<string, Transfer>();
  for (const event of events) {
    if (event.direction !== direction) continue;
    const { registry, repository } = event;
    const key = `${registry}/${repository}`;
    const sum = byRepository.get(key) ?? {
      registry,
      repository,
      done: 0,
      exists: 0,
      mounted: 0,
      from: undefined,
      bytes: 0,
    };
    if (event.state === 'done') sum.done += 1;
    if (event.state === 'done') sum.bytes += event.size ?? 0;
    if (event.state === 'exists') sum.exists += 1;
    if (event.state === 'mounted') sum.mounted += 1;
    if (event.state === 'mounted') sum.from ??= event.from;
    byRepository.set(key, sum);
  }
  return [...byRepository.values()];
}

function builds(events: readonly TraceEvent[]): Facts['builds'] {
  const found = new Map<string, Facts['builds'][number]>();
  for (const event of events) {
    if (event.type === 'build.begin') found.set(event.build, { form: event.form, steps: [] });
    if (event.type === 'build.step') found.get(event.build)?.steps.push(event);
    const build = event.type === 'build.end' ? found.get(event.build) : undefined;
    if (build && event.type === 'build.end' && event.error) build.error = event.error;
  }
  return [...found.values()];
}

/** With the number of namespaces of its own; 0 when it is over already and nobody could count them. */
function started({ after }: Told, states: TraceEventOf<'container.state'>[]): Facts['started'] {
  const namespacesOf = (pid: number | undefined) => after?.processes.find((one) => one.pid === pid)?.namespaces;
  const host = namespacesOf(1);
  return states
    .filter(({ status, pid }) => status === 'running' && pid)
    .map(({ id, name, pid }) => {
      const own = namespacesOf(pid);
      return {
        id,
        name,
        pid: pid!,
        own: own && host ? namespaceKinds.filter((kind) => own[kind] !== host[kind]).length : 0,
      };
    });
}

const ended = (states: TraceEventOf<'container.state'>[], oom: boolean): Facts['ended'] =>
  states
    .filter(({ status, exitCode }) => status === 'exited' && exitCode !== undefined)
    .map(({ name, exitCode }) => ({
      name,
      exitCode: exitCode!,
      oom: oom && exitCode === 137,
      ...(exitCode! > 128 && exitCode! < 160 && { signal: exitCode! - 128 }),
    }));
