import { charWidth } from './width.ts';

/** Draws prompt and line over as many rows as they take, and puts the cursor in its place. */
export class LineScreen {
  /** The row, counted from the prompt's last line, where the cursor was left. */
  private row = 0;

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
    return this.prompt.replace(/[\x01\x02]/g, '');
  }

  /** The bytes that redraw `chars` with the cursor before `chars[cursor]`. */
  draw(chars: readonly string[], cursor: number): string {
    const start = this.promptWidth();
    const shown = chars.map((c) => (c === '\n' ? ' ' : c));
    const target = this.measure(shown.slice(0, cursor).join(''), start);
    const end = this.measure(shown.join(''), start);
    let out = this.row > 0 ? `\x1b[${this.row}A` : '';
    out += `\r\x1b[J${this.shownPrompt()}${shown.join('')}`;
    // At the right edge the terminal has not wrapped yet: make it.
    if (end > 0 && end % this.columns === 0) out += ' \r\x1b[K';
    const endRow = Math.floor(end / this.columns);
    this.row = Math.floor(target / this.columns);
    if (endRow > this.row) out += `\x1b[${endRow - this.row}A`;
    const column = target % this.columns;
    return `${out}\r${column > 0 ? `\x1b[${column}C` : ''}`;
  }

  reset(): void {
    this.row = 0;
  }
}
