import { isErrno } from '../../../../spec/index.ts';
import { decodeBytes, encodeText } from '../../core/escaped-bytes.ts';
import type { Shell } from '../shell.ts';

/** $HISTFILE, or each shell's own file in $HOME. */
export const historyFile = (shell: Shell): string | undefined => {
  const set = shell.vars.get('HISTFILE');
  if (set !== undefined) return set || undefined;
  const home = shell.vars.get('HOME');
  if (!home) return undefined;
  return `${home}/${shell.dialect.bash ? '.bash_history' : '.ash_history'}`;
};

export interface StoredEntry {
  line: string;
  time?: number;
}

/** The entries of a history file; `#seconds` before one is when it was typed. Throws an Errno. */
export const readHistoryFile = (shell: Shell, path: string): StoredEntry[] => {
  const { sys } = shell;
  const fd = sys.openSync(path);
  let text: string;
  try {
    text = decodeBytes(sys.pread(fd, 0, 1 << 20));
  } finally {
    sys.close(fd);
  }
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const stamped = shell.dialect.bash && /^#\d+$/.test(lines[0] ?? '');
  const entries: StoredEntry[] = [];
  let time: number | undefined;
  for (const line of lines) {
    const stamp = shell.dialect.bash ? /^#(\d+)$/.exec(line) : null;
    if (stamp) {
      time = Number(stamp[1]);
      continue;
    }
    // With times, what stands between two of them is one entry of several lines.
    if (stamped && time === undefined && entries.length > 0) entries.at(-1)!.line += `\n${line}`;
    else if (line !== '') entries.push({ line, time });
    time = undefined;
  }
  return entries;
};

const stored = (shell: Shell, entries: readonly StoredEntry[]): string => {
  const stamps = shell.dialect.bash && shell.vars.get('HISTTIMEFORMAT') !== undefined;
  return entries.map((e) => `${stamps && e.time !== undefined ? `#${e.time}\n` : ''}${e.line}\n`).join('');
};

/** Throws an Errno. */
export const writeHistoryFile = (
  shell: Shell,
  path: string,
  entries: readonly StoredEntry[],
  append: boolean,
): void => {
  const { sys } = shell;
  const fd = sys.openSync(path, { access: 'write', create: true, truncate: !append, append }, 0o600);
  sys.pwrite(fd, append ? sys.fstat(fd).size : 0, encodeText(stored(shell, entries)));
  sys.close(fd);
};

const limit = (shell: Shell, name: string): number => {
  const text = shell.vars.get(name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : 500;
};

export const loadHistory = (shell: Shell): void => {
  if (shell.dialect.name === 'dash') return;
  const path = historyFile(shell);
  if (!path) return;
  try {
    const entries = readHistoryFile(shell, path);
    shell.history.entries = entries;
    shell.history.read = entries.length;
    shell.history.stifle(limit(shell, 'HISTSIZE'));
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
  shell.history.fresh = 0;
};

/** At the end of a session: what is new goes to the file, which is cut to $HISTFILESIZE. */
export const saveHistory = (shell: Shell): void => {
  if (shell.dialect.name === 'dash' || (!shell.dialect.bash && shell.terminal === undefined)) return;
  const path = historyFile(shell);
  if (!path || shell.history.length === 0) return;
  try {
    writeHistoryFile(shell, path, shell.history.entries.slice(-limit(shell, 'HISTFILESIZE')), false);
  } catch (error) {
    // A history that cannot be kept is no reason to fail.
    if (!isErrno(error)) throw error;
  }
};

/** Remembers a command as HISTCONTROL and HISTIGNORE ask; false when it was not. */
export const remember = (shell: Shell, line: string): boolean => {
  const control = shell.vars.get('HISTCONTROL') ?? '';
  if (line.trim() === '') return false;
  if (/ignore(space|both)/.test(control) && /^[ \t]/.test(line)) return false;
  if (/ignore(dups|both)/.test(control) && shell.history.at(-1) === line) return false;
  if (/(^|:)erasedups(:|$)/.test(control)) {
    shell.history.entries = shell.history.entries.filter((e) => e.line !== line);
  }
  shell.history.add(line, Number(shell.sys.now().sec));
  const most = shell.vars.get('HISTSIZE');
  if (most !== undefined && /^\d+$/.test(most)) shell.history.stifle(Number(most));
  return true;
};
