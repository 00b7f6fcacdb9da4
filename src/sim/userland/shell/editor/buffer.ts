/** The line that is edited: its characters, the cursor, the mark, what was done to it. */
export class LineBuffer {
  chars: string[] = [];
  cursor = 0;
  mark = 0;
  private undone: { text: string; cursor: number; typed: number }[] = [];

  get text(): string {
    return this.chars.join('');
  }
  get length(): number {
    return this.chars.length;
  }
  get before(): string {
    return this.chars.slice(0, this.cursor).join('');
  }

  /** Remembers the line as it is; characters typed one after another are one step. */
  save(typing = false): void {
    const last = this.undone.at(-1);
    if (typing && last && last.typed > 0 && last.typed < 20) {
      last.typed++;
      return;
    }
    this.undone.push({ text: this.text, cursor: this.cursor, typed: typing ? 1 : 0 });
  }
  /** What is typed next is a step of its own. */
  settle(): void {
    const last = this.undone.at(-1);
    if (last) last.typed = 0;
  }
  undo(): boolean {
    const last = this.undone.pop();
    if (!last) return false;
    this.chars = [...last.text];
    this.cursor = last.cursor;
    return true;
  }
  revert(): void {
    const first = this.undone[0];
    if (first) this.set(first.text);
    this.undone = [];
  }

  set(text: string): void {
    this.chars = [...text];
    this.cursor = this.chars.length;
  }
  insert(text: string): void {
    const chars = [...text];
    this.chars.splice(this.cursor, 0, ...chars);
    this.cursor += chars.length;
  }
  remove(from: number, to: number): string {
    const [start, end] = from <= to ? [from, to] : [to, from];
    const removed = this.chars.splice(Math.max(0, start), end - Math.max(0, start)).join('');
    if (this.cursor > end) this.cursor -= end - start;
    else if (this.cursor > start) this.cursor = start;
    return removed;
  }
  move(to: number): void {
    this.cursor = Math.max(0, Math.min(to, this.chars.length));
  }

  left(inWord: (c: string) => boolean, from = this.cursor): number {
    let i = from;
    while (i > 0 && !inWord(this.chars[i - 1]!)) i--;
    while (i > 0 && inWord(this.chars[i - 1]!)) i--;
    return i;
  }
  right(inWord: (c: string) => boolean, from = this.cursor): number {
    let i = from;
    while (i < this.chars.length && !inWord(this.chars[i]!)) i++;
    while (i < this.chars.length && inWord(this.chars[i]!)) i++;
    return i;
  }
}

export const letter = (c: string): boolean => /[\p{L}\p{N}]/u.test(c);
export const nonBlank = (c: string): boolean => c !== ' ' && c !== '\t';

/** What was cut, newest last. */
export class KillRing {
  private entries: string[] = [];
  private at = 0;

  add(text: string, joins: false | 'before' | 'after'): void {
    if (text === '') return;
    if (joins && this.entries.length > 0) {
      const last = this.entries.pop()!;
      this.entries.push(joins === 'after' ? last + text : text + last);
    } else this.entries.push(text);
    if (this.entries.length > 10) this.entries.shift();
    this.at = this.entries.length - 1;
  }
  get current(): string {
    return this.entries[this.at] ?? '';
  }
  rotate(): string {
    this.at = (this.at - 1 + this.entries.length) % Math.max(1, this.entries.length);
    return this.current;
  }
}
