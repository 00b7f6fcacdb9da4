/** The value kinds of docker's flags; the name is what the help screen shows after the flag. */
export type FlagType =
  | 'bool'
  | 'string'
  | 'int'
  | 'uint'
  | 'uint16'
  | 'uint32'
  | 'float'
  | 'duration'
  | 'bytes'
  | 'decimal'
  | 'list'
  | 'strings'
  | 'map'
  | 'stringToString'
  | 'stringArray'
  | 'filter'
  | 'ulimit'
  | 'mount'
  | 'network'
  | 'gpu-request'
  | 'command'
  | 'config'
  | 'credential-spec'
  | 'external-ca'
  | 'ipNetSlice'
  | 'node-addr'
  | 'pem-file'
  | 'port'
  | 'pref'
  | 'secret'
  | 'external';

/** One flag of a command, as data. */
export interface Flag {
  name: string;
  short?: string;
  type: FlagType;
  usage: string;
  /** What its value is called, when not by its type: pflag takes it from backquotes in the usage. */
  valueName?: string;
  /** The default's text as the help screen shows it; absent when the default is the type's zero. */
  default?: string;
  /** API version from which the daemon knows it. */
  since?: string;
  /** Shown and accepted only by an experimental daemon. */
  experimental?: boolean;
  /** Only for daemons on this system. */
  ostype?: string;
  hidden?: boolean;
  /** pflag's MarkDeprecated: accepted, hidden, warns. */
  deprecated?: string;
  /** Checks a value and may rewrite it; an error's message becomes part of pflag's. */
  check?: (value: string) => string;
}

export function flag(name: string, short: string, type: FlagType, usage: string, more: Partial<Flag> = {}): Flag {
  return { name, short: short || undefined, type, usage, ...more };
}

const repeated: ReadonlySet<FlagType> = new Set([
  'list',
  'strings',
  'map',
  'stringToString',
  'stringArray',
  'filter',
  'ulimit',
  'mount',
  'network',
  'gpu-request',
  'config',
  'secret',
  'pref',
  'port',
  'external-ca',
  'ipNetSlice',
] as const);
/** Kinds that collect every occurrence. */
export const isRepeated = (type: FlagType): boolean => repeated.has(type);
