import { fromBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { writeFile } from '../core/inputs.ts';

const visible = (text: string): string => text.replace(/[^ -~]/g, '.');
const hex = (text: string, upper: boolean): string => {
  const digits = [...text].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  return upper ? digits.toUpperCase() : digits;
};

interface Style {
  columns: number;
  group: number;
  upper: boolean;
  bits: boolean;
  /** Groups have their last byte first. */
  little: boolean;
  offset: number;
}

function cells(chunk: string, style: Style): string {
  const one = (character: string) =>
    style.bits ? character.charCodeAt(0).toString(2).padStart(8, '0') : hex(character, style.upper);
  let out = '';
  if (style.little) {
    for (let at = 0; at < style.columns; at += style.group) {
      const group = [...chunk.slice(at, at + style.group)].reverse().map(one).join('');
      out += `${group.padStart(style.group * 2)} `;
    }
    return out;
  }
  for (let i = 0; i < chunk.length; i++) {
    out += one(chunk[i]!);
    if (style.group && (i + 1) % style.group === 0) out += ' ';
  }
  const each = style.bits ? 8 : 2;
  const full = style.columns * each + (style.group ? Math.ceil(style.columns / style.group) : 1);
  return out.padEnd(full);
}

function listing(text: string, style: Style): string {
  let out = '';
  for (let at = 0; at < text.length; at += style.columns) {
    const chunk = text.slice(at, at + style.columns);
    out += `${(at + style.offset).toString(16).padStart(8, '0')}: ${cells(chunk, style)} ${visible(chunk)}\n`;
  }
  return out;
}

/** -i: a C array named after the file. */
function include(text: string, name: string | undefined, comma: string): string {
  const bytes = [...text].map((character) => `0x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 12) rows.push(`  ${bytes.slice(at, at + 12).join(', ')}`);
  const body = rows.join(',\n') + comma;
  if (name === undefined) return `${body}\n`;
  const id = name.replace(/^(\d)/, '__$1').replace(/[^A-Za-z0-9_]/g, '_');
  return `unsigned char ${id}[] = {\n${body}\n};\nunsigned int ${id}_len = ${bytes.length};\n`;
}

/**
 * BusyBox passes over one wrong character before a pair, two of them end the line; one within a pair drops the digit
 * before it and all up to the next one.
 */
function plainPairs(line: string): string {
  let out = '';
  const pair = /\s*(?:[^\da-fA-F]\s*)?([\da-fA-F])\s*(?:([\da-fA-F])|[^\da-fA-F]+|$)/y;
  for (let match = pair.exec(line); match; match = pair.exec(line)) if (match[2]) out += match[1]! + match[2];
  return out;
}

function revert(text: string, plain: boolean, busybox: boolean): string {
  const decode = (digits: string) =>
    digits.replace(/[\da-fA-F]{2}/g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  if (plain && busybox) return text.split('\n').map(plainPairs).map(decode).join('');
  if (plain)
    return decode((text.match(/[\da-fA-F]+/g) ?? []).join('').replace(/.$/, (last, at) => (at % 2 ? last : '')));
  let out = '';
  for (const line of text.split('\n')) {
    const match = /^\s*([\da-fA-F]+):\s?((?:[\da-fA-F]+ ?)*)/.exec(line);
    if (!match) continue;
    const at = Number.parseInt(match[1]!, 16);
    if (out.length < at) out = out.padEnd(at, '\0');
    const bytes = decode(match[2]!.replace(/ /g, ''));
    out = out.slice(0, at) + bytes + out.slice(at + bytes.length);
  }
  return out;
}

async function put(c: Command, path: string | undefined, text: string): Promise<void> {
  if (path === undefined || path === '-') c.raw(text);
  else await writeFile(c, path, fromBinary(text));
}

const longNames = new Set(['ps', 'plain', 'postscript', 'len', 'seek', 'revert', 'cols']);

export const xxd: CommandSpec = {
  name: 'xxd',
  suite: 'xxd',
  applet: true,
  async run(c) {
    // Its long names may have one dash only.
    if (!c.bb)
      for (const [i, arg] of c.args.entries())
        if (/^-[a-z]/.test(arg) && longNames.has(arg.slice(1))) c.args[i] = `-${arg}`;
    const o = c.options({
      gnu: 'a b c= cols= C e E g= h i l= len= n= o= p ps plain postscript r revert s= seek= u v',
      busybox: 'p r i s: g: c: l: o:',
      stopAtOperand: false,
    });
    if (o.has('E')) c.fail('drydock: xxd -E is not simulated');
    const input = o.operands[0] ?? '-';
    let text: string;
    try {
      text = await c.readFile(input);
    } catch (error) {
      return c.fail(`${input}: ${c.reason(error)}`, c.bb ? 1 : 2);
    }
    const plain = o.has('p', 'ps', 'plain', 'postscript');
    if (o.has('r', 'revert')) {
      await put(c, o.operands[1], revert(text, plain, c.bb));
      return 0;
    }
    const start = Number(o.value('s') ?? o.value('seek') ?? 0);
    const from = start < 0 ? Math.max(0, text.length + start) : start;
    const length = o.value('l') ?? o.value('len');
    text = text.slice(from, length === undefined ? undefined : from + Number(length));
    if (o.has('i')) {
      await put(
        c,
        o.operands[1],
        include(text, input === '-' ? o.value('n') : (o.value('n') ?? input), c.bb ? ',' : ''),
      );
      return 0;
    }
    const bits = o.has('b');
    const columns = Number(o.value('c') ?? (plain ? 30 : bits ? 6 : 16));
    if (plain) {
      const digits = hex(text, o.has('u'));
      const wide = (columns || text.length || 1) * 2;
      await put(c, o.operands[1], digits.replace(new RegExp(`.{1,${wide}}`, 'g'), '$&\n'));
      return 0;
    }
    const group = Number(o.value('g') ?? (bits ? 1 : o.has('e') ? 4 : 2));
    const style = {
      columns,
      group,
      upper: o.has('u'),
      bits,
      little: o.has('e'),
      offset: from + Number(o.value('o') ?? 0),
    };
    await put(c, o.operands[1], listing(text, style));
    return 0;
  },
};
