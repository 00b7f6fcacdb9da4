/** File modes: as `ls` prints them, and as `chmod` reads them. */

const types = new Map([
  [0o140000, 's'],
  [0o120000, 'l'],
  [0o100000, '-'],
  [0o060000, 'b'],
  [0o040000, 'd'],
  [0o020000, 'c'],
  [0o010000, 'p'],
]);

export const typeLetter = (mode: number): string => types.get(mode & 0o170000) ?? '?';
export const isDirectory = (mode: number): boolean => (mode & 0o170000) === 0o040000;
export const isSymlink = (mode: number): boolean => (mode & 0o170000) === 0o120000;
export const isRegular = (mode: number): boolean => (mode & 0o170000) === 0o100000;
export const isDevice = (mode: number): boolean => (mode & 0o170000) === 0o020000 || (mode & 0o170000) === 0o060000;

/** -rwxr-xr-x */
export function modeText(mode: number): string {
  const bit = (mask: number, letter: string) => (mode & mask ? letter : '-');
  const x = (mask: number, special: number, on: string, off: string) =>
    mode & special ? (mode & mask ? on : off) : bit(mask, 'x');
  return (
    typeLetter(mode) +
    bit(0o400, 'r') +
    bit(0o200, 'w') +
    x(0o100, 0o4000, 's', 'S') +
    bit(0o040, 'r') +
    bit(0o020, 'w') +
    x(0o010, 0o2000, 's', 'S') +
    bit(0o004, 'r') +
    bit(0o002, 'w') +
    x(0o001, 0o1000, 't', 'T')
  );
}

/** stat's %F. */
export function typeName(mode: number, size: number): string {
  const names: Record<string, string> = {
    s: 'socket',
    l: 'symbolic link',
    b: 'block special file',
    d: 'directory',
    c: 'character special file',
    p: 'fifo',
  };
  return names[typeLetter(mode)] ?? (size === 0 ? 'regular empty file' : 'regular file');
}

/** Changes a mode; undefined result of {@link parseMode} means the text is no mode. */
export type ModeChange = (mode: number, directory: boolean, umask: number) => number;

export function parseMode(text: string): ModeChange | undefined {
  if (/^[0-7]+$/.test(text)) {
    const value = Number.parseInt(text, 8);
    if (value > 0o7777) return undefined;
    // GNU: a numeric mode of up to four digits leaves a directory's set-id bits alone.
    return (mode, directory) => (directory && text.length < 5 ? value | (mode & 0o6000) : value);
  }
  const clauses = text.split(',').map(parseClause);
  if (clauses.some((clause) => !clause)) return undefined;
  return (mode, directory, umask) => clauses.reduce((now, clause) => clause!(now, directory, umask), mode & 0o7777);
}

const whoMasks: Record<string, number> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };

function parseClause(clause: string): ModeChange | undefined {
  const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]|[0-7]+))+)$/.exec(clause);
  if (!match) return undefined;
  const who = match[1]!;
  const mask = [...who].reduce((sum, letter) => sum | whoMasks[letter]!, 0) || 0o7777;
  const actions = match[2]!.match(/[-+=][^-+=]*/g)!;
  return (mode, directory, umask) => {
    for (const action of actions) {
      const allowed = who === '' ? mask & ~(umask & 0o777) : mask;
      const bits = permissionBits(action.slice(1), mode, directory) & allowed;
      if (action[0] === '+') mode |= bits;
      else if (action[0] === '-') mode &= ~bits;
      else mode = (mode & ~(mask & ~(directory ? 0o6000 : 0))) | bits;
    }
    return mode;
  };
}

function permissionBits(letters: string, mode: number, directory: boolean): number {
  if (/^[0-7]+$/.test(letters)) return Number.parseInt(letters, 8);
  let bits = 0;
  for (const letter of letters) {
    if (letter === 'r') bits |= 0o444;
    else if (letter === 'w') bits |= 0o222;
    else if (letter === 'x') bits |= 0o111;
    else if (letter === 'X') bits |= directory || mode & 0o111 ? 0o111 : 0;
    else if (letter === 's') bits |= 0o6000;
    else if (letter === 't') bits |= 0o1000;
    else bits |= ((mode >> { u: 6, g: 3, o: 0 }[letter as 'u']) & 7) * 0o111;
  }
  return bits;
}
