import { isErrno } from '../../../../spec/index.ts';
import type { Termios } from '../../../kernel/sys.ts';
import { decodeBytes, encodeText } from '../../core/escaped-bytes.ts';
import { Interrupted } from '../control.ts';
import { runText } from '../exec/source.ts';
import { homeOf } from '../expand/tilde.ts';
import { expandHistory, HistoryFault } from '../history/expand.ts';
import type { Shell } from '../shell.ts';
import { KillRing, LineBuffer } from './buffer.ts';
import { type Action, commonPrefix, complete } from './complete.ts';
import { editFunctions } from './functions.ts';
import type { Binding, KeymapName } from './keymaps.ts';
import { columnsOf } from './listing.ts';
import { LineScreen } from './screen.ts';

const sigwinch = 28;

/** Keys: an escape sequence, or one character. */
const keyPattern = /^(\x1b\[[\d;]*[A-Za-z~]|\x1bO[A-Za-z]|\x1b[^[O]|[\s\S])/u;
/** The beginning of a longer one: what follows is waited for. */
const unfinished = /^(\x1b(\[[\d;]*|O)?|[\udcc2-\udcf4][\udc80-\udcbf]{0,2})$/;
const pasteEnd = '\x1b[201~';

/** Typed ahead of the line that was asked for: belongs to the next one. */
const pending = new WeakMap<Shell, string>();
const rings = new WeakMap<Shell, KillRing>();
/** Where the next line is to begin in the history (operate-and-get-next). */
const startAt = new WeakMap<Shell, number>();

interface Search {
  text: string;
  found: string;
  at: number;
  failed: boolean;
  direction: -1 | 1;
}

export class LineEditor {
  readonly buffer = new LineBuffer();
  readonly ring: KillRing;
  map: KeymapName;
  at: number;
  /** The functions that ran last and run now. */
  last = '';
  running = '';
  yanked: { back: number; length: number; count: number | undefined } | undefined;
  /** A numeric argument was given. */
  counted = false;
  /** The next key is inserted as it is; replaces the character; is looked for. */
  quoting = false;
  replacing = false;
  seeking: 0 | 1 | -1 = 0;
  pendingOperator: { name: 'd' | 'c' | 'y'; from: number } | undefined;
  done: string | null | undefined;
  /** The last Tab changed the line: the next one does not list yet. */
  private completed = false;
  private argument = '';
  private keys = '';
  /** Lines of the history as they were changed here: index -> text. */
  private readonly changed = new Map<number, string>();
  /** What a bracketed paste brought so far. */
  private pasted: string | undefined;
  /** Just pasted: shown in reverse until the next key. */
  private marked: [number, number] | undefined;
  private search: Search | undefined;
  private readonly screen: LineScreen;

  constructor(
    readonly shell: Shell,
    private readonly prompt: string,
  ) {
    this.at = shell.history.length;
    this.map = shell.has('vi') ? 'vi-insert' : 'emacs';
    this.ring = rings.get(shell) ?? new KillRing();
    rings.set(shell, this.ring);
    this.screen = new LineScreen(prompt, this.columns);
    const start = startAt.get(shell);
    startAt.delete(shell);
    if (start !== undefined && start < shell.history.length) this.goTo(start);
  }

  private get columns(): number {
    // A width of one column counts as not told (busybox wh_helper).
    const { columns } = this.shell.sys.winsize(0);
    return columns > 1 ? columns : 80;
  }

  async begin(): Promise<void> {
    await this.write((this.bracketed ? '\x1b[?2004h' : '') + this.screen.first());
    if (this.shell.dialect.name === 'ash') await this.askCursor();
  }

  /** The terminal is asked to say what is pasted, as readline does. */
  private get bracketed(): boolean {
    return this.shell.dialect.bash && this.shell.keymaps.variables.get('enable-bracketed-paste') === 'on';
  }

  /** BusyBox asks the terminal where the cursor is, unless keys wait already. */
  private async askCursor(): Promise<void> {
    const ready = pending.get(this.shell) ? [1] : await this.shell.sys.poll([{ fd: 0, read: true }], 0);
    if (ready.length === 0) await this.write('\x1b[6n');
  }

  /** The window has another size: the line is drawn anew in its place. */
  async resized(): Promise<void> {
    this.screen.resize(this.columns);
    await this.draw();
  }

  async redraw(): Promise<void> {
    this.screen.resize(this.columns);
    await this.draw();
  }

  private write(text: string): Promise<void> {
    return this.shell.sys.write(2, encodeText(text));
  }

  bell(): Promise<void> {
    return this.shell.keymaps.variables.get('bell-style') === 'none' ? Promise.resolve() : this.write('\x07');
  }

  async draw(): Promise<void> {
    if (this.search) return this.drawSearch(this.search);
    this.screen.setPrompt(this.argument === '' ? this.prompt : `(arg: ${this.argument}) `);
    await this.write(this.screen.draw(this.buffer.chars, this.buffer.cursor, this.marked));
  }

  private async drawSearch({ text, found, failed, direction }: Search): Promise<void> {
    const quote = this.shell.dialect.bash ? '`' : "'";
    const way = direction < 0 ? 'reverse-' : '';
    this.screen.setPrompt(`(${failed ? 'failed ' : ''}${way}i-search)${quote}${text}': `);
    const at = [...found.slice(0, Math.max(0, found.indexOf(text)))].length;
    await this.write(this.screen.draw([...found], at));
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
    if (raw === '\x03') return this.interrupt();
    if (this.quoting || this.replacing || this.seeking !== 0) return this.literal(raw);
    if (this.search && this.searchKey(raw)) return;
    await this.dispatch(raw);
  }

  /** The key that a function asked for. */
  private literal(raw: string): void {
    const { buffer } = this;
    if (this.quoting) {
      buffer.save();
      buffer.insert(raw);
    } else if (this.replacing && raw !== '\x1b') {
      buffer.save();
      if (buffer.cursor < buffer.length) buffer.chars[buffer.cursor] = raw;
    } else if (this.seeking !== 0) {
      const found =
        this.seeking > 0
          ? buffer.chars.indexOf(raw, buffer.cursor + 1)
          : buffer.chars.lastIndexOf(raw, buffer.cursor - 1);
      if (found >= 0) buffer.move(found);
      else void this.bell();
    }
    this.quoting = false;
    this.replacing = false;
    this.seeking = 0;
    this.settleOperator();
  }

  /** Runs what the keys typed so far are bound to. */
  private async dispatch(raw: string): Promise<void> {
    this.keys += raw;
    const found = this.shell.keymaps.find(this.map, this.keys);
    if (found === 'prefix' && this.keys !== '\x1b') return;
    const keys = this.keys;
    this.keys = '';
    if (found !== undefined && found !== 'prefix') return this.runBinding(found, raw);
    if (this.keys === '' && keys.length > raw.length) {
      // The sequence led nowhere: its keys count one by one.
      for (const key of keys.slice(0, keys.length - raw.length)) await this.plain(key);
    }
    await this.plain(raw);
  }

  private async plain(raw: string): Promise<void> {
    const found = this.shell.keymaps.table(this.map).get(raw);
    if (found) return this.runBinding(found, raw);
    if (raw === '\x04' && this.map !== 'emacs' && this.buffer.length === 0) return this.endOfFile();
    const inserts = this.map !== 'vi-command' && (raw >= ' ' || raw === '\t') && raw[0] !== '\x1b' && raw !== '\x7f';
    if (inserts) await this.runFunction('self-insert', raw);
    else if (raw >= ' ' && raw[0] !== '\x1b') await this.bell();
  }

  private async runBinding(binding: Binding, raw: string): Promise<void> {
    if ('fn' in binding) return this.runFunction(binding.fn, raw);
    if ('command' in binding) return this.runCommand(binding.command);
    for (const key of binding.macro) {
      await this.key(key);
      if (this.done !== undefined) return;
    }
  }

  private async runFunction(name: string, raw: string): Promise<void> {
    const run = editFunctions[name];
    const isDigit = name === 'digit-argument' || name === 'vi-arg-digit';
    const text = this.argument === '-' ? '-1' : this.argument;
    const count = text === '' ? 1 : Number(text);
    this.counted = text !== '';
    this.running = name;
    if (name !== 'self-insert') this.buffer.settle();
    if (!run) {
      await this.bell();
    } else await run(this, count, raw);
    if (!isDigit) this.argument = '';
    this.last = name;
    if (this.seeking === 0 && !/^vi-(delete|change|yank)-to$|digit/.test(name)) this.settleOperator();
    if (this.map === 'vi-command') this.buffer.move(Math.min(this.buffer.cursor, Math.max(0, this.buffer.length - 1)));
  }

  /** `bind -x`: a shell command that may change the line. */
  private async runCommand(command: string): Promise<void> {
    const { shell, buffer } = this;
    await this.write(`\r\x1b[K`);
    shell.vars.set('READLINE_LINE', buffer.text);
    shell.vars.set('READLINE_POINT', String(buffer.cursor));
    const cooked = shell.sys.tcgetattr(0);
    try {
      await runText(shell, command, { trap: true });
    } finally {
      shell.sys.tcsetattr(0, cooked);
    }
    const text = shell.vars.get('READLINE_LINE') ?? '';
    const point = Number(shell.vars.get('READLINE_POINT') ?? 0);
    for (const name of ['READLINE_LINE', 'READLINE_POINT']) shell.vars.unset(name);
    buffer.set(text);
    buffer.move(point);
    this.screen.reset();
  }

  private paste(): void {
    const from = this.buffer.cursor;
    this.buffer.save();
    this.buffer.insert(this.pasted ?? '');
    this.pasted = undefined;
    if (this.shell.dialect.bash && this.buffer.cursor > from) this.marked = [from, this.buffer.cursor];
  }

  async finish(next?: number): Promise<void> {
    const text = this.buffer.text;
    if (next !== undefined) startAt.set(this.shell, next);
    this.buffer.move(this.buffer.length);
    this.argument = '';
    await this.draw();
    await this.write(this.screen.leave(this.buffer.chars));
    await this.end();
    this.done = text;
  }

  private async end(): Promise<void> {
    if (this.bracketed) await this.write('\x1b[?2004l\r');
  }

  async endOfFile(): Promise<void> {
    await this.end();
    if (this.bracketed) await this.write('\n');
    this.done = null;
  }

  private async interrupt(): Promise<void> {
    this.search = undefined;
    this.buffer.move(this.buffer.length);
    await this.draw();
    await this.write('^C');
    await this.end();
    throw new Interrupted();
  }

  async clear(scrollback: boolean): Promise<void> {
    this.screen.reset();
    await this.write(`\x1b[H\x1b[2J${scrollback ? '\x1b[3J' : ''}`);
  }

  digit(c: string): void {
    this.argument += c;
  }

  kill(from: number, to: number, joins: 'before' | 'after'): void {
    if (from === to) return;
    this.buffer.save();
    const cutBefore = /kill|rubout|discard/.test(this.last);
    this.ring.add(this.buffer.remove(from, to), cutBefore && joins);
  }

  async deleteForward(count: number): Promise<void> {
    const { buffer } = this;
    if (buffer.length === 0) return this.endOfFile();
    if (buffer.cursor >= buffer.length) return this.bell();
    buffer.save();
    buffer.remove(buffer.cursor, Math.min(buffer.length, buffer.cursor + count));
    return undefined;
  }

  /** vi: an operator and where its motion led. */
  private settleOperator(): void {
    const waiting = this.pendingOperator;
    this.pendingOperator = undefined;
    if (!waiting) return;
    const same = this.last === this.running && this.last.startsWith('vi-') && this.last.endsWith('-to');
    if (same) this.operate(waiting.name, 0, this.buffer.length);
    else {
      const inclusive = /end-word|char-search/.test(this.running) && this.buffer.cursor > waiting.from ? 1 : 0;
      this.operate(waiting.name, waiting.from, this.buffer.cursor + inclusive);
    }
  }

  operate(name: 'd' | 'c' | 'y', from: number, to: number): void {
    const [start, end] = from < to ? [from, to] : [to, from];
    if (name === 'y') this.ring.add(this.buffer.chars.slice(start, end).join(''), false);
    else this.kill(start, end, 'after');
    this.buffer.move(start);
    if (name === 'c') this.map = 'vi-insert';
  }

  recall(step: number): void {
    const next = this.at + step;
    if (next < 0 || next > this.shell.history.length) void this.bell();
    else this.goTo(next);
  }

  goTo(index: number): void {
    const { history } = this.shell;
    this.changed.set(this.at, this.buffer.text);
    this.at = Math.max(0, Math.min(index, history.length));
    this.buffer.set(this.changed.get(this.at) ?? history.at(this.at) ?? '');
  }

  beginSearch(direction: -1 | 1): void {
    this.search = { text: '', found: '', at: direction < 0 ? this.shell.history.length : -1, failed: false, direction };
  }

  /** In an incremental search: true when the key was part of it. */
  private searchKey(key: string): boolean {
    const search = this.search!;
    if (key === '\x07') {
      this.search = undefined;
      return true;
    }
    if (key === '\x12' || key === '\x13') {
      search.direction = key === '\x12' ? -1 : 1;
      if (search.text !== '') this.seek(search, search.at + search.direction);
      return true;
    }
    if (key === '\x7f' || key === '\b') {
      search.text = [...search.text].slice(0, -1).join('');
      search.at = this.shell.history.length;
      search.found = '';
      search.failed = false;
      if (search.text !== '') this.seek(search, search.at - 1);
      return true;
    }
    if (key >= ' ' && key[0] !== '\x1b') {
      search.text += key;
      const here = search.found !== '' ? search.at : search.at + search.direction;
      this.seek(search, here);
      return true;
    }
    this.search = undefined;
    if (search.found === '') return false;
    this.goTo(search.at);
    this.buffer.move([...search.found.slice(0, Math.max(0, search.found.indexOf(search.text)))].length);
    return false;
  }

  private seek(search: Search, from: number): void {
    const { lines } = this.shell.history;
    for (let at = from; at >= 0 && at < lines.length; at += search.direction) {
      // The same line once more is no news.
      if (!lines[at]!.includes(search.text) || (lines[at] === search.found && at !== search.at)) continue;
      Object.assign(search, { at, found: lines[at]!, failed: false });
      return;
    }
    search.failed = true;
    void this.bell();
  }

  async expandLine(): Promise<void> {
    try {
      const { line } = expandHistory(this.shell, this.buffer.text);
      this.buffer.save();
      this.buffer.set(line);
    } catch (error) {
      if (!(error instanceof HistoryFault)) throw error;
      await this.bell();
    }
  }

  expandTilde(): void {
    const { buffer } = this;
    const from = buffer.left((c) => c !== ' ');
    const word = buffer.chars.slice(from, buffer.cursor).join('');
    const user = /^~([^/]*)/.exec(word);
    const home = user && (user[1] === '' ? this.shell.vars.get('HOME') : homeOf(this.shell, user[1]!));
    if (!home) return;
    buffer.save();
    buffer.remove(from, from + [...user[0]].length);
    const end = buffer.cursor;
    buffer.move(from);
    buffer.insert(home);
    buffer.move(end + [...home].length);
  }

  /** The line goes to $VISUAL or $EDITOR, and what comes back is run. */
  async editOutside(): Promise<void> {
    this.shell.history.add(this.buffer.text);
    this.buffer.set('fc -e "${VISUAL:-${EDITOR:-vi}}" -1');
    await this.finish();
  }

  /** `what`: complete (Tab), list (?), insert all (*), the next candidate (%). */
  async complete(what: '\t' | '?' | '*' | '%', action?: Action): Promise<void> {
    const { buffer } = this;
    const before = buffer.before;
    const { start, candidates, shown } = await complete(this.shell, before, action);
    if (candidates.length === 0) return this.bell();
    const typed = before.slice(start);
    if (what === '?') return this.list(shown);
    const all = what === '*' ? `${candidates.map((c) => c.trimEnd()).join(' ')} ` : undefined;
    const text = all ?? (what === '%' ? candidates[0]! : commonPrefix(candidates));
    if (text !== typed && (text.length > typed.length || !text.startsWith(typed))) {
      buffer.save();
      buffer.remove([...before.slice(0, start)].length, buffer.cursor);
      buffer.insert(text);
      this.completed = true;
      if (candidates.length > 1 && !all) await this.bell();
      return;
    }
    const eager = this.shell.keymaps.variables.get('show-all-if-ambiguous') === 'on';
    const again = this.last === 'complete' && !this.completed;
    this.completed = false;
    if (candidates.length > 1 && (again || eager)) await this.list(shown);
    else if (candidates.length > 1) await this.bell();
  }

  private async list(names: readonly string[]): Promise<void> {
    const { shell, buffer } = this;
    const end = buffer.cursor;
    buffer.move(buffer.length);
    await this.draw();
    buffer.move(end);
    const limit = Number(shell.keymaps.variables.get('completion-query-items') ?? 100);
    if (shell.dialect.bash && limit > 0 && names.length >= limit) {
      await this.write(`\r\nDisplay all ${names.length} possibilities? (y or n)`);
      const answer = decodeBytes(await shell.sys.read(0));
      if (!/^[yY \r]/.test(answer)) {
        await this.write('\r\n');
        this.screen.reset();
        return;
      }
    }
    this.screen.reset();
    await this.write(`\r\n${columnsOf(names, this.columns)}`);
  }
}

/** Waits for keys, keeping what the terminal sent beyond the end of the line. */
const feed = async (shell: Shell, editor: LineEditor): Promise<string | null> => {
  let text = pending.get(shell) ?? '';
  pending.delete(shell);
  for (;;) {
    while (text !== '' && !(unfinished.test(text) && (await more(shell, editor, text)))) {
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

/** Whether the beginning of a key may still go on; in vi an Escape alone is a key once nothing follows soon. */
const more = async (shell: Shell, editor: LineEditor, text: string): Promise<boolean> => {
  if (text !== '\x1b' || editor.map === 'emacs') return true;
  await editor.draw();
  const wait = Number(shell.keymaps.variables.get('keyseq-timeout') ?? 500);
  return (await shell.sys.poll([{ fd: 0, read: true }], wait)).length > 0;
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
      await editor.resized();
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
