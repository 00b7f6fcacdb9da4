import { OutOfMemory } from '../control.ts';

/** Field splitting (POSIX XCU 2.6.5) on runs of expanded text. */

export interface Run {
  text: string;
  /** Neither split nor globbed. */
  quoted: boolean;
  /** Came out of an unquoted expansion: IFS splits it. */
  split?: boolean;
  /** A field ends here whatever IFS says ("$@"). */
  end?: boolean;
  /** What stands there where nothing is split (dash and ash: IFS's first character). */
  glue?: string;
  /** Between the elements of an unquoted list: IFS splits there, elsewhere it is a space. */
  between?: boolean;
}

export const endOfField: Run = { text: '', quoted: true, end: true };

/** A field as runs, ready for globbing. */
export type Field = Run[];

/** Differs from Linux: words of one command. */
const mostFields = 1 << 21;
const fieldBytes = 64;

class Splitter {
  readonly fields: Field[] = [];
  private current: Field | undefined;
  private readonly white: string;
  private readonly other: string;
  /** A non-white separator just ended a field; white space after it belongs to it. */
  private pending = false;

  constructor(private readonly ifs: string) {
    this.white = [...ifs].filter((c) => c === ' ' || c === '\t' || c === '\n').join('');
    this.other = [...ifs].filter((c) => !this.white.includes(c)).join('');
  }

  add(run: Run): void {
    if (run.end) {
      this.close(false);
      return;
    }
    if (!run.split || run.quoted) {
      if (run.text === '' && !run.quoted) return;
      (this.current ??= []).push(run);
      this.pending = false;
      return;
    }
    this.split(run.text);
  }

  private split(text: string): void {
    let piece = '';
    const flush = () => {
      if (piece !== '') (this.current ??= []).push({ text: piece, quoted: false });
      piece = '';
    };
    for (const c of text) {
      if (this.ifs === '' || !this.ifs.includes(c)) {
        piece += c;
        this.pending = false;
        continue;
      }
      flush();
      if (this.white.includes(c)) {
        if (this.current) {
          this.close(false);
          this.pending = true;
        }
      } else if (this.other.includes(c)) {
        if (this.pending) this.pending = false;
        else this.close(true);
      }
    }
    flush();
  }

  close(evenEmpty: boolean): void {
    if (this.fields.length > mostFields) throw new OutOfMemory(this.fields.length * fieldBytes);
    if (this.current) this.fields.push(this.current);
    else if (evenEmpty) this.fields.push([]);
    this.current = undefined;
  }
}

export const splitFields = (runs: readonly Run[], ifs: string): Field[] => {
  const splitter = new Splitter(ifs);
  for (const run of runs) splitter.add(run);
  splitter.close(false);
  return splitter.fields;
};
