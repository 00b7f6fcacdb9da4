/** more and less: a pager on a terminal, cat otherwise. */
import { decodeText, encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { eachInput, splitLines } from '../core/lines.ts';

interface Keyboard {
  fd: number;
  restore(): void;
}

/** Keys come from the terminal, as standard input may be what is paged. */
async function openKeyboard(c: Command): Promise<Keyboard> {
  const fd = await c.sys.open('/dev/tty', { access: 'readwrite' }).catch(() => c.sys.dup(2));
  const before = c.sys.tcgetattr(fd);
  c.sys.tcsetattr(fd, { ...before, flags: { ...before.flags, icanon: false, echo: false }, vmin: 1, vtime: 0 });
  const restore = () => {
    c.sys.tcsetattr(fd, before);
    c.sys.close(fd);
  };
  return { fd, restore };
}

const keyNames = new Map([
  ['\x1b[A', 'k'],
  ['\x1bOA', 'k'],
  ['\x1b[B', 'j'],
  ['\x1bOB', 'j'],
  ['\r', 'j'],
  ['\n', 'j'],
  ['e', 'j'],
  ['y', 'k'],
  ['\x1b[5~', 'b'],
  ['\x1b[6~', ' '],
  ['f', ' '],
  ['\x06', ' '],
  ['\x02', 'b'],
  ['<', 'g'],
  ['>', 'G'],
  ['Q', 'q'],
]);

/** What is on the screen: lines from `top`, cut to the terminal's size. */
class View {
  top = 0;
  private pattern = '';
  constructor(
    private readonly c: Command,
    readonly lines: readonly string[],
    readonly label: string,
    readonly quitAtEnd: boolean,
  ) {}

  get rows(): number {
    return Math.max(1, this.c.sys.winsize(1).rows - 1);
  }
  get last(): number {
    return Math.max(0, this.lines.length - this.rows);
  }
  get atEnd(): boolean {
    return this.top + this.rows >= this.lines.length;
  }

  draw(status: string): void {
    const { columns } = this.c.sys.winsize(1);
    const shown = this.lines.slice(this.top, this.top + this.rows).map((line) => [...line].slice(0, columns).join(''));
    while (shown.length < this.rows) shown.push('~');
    this.c.out(`\x1b[H${shown.map((line) => `${line}\x1b[K\r\n`).join('')}${status}\x1b[K`);
  }
  move(by: number): void {
    this.top = Math.min(this.last, Math.max(0, this.top + by));
  }
  /** The next line with the pattern becomes the top; false when there is none. */
  search(pattern: string, step: 1 | -1): boolean {
    this.pattern = pattern || this.pattern;
    for (let at = this.top + step; at >= 0 && at < this.lines.length; at += step) {
      if (!this.lines[at]!.includes(this.pattern)) continue;
      this.top = Math.min(at, this.last);
      return true;
    }
    return false;
  }
}

async function readKey(c: Command, keyboard: Keyboard): Promise<string> {
  await c.flush();
  const bytes = await c.sys.read(keyboard.fd, 16);
  if (bytes.length === 0) return 'q';
  const text = String.fromCharCode(...bytes);
  return keyNames.get(text) ?? text[0]!;
}

async function readPattern(c: Command, keyboard: Keyboard): Promise<string> {
  let text = '';
  for (;;) {
    c.out(`\r/${text}\x1b[K`);
    await c.flush();
    const bytes = await c.sys.read(keyboard.fd, 16);
    for (const key of String.fromCharCode(...bytes)) {
      if (key === '\r' || key === '\n') return text;
      text = key === '\x7f' ? text.slice(0, -1) : text + key;
    }
    if (bytes.length === 0) return text;
  }
}

/** Runs the pager until q; less stays at the end, more ends there. */
async function page(c: Command, view: View, keyboard: Keyboard): Promise<void> {
  let note: string | undefined = view.label;
  for (;;) {
    const end = view.atEnd ? '\x1b[7m(END)\x1b[m' : ':';
    view.draw(note !== undefined && note !== '' ? `\x1b[7m${note}\x1b[m` : end);
    note = undefined;
    const key = await readKey(c, keyboard);
    if (key === 'q' || key === '\x03') return;
    if (key === ' ' && view.atEnd && view.quitAtEnd) return;
    if (key === ' ') view.move(view.rows);
    else if (key === 'b') view.move(-view.rows);
    else if (key === 'd') view.move(Math.ceil(view.rows / 2));
    else if (key === 'u') view.move(-Math.ceil(view.rows / 2));
    else if (key === 'j') view.move(1);
    else if (key === 'k') view.move(-1);
    else if (key === 'g') view.top = 0;
    else if (key === 'G') view.top = view.last;
    else if (key === '/') {
      if (!view.search(await readPattern(c, keyboard), 1)) note = 'Pattern not found  (press RETURN)';
    } else if ((key === 'n' || key === 'N') && !view.search('', key === 'n' ? 1 : -1))
      note = 'Pattern not found  (press RETURN)';
  }
}

/** Away from a terminal more names each file; what cannot be read is told as each of the two does. */
async function collect(c: Command, operands: readonly string[], less: boolean, terminal: boolean): Promise<string> {
  let text = '';
  const rule = ':'.repeat(14);
  await eachInput(
    c,
    operands,
    async (fd, name) => {
      if (!less && !terminal && !c.bb && name !== '-') text += `${rule}\n${name}\n${rule}\n`;
      text += await c.readAllText(fd);
    },
    (name, reason) => {
      if (c.bb) c.error(`can't open '${name}': ${reason}`);
      else if (!less) c.error(`cannot open ${name}: ${reason}`, 0);
      else if (terminal) c.error(`${name}: ${reason}`);
      else text += encodeText(`${name}: ${reason}\n`);
    },
  );
  return text;
}

function pager(name: string, suite: string, full: boolean): CommandSpec {
  return {
    name,
    suite,
    applet: true,
    async run(c) {
      const words =
        'e E F f i I M m N n q R r S s X x: j: p: P: quit-at-eof quit-if-one-screen LINE-NUMBERS RAW-CONTROL-CHARS chop-long-lines no-init';
      const o = c.options({ gnu: words, busybox: words });
      if (o.operands.length === 0 && c.sys.isatty(0)) {
        if (!full) c.usage(c.bb ? undefined : 'bad usage');
        c.errorText('Missing filename ("less --help" for help)\n');
        return 1;
      }
      const terminal = c.sys.isatty(1);
      const text = await collect(c, o.operands, full, terminal);
      if (!terminal) {
        c.raw(text);
        return c.status;
      }
      const lines = splitLines(decodeText(text).replace(/\r/g, ''));
      const numbered = o.has('N', 'LINE-NUMBERS')
        ? lines.map((line, i) => `${String(i + 1).padStart(7)} ${line}`)
        : lines;
      const view = new View(c, numbered, full ? (o.operands[0] ?? '') : '', !full || o.has('e', 'E', 'quit-at-eof'));
      if ((!full || o.has('F', 'quit-if-one-screen')) && numbered.length <= view.rows) {
        c.raw(text);
        return c.status;
      }
      const keyboard = await openKeyboard(c);
      if (full) c.out('\x1b[?1049h\x1b[?1h\x1b=');
      try {
        await page(c, view, keyboard);
      } finally {
        keyboard.restore();
      }
      c.out(full ? '\x1b[?1l\x1b>\x1b[?1049l' : '\r\x1b[K');
      return c.status;
    },
  };
}

export const less = pager('less', 'less', true);
export const more = pager('more', 'util-linux', false);
