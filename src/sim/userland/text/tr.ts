import { encodeText, toBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { quote } from '../core/quote.ts';

const ranges: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\t-\r -\x20',
  blank: '\t-\t - ',
  punct: '!-/:-@[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\0-\x1f\x7f-\x7f',
  xdigit: '0-9A-Fa-f',
};

const span = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

function classBytes(name: string): number[] {
  const text = ranges[name]!;
  const out: number[] = [];
  for (let i = 0; i < text.length; i += 3) out.push(...span(text.charCodeAt(i), text.charCodeAt(i + 2)));
  return out;
}

interface SetItem {
  bytes: number[];
  /** [x*]: fills up to the length of the first set. */
  fill?: boolean;
  caseClass?: 'upper' | 'lower';
}

/** One of tr's two arguments, read into items. */
class SetReader {
  private at = 0;
  constructor(
    private readonly c: Command,
    private readonly text: string,
  ) {}

  items(): SetItem[] {
    const out: SetItem[] = [];
    while (this.at < this.text.length) out.push(this.item());
    return out;
  }

  private item(): SetItem {
    const rest = this.text.slice(this.at);
    const named = /^\[:([a-z]+):\]/.exec(rest);
    if (named) return this.named(named);
    const equal = /^\[=(.)=\]/s.exec(rest);
    if (equal) {
      this.at += equal[0].length;
      return { bytes: [equal[1]!.charCodeAt(0)] };
    }
    const repeated = this.c.bb ? null : /^\[(\\?.[0-7]{0,2})\*(\d*)\]/s.exec(rest);
    if (repeated) {
      this.at++;
      const byte = this.byte();
      this.at += 2 + repeated[2]!.length;
      if (repeated[2] === '' || Number(repeated[2]) === 0) return { bytes: [byte], fill: true };
      const count = repeated[2]!.startsWith('0') ? Number.parseInt(repeated[2]!, 8) : Number(repeated[2]);
      return { bytes: Array(count).fill(byte) };
    }
    return this.range();
  }

  private named(match: RegExpExecArray): SetItem {
    const name = match[1]!;
    // BusyBox takes what is no class as characters.
    if (!ranges[name] && this.c.bb) return this.range();
    if (!ranges[name]) this.c.fail(`invalid character class ${quote(name)}`);
    this.at += match[0].length;
    return { bytes: classBytes(name), caseClass: name === 'upper' || name === 'lower' ? name : undefined };
  }

  private range(): SetItem {
    const before = this.at;
    const from = this.byte();
    if (this.text[this.at] !== '-' || this.at + 1 >= this.text.length) return { bytes: [from] };
    this.at++;
    const to = this.byte();
    if (to < from && this.c.bb) return { bytes: [from, to] };
    if (to < from) {
      this.c.fail(
        `range-endpoints of ${quote(this.text.slice(before, this.at))} are in reverse collating sequence order`,
      );
    }
    return { bytes: span(from, to) };
  }

  private byte(): number {
    const character = this.text[this.at++]!;
    if (character !== '\\' || this.at >= this.text.length) return character.charCodeAt(0);
    const octal = /^[0-7]{1,3}/.exec(this.text.slice(this.at));
    if (octal) {
      this.at += octal[0].length;
      return Number.parseInt(octal[0], 8) & 255;
    }
    const next = this.text[this.at++]!;
    return { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }[next] ?? next.charCodeAt(0);
  }
}

function fillTo(items: SetItem[], size: number): number[] {
  const fixed = items.reduce((sum, item) => sum + (item.fill ? 0 : item.bytes.length), 0);
  return items.flatMap((item) => (item.fill ? Array(Math.max(0, size - fixed)).fill(item.bytes[0]) : item.bytes));
}

function operandErrors(c: Command, operands: string[], deleting: boolean, squeezing: boolean): void {
  if (operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
  const wanted = deleting === squeezing ? 2 : 1;
  const most = deleting && !squeezing ? 1 : 2;
  if (operands.length < wanted) {
    // BusyBox translates to nothing, that is not at all.
    if (c.bb) return;
    const why = deleting
      ? 'Two strings must be given when both deleting and squeezing repeats.'
      : 'Two strings must be given when translating.';
    c.usage(`missing operand after ${quote(operands.at(-1)!)}\n${why}`);
  }
  if (operands.length > most) {
    const why =
      deleting && !squeezing && operands.length === 2
        ? '\nOnly one string may be given when deleting without squeezing repeats.'
        : '';
    c.usage(c.bb ? undefined : `extra operand ${quote(operands[most]!)}${why}`);
  }
}

export const tr: CommandSpec = {
  name: 'tr',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'c,complement C d,delete s,squeeze-repeats t,truncate-set1',
      busybox: 'c/complement C d/delete s/squeeze-repeats',
      stopAtOperand: true,
    });
    const deleting = o.has('delete');
    const squeezing = o.has('squeeze-repeats');
    operandErrors(c, o.operands, deleting, squeezing);
    const sets = o.operands.map((text) => new SetReader(c, encodeText(text)).items());
    let first = sets[0]!.flatMap((item) => item.bytes);
    if (o.has('complement', 'C')) {
      const inside = new Set(first);
      first = span(0, 255).filter((byte) => !inside.has(byte));
    }
    const translating = sets.length === 2 && !deleting;
    const second = sets[1] ? fillTo(sets[1], first.length) : [];
    if (translating && second.length === 0 && c.bb) c.fail('STRING2 cannot be empty');
    if (translating && second.length === 0) c.fail('when not truncating set1, string2 must be non-empty');
    if (o.has('truncate-set1')) first = first.slice(0, second.length);
    const map = Uint8Array.from(span(0, 255));
    if (translating)
      for (const [i, byte] of first.entries()) map[byte] = second[Math.min(i, second.length - 1)] ?? byte;
    const deleted = new Uint8Array(256);
    if (deleting) for (const byte of first) deleted[byte] = 1;
    const squeezed = new Uint8Array(256);
    if (squeezing) for (const byte of sets.length === 2 ? second : first) squeezed[byte] = 1;
    let last = -1;
    for (;;) {
      await c.flush();
      const bytes = await c.sys.read(0, 1 << 17);
      if (bytes.length === 0) return 0;
      const out = new Uint8Array(bytes.length);
      let size = 0;
      for (const byte of bytes) {
        if (deleted[byte]) continue;
        const mapped = map[byte]!;
        if (squeezed[mapped] && mapped === last) continue;
        out[size++] = last = mapped;
      }
      c.raw(toBinary(out.subarray(0, size)));
      await c.sys.preempt();
    }
  },
};
