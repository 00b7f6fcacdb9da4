import { isErrno } from '../../../../spec/index.ts';
import { assignTo } from '../exec/assign.ts';
import { ifsOf } from '../expand/expand.ts';
import type { Shell } from '../shell.ts';
import { IndexedArray } from '../variables.ts';
import { type Builtin, invalidOption } from './builtin.ts';
import { milliseconds, readLine } from './read-line.ts';

interface ReadOptions {
  raw: boolean;
  prompt?: string;
  array?: string;
  delimiter: number;
  count?: number;
  exact: boolean;
  fd: number;
  timeout?: number;
  silent: boolean;
  names: string[];
}

const parse = (args: string[], allowed: string): ReadOptions | string | { bad: string } => {
  const o: ReadOptions = { raw: false, delimiter: 10, exact: false, fd: 0, silent: false, names: [] };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--' || arg[0] !== '-' || arg === '-') {
      o.names = args.slice(arg === '--' ? i + 1 : i);
      break;
    }
    for (let j = 1; j < arg.length; j++) {
      const c = arg[j]!;
      if (!allowed.includes(c)) return c;
      if ('rse'.includes(c)) {
        if (c === 'r') o.raw = true;
        if (c === 's') o.silent = true;
        continue;
      }
      const value = arg.slice(j + 1) || args[++i] || '';
      if (c === 'p') o.prompt = value;
      if (c === 'a') o.array = value;
      if (c === 'd') o.delimiter = value === '' ? 0 : value.charCodeAt(0);
      if (c === 'n' || c === 'N') o.count = Number(value);
      if (c === 'N') o.exact = true;
      if (c === 'u') {
        if (!/^\d+$/.test(value)) return { bad: `${value}: invalid file descriptor specification` };
        o.fd = Number(value);
      }
      if (c === 't') o.timeout = Number(value);
      break;
    }
  }
  return o;
};

interface Marked {
  c: string;
  /** Was escaped by a backslash: not a separator. */
  q: boolean;
}

/** Splits a line for `read`: the last name takes the rest, without IFS white space at its end. */
const assignFields = (chars: Marked[], ifs: string, count: number): string[] => {
  const white = (m: Marked) => !m.q && ' \t\n'.includes(m.c) && ifs.includes(m.c);
  const separator = (m: Marked) => !m.q && ifs.includes(m.c);
  let at = 0;
  const skipWhite = () => {
    while (at < chars.length && white(chars[at]!)) at++;
  };
  const fields: string[] = [];
  skipWhite();
  while (at < chars.length && fields.length < count - 1) {
    let text = '';
    while (at < chars.length && !separator(chars[at]!)) text += chars[at++]!.c;
    fields.push(text);
    skipWhite();
    if (at < chars.length && separator(chars[at]!) && !white(chars[at]!)) at++;
    skipWhite();
  }
  if (at < chars.length) {
    let end = chars.length;
    while (end > at && white(chars[end - 1]!)) end--;
    const rest = chars.slice(at, end);
    // A separator that ends the only remaining field is dropped, with the white space around it.
    const word = rest.findIndex(separator);
    if (
      word >= 0 &&
      rest
        .slice(word)
        .filter((m) => !white(m))
        .every(separator) &&
      rest.slice(word).filter((m) => !white(m)).length === 1
    )
      rest.length = word;
    fields.push(rest.map((m) => m.c).join(''));
  }
  return fields;
};

interface ReadText {
  chars: Marked[];
  complete: boolean;
  /** Time was up. */
  late?: boolean;
}

/** Reads characters as `read` takes them: a backslash quotes the next one, whatever would end the line. */
const readMarked = async (shell: Shell, o: ReadOptions): Promise<ReadText> => {
  const until = o.timeout === undefined ? undefined : milliseconds(shell.sys) + o.timeout * 1000;
  const chars: Marked[] = [];
  let joined = false;
  for (;;) {
    const wanted = o.count === undefined ? undefined : o.count - chars.length;
    const line = await readLine(shell.sys, o.fd, o.exact ? -1 : o.delimiter, wanted, until);
    const text = [...line.text.replaceAll('\0', '')];
    for (let i = 0; i < text.length; i++) {
      const c = text[i]!;
      if (joined) {
        joined = false;
        // A backslash and a newline are nothing.
        if (c !== '\n') chars.push({ c, q: true });
      } else if (c === '\\' && !o.raw) joined = true;
      else chars.push({ c, q: false });
    }
    if (line.late) return { chars, complete: false, late: true };
    if (joined && line.complete) {
      joined = false;
      if (o.delimiter !== 10) chars.push({ c: String.fromCharCode(o.delimiter), q: true });
      continue;
    }
    const enough = o.count !== undefined && chars.length >= o.count;
    if (o.count !== undefined && !enough && !line.complete && line.text !== '' && !line.ended) continue;
    return { chars, complete: line.complete || enough };
  }
};

export const read: Builtin = async (shell, args, name) => {
  const options = parse(args, shell.dialect.name === 'dash' ? 'rp' : shell.dialect.bash ? 'ersadiunNptu' : 'rsdunpt');
  if ('bad' in Object(options)) {
    await shell.complain((options as { bad: string }).bad);
    return shell.dialect.bash ? 1 : 2;
  }
  if (typeof options === 'string' || 'bad' in options) {
    return invalidOption(
      shell,
      name,
      String(options),
      'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]',
    );
  }
  if (options.names.length === 0 && !options.array && shell.dialect.name === 'dash') return shell.fatal('arg count');
  for (const variable of options.names) {
    if (/^[A-Za-z_]\w*(\[.*\])?$/.test(variable)) continue;
    if (shell.dialect.name === 'dash') return shell.fatal(`${variable}: bad variable name`);
    if (!shell.dialect.bash) {
      await shell.write(2, `${shell.name}: read: '${variable}': bad variable name\n`);
      return 1;
    }
    await shell.complain(`\`${variable}': not a valid identifier`);
    return 1;
  }
  if (options.prompt !== undefined && shell.sys.isatty(options.fd)) await shell.write(2, options.prompt);
  const count = args.find((a, i) => /^-[rs]*[nN]$/.test(args[i - 1] ?? '') && !/^\d+$/.test(a));
  if (count !== undefined) {
    await shell.complain(shell.dialect.bash ? `${count}: invalid number` : 'invalid count');
    return shell.dialect.bash ? 1 : 2;
  }
  if (options.timeout === 0) return (await shell.sys.poll([{ fd: options.fd, read: true }], 0)).length > 0 ? 0 : 1;
  let result: ReadText;
  const restoreEcho = options.silent ? quiet(shell, options.fd) : undefined;
  try {
    result = await readMarked(shell, options);
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'EINTR') return 130;
    if (shell.dialect.bash) await shell.complain(`read error: ${options.fd}: ${error.message}`);
    return shell.dialect.name === 'dash' ? 2 : 1;
  } finally {
    restoreEcho?.();
  }
  // busybox forgets what came before the time was up.
  await store(shell, options, result.late && !shell.dialect.bash ? [] : result.chars);
  if (result.late) return shell.dialect.bash ? 142 : 1;
  return result.complete ? 0 : 1;
};

const quiet = (shell: Shell, fd: number): (() => void) | undefined => {
  if (!shell.sys.isatty(fd)) return undefined;
  const old = shell.sys.tcgetattr(fd);
  shell.sys.tcsetattr(fd, { ...old, flags: { ...old.flags, echo: false } });
  return () => shell.sys.tcsetattr(fd, old);
};

const store = async (shell: Shell, options: ReadOptions, chars: Marked[]): Promise<void> => {
  const ifs = ifsOf(shell);
  if (options.array) {
    shell.vars.setArray(options.array, IndexedArray.of(assignFields(chars, ifs, Number.POSITIVE_INFINITY)));
    return;
  }
  if (options.names.length === 0 || options.exact) {
    await assignTo(shell, options.names[0] ?? 'REPLY', chars.map((m) => m.c).join(''));
    for (const name of options.names.slice(1)) await assignTo(shell, name, '');
    return;
  }
  const fields = assignFields(chars, ifs, options.names.length);
  for (const [i, n] of options.names.entries()) await assignTo(shell, n, fields[i] ?? '');
};

/** getopts (POSIX); the place inside a cluster of options is the shell's, reset when OPTIND is set. */
export const getopts: Builtin = async (shell, args) => {
  const [spec, name] = args;
  if (spec === undefined || name === undefined) {
    if (shell.dialect.bash) {
      await shell.write(2, 'getopts: usage: getopts optstring name [arg ...]\n');
      return 2;
    }
    return shell.fatal('Usage: getopts optstring var [arg]');
  }
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    await nextOption(shell, args.length > 2 ? args.slice(2) : shell.args, spec, undefined);
    if (!shell.dialect.bash) return shell.fatal(`${name}: bad variable name`);
    await shell.complain(`\`${name}': not a valid identifier`);
    return 1;
  }
  return nextOption(shell, args.length > 2 ? args.slice(2) : shell.args, spec, name);
};

const nextOption = async (
  shell: Shell,
  words: readonly string[],
  spec: string,
  name: string | undefined,
): Promise<number> => {
  const store = (value: string) => {
    if (name !== undefined) shell.vars.set(name, value);
  };
  const silent = spec[0] === ':';
  const again = shell.getoptsAgain && !shell.dialect.bash;
  let index = again ? 1 : Number(shell.vars.get('OPTIND') ?? '1') || 1;
  let offset = again ? 0 : shell.getoptsOffset;
  shell.getoptsAgain = false;
  // dash and ash count a word as passed as soon as its first option was taken.
  if (offset > 0 && !shell.dialect.bash) index--;
  const setIndex = () => {
    shell.vars.set('OPTIND', String(offset > 0 && !shell.dialect.bash ? index + 1 : index));
    shell.getoptsOffset = offset;
  };
  if (shell.dialect.bash && index > words.length + 1) index = words.length + 1;
  const word = words[index - 1];
  if (offset === 0) {
    if (word === undefined || word[0] !== '-' || word === '-' || word === '--') {
      if (word === '--') index++;
      setIndex();
      store('?');
      if (shell.dialect.name !== 'dash') shell.vars.unset('OPTARG');
      return 1;
    }
    offset = 1;
  }
  const letter = word![offset++]!;
  const advance = () => {
    if (offset >= word!.length) {
      index++;
      offset = 0;
    }
  };
  const at = spec.indexOf(letter);
  if (at < 0 || letter === ':') {
    advance();
    setIndex();
    store('?');
    if (silent) shell.vars.set('OPTARG', letter);
    else {
      shell.vars.unset('OPTARG');
      if (shell.vars.get('OPTERR') !== '0')
        await shell.write(
          2,
          shell.dialect.bash ? `${shell.name}: illegal option -- ${letter}\n` : `Illegal option -${letter}\n`,
        );
    }
    return 0;
  }
  if (spec[at + 1] !== ':') {
    advance();
    setIndex();
    if (shell.dialect.bash) shell.vars.unset('OPTARG');
    else shell.vars.set('OPTARG', '');
    store(letter);
    return 0;
  }
  let value: string | undefined = word!.slice(offset);
  index++;
  if (value === '') value = words[index - 1] === undefined ? undefined : words[index++ - 1];
  offset = 0;
  setIndex();
  if (value === undefined) {
    store(silent ? ':' : '?');
    if (silent) shell.vars.set('OPTARG', letter);
    else {
      shell.vars.unset('OPTARG');
      await shell.write(
        2,
        shell.dialect.bash
          ? `${shell.name}: option requires an argument -- ${letter}\n`
          : `No arg for -${letter} option\n`,
      );
    }
    return 0;
  }
  shell.vars.set('OPTARG', value);
  store(letter);
  return 0;
};
