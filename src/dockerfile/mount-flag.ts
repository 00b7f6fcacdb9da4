import { goQuote } from '../spec/index.ts';
import { DockerfileError } from './error.ts';
import { withSuggestion } from './suggest.ts';

/** One `RUN --mount=…`. Numbers are undefined when not given. */
export interface MountFlag {
  type: 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';
  from: string;
  source: string;
  target: string;
  readonly: boolean;
  /** Bytes, of a tmpfs. */
  size?: number;
  id: string;
  sharing: '' | 'shared' | 'private' | 'locked';
  required: boolean;
  mode?: number;
  uid?: number;
  gid?: number;
  /** The variable that gets a secret; '' when there is none. */
  env: string;
}

const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const sharings = ['shared', 'private', 'locked'];
const keys = [
  ...['type', 'from', 'source', 'target', 'readonly', 'id', 'sharing', 'required', 'size', 'mode', 'uid', 'gid'],
  ...['src', 'dst', 'destination', 'ro', 'rw', 'readwrite', 'env'],
];
const fail = (message: string): never => {
  throw new DockerfileError('instruction', message);
};

/** Fields of one line of comma-separated values; a field may be in double quotes. */
function csvFields(text: string): string[] {
  return Array.from(text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  );
}

/** Reads the value of --mount. `expand` replaces variables (not in `from`). Throws DockerfileError. */
export function parseMountFlag(text: string, expand: (value: string) => string = (value) => value): MountFlag {
  const mount: MountFlag = {
    type: 'bind',
    from: '',
    source: '',
    target: '',
    readonly: true,
    id: '',
    sharing: '',
    required: false,
    env: '',
  };
  const given = new Set<string>();
  const fields = csvFields(text).sort((a, b) => Number(b.startsWith('type=')) - Number(a.startsWith('type=')));
  for (const field of fields) {
    const at = field.indexOf('=');
    const key = (at < 0 ? field : field.slice(0, at)).toLowerCase();
    if (at < 0) setBare(mount, key, field);
    else setField(mount, key, key === 'from' ? fromValue(field.slice(at + 1)) : expand(field.slice(at + 1)), field);
    given.add(key);
    if (key === 'type' && mount.type !== 'bind') mount.readonly = mount.type === 'secret' || mount.type === 'ssh';
  }
  validate(mount);
  return mount;
}

function fromValue(value: string): string {
  if (/\$[\w{]/.test(value)) fail("'from' doesn't support variable expansion, define alias stage instead");
  return value;
}

function setBare(mount: MountFlag, key: string, field: string): void {
  if (key === 'readonly' || key === 'ro') mount.readonly = true;
  else if (key === 'readwrite' || key === 'rw') mount.readonly = false;
  else if (key === 'required') {
    if (mount.type !== 'secret' && mount.type !== 'ssh') unexpected(key, mount);
    mount.required = true;
  } else fail(`invalid field '${field}' must be a key=value pair`);
}

const unexpected = (key: string, mount: MountFlag) => fail(`unexpected key '${key}' for mount type '${mount.type}'`);

function setField(mount: MountFlag, key: string, value: string, field: string): void {
  const bool = () =>
    /^(1|t|T|true|TRUE|True)$/.test(value) ||
    (/^(0|f|F|false|FALSE|False)$/.test(value) ? false : fail(`invalid value for ${key}: ${value}`));
  const whole = (base: number) => {
    const number = (base === 8 ? /^[0-7]+$/ : /^\d+$/).test(value) ? Number.parseInt(value, base) : Number.NaN;
    return Number.isNaN(number) ? fail(`invalid value ${value} for ${key}`) : number;
  };
  switch (key) {
    case 'type':
      if (!types.includes(value)) fail(withSuggestion(`unsupported mount type ${goQuote(value)}`, value, types));
      mount.type = value as MountFlag['type'];
      return;
    case 'from':
    case 'id':
    case 'env':
      mount[key] = value;
      return;
    case 'source':
    case 'src':
      mount.source = value;
      return;
    case 'target':
    case 'dst':
    case 'destination':
      mount.target = value;
      return;
    case 'readonly':
    case 'ro':
      mount.readonly = bool();
      return;
    case 'readwrite':
    case 'rw':
      mount.readonly = !bool();
      return;
    case 'required':
      if (mount.type !== 'secret' && mount.type !== 'ssh') unexpected(key, mount);
      mount.required = bool();
      return;
    case 'size':
      if (mount.type !== 'tmpfs') unexpected(key, mount);
      mount.size = bytes(key, value);
      return;
    case 'sharing':
      if (!sharings.includes(value))
        fail(withSuggestion(`unsupported sharing value ${goQuote(value)}`, value, sharings));
      mount.sharing = value as MountFlag['sharing'];
      return;
    case 'mode':
      mount.mode = whole(8);
      return;
    case 'uid':
    case 'gid':
      mount[key] = whole(10);
      return;
    default:
      fail(withSuggestion(`unexpected key '${key}' in '${field}'`, key, keys));
  }
}

/** go-units' RAMInBytes: "64m", "1.5g", binary multiples. */
function bytes(key: string, value: string): number {
  const match = /^(\d+(?:\.\d+)*) ?([kKmMgGtTpP])?[iI]?[bB]?$/.exec(value);
  if (!match) return fail(`invalid value for ${key}: ${value}`);
  return Math.floor(Number(match[1]) * 1024 ** ' kmgtp'.indexOf((match[2] ?? ' ').toLowerCase()));
}

function validate(mount: MountFlag): void {
  const owned = mount.type === 'secret' || mount.type === 'ssh' || mount.type === 'cache';
  for (const key of ['mode', 'uid', 'gid'] as const) {
    if (!owned && mount[key] !== undefined) fail(`${key} not allowed for ${goQuote(mount.type)} type mounts`);
  }
  if (mount.type === 'secret') {
    if (mount.from) fail('secret mount should not have a from');
    if (mount.sharing) fail('secret mount should not define sharing');
    if (!mount.source && !mount.target && !mount.id) fail('invalid secret mount. one of source, target required');
    if (mount.source && mount.id) fail("both source and id can't be set");
  }
  if (mount.sharing && mount.type !== 'cache') fail(`invalid cache sharing set for ${mount.type} mount`);
}
