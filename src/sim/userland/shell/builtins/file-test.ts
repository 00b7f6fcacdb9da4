import { isErrno } from '../../../../spec/index.ts';
import type { Stat } from '../../../vfs/inode.ts';
import { bashOptions } from '../options.ts';
import type { Shell } from '../shell.ts';

const tryStat = (shell: Shell, path: string, follow = true): Stat | undefined => {
  try {
    const fd = /^\/dev\/(?:fd\/(\d+)|std(in|out|err))$/.exec(path);
    if (fd) return shell.sys.fstat(fd[1] !== undefined ? Number(fd[1]) : { in: 0, out: 1, err: 2 }[fd[2] as 'in']);
    return follow ? shell.sys.stat(path) : shell.sys.lstat(path);
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
};

const mayAccess = (shell: Shell, path: string, mode: number): boolean => {
  try {
    shell.sys.access(path, mode, true);
    return true;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
};

const types: Record<string, number> = { f: 0o100000, d: 0o040000, b: 0o060000, c: 0o020000, p: 0o010000, S: 0o140000 };
const bits: Record<string, number> = { u: 0o4000, g: 0o2000, k: 0o1000 };

/** A unary primary of `test` and `[[`, such as -f. */
export const fileTest = (shell: Shell, operator: string, operand: string): boolean => {
  const letter = operator[1]!;
  if (letter === 'n') return operand !== '';
  if (letter === 'z') return operand === '';
  if (letter === 't')
    return /^\d+$/.test(operand) && shell.sys.fds().includes(Number(operand)) && shell.sys.isatty(Number(operand));
  if (letter === 'o') return bashOptions.includes(operand) && shell.has(operand);
  if (letter === 'v') return shell.vars.get(operand) !== undefined || elementSet(shell, operand);
  if (letter === 'R') return Boolean(shell.vars.table.get(operand)?.nameref);
  if (letter === 'h' || letter === 'L') return ((tryStat(shell, operand, false)?.mode ?? 0) & 0o170000) === 0o120000;
  const stat = tryStat(shell, operand);
  if (!stat) return false;
  if (types[letter] !== undefined) return (stat.mode & 0o170000) === types[letter];
  if (bits[letter] !== undefined) return (stat.mode & bits[letter]) !== 0;
  switch (letter) {
    case 'r':
      return mayAccess(shell, operand, 4);
    case 'w':
      return mayAccess(shell, operand, 2);
    case 'x':
      return mayAccess(shell, operand, 1);
    case 's':
      return stat.size > 0;
    case 'O':
      return stat.uid === shell.sys.cred.euid;
    case 'G':
      return stat.gid === shell.sys.cred.egid;
    case 'N':
      return stat.mtime.sec > stat.atime.sec;
    default:
      return true;
  }
};

const elementSet = (shell: Shell, text: string): boolean => {
  const match = /^(\w+)\[(.*)\]$/.exec(text);
  const value = match ? shell.vars.lookup(match[1]!)?.value : undefined;
  if (value === undefined || typeof value === 'string') return false;
  return (value.items as Map<string | number, string>).has(
    /^\d+$/.test(match![2]!) && 'next' in value ? Number(match![2]) : match![2]!,
  );
};

/** -nt -ot -ef. */
export const compareFiles = (shell: Shell, operator: string, a: string, b: string): boolean => {
  const [left, right] = [tryStat(shell, a), tryStat(shell, b)];
  if (operator === '-ef') return Boolean(left && right && left.dev === right.dev && left.ino === right.ino);
  // In dash and ash both must be there.
  if (!shell.dialect.bash && !(left && right)) return false;
  const order = (s: Stat | undefined) => (s ? Number(s.mtime.sec) * 1e9 + s.mtime.nsec : Number.NEGATIVE_INFINITY);
  return operator === '-nt' ? order(left) > order(right) : order(left) < order(right);
};
