import { isErrno } from '../../../../spec/index.ts';
import type { Termios } from '../../../kernel/sys.ts';
import { decodeBytes, encodeText } from '../bytes.ts';
import { Interrupted } from '../control.ts';
import type { Shell } from '../shell.ts';
import { commonPrefix, complete } from './complete.ts';
import { LineScreen } from './screen.ts';

const sigwinch = 28;

/** Keys: an escape sequence, or one character. */
const keyPattern = /^(\x1b\[[\d;]*[A-Za-z~]|\x1bO[A-Za-z]|\x1b[^[O]|[\s\S])/u;
/** The beginning of a longer one: what follows is waited for. */
const unfinished = /^(\x1b(\[[\d;]*|O)?|[\udcc2-\udcf4][\udc80-\udcbf]{0,2})$/;
const pasteEnd = '\x1b[201~';
const aliases: Record<string, string> = {
  '\x1b[C': '\x06',
  '\x1b[D': '\x02',
  '\x1b[A': '\x10',
  '\x1b[B': '\x0e',
  '\x1b[H': '\x01',
  '\x1b[F': '\x05',
  '\x1bOH': '\x01',
  '\x1bOF': '\x05',
  '\x1bOA': '\x10',
  '\x1bOB': '\x0e',
  '\x1bOC': '\x06',
  '\x1bOD': '\x02',
  '\x1b[1~': '\x01',
  '\x1b[4~': '\x05',
  '\x1b[1;5C': '\x1bf',
  '\x1b[1;5D': '\x1bb',
  '\b': '\x7f',
  '\n': '\r',
};

/** Typed ahead of the line that was asked for: belongs to the next one. */
const pending = new WeakMap<Shell, string>();
const killed = new WeakMap<Shell, string>();

class LineEditor {
  private chars: string[] = [];
  private cursor = 0;
  private at: number;
  private draft = '';
  /** What a bracketed paste brought so far. */
  private pasted: string | undefined;
  /** Just pasted: shown in reverse until the next key. */
  private marked: [number, number] | undefined;
  private lastTab = false;
  private search: { text: string; found: string; failed: boolean } | undefined;
  done: string | null | undefined;
  private readonly screen: LineScreen;

  constructor(
    private readonly shell: Shell,
    private readonly prompt: string,
  ) {
    this.at = shell.history.length;
    this.screen = new LineScreen(prompt, Math.max(2, shell.sys.winsize(0).columns || 80));
  }

  async begin(): Promise<void> {
    await this.write((this.bracketed ? '\x1b[?2004h' : '') + this.screen.first());
    if (this.shell.dialect.name === 'ash') await this.askCursor();
  }

  /** The terminal is asked to say what is pasted, as readline does. */
  private get bracketed(): boolean {
    return this.shell.dialect.bash;
  }

  /** BusyBox asks the terminal where the cursor is, unless keys wait already. */
  private async askCursor(): Promise<void> {
    const ready = pending.get(this.shell) ? [1] : await this.shell.sys.poll([{ fd: 0, read: true }], 0);
    if (ready.length === 0) await this.write('\x1b[6n');
  }

  /** The window has another size: the line is drawn anew. */
  async redraw(): Promise<void> {
    this.screen.reset();
    await this.draw();
  }

  private write(text: string): Promise<void> {
    return this.shell.sys.write(2, encodeText(text));
  }

  private get text(): string {
    return this.chars.join('');
  }

  private set(text: string): void {
    this.chars = [...text];
    this.cursor = this.chars.length;
  }

  async draw(): Promise<void> {
    if (this.search) return this.drawSearch(this.search);
    this.screen.setPrompt(this.prompt);
    await this.write(this.screen.draw(this.chars, this.cursor, this.marked));
  }

  private async drawSearch({ text, found, failed }: NonNullable<LineEditor['search']>): Promise<void> {
    const quote = this.shell.dialect.bash ? '`' : "'";
    this.screen.setPrompt(`(${failed ? 'failed ' : ''}reverse-i-search)${quote}${text}': `);
    const at = [...found.slice(0, Math.max(0, found.indexOf(text)))].length;
    await this.write(this.screen.draw([...found], at));
  }

  insert(text: string): void {
    const chars = [...text];
    this.chars.splice(this.cursor, 0, ...chars);
    this.cursor += chars.length;
  }

  /** Handles one key; `done` is set when the line is finished. */
  async key(raw: string): Promise<void> {
    this.marked = undefined;
    if (raw === '\x1b[200~') {
      this.pasted = '';
      return;
    }
    if (raw === pasteEnd) return this.paste();
    if (this.pasted !== undefined) {
      this.pasted += raw === '\r' ? '\n' : raw;
      return;
    }
    const key = aliases[raw] ?? raw;
    if (this.search && this.searchKey(key)) return;
    const tab = key === '\t';
    if (tab) await this.tab();
    else if (key === '\r') await this.finish(this.text);
    else if (key === '\x03') await this.interrupt();
    else if (key === '\x04' && this.chars.length === 0) await this.endOfFile();
    else if (!this.edit(key) && !this.move(key) && key >= ' ' && key[0] !== '\x1b') this.insert(key);
    else if (key === '\x0c') await this.clear();
    this.lastTab = tab;
  }

  private paste(): void {
    const from = this.cursor;
    this.insert(this.pasted ?? '');
    this.pasted = undefined;
    if (this.shell.dialect.bash && this.cursor > from) this.marked = [from, this.cursor];
  }

  private async finish(text: string): Promise<void> {
    this.cursor = this.chars.length;
    await this.draw();
    await this.write(this.screen.leave(this.chars));
    await this.end();
    this.done = text;
  }

  private async end(): Promise<void> {
    if (this.bracketed) await this.write('\x1b[?2004l\r');
  }

  private async endOfFile(): Promise<void> {
    await this.end();
    if (this.bracketed) await this.write('\n');
    this.done = null;
  }

  private async interrupt(): Promise<void> {
    this.cursor = this.chars.length;
    await this.draw();
    await this.write('^C');
    await this.end();
    throw new Interrupted();
  }

  private async clear(): Promise<void> {
    this.screen.reset();
    await this.write('\x1b[H\x1b[2J');
  }

  private kill(from: number, to: number): void {
    if (from >= to) return;
    killed.set(this.shell, this.chars.splice(from, to - from).join(''));
    this.cursor = from;
  }

  private wordLeft(space: boolean): number {
    let i = this.cursor;
    const inWord = (c: string) => (space ? c !== ' ' : /[\p{L}\p{N}]/u.test(c));
    while (i > 0 && !inWord(this.chars[i - 1]!)) i--;
    while (i > 0 && inWord(this.chars[i - 1]!)) i--;
    return i;
  }

  private wordRight(): number {
    let i = this.cursor;
    const inWord = (c: string) => /[\p{L}\p{N}]/u.test(c);
    while (i < this.chars.length && !inWord(this.chars[i]!)) i++;
    while (i < this.chars.length && inWord(this.chars[i]!)) i++;
    return i;
  }

  private edit(key: string): boolean {
    const { cursor } = this;
    if (key === '\x7f' && cursor > 0) this.chars.splice(--this.cursor, 1);
    else if (key === '\x04' || key === '\x1b[3~') this.chars.splice(cursor, 1);
    else if (key === '\x0b') this.kill(cursor, this.chars.length);
    else if (key === '\x15') this.kill(0, cursor);
    else if (key === '\x17') this.kill(this.wordLeft(true), cursor);
    else if (key === '\x1b\x7f') this.kill(this.wordLeft(false), cursor);
    else if (key === '\x1bd') this.kill(cursor, this.wordRight());
    else if (key === '\x19') this.insert(killed.get(this.shell) ?? '');
    else if (key === '\x14') this.transpose();
    else if (key === '\x12') this.search = { text: '', found: '', failed: false };
    else return false;
    return true;
  }

  private transpose(): void {
    const i = Math.min(this.cursor, this.chars.length - 1);
    if (i < 1) return;
    [this.chars[i - 1], this.chars[i]] = [this.chars[i]!, this.chars[i - 1]!];
    this.cursor = i + 1;
  }

  private move(key: string): boolean {
    if (key === '\x01') this.cursor = 0;
    else if (key === '\x05') this.cursor = this.chars.length;
    else if (key === '\x06') this.cursor = Math.min(this.cursor + 1, this.chars.length);
    else if (key === '\x02') this.cursor = Math.max(this.cursor - 1, 0);
    else if (key === '\x1bb') this.cursor = this.wordLeft(false);
    else if (key === '\x1bf') this.cursor = this.wordRight();
    else if (key === '\x10') this.recall(-1);
    else if (key === '\x0e') this.recall(1);
    else return false;
    return true;
  }

  private recall(step: number): void {
    const history = this.shell.history.lines;
    const next = this.at + step;
    if (next < 0 || next > history.length) return;
    if (this.at === history.length) this.draft = this.text;
    this.at = next;
    this.set(next === history.length ? this.draft : history[next]!);
  }

  /** In a reverse search: true when the key was part of it. */
  private searchKey(key: string): boolean {
    const search = this.search!;
    if (key === '\x7f') search.text = search.text.slice(0, -1);
    else if (key >= ' ' && key[0] !== '\x1b') search.text += key;
    else if (key !== '\x12') {
      this.search = undefined;
      if (key === '\x07' || search.found === '') return key === '\x07';
      this.set(search.found);
      this.cursor = [...search.found.slice(0, Math.max(0, search.found.indexOf(search.text)))].length;
      return false;
    }
    const history = this.shell.history.lines;
    const before = key === '\x12' && search.found ? history.lastIndexOf(search.found) : history.length;
    const found = history.slice(0, Math.max(0, before)).findLast((l) => search.text !== '' && l.includes(search.text));
    search.failed = found === undefined && search.text !== '';
    search.found = found ?? search.found;
    return true;
  }

  private async tab(): Promise<void> {
    const before = this.chars.slice(0, this.cursor).join('');
    const { start, candidates } = await complete(this.shell, before);
    if (candidates.length === 0) return this.write('\x07');
    const typed = before.slice(start);
    let text = commonPrefix(candidates);
    if (candidates.length === 1 && !/[ /=]$/.test(text)) text += ' ';
    if (text.length > typed.length) {
      const added = this.chars.slice(this.cursor);
      this.set(before.slice(0, start) + text);
      this.chars.push(...added);
      return;
    }
    if (candidates.length > 1 && this.lastTab) await this.list(candidates);
  }

  private async list(candidates: string[]): Promise<void> {
    const names = candidates.map((c) => c.replace(/^.*\/(?=[^/])/, '').trimEnd());
    const width = Math.max(...names.map((n) => n.length)) + 2;
    const perRow = Math.max(1, Math.floor((this.shell.sys.winsize(0).columns || 80) / width));
    const rows = Math.ceil(names.length / perRow);
    let out = '\r\n';
    for (let r = 0; r < rows; r++) {
      const row = names.filter((_, i) => i % rows === r);
      out += `${row.map((n, i) => (i < row.length - 1 ? n.padEnd(width) : n)).join('')}\r\n`;
    }
    this.screen.reset();
    await this.write(out);
  }
}

/** Waits for keys, keeping what the terminal sent beyond the end of the line. */
const feed = async (shell: Shell, editor: LineEditor): Promise<string | null> => {
  let text = pending.get(shell) ?? '';
  pending.delete(shell);
  for (;;) {
    while (text !== '' && !unfinished.test(text)) {
      const key = keyPattern.exec(text)![0];
      text = text.slice(key.length);
      pending.set(shell, text);
      await editor.key(key);
      if (editor.done !== undefined) return editor.done;
    }
    pending.delete(shell);
    await editor.draw();
    const bytes = await readKeys(shell, editor);
    if (bytes.length === 0) return null;
    text = decodeBytes(Uint8Array.from([...encodeText(text), ...bytes]));
  }
};

/** A read that a change of the window's size interrupts goes on after the line was drawn again. */
const readKeys = async (shell: Shell, editor: LineEditor): Promise<Uint8Array> => {
  for (;;) {
    let resized = false;
    shell.sys.signal(sigwinch, () => {
      resized = true;
    });
    try {
      return await shell.sys.read(0);
    } catch (error) {
      if (!isErrno(error, 'EINTR') || !resized) throw error;
      await editor.redraw();
    } finally {
      shell.sys.signal(sigwinch, 'default');
    }
  }
};

/** One edited line from the terminal, which is raw meanwhile; null at the end of file. Throws Interrupted on Ctrl-C. */
export const editLine = async (shell: Shell, prompt: string): Promise<string | null> => {
  const { sys } = shell;
  const cooked = sys.tcgetattr(0);
  const flags = { ...cooked.flags, icanon: false, echo: false, isig: false, icrnl: false };
  sys.tcsetattr(0, { ...cooked, flags, vmin: 1, vtime: 0 });
  const editor = new LineEditor(shell, prompt);
  try {
    await editor.begin();
    return await feed(shell, editor);
  } finally {
    restoreTerminal(shell, cooked);
  }
};

/** The terminal may be gone by now. */
const restoreTerminal = (shell: Shell, cooked: Termios): void => {
  try {
    shell.sys.tcsetattr(0, cooked);
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
};
