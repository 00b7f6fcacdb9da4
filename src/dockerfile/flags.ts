import { DockerfileError } from './error.ts';
import type { Profile } from './parse.ts';
import { withSuggestion } from './suggest.ts';

/** 'many' may be repeated. */
export type FlagKinds = Readonly<Record<string, 'string' | 'bool' | 'many'>>;

export interface FlagValues {
  text(name: string): string;
  flag(name: string): boolean;
  list(name: string): string[];
  used(name: string): boolean;
}

const fail = (message: string): never => {
  throw new DockerfileError('instruction', message);
};

/** Flags an instruction has in one profile only. */
const later: Record<string, FlagKinds> = {
  RUN: { network: 'string', security: 'string', device: 'many' },
  COPY: { link: 'bool', parents: 'bool', exclude: 'many' },
  ADD: { link: 'bool', exclude: 'many', checksum: 'string', 'keep-git-dir': 'bool', unpack: 'bool' },
  HEALTHCHECK: { 'start-interval': 'string' },
};

/** Reads `--name[=value]` words against what the instruction knows. */
export function readFlags(
  instruction: string,
  words: readonly string[],
  known: FlagKinds,
  profile: Profile,
): FlagValues {
  const kinds: FlagKinds = profile === 'buildkit' ? { ...known, ...later[instruction] } : known;
  const values = new Map<string, string[]>();
  for (const word of words) {
    const at = word.indexOf('=');
    const name = word.slice(2, at < 0 ? undefined : at);
    const value = at < 0 ? undefined : word.slice(at + 1);
    const kind = kinds[name];
    if (!kind || !Object.hasOwn(kinds, name)) unknownFlag(name, Object.keys(kinds), profile);
    const shown = profile === 'classic' ? name : `--${name}`;
    if (values.has(name) && kind !== 'many') {
      fail(profile === 'classic' ? `Duplicate flag specified: ${name}` : `duplicate flag specified: ${shown}`);
    }
    values.set(name, [...(values.get(name) ?? []), flagValue(kind!, shown, value, profile)]);
  }
  return {
    text: (name) => values.get(name)?.[0] ?? '',
    flag: (name) => values.get(name)?.[0] === 'true',
    list: (name) => values.get(name) ?? [],
    used: (name) => values.has(name),
  };
}

function unknownFlag(name: string, known: string[], profile: Profile): never {
  if (profile === 'classic') return fail(`Unknown flag: ${name}`);
  return fail(withSuggestion(`unknown flag: --${name}`, name, known));
}

function flagValue(kind: string, shown: string, value: string | undefined, profile: Profile): string {
  const missing = profile === 'classic' ? 'Missing a value on flag:' : 'missing a value on flag:';
  if (kind !== 'bool') return value ?? fail(`${missing} ${shown}`);
  if (value === '') return fail(`${missing} ${shown}`);
  const lower = (value ?? 'true').toLowerCase();
  if (lower === 'true' || lower === 'false') return lower;
  const expecting = profile === 'classic' ? 'Expecting boolean value for flag' : 'expecting boolean value for flag';
  return fail(`${expecting} ${shown}, not: ${value}`);
}
