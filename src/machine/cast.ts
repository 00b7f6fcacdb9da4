/** A terminal's output as asciinema plays it (asciicast v2): a header line, then `[seconds, "o", text]` a line. */

/** Characters kept; what comes later is left out. */
const limit = 8 << 20;

export class Cast {
  private readonly lines: string[] = [];
  private readonly decoder = new TextDecoder();
  private size = 0;
  private readonly begin: number;

  constructor(
    private readonly screen: { columns: number; rows: number },
    /** Milliseconds, of any clock. */
    private readonly now: () => number,
  ) {
    this.begin = now();
  }

  output(bytes: Uint8Array): void {
    this.add('o', this.decoder.decode(bytes, { stream: true }));
  }

  resize(columns: number, rows: number): void {
    this.add('r', `${columns}x${rows}`);
  }

  text(): string {
    const { columns, rows } = this.screen;
    const header = { version: 2, width: columns, height: rows, env: { SHELL: '/bin/bash', TERM: 'xterm-256color' } };
    return [JSON.stringify(header), ...this.lines, ''].join('\n');
  }

  private add(kind: 'o' | 'r', text: string): void {
    if (text === '' || this.size > limit) return;
    const line = JSON.stringify([Math.round(this.now() - this.begin) / 1000, kind, text]);
    this.size += line.length;
    this.lines.push(line);
  }
}
