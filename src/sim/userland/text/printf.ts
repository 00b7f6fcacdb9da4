import { encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { expandEscapes, oneEscape } from '../core/escapes.ts';
import { isUtf8 } from '../core/locale.ts';
import { type Conversion, formatFloat, formatInteger, formatString, parseConversion } from '../core/printf.ts';
import { quote, quoteShell } from '../core/quote.ts';

/** What one run of `printf` keeps between conversions. */
class Printer {
  private next = 0;
  stopped = false;
  out = '';
  constructor(
    private readonly c: Command,
    private readonly args: string[],
  ) {}

  run(format: string): void {
    do {
      const before = this.next;
      this.pass(format);
      if (this.next === before) break;
    } while (this.next < this.args.length && !this.stopped);
    if (!this.stopped && this.next < this.args.length && !this.c.bb) {
      this.c.raw(this.out);
      this.out = '';
      this.c.error(`warning: ignoring excess arguments, starting with ${quote(this.args[this.next]!)}`, 0);
    }
  }

  private pass(format: string): void {
    for (let i = 0; i < format.length && !this.stopped; ) {
      if (format[i] === '\\') {
        const rest = format.slice(i + 1, i + 6);
        if (rest[0] === 'c') {
          this.stopped = true;
          return;
        }
        const [character, used] =
          rest[0] === '"' ? ['"', 1] : (this.unicode(format.slice(i + 1, i + 10)) ?? oneEscape(rest, false));
        this.out += character;
        i += 1 + used;
      } else if (format[i] === '%') i = this.conversion(format, i);
      else this.out += format[i++];
    }
  }

  /** \uHHHH and \UHHHHHHHH, which a locale without them shows as they are, in capitals. */
  private unicode(rest: string): [text: string, used: number] | undefined {
    const match = this.c.bb ? null : /^(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))/.exec(rest);
    if (!match) return undefined;
    const digits = match[1] ?? match[2]!;
    const code = Number.parseInt(digits, 16);
    const shown =
      code < 128 || isUtf8(this.c.sys) ? encodeText(String.fromCodePoint(code)) : `\\${rest[0]}${digits.toUpperCase()}`;
    return [shown, match[0].length];
  }

  private conversion(format: string, at: number): number {
    if (format[at + 1] === '%') {
      this.out += '%';
      return at + 2;
    }
    const parsed = parseConversion(format, at, () => Number(this.number()));
    if (!parsed || !/[diouxXfFeEgGaAscbq]/.test(parsed.spec.letter) || (this.c.bb && parsed.spec.letter === 'q')) {
      this.c.raw(this.out);
      this.out = '';
      const bad = this.c.bb
        ? format.slice(at).replace(/^%[hlLz]+/, '%')
        : parsed
          ? format.slice(at, parsed.end)
          : format.slice(at);
      this.c.fail(this.c.bb ? `${bad}: invalid format` : `${bad}: invalid conversion specification`);
    }
    // Converting may complain, after which what was printed so far is out.
    const text = this.convert(parsed.spec);
    this.out += text;
    return parsed.end;
  }

  private convert(spec: Conversion): string {
    if (/[diouxX]/.test(spec.letter)) return formatInteger(this.number(), spec);
    if (/[fFeEgGaA]/.test(spec.letter)) return formatFloat(this.float(), spec);
    const text = this.args[this.next++] ?? '';
    if (spec.letter === 'c') return formatString(text.slice(0, 1), { ...spec, precision: undefined });
    if (spec.letter === 'q') return formatString(shellQuote(text), spec);
    if (spec.letter !== 'b') return formatString(text, spec);
    const result = expandEscapes(text, true);
    if (result.stop) this.stopped = true;
    return formatString(result.text, spec);
  }

  private number(): bigint {
    const text = this.args[this.next++] ?? '';
    if (text === '') {
      if (this.c.bb) this.complain('', false);
      return 0n;
    }
    if (/^["']/.test(text)) return BigInt(text.length > 1 ? text.charCodeAt(1) : 0);
    const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
    if (!match || match[0].length !== text.length) this.complain(text, !!match);
    if (!match || (this.c.bb && match[0].length !== text.length)) return 0n;
    const digits = match[2]!;
    const octal = /^0[0-7]+$/.test(digits);
    const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
    return match[1] === '-' ? -value : value;
  }

  private float(): number {
    const text = this.args[this.next++];
    if (text === undefined || text === '') return 0;
    if (/^["']/.test(text)) return text.length > 1 ? text.charCodeAt(1) : 0;
    const match = /^\s*[+-]?(0[xX][0-9a-fA-F]+|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|inf(inity)?|nan)/i.exec(text);
    if (!match || match[0].length !== text.length) this.complain(text, !!match);
    if (!match) return 0;
    const word = match[0].trim().toLowerCase().replace('infinity', 'inf');
    return word.endsWith('inf') ? (word[0] === '-' ? -Infinity : Infinity) : Number(word);
  }

  private complain(text: string, partly: boolean): void {
    this.c.raw(this.out);
    this.out = '';
    if (this.c.bb) this.c.error(`invalid number '${text}'`);
    else this.c.error(`${quote(text)}: ${partly ? 'value not completely converted' : 'expected a numeric value'}`);
  }
}

const shellQuote = (text: string): string =>
  text === '' ? "''" : /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : quoteShell(text);

export const printf: CommandSpec = {
  name: 'printf',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const args = c.args[0] === '--' ? c.args.slice(1) : c.args;
    if (args.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    const printer = new Printer(c, args.slice(1).map(encodeText));
    printer.run(encodeText(args[0]!));
    c.raw(printer.out);
    return 0;
  },
};
