import type { Shell } from '../shell.ts';
import { AssociativeArray, IndexedArray } from '../variables.ts';

/** The value of `$name`: positional and special parameters, then variables. Undefined when not set. */
export const parameterValue = (shell: Shell, name: string): string | undefined => {
  const first = name.charCodeAt(0);
  if (first >= 48 && first <= 57) return name === '0' ? shell.name : shell.args[Number(name) - 1];
  switch (name) {
    case '?':
      return String(shell.status);
    case '$':
      return String(shell.rootPid);
    case '!':
      return shell.lastBackground === undefined ? undefined : String(shell.lastBackground);
    case '#':
      return String(shell.args.length);
    case '-':
      return shell.optionString();
    case '@':
    case '*':
      return shell.args.length > 0 ? shell.args.join(' ') : undefined;
    case '_':
      return shell.dialect.bash ? shell.lastArgument : shell.vars.get('_');
    default:
      return shell.vars.get(name);
  }
};

/** The elements of `name[@]`; a plain variable is an array of one. */
export const elementsOf = (shell: Shell, name: string): string[] => {
  const value = shell.vars.lookup(name)?.value;
  if (value instanceof IndexedArray) return value.values();
  if (value instanceof AssociativeArray) return value.values();
  const plain = shell.vars.get(name);
  return plain === undefined ? [] : [plain];
};

export const keysOf = (shell: Shell, name: string): string[] => {
  const value = shell.vars.lookup(name)?.value;
  if (value instanceof IndexedArray) return value.sorted().map(String);
  if (value instanceof AssociativeArray) return value.keys();
  return shell.vars.get(name) === undefined ? [] : ['0'];
};

/** First character of IFS; a space when IFS is unset. */
export const joiner = (shell: Shell): string => {
  const ifs = shell.vars.get('IFS');
  return ifs === undefined ? ' ' : [...ifs].slice(0, 1).join('');
};
