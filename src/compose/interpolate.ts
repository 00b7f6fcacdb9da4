import { goQuote } from '../spec/index.ts';
import { ProjectError } from './project.ts';
import { InvalidTemplate, type Lookup, substitute } from './template.ts';
import { dictOf, entriesOf, isDict, type Path, Rules, showPath, type Value } from './value.ts';

type Cast = (text: string, warn: (message: string) => void) => Value;

const badNumber = (call: string, text: string, why: string): never => {
  throw new Error(`strconv.${call}: parsing ${goQuote(text)}: ${why}`);
};

const integerBy =
  (call: string): Cast =>
  (text) => {
    if (!/^[+-]?\d+$/.test(text)) return badNumber(call, text, 'invalid syntax');
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : BigInt(text);
  };

export const toInt = integerBy('Atoi');
export const toInt64 = integerBy('ParseInt');

export const toFloat: Cast = (text) => {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isNaN(value) ? badNumber('ParseFloat', text, 'invalid syntax') : value;
};

const yes = ['y', 'yes', 'on'];
const no = ['n', 'no', 'off'];

export const toBoolean: Cast = (text, warn) => {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  const value = yes.includes(word);
  if (!value && !no.includes(word)) throw new Error(`invalid boolean: ${text}`);
  warn(`${goQuote(text)} for boolean is not supported by YAML 1.2, please use \`${value}\``);
  return value;
};

/** What a text at a path is made to. */
const casts = new Rules<Cast>({
  ...under('services.*', toInt64, 'cpu_count cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares'),
  ...under('services.*', toInt64, 'oom_score_adj pids_limit'),
  ...under('services.*', toFloat, 'cpu_percent cpus'),
  ...under('services.*', toBoolean, 'init oom_kill_disable privileged read_only stdin_open tty healthcheck.disable'),
  ...under('services.*', toBoolean, 'volumes.[].read_only volumes.[].volume.nocopy'),
  ...under('services.*', toInt, 'scale healthcheck.retries ports.[].target ulimits.* ulimits.*.hard ulimits.*.soft'),
  ...under('services.*.deploy', toInt, 'replicas update_config.parallelism rollback_config.parallelism'),
  ...under('services.*.deploy', toInt, 'restart_policy.max_attempts placement.max_replicas_per_node'),
  ...under('services.*.deploy', toFloat, 'update_config.max_failure_ratio rollback_config.max_failure_ratio'),
  ...under('networks.*', toBoolean, 'external internal attachable enable_ipv4 enable_ipv6'),
  ...under('volumes.*', toBoolean, 'external'),
  ...under('secrets.*', toBoolean, 'external'),
  ...under('configs.*', toBoolean, 'external'),
});

function under(base: string, cast: Cast, names: string): Record<string, Cast> {
  return Object.fromEntries(names.split(' ').map((name) => [`${base}.${name}`, cast]));
}

/** A tree with the variables of its texts replaced and the texts made numbers and booleans where those are wanted. */
export function interpolate(value: Value, lookup: Lookup, warn: (message: string) => void, path: Path = []): Value {
  if (Array.isArray(value)) return value.map((item) => interpolate(item, lookup, warn, [...path, '[]']));
  if (isDict(value))
    return dictOf(entriesOf(value).map(([key, item]) => [key, interpolate(item, lookup, warn, [...path, key])]));
  if (typeof value !== 'string') return value;
  let text: string;
  try {
    text = substitute(value, lookup, warn);
  } catch (error) {
    throw new ProjectError(said(error, path));
  }
  const cast = casts.find(path);
  try {
    return cast ? cast(text, warn) : text;
  } catch (error) {
    const why = `failed to cast to expected type: ${(error as Error).message}`;
    throw new ProjectError(`error while interpolating ${showPath(path)}: ${why}`);
  }
}

const said = (error: unknown, path: Path): string =>
  error instanceof InvalidTemplate
    ? `invalid interpolation format for ${showPath(path)}.\nYou may need to escape any $ with another $.\n${error.template}`
    : `error while interpolating ${showPath(path)}: ${(error as Error).message}`;
