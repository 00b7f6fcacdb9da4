import type { Command } from '../core/command.ts';
import { lineBlocks } from '../core/lines.ts';

/** All input as one sequence of lines, with one line of look-ahead so that `$` is known. */
export class Input {
  name = '-';
  /** Set when the next line begins another file (-s, -i). */
  newFile = false;
  private readonly source: AsyncGenerator<{ text: string; end: string; name: string }>;
  private ahead: { text: string; end: string; name: string } | undefined;
  private primed = false;
  constructor(
    private readonly c: Command,
    private readonly files: string[],
    private readonly separator: string,
    private readonly separate: boolean,
  ) {
    this.source = this.lines();
  }

  private async *lines(): AsyncGenerator<{ text: string; end: string; name: string }> {
    for (const name of this.files) {
      let fd: number;
      try {
        fd = await this.c.openInput(name);
        if (name !== '-' && (this.c.sys.fstat(fd).mode & 0o170000) === 0o040000) {
          this.c.closeInput(fd);
          if (this.c.bb) continue;
          this.c.error(
            `${this.separate ? "couldn't edit" : 'read error on'} ${name}: ${this.separate ? 'not a regular file' : 'Is a directory'}`,
            4,
          );
          if (!this.separate) this.c.exit(4);
          continue;
        }
      } catch (error) {
        this.c.error(
          this.c.bb ? `${name}: ${this.c.reason(error)}` : `can't read ${name}: ${this.c.reason(error)}`,
          this.c.bb ? 1 : 2,
        );
        continue;
      }
      for await (const block of lineBlocks(this.c, fd, this.separator)) {
        for (const text of block.lines) yield { text, end: block.complete ? this.separator : '', name };
      }
      this.c.closeInput(fd);
    }
  }

  async next(): Promise<{ text: string; end: string; name: string } | undefined> {
    if (!this.primed) {
      this.primed = true;
      this.ahead = (await this.source.next()).value || undefined;
    }
    const line = this.ahead;
    if (line) {
      this.ahead = (await this.source.next()).value || undefined;
      this.name = line.name;
    }
    return line;
  }
  isLast(): boolean {
    return !this.ahead || (this.separate && this.ahead.name !== this.name);
  }
  peekName(): string | undefined {
    return this.ahead?.name;
  }
}
