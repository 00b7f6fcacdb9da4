import { isErrno } from '../../../../spec/index.ts';
import { decodeBytes, encodeText } from '../../core/escaped-bytes.ts';
import { runText } from '../exec/source.ts';
import { expandHistory, HistoryFault } from '../history/expand.ts';
import { historyFile, readHistoryFile, writeHistoryFile } from '../history/file.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, invalidOption, splitOptions } from './builtin.ts';
import { output } from './output.ts';
import { strftime } from './strftime.ts';

const usage = 'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]';

const list = async (shell: Shell, text: string | undefined): Promise<number> => {
  const { history } = shell;
  if (text !== undefined && !/^\s*[-+]?\d+\s*$/.test(text)) {
    await shell.complain(`${text}: numeric argument required`);
    return 1;
  }
  const count = text === undefined ? history.length : Math.min(Math.abs(Number(text)), history.length);
  const from = history.length - count;
  const format = shell.vars.get('HISTTIMEFORMAT');
  const lines = history.entries.slice(from).map(({ line, time, edited }, i) => {
    const when = format && time !== undefined ? strftime(format, time) : format ? '??' : '';
    return `${String(from + i + history.base).padStart(5)}${edited ? '*' : ' '} ${when}${line}\n`;
  });
  return output(shell, lines.join(''));
};

const outOfRange = async (shell: Shell, text: string): Promise<number> => {
  await shell.complain(`${text}: history position out of range`);
  return 1;
};

/** The index that a position means: from the end when it is negative. */
const indexOf = (shell: Shell, text: string): number => {
  const n = Number(text);
  const index = n < 0 ? shell.history.length + n : n - shell.history.base;
  return n !== 0 && /^[-+]?\d+$/.test(text) && index >= 0 && index < shell.history.length ? index : -1;
};

const deleteEntries = async (shell: Shell, spec: string): Promise<number> => {
  const range = /^(-?\d+)-(-?\d+)$/.exec(spec);
  const [first, last] = range ? [range[1]!, range[2]!] : [spec, spec];
  const from = indexOf(shell, first);
  const to = indexOf(shell, last);
  if (from < 0 || to < 0 || to < from)
    return outOfRange(shell, range && from >= 0 && to >= 0 ? spec : from < 0 ? first : last);
  shell.history.remove(from, to - from + 1);
  return 0;
};

/** The command that asks is no part of what it asks about. */
const forgetThis = (shell: Shell): void => {
  const { history } = shell;
  if (!history.holdsCurrent) return;
  history.remove(history.length - 1);
  history.fresh = Math.max(0, history.fresh - 1);
  history.holdsCurrent = false;
};

const show = async (shell: Shell, args: string[]): Promise<number> => {
  forgetThis(shell);
  let status = 0;
  for (const arg of args) {
    try {
      await output(shell, `${expandHistory(shell, arg).line}\n`);
    } catch (error) {
      if (!(error instanceof HistoryFault)) throw error;
      await shell.complain(`${arg}: history expansion failed`);
      status = 1;
    }
  }
  return status;
};

const withFile = async (shell: Shell, letter: string, given: string | undefined): Promise<number> => {
  const path = given ?? historyFile(shell);
  if (path === undefined) return 0;
  const { history } = shell;
  try {
    if (letter === 'w') writeHistoryFile(shell, path, history.entries, false);
    else if (letter === 'a') {
      writeHistoryFile(shell, path, history.entries.slice(history.length - history.fresh), true);
      history.read += history.fresh;
      history.fresh = 0;
    } else {
      const entries = readHistoryFile(shell, path);
      const added = letter === 'n' ? entries.slice(history.read) : entries;
      history.entries.push(...added);
      history.read = entries.length;
    }
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (given !== undefined || letter === 'w') await shell.complain(`${path}: ${error.message}`);
    return 1;
  }
  return 0;
};

export const history: Builtin = async (shell, args) => {
  if (!shell.dialect.bash) return list(shell, undefined);
  const at = args.indexOf('-d');
  if (/^-\d/.test(args[0] ?? '')) return invalidOption(shell, 'history', args[0]![1]!, usage);
  const { flags, rest, bad } = splitOptions(at >= 0 ? args.slice(0, at) : args, 'canrwps');
  if (bad) return invalidOption(shell, 'history', bad, usage);
  if (flags.includes('c')) shell.history.clear();
  if (at >= 0) {
    if (args[at + 1] === undefined) {
      await shell.complain('-d: option requires an argument');
      await shell.write(2, `history: usage: ${usage}\n`);
      return 2;
    }
    return deleteEntries(shell, args[at + 1]!);
  }
  const files = [...flags].filter((f) => 'anrw'.includes(f));
  if (files.length > 1) {
    await shell.complain('cannot use more than one of -anrw');
    return 1;
  }
  if (flags.includes('p')) return show(shell, rest);
  if (flags.includes('s')) {
    if (rest.length === 0) return 0;
    forgetThis(shell);
    shell.history.add(rest.join(' '), Number(shell.sys.now().sec));
    return 0;
  }
  if (files.length > 0) return withFile(shell, files[0]!, rest[0]);
  if (flags.includes('c') && rest.length === 0) return 0;
  return list(shell, rest[0]);
};

// ---- fc

const fcUsage = 'fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]';

/** The index that `first` or `last` names: a number, an offset, or how a command begins. */
const eventIndex = (lines: readonly string[], base: number, spec: string, listing: boolean): number => {
  if (/^[-+]?\d+$/.test(spec)) {
    const n = Number(spec);
    if (n < 0) return Math.max(0, lines.length + n);
    if (n === 0) return listing && spec === '-0' ? lines.length - 1 : lines.length - 1;
    return Math.min(Math.max(0, n - base), lines.length - 1);
  }
  return lines.findLastIndex((l) => l.startsWith(spec));
};

/** What fc is about: without the line that called it. */
const before = (shell: Shell): string[] =>
  shell.history.holdsCurrent ? shell.history.lines.slice(0, -1) : shell.history.lines;

const noCommand = async (shell: Shell): Promise<number> => {
  await shell.complain('no command found');
  return 1;
};

const again = async (shell: Shell, args: string[]): Promise<number> => {
  const lines = before(shell);
  const changes = args
    .filter((a) => /^[^=]+=/.test(a))
    .map((a) => [a.slice(0, a.indexOf('=')), a.slice(a.indexOf('=') + 1)] as const);
  const wanted = args.find((a) => !/^[^=]+=/.test(a));
  const at = wanted === undefined ? lines.length - 1 : eventIndex(lines, shell.history.base, wanted, false);
  let line = lines[at];
  if (line === undefined) return noCommand(shell);
  for (const [from, to] of changes) line = line.replaceAll(from, () => to);
  await shell.write(2, `${line}\n`);
  forgetThis(shell);
  shell.history.add(line, Number(shell.sys.now().sec));
  const { running } = shell;
  shell.running = undefined;
  try {
    return await runText(shell, line, { label: 'fc' });
  } finally {
    shell.running = running;
  }
};

const edit = async (shell: Shell, editor: string, text: string): Promise<number> => {
  const { sys } = shell;
  const path = `/tmp/bash-fc.${randomSuffix(shell)}`;
  const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, 0o600);
  sys.pwrite(fd, 0, encodeText(text));
  sys.close(fd);
  const { running } = shell;
  shell.running = undefined;
  try {
    await runText(shell, `${editor} ${path}`, { label: 'fc' });
    if (shell.status !== 0) return 1;
    const edited = sys.openSync(path);
    const changed = decodeBytes(sys.pread(edited, 0, 1 << 20));
    sys.close(edited);
    await shell.write(2, changed);
    forgetThis(shell);
    for (const line of changed.split('\n')) if (line !== '') shell.history.add(line, Number(sys.now().sec));
    return await runText(shell, changed, { label: 'fc' });
  } finally {
    shell.running = running;
    sys.unlink(path);
  }
};

const randomSuffix = (shell: Shell): string =>
  [...shell.sys.random(6)].map((b) => 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'[b % 52]).join('');

/** `fc`: lists, edits or repeats what was typed. */
export const fc: Builtin = async (shell, args, name) => {
  let flags = '';
  let editor: string | undefined;
  let i = 0;
  for (; i < args.length && /^-[^\d]/.test(args[i]!); i++) {
    if (args[i] === '--') {
      i++;
      break;
    }
    for (const c of args[i]!.slice(1)) {
      if (!'elnrs'.includes(c)) return invalidOption(shell, name, c, fcUsage);
      if (c === 'e') editor = args[++i];
      else flags += c;
    }
  }
  const rest = args.slice(i);
  if (flags.includes('s') || editor === '-') return again(shell, rest);
  const listing = flags.includes('l');
  const lines = before(shell);
  if (lines.length === 0) return listing ? 0 : noCommand(shell);
  const { base } = shell.history;
  const fallback = listing ? Math.max(0, lines.length - 16) : lines.length - 1;
  let from = rest[0] === undefined ? fallback : eventIndex(lines, base, rest[0], listing);
  let to = rest[1] !== undefined ? eventIndex(lines, base, rest[1], listing) : listing ? lines.length - 1 : from;
  if (from < 0 || to < 0) return noCommand(shell);
  let reverse = flags.includes('r');
  if (to < from) {
    [from, to] = [to, from];
    reverse = !reverse;
  }
  const chosen = shell.history.entries.slice(from, to + 1).map((e, k) => ({ ...e, number: from + k + base }));
  if (reverse) chosen.reverse();
  if (listing) {
    const numbers = !flags.includes('n');
    return output(shell, chosen.map((e) => `${numbers ? e.number : ''}\t${e.edited ? '*' : ' '}${e.line}\n`).join(''));
  }
  const chosenEditor = editor ?? shell.vars.get('FCEDIT') ?? shell.vars.get('EDITOR') ?? 'vi';
  return edit(shell, chosenEditor, chosen.map((e) => `${e.line}\n`).join(''));
};
