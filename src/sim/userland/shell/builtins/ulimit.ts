/** ulimit: resource limits of the shell and what it starts, setrlimit(2). */
import { isErrno } from '../../../../spec/index.ts';
import type { Shell } from '../shell.ts';
import type { Builtin } from './builtin.ts';
import { output } from './output.ts';

interface Limit {
  letter: string;
  /** Name of the kernel's limit; a number for what is fixed. */
  resource: string | number;
  /** Bytes (or whatever the kernel counts) in one unit of the shell. */
  unit: number;
  bash: string;
  /** Empty: dash does not have it. */
  dash: string;
  ash: string;
}

const limit = (
  letter: string,
  resource: string | number,
  unit: number,
  bash: string,
  dash: string,
  ash: string,
): Limit => ({ letter, resource, unit, bash, dash, ash });

const limits: readonly Limit[] = [
  limit('R', 'RLIMIT_RTTIME', 1, 'real-time non-blocking time  (microseconds, -R)', '', ''),
  limit(
    'c',
    'RLIMIT_CORE',
    512,
    'core file size              (blocks, -c)',
    'coredump(blocks)',
    'core file size (blocks)',
  ),
  limit('d', 'RLIMIT_DATA', 1024, 'data seg size               (kbytes, -d)', 'data(kbytes)', 'data seg size (kb)'),
  limit('e', 'RLIMIT_NICE', 1, 'scheduling priority                 (-e)', '', 'scheduling priority'),
  limit('f', 'RLIMIT_FSIZE', 512, 'file size                   (blocks, -f)', 'file(blocks)', 'file size (blocks)'),
  limit('i', 'RLIMIT_SIGPENDING', 1, 'pending signals                     (-i)', '', 'pending signals'),
  limit(
    'l',
    'RLIMIT_MEMLOCK',
    1024,
    'max locked memory           (kbytes, -l)',
    'locked memory(kbytes)',
    'max locked memory (kb)',
  ),
  limit('m', 'RLIMIT_RSS', 1024, 'max memory size             (kbytes, -m)', 'memory(kbytes)', 'max memory size (kb)'),
  limit('n', 'RLIMIT_NOFILE', 1, 'open files                          (-n)', 'nofiles', 'open files'),
  limit('p', 8, 1, 'pipe size                (512 bytes, -p)', '', ''),
  limit('q', 'RLIMIT_MSGQUEUE', 1, 'POSIX message queues         (bytes, -q)', '', 'POSIX message queues (bytes)'),
  limit('r', 'RLIMIT_RTPRIO', 1, 'real-time priority                  (-r)', 'rtprio', 'real-time priority'),
  limit('s', 'RLIMIT_STACK', 1024, 'stack size                  (kbytes, -s)', 'stack(kbytes)', 'stack size (kb)'),
  limit('t', 'RLIMIT_CPU', 1, 'cpu time                   (seconds, -t)', 'time(seconds)', 'cpu time (seconds)'),
  limit('u', 'RLIMIT_NPROC', 1, 'max user processes                  (-u)', 'process', 'max user processes'),
  limit('v', 'RLIMIT_AS', 1024, 'virtual memory              (kbytes, -v)', 'vmemory(kbytes)', 'virtual memory (kb)'),
  limit('x', 'RLIMIT_LOCKS', 1, 'file locks                          (-x)', 'locks', 'file locks'),
];

/** dash lists in this order, and calls the processes -p. */
const dashOrder = ['t', 'f', 'd', 's', 'c', 'm', 'l', 'u', 'n', 'v', 'x', 'r'];

const unitOf = (shell: Shell, one: Limit): number => (shell.dialect.bash && one.letter === 'f' ? 1024 : one.unit);

const read = (shell: Shell, one: Limit, hard: boolean): string => {
  if (typeof one.resource === 'number') return String(one.resource);
  const limits = shell.sys.getrlimit(one.resource);
  const value = hard ? limits.hard : limits.soft;
  return Number.isFinite(value) && value >= 0 ? String(Math.floor(value / unitOf(shell, one))) : 'unlimited';
};

const listing = (shell: Shell, hard: boolean): string => {
  const { name } = shell.dialect;
  if (name === 'dash') {
    const shown = dashOrder.map((letter) => limits.find((one) => one.letter === letter)!);
    return shown.map((one) => `${one.dash.padEnd(20)} ${read(shell, one, hard)}\n`).join('');
  }
  if (name === 'ash') {
    const shown = limits.filter((one) => one.ash);
    return shown.map((one) => `${one.ash.padEnd(31)} (-${one.letter}) ${read(shell, one, hard)}\n`).join('');
  }
  return limits.map((one) => `${one.bash} ${read(shell, one, hard)}\n`).join('');
};

interface Request {
  letters: string;
  soft: boolean;
  hard: boolean;
  value: string | undefined;
  wrong?: string;
  extra?: boolean;
}

const parse = (shell: Shell, args: readonly string[]): Request => {
  const request: Request = { letters: '', soft: false, hard: false, value: undefined };
  let at = 0;
  for (; at < args.length && /^-./.test(args[at]!); at++) {
    if (args[at] === '--') {
      at++;
      break;
    }
    for (const letter of args[at]!.slice(1)) {
      if (letter === 'H') request.hard = true;
      else if (letter === 'S') request.soft = true;
      else if (letter === 'a' || find(shell, letter)) request.letters += letter;
      else request.wrong ??= letter;
    }
  }
  request.value = args[at];
  request.extra = args[at + 1] !== undefined || (request.letters.includes('a') && request.value !== undefined);
  return request;
};

const find = (shell: Shell, letter: string): Limit | undefined => {
  const wanted = shell.dialect.name === 'dash' && letter === 'p' ? 'u' : letter;
  return limits.find(
    (one) => one.letter === wanted && (shell.dialect.bash || one[shell.dialect.name as 'dash' | 'ash']),
  );
};

const wrongOption = async (shell: Shell, letter: string): Promise<number> => {
  if (shell.dialect.bash) {
    await shell.complain(`-${letter}: invalid option`);
    await shell.write(2, 'ulimit: usage: ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]\n');
    return 2;
  }
  if (shell.dialect.name === 'dash') return shell.fatal(`Illegal option -${letter}`);
  await shell.write(2, `ulimit: invalid option -- '${letter}'\n`);
  return 1;
};

const change = async (shell: Shell, one: Limit, request: Request): Promise<number> => {
  const text = request.value!;
  const resource = String(one.resource);
  const current = shell.sys.getrlimit(resource);
  const words: Record<string, number> = { unlimited: Infinity, ...(shell.dialect.bash ? current : {}) };
  const value = words[text] ?? (/^\d+$/.test(text) ? Number(text) * unitOf(shell, one) : undefined);
  if (shell.dialect.bash && value !== undefined && Number.isFinite(value) && value >= 2 ** 63) {
    await shell.complain(`${text}: limit out of range`);
    return 1;
  }
  if (value === undefined) {
    if (shell.dialect.name === 'dash') return shell.fatal('bad number');
    if (shell.dialect.bash) await shell.complain(`${text}: invalid number`);
    else await shell.write(2, `${shell.name}: invalid number '${text}'\n`);
    return 1;
  }
  const both = request.soft === request.hard;
  try {
    const soft = both || request.soft ? value : current.soft;
    shell.sys.setrlimit(resource, { soft, hard: both || request.hard ? value : current.hard });
    return 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    const label = shell.dialect.bash
      ? `${one.bash.replace(/\s*\(.*/, '').trim()}: cannot modify limit`
      : 'error setting limit';
    if (shell.dialect.name === 'dash') return shell.fatal(`${label} (${error.message})`);
    await shell.complain(`${label}: ${error.message}`);
    return 1;
  }
};

export const ulimit: Builtin = async (shell, args) => {
  const request = parse(shell, args);
  if (request.wrong) return wrongOption(shell, request.wrong);
  if (request.extra && shell.dialect.name === 'dash') return shell.fatal('too many arguments');
  if (request.letters.includes('a')) {
    return output(shell, listing(shell, request.hard));
  }
  const one = find(shell, request.letters[0] ?? 'f')!;
  if (request.value !== undefined) return change(shell, one, request);
  return output(shell, `${read(shell, one, request.hard)}\n`);
};
