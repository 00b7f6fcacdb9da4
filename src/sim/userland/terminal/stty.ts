/** stty: GNU coreutils 9.1 and BusyBox. */
import { Errno, isErrno } from '../../../spec/index.ts';
import type { Termios } from '../../kernel/sys.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { quote } from '../core/quote.ts';
import { characters, combinations, groups, modeAliases, modes, restore, saved } from './stty-modes.ts';

interface Target {
  fd: number;
  name: string;
  termios: Termios;
}

export const stty: CommandSpec = {
  name: 'stty',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const words = [...c.args];
    const at = words.findIndex((word) => word === '-F' || word === '--file' || word.startsWith('--file='));
    let device: string | undefined;
    if (at >= 0) {
      const [word] = words.splice(at, 1);
      device = word!.startsWith('--file=') ? word!.slice(7) : words.splice(at, 1)[0];
    }
    const target = await openTarget(c, device);
    if (words.length === 0) show(c, target, false);
    else if (words.includes('-a') || words.includes('--all')) show(c, target, true);
    else if (words.includes('-g') || words.includes('--save')) c.out(`${saved(target.termios)}\n`);
    else change(c, target, words);
    return 0;
  },
};

async function openTarget(c: Command, device: string | undefined): Promise<Target> {
  const name = device ?? 'standard input';
  try {
    const fd = device === undefined ? 0 : await c.sys.open(device, { access: 'read', nonblock: true });
    return { fd, name, termios: c.sys.tcgetattr(fd) };
  } catch (error) {
    if (!isErrno(error)) throw error;
    return c.fail(`${c.bb || device !== undefined ? name : quote(name)}: ${error.message}`);
  }
}

/** Words in lines of at most the terminal's width. */
class Wrapper {
  private column = 0;
  constructor(
    private readonly c: Command,
    private readonly width: number,
  ) {}
  put(text: string): void {
    if (this.column > 0 && this.column + 1 + text.length > this.width) this.end();
    if (this.column > 0) {
      this.c.out(' ');
      this.column++;
    }
    this.c.out(text);
    this.column += text.length;
  }
  end(): void {
    if (this.column > 0) this.c.out('\n');
    this.column = 0;
  }
}

export function characterText(value: number): string {
  if (value === 0) return '<undef>';
  const meta = value >= 128 ? 'M-' : '';
  const low = value & 127;
  if (low === 127) return `${meta}^?`;
  return low < 32 ? `${meta}^${String.fromCharCode(low + 64)}` : meta + String.fromCharCode(low);
}

function show(c: Command, { fd, termios }: Target, all: boolean): void {
  const { columns, rows } = c.sys.winsize(fd);
  const out = new Wrapper(c, columns || Number(c.sys.env.COLUMNS) || 80);
  out.put(`speed ${termios.speed} baud;`);
  if (all) out.put(`rows ${rows}; columns ${columns};`);
  out.put('line = 0;');
  out.end();
  for (const [name, sane] of characters) {
    const value = termios.chars[name] ?? 0;
    if (all || c.bb || value !== sane)
      out.put(`${c.bb && name === 'discard' ? 'flush' : name} = ${characterText(value)};`);
  }
  if (all || c.bb || !termios.flags.icanon) out.put(`min = ${termios.vmin}; time = ${termios.vtime};`);
  out.end();
  for (const group of groups) {
    for (const mode of modes) {
      if (mode.group !== group) continue;
      const on = termios.flags[mode.name] ?? false;
      if (!all && (mode.sane === undefined || mode.sane === on)) continue;
      out.put(on ? mode.name : `-${mode.name}`);
    }
    out.end();
  }
}

function change(c: Command, target: Target, words: readonly string[]): void {
  const { termios, fd } = target;
  let changed = false;
  const size = c.sys.winsize(fd);
  let resized = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const argument = (): string => {
      if (i + 1 >= words.length) invalid(c, `missing argument to ${quote(word)}`);
      return words[++i]!;
    };
    if (word === 'rows' || word === 'cols' || word === 'columns') {
      size[word === 'rows' ? 'rows' : 'columns'] = integer(c, argument());
      resized = true;
    } else if (word === 'size') showSize(c, target);
    else if (word === 'speed') c.out(`${termios.speed}\n`);
    else {
      setWord(c, termios, word, argument);
      changed = true;
    }
  }
  if (resized) c.sys.setWinsize(fd, size);
  if (changed) c.sys.tcsetattr(fd, termios);
}

/** BusyBox takes a size of 0 for a failure, and then reports whatever errno its shell had left. */
function showSize(c: Command, { fd, name }: Target): void {
  const { rows, columns } = c.sys.winsize(fd);
  if (c.bb && rows === 0 && columns === 0)
    c.fail(name + (fromBusyboxShell(c) ? `: ${new Errno('ECHILD').message}` : ''));
  c.out(`${rows} ${columns}\n`);
}

function fromBusyboxShell(c: Command): boolean {
  try {
    return c.sys.readlink(`/proc/${c.sys.ppid}/exe`) === c.sys.readlink('/proc/self/exe');
  } catch {
    return false;
  }
}

function setWord(c: Command, termios: Termios, word: string, argument: () => string): void {
  if (word === 'sane') {
    makeSane(termios);
    return;
  }
  const combined = combinations[word];
  if (combined !== undefined) {
    const parts = combined.split(' ');
    while (parts.length) setWord(c, termios, parts.shift()!, () => parts.shift()!);
    return;
  }
  const negated = word.startsWith('-');
  const plain = negated ? word.slice(1) : word;
  const mode = modes.find(({ name }) => name === (modeAliases[plain] ?? plain));
  if (mode) termios.flags[mode.name] = !negated;
  else if (word === 'min' || word === 'time') termios[word === 'min' ? 'vmin' : 'vtime'] = integer(c, argument());
  else if (word === 'line') integer(c, argument());
  else if (word === 'ispeed' || word === 'ospeed') termios.speed = integer(c, argument());
  else if (/^\d+$/.test(word)) termios.speed = Number(word);
  else if (isCharacter(word)) termios.chars[word === 'flush' ? 'discard' : word] = characterValue(c, argument());
  else if (!restore(termios, word)) invalid(c, `invalid argument ${quote(word)}`);
}

const isCharacter = (word: string): boolean => word === 'flush' || characters.some(([name]) => name === word);

/** ^X, ^-, undef, a character, or a number. */
function characterValue(c: Command, text: string): number {
  if (text === 'undef' || text === '^-' || text === '') return 0;
  if (text.length === 1) return text.charCodeAt(0);
  if (text[0] === '^') return text[1] === '?' ? 127 : text.charCodeAt(1) & 0x1f;
  return integer(c, text);
}

function integer(c: Command, text: string): number {
  const match = /^(0x[0-9a-f]+|\d+)$/i.exec(text);
  if (!match) invalid(c, c.bb ? `invalid number '${text}'` : `invalid integer argument: ${quote(text)}`);
  return text.startsWith('0') && /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
}

function invalid(c: Command, message: string): never {
  if (c.bb) c.fail(message);
  return c.usage(message);
}

function makeSane(termios: Termios): void {
  for (const mode of modes) if (mode.sane !== undefined) termios.flags[mode.name] = mode.sane;
  for (const [name, value] of characters) termios.chars[name] = value;
  termios.vmin = 1;
  termios.vtime = 0;
}
