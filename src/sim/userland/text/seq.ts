import { encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { formatFloat, parseConversion } from '../core/printf.ts';
import { quote } from '../core/quote.ts';

const number = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const decimals = (text: string): number => (/e/i.test(text) ? 0 : (text.split('.')[1]?.length ?? 0));

function checked(c: Command, text: string): number {
  if (!number.test(text)) {
    if (c.bb) c.fail(`invalid number '${text}'`);
    c.usage(`invalid floating point argument: ${quote(text)}`);
  }
  return Number(text);
}

function formatter(c: Command, format: string): (value: number) => string {
  const at = format.replace(/%%/g, '  ').indexOf('%');
  const parsed = at < 0 ? null : parseConversion(format, at, () => 0);
  if (at < 0) c.fail(`format ${quote(format)} has no % directive`);
  if (!parsed || !/[aefgAEFG]/.test(parsed.spec.letter)) {
    c.fail(`format ${quote(format)} has unknown %${parsed?.spec.letter ?? ''} directive`);
  }
  const plain = (text: string) => text.replace(/%%/g, '%');
  return (value) => plain(format.slice(0, at)) + formatFloat(value, parsed!.spec) + plain(format.slice(parsed!.end));
}

export const seq: CommandSpec = {
  name: 'seq',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'f,format= s,separator= w,equal-width',
      busybox: 's/separator: w/equal-width',
      stopAtOperand: true,
      isOperand: (arg) => /^-[\d.]/.test(arg),
    });
    const args = o.operands;
    if (args.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    if (args.length > 3) c.usage(c.bb ? undefined : `extra operand ${quote(args[3]!)}`);
    const [first, step, last] = [args.length > 1 ? args[0]! : '1', args.length > 2 ? args[1]! : '1', args.at(-1)!];
    const [from, by, to] = [first, step, last].map((text) => checked(c, text)) as [number, number, number];
    if (by === 0 && !c.bb) c.usage(`invalid Zero increment value: ${quote(step)}`);
    const places = Math.max(decimals(first), decimals(step));
    const separator = encodeText(o.value('separator') ?? '\n');
    // As wide as the wider operand was written; BusyBox counts the step too.
    const counted = c.bb ? [first, step, last] : [first, last];
    const whole = Math.max(
      ...counted.map((text) => (/[eEx]/.test(text) ? Number(text).toFixed(0) : text.split('.')[0]!).length),
    );
    const width = o.has('equal-width') ? whole + (places ? places + 1 : 0) : 0;
    const plain = (value: number) => {
      const text = (Object.is(value, -0) ? '-' : '') + value.toFixed(places);
      return text[0] === '-' ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0');
    };
    const format = o.has('format') ? formatter(c, o.value('format')!) : plain;
    const count = Math.floor((to - from) / by + 1e-10);
    for (let i = 0; i <= count; i++) {
      c.raw((i ? separator : '') + format(from + i * by));
      if ((i & 4095) === 4095) await c.drain();
    }
    if (count >= 0) c.raw('\n');
    return 0;
  },
};
