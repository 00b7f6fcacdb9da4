import { charWidth } from './width.ts';

/** Where the text stands after a character, in cells from the prompt's first column; `filled`: the row is full. */
interface Place {
  at: number;
  filled: boolean;
}

/** Draws prompt and line over as many rows as they take, and puts the cursor in its place. */
export class LineScreen {
  /** The row, counted from the prompt's last line, where the cursor was left. */
  private row = 0;
  /** What is on the screen; undefined when it must be drawn whole. */
  private shown: { text: string; length: number; cursor: number; marked: boolean } | undefined;

  constructor(
    private prompt: string,
    private columns: number,
  ) {}

  /** Another prompt before the same line, as a search shows it. */
  setPrompt(prompt: string): void {
    if (prompt === this.prompt) return;
    this.prompt = prompt;
    this.shown = undefined;
  }

  private promptPlace(): Place {
    const last = this.prompt.slice(this.prompt.lastIndexOf('\n') + 1);
    const plain = last.replace(/\x01[^\x02]*\x02/g, '').replace(/\x1b\[[\d;?]*[A-Za-z]/g, '');
    return this.layout([...plain], { at: 0, filled: false }).places.at(-1)!;
  }

  /** The prompt as the terminal gets it. */
  private shownPrompt(): string {
    return this.prompt.slice(this.prompt.lastIndexOf('\n') + 1).replace(/[\x01\x02]/g, '');
  }

  first(): string {
    this.shown = { text: '', length: 0, cursor: 0, marked: false };
    return this.prompt.replace(/[\x01\x02]/g, '');
  }

  /** What is written for each character, and the places before the first and after each. */
  private layout(chars: readonly string[], from: Place): { pieces: string[]; places: Place[] } {
    const places = [from];
    const pieces = chars.map((char) => {
      const { piece, place } = this.put(char, places.at(-1)!);
      places.push(place);
      return piece;
    });
    return { pieces, places };
  }

  private put(char: string, { at, filled }: Place): { piece: string; place: Place } {
    const column = at % this.columns;
    if (char === '\n') {
      const next = filled ? at : at - column + this.columns;
      return { piece: filled ? '\r\n' : '\x1b[K\r\n', place: { at: next, filled: false } };
    }
    const shown =
      char === '\t'
        ? ' '.repeat(8 - (column % 8))
        : char < ' '
          ? `^${String.fromCharCode(char.charCodeAt(0) + 64)}`
          : char;
    const width = shown.length > 1 && char < ' ' ? shown.length : charWidth(char);
    // A wide character that does not fit goes to the next row whole.
    const pad = width === 2 && char >= ' ' && column === this.columns - 1 ? 1 : 0;
    const next = at + pad + width;
    return {
      piece: ' '.repeat(pad) + shown,
      place: { at: next, filled: width > 0 ? next % this.columns === 0 : filled },
    };
  }

  /**
   * The bytes that make the screen show `chars` with the cursor before `chars[cursor]`: no more than it takes.
   * What is between `marked` is shown in reverse, as what was just pasted is.
   */
  draw(chars: readonly string[], cursor: number, marked?: readonly [number, number]): string {
    const before = this.shown;
    this.shown = { text: chars.join(''), length: chars.length, cursor, marked: marked !== undefined };
    const small = before && !before.marked && !marked ? this.small(before, chars, cursor) : undefined;
    return small ?? this.whole(chars, cursor, marked);
  }

  /** Nothing, text added at the end, or a few steps back; undefined when that does not do. */
  private small(
    before: { text: string; length: number; cursor: number },
    chars: readonly string[],
    cursor: number,
  ): string | undefined {
    const text = chars.join('');
    const same = text === before.text;
    if (same && cursor === before.cursor) return '';
    const { pieces, places } = this.layout(chars, this.promptPlace());
    const end = places.at(-1)!;
    if (same && cursor < before.cursor && before.cursor - cursor <= 4 && end.at < this.columns) {
      return '\b'.repeat(places[before.cursor]!.at - places[cursor]!.at);
    }
    if (before.cursor !== before.length || cursor !== chars.length || !text.startsWith(before.text)) return undefined;
    this.row = Math.floor(end.at / this.columns);
    return pieces.slice(before.length).join('') + (end.filled ? ' \r\x1b[K' : '');
  }

  private whole(chars: readonly string[], cursor: number, marked?: readonly [number, number]): string {
    const { pieces, places } = this.layout(chars, this.promptPlace());
    const target = places[cursor]!;
    const end = places.at(-1)!;
    let out = this.row > 0 ? `\x1b[${this.row}A` : '';
    out += `\r${this.shownPrompt()}${marked ? reversed(pieces, marked) : pieces.join('')}`;
    // At the right edge the terminal has not wrapped yet: make it.
    out += end.filled ? ' \r\x1b[J' : '\x1b[J';
    const endRow = Math.floor(end.at / this.columns);
    this.row = Math.floor(target.at / this.columns);
    if (endRow > this.row) out += `\x1b[${endRow - this.row}A`;
    const column = target.at % this.columns;
    if (target.at === end.at) return out;
    return `${out}\r${column > 0 ? `\x1b[${column}C` : ''}`;
  }

  /** What leaves the line for the row below it; the cursor is at its end. */
  leave(chars: readonly string[]): string {
    const end = this.layout(chars, this.promptPlace()).places.at(-1)!;
    const alone = end.at >= this.columns && end.at % this.columns === 0;
    return alone ? '\x1b[A\n' : '\n';
  }

  /**
   * The window has another width. Terminals do not rewrap the rows of the line the cursor is in: it still stands in the
   * row it was left in, and the line is drawn over itself.
   */
  resize(columns: number): void {
    this.columns = columns;
    this.shown = undefined;
  }

  /** Whatever was drawn is gone or stays behind. */
  reset(): void {
    this.row = 0;
    this.shown = undefined;
  }
}

const reversed = (pieces: readonly string[], [from, to]: readonly [number, number]): string =>
  `${pieces.slice(0, from).join('')}\x1b[7m${pieces
    .slice(from, to)
    .join('')
    .replace(/(?:\x1b\[K)?\r\n/g, '\x1b[27m$&\x1b[7m')}\x1b[27m${pieces.slice(to).join('')}`;
