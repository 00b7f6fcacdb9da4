import { isErrno } from '../../../../spec/index.ts';
import { runText } from '../exec/source.ts';
import { quoteReusable } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { AssociativeArray, IndexedArray } from '../variables.ts';
import { type Builtin, invalidOption } from './builtin.ts';
import { readLine } from './read-line.ts';

interface Request {
  trim: boolean;
  fd: number;
  delimiter: number;
  limit: number;
  origin: number | undefined;
  skip: number;
  callback?: string;
  quantum: number;
  name: string;
}

const usage = '[-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]';

const numbers: Record<string, string> = {
  u: 'invalid file descriptor specification',
  n: 'invalid line count',
  O: 'invalid array origin',
  s: 'invalid line count',
  c: 'invalid callback quantum',
};

const parse = async (shell: Shell, args: string[], self: string): Promise<Request | number> => {
  const r: Request = {
    trim: false,
    fd: 0,
    delimiter: 10,
    limit: 0,
    origin: undefined,
    skip: 0,
    quantum: 5000,
    name: 'MAPFILE',
  };
  let i = 0;
  for (; i < args.length && /^-./.test(args[i]!); i++) {
    const letter = args[i]![1]!;
    if (letter === '-') {
      i++;
      break;
    }
    if (letter === 't') {
      r.trim = true;
      continue;
    }
    if (!'dunOsCc'.includes(letter)) return invalidOption(shell, self, letter, `${self} ${usage}`);
    const value = args[i]!.slice(2) || args[++i];
    if (value === undefined) {
      await shell.complain(`-${letter}: option requires an argument`);
      await shell.write(2, `${self}: usage: ${self} ${usage}\n`);
      return 2;
    }
    if (numbers[letter] && (!/^[-+]?\d+$/.test(value) || Number(value) < 0 || (letter === 'c' && Number(value) < 1))) {
      await shell.complain(`${value}: ${numbers[letter]}`);
      return 1;
    }
    if (letter === 'd') r.delimiter = value === '' ? 0 : value.charCodeAt(0);
    if (letter === 'u') r.fd = Number(value);
    if (letter === 'n') r.limit = Number(value);
    if (letter === 'O') r.origin = Number(value);
    if (letter === 's') r.skip = Number(value);
    if (letter === 'C') r.callback = value;
    if (letter === 'c') r.quantum = Number(value);
  }
  if (args[i] !== undefined) r.name = args[i]!;
  return r;
};

/** mapfile and readarray. */
export const mapfile: Builtin = async (shell, args, self) => {
  const r = await parse(shell, args, self);
  if (typeof r === 'number') return r;
  if (!/^[A-Za-z_]\w*$/.test(r.name)) {
    await shell.complain(r.name === '' ? 'empty array variable name' : `\`${r.name}': not a valid identifier`);
    return 1;
  }
  if (!shell.sys.fds().includes(r.fd)) {
    await shell.complain(`${r.fd}: invalid file descriptor: Bad file descriptor`);
    return 1;
  }
  const old = shell.vars.lookup(r.name);
  if (old?.value instanceof AssociativeArray || old?.array === 'associative') {
    await shell.complain(`${r.name}: not an indexed array`);
    return 1;
  }
  const kept = r.origin !== undefined && old?.value instanceof IndexedArray ? old.value : new IndexedArray();
  if (r.origin !== undefined && typeof old?.value === 'string') kept.set(0, old.value);
  shell.vars.setArray(r.name, kept);
  await fill(shell, r);
  return 0;
};

const fill = async (shell: Shell, r: Request): Promise<void> => {
  let read = 0;
  for (let n = 0; r.limit === 0 || n < r.limit; ) {
    const line = await nextLine(shell, r);
    if (!line) return;
    if (read++ < r.skip) continue;
    const [text] = line.text.split('\0');
    const tail = r.trim || !line.complete || r.delimiter === 0 ? '' : String.fromCharCode(r.delimiter);
    const value = text! + (text === line.text ? tail : '');
    const index = (r.origin ?? 0) + n++;
    if (r.callback && n % r.quantum === 0) await runCallback(shell, `${r.callback} ${index} ${quoteReusable(value)}`);
    shell.vars.setElement(r.name, String(index), value);
  }
};

const nextLine = async (shell: Shell, r: Request) => {
  try {
    const line = await readLine(shell.sys, r.fd, r.delimiter);
    return !line.complete && line.text === '' ? undefined : line;
  } catch (error) {
    // What cannot be read is as good as empty.
    if (isErrno(error)) return undefined;
    throw error;
  }
};

const runCallback = async (shell: Shell, text: string): Promise<void> => {
  const { running } = shell;
  shell.running = undefined;
  await runText(shell, text, { trap: true });
  shell.running = running;
};
