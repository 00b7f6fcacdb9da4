/** What a terminal prints, as lines that a screen reader says: without escape sequences, and not more than can be heard. */

/** CSI, OSC and the short ones of ECMA-48. */
const escapes = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[ -/]*[0-~])/g;
/** An escape sequence that has begun and may end in the next bytes. */
const begun = /\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*)?$/;

export class TerminalLog {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private lines: string[] = [];
  private leftOut = 0;

  constructor(
    /** Lines told at once: a build says more than anyone listens to. */
    private readonly most = 20,
  ) {}

  take(bytes: Uint8Array): void {
    const text = this.rest + this.decoder.decode(bytes, { stream: true });
    const cut = begun.exec(text)?.index ?? text.length;
    const parts = text.slice(0, cut).replace(escapes, '').split('\n');
    this.rest = parts.pop()! + text.slice(cut);
    for (const part of parts) this.add(part);
    if (this.rest.length > 10_000) this.rest = '';
  }

  /** What came since, and how many lines before it were left out. The line that is being written is told when it ends. */
  flush(): { lines: string[]; leftOut: number } {
    const { lines, leftOut } = this;
    this.lines = [];
    this.leftOut = 0;
    return { lines, leftOut };
  }

  private add(line: string): void {
    // A progress bar writes over itself: its last state is what stands there.
    const told = line
      .replace(/\r+$/, '')
      .split('\r')
      .at(-1)!
      .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
      .trimEnd();
    if (told === '' || told === this.lines.at(-1)) return;
    this.lines.push(told);
    if (this.lines.length <= this.most) return;
    this.lines.shift();
    this.leftOut++;
  }
}
