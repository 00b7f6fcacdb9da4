import { decodeText } from '../core/bytes.ts';
import type { Command } from '../core/command.ts';
import { Jump } from './jump.ts';
import { unescapeAwk } from './lexer.ts';
import type { AwkArray, Memory } from './memory.ts';
import { awkRegexp } from './record.ts';
import { RecordReader } from './streams.ts';
import { Strnum, toNumber, type Value } from './values.ts';

/** The records of the operands, one file after the other; of standard input where there are none. */
export class MainInput {
  private reader: RecordReader | undefined;
  private argument = 1;
  private usedOperand = false;

  constructor(
    private readonly c: Command,
    private readonly memory: Memory,
  ) {}

  /** RS, and the expression it is when it is longer than a character. */
  separator(): { text: string; regexp: RegExp | undefined } {
    const text = this.memory.settingText('RS');
    return { text, regexp: text.length > 1 ? awkRegexp(text) : undefined };
  }
  closeReader(): void {
    if (this.reader && this.reader.fd > 2) this.c.sys.close(this.reader.fd);
    this.reader = undefined;
  }

  private async nextReader(): Promise<boolean> {
    const { globals } = this.memory;
    const argv = globals.get('ARGV') as AwkArray;
    while (this.argument < toNumber(globals.get('ARGC') as Value)) {
      const operand = this.memory.text(argv.get(String(this.argument++)));
      const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(operand);
      if (operand === '') continue;
      if (assignment) {
        globals.set(assignment[1]!, new Strnum(unescapeAwk(assignment[2]!)));
        continue;
      }
      this.usedOperand = true;
      try {
        this.reader = new RecordReader(this.c, await this.c.openInput(decodeText(operand)));
      } catch (error) {
        this.c.error(
          this.c.bb
            ? `${decodeText(operand)}: ${this.c.reason(error)}`
            : `cannot open ${decodeText(operand)} (${this.c.reason(error)})`,
          this.c.bb ? 1 : 2,
        );
        if (!this.c.bb) throw new Jump('exit', 2);
        continue;
      }
      globals.set('FILENAME', operand);
      globals.set('FNR', 0);
      return true;
    }
    if (this.usedOperand) return false;
    this.usedOperand = true;
    this.reader = new RecordReader(this.c, 0);
    return true;
  }

  async nextRecord(): Promise<string | undefined> {
    for (;;) {
      if (!this.reader && !(await this.nextReader())) return undefined;
      const { text, regexp } = this.separator();
      const record = await this.reader!.next(text, regexp);
      if (record !== undefined) {
        for (const name of ['NR', 'FNR'] as const) this.memory.count(name);
        return record;
      }
      this.closeReader();
    }
  }
}
