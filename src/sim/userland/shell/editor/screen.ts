import { charWidth } from './width.ts';

/** Draws prompt and line over as many rows as they take, and puts the cursor in its place. */
export class LineScreen {
  /** The row, counted from the prompt's last line, where the cursor was left. */
  private row = 0;
  /** What is on the screen; undefined when it must be drawn whole. */
  private shown: { text: string; cursor: number } | undefined;

  constructor(
    private readonly prompt: string,
    private readonly columns: number,
  ) {}

  private measure(text: string, from: number): number {
    let at = from;
    for (const char of text) {
      const width = charWidth(char);
      // A wide character that does not fit goes to the next row whole.
      if (width === 2 && at % this.columns === this.columns - 1) at++;
      at += width;
    }
    return at;
  }

  private promptWidth(): number {
    const last = this.prompt.slice(this.prompt.lastIndexOf('\n') + 1);
    return this.measure(last.replace(/\x01[^\x02]*\x02/g, '').replace(/\x1b\[[\d;?]*[A-Za-z]/g, ''), 0);
  }

  /** The prompt as the terminal gets it. */
  private shownPrompt(): string {
    return this.prompt.slice(this.prompt.lastIndexOf('\n') + 1).replace(/[\x01\x02]/g, '');
  }

  first(): string {
    this.shown = { text: '', cursor: 0 };
    return this.prompt.replace(/[\x01\x02]/g, '');
  }

  /** The bytes that make the screen show `chars` with the cursor before `chars[cursor]`: no more than it takes. */
  draw(chars: readonly string[], cursor: number): string {
    const shown = chars.map((c) => (c === '\n' ? ' ' : c));
    const before = this.shown;
    this.shown = { text: shown.join(''), cursor };
    return (before && this.small(before, shown, cursor)) ?? this.whole(shown, cursor);
  }

  /** Nothing, text added at the end, or a few steps back; undefined when that does not do. */
  private small(
    before: { text: string; cursor: number },
    shown: readonly string[],
    cursor: number,
  ): string | undefined {
    const text = shown.join('');
    const same = text === before.text;
    if (same && cursor === before.cursor) return '';
    const start = this.promptWidth();
    const end = this.measure(text, start);
    if (end % this.columns === 0 || end >= this.columns) return undefined;
    if (same && cursor < before.cursor && before.cursor - cursor <= 4) {
      return '\b'.repeat(this.measure(shown.slice(cursor, before.cursor).join(''), 0));
    }
    const atEnd = before.cursor === [...before.text].length && cursor === shown.length;
    return atEnd && text.startsWith(before.text) ? text.slice(before.text.length) : undefined;
  }

  private whole(shown: readonly string[], cursor: number): string {
    const start = this.promptWidth();
    const target = this.measure(shown.slice(0, cursor).join(''), start);
    const end = this.measure(shown.join(''), start);
    let out = this.row > 0 ? `\x1b[${this.row}A` : '';
    out += `\r${this.shownPrompt()}${shown.join('')}\x1b[J`;
    // At the right edge the terminal has not wrapped yet: make it.
    if (end > 0 && end % this.columns === 0) out += ' \r\x1b[K';
    const endRow = Math.floor(end / this.columns);
    this.row = Math.floor(target / this.columns);
    if (endRow > this.row) out += `\x1b[${endRow - this.row}A`;
    const column = target % this.columns;
    if (target === end && end % this.columns !== 0) return out;
    return `${out}\r${column > 0 ? `\x1b[${column}C` : ''}`;
  }

  /** Whatever was drawn is gone or stays behind. */
  reset(): void {
    this.row = 0;
    this.shown = undefined;
  }
}
