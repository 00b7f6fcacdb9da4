/** base32 and basenc: bytes in alphabets other than base64's own. */
import type { Command, CommandSpec } from '../core/command.ts';
import { quote } from '../core/quote.ts';

interface Encoding {
  alphabet: string;
  /** Bits a character holds. */
  bits: number;
  /** Characters that a padded group has; 1 without padding. */
  group: number;
  /** The least significant bit comes first. */
  reversed?: boolean;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const base64 = `${letters}${letters.toLowerCase()}0123456789`;
const encodings: Readonly<Record<string, Encoding>> = {
  base64: { alphabet: `${base64}+/`, bits: 6, group: 4 },
  base64url: { alphabet: `${base64}-_`, bits: 6, group: 4 },
  base32: { alphabet: `${letters}234567`, bits: 5, group: 8 },
  base32hex: { alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUV', bits: 5, group: 8 },
  base16: { alphabet: '0123456789ABCDEF', bits: 4, group: 1 },
  base2msbf: { alphabet: '01', bits: 1, group: 1 },
  base2lsbf: { alphabet: '01', bits: 1, group: 1, reversed: true },
};

const reverse = (byte: number): number => Number.parseInt([...byte.toString(2).padStart(8, '0')].reverse().join(''), 2);

function encode(text: string, { alphabet, bits, group, reversed }: Encoding): string {
  let out = '';
  let held = 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    held = ((held << 8) | (reversed ? reverse(byte) : byte)) & 0xffff;
    for (count += 8; count >= bits; count -= bits) out += alphabet[(held >> (count - bits)) & (2 ** bits - 1)];
  }
  if (count > 0) out += alphabet[(held << (bits - count)) & (2 ** bits - 1)];
  return out + '='.repeat((group - (out.length % group)) % group);
}

/** Undefined where a character is not of the alphabet, or the padding is wrong. */
function decode(text: string, { alphabet, bits, group, reversed }: Encoding): { out: string; good: boolean } {
  let out = '';
  let held = 0;
  let count = 0;
  for (const character of text.replace(/=+$/, '')) {
    const value = alphabet.indexOf(character);
    if (value < 0) return { out, good: false };
    held = ((held << bits) | value) & 0xffff;
    count += bits;
    if (count < 8) continue;
    count -= 8;
    const byte = (held >> count) & 255;
    out += String.fromCharCode(reversed ? reverse(byte) : byte);
  }
  return { out, good: text.length % group === 0 };
}

async function run(c: Command, encoding: Encoding, o: ReturnType<Command['options']>): Promise<number> {
  const path = o.operands[0] ?? '-';
  if (o.operands.length > 1) c.usage(c.bb ? undefined : `extra operand ${quote(o.operands[1]!)}`);
  const wrap = o.value('wrap') ?? '76';
  if (!/^\d+$/.test(wrap)) c.fail(c.bb ? `invalid number '${wrap}'` : `invalid wrap size: ${quote(wrap)}`);
  const text = await c.readFile(path).catch((error) => c.fail(`${path}: ${c.reason(error)}`));
  if (!o.has('decode')) {
    const width = Number(wrap);
    const encoded = encode(text, encoding);
    c.raw(width ? encoded.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n') : encoded);
    return 0;
  }
  const known = new Set(`${encoding.alphabet}=`);
  const clean = o.has('ignore-garbage') ? [...text].filter((one) => known.has(one)).join('') : text.replace(/\n/g, '');
  const { out, good } = decode(clean, encoding);
  c.raw(out);
  if (!good) c.error(c.bb ? 'truncated input' : 'invalid input');
  return c.status;
}

const common = 'd,decode i,ignore-garbage w,wrap=';

export const base32: CommandSpec = {
  name: 'base32',
  suite: 'coreutils',
  applet: true,
  run: (c) => run(c, encodings.base32!, c.options({ gnu: common, busybox: 'd/decode w/wrap:' })),
};

export const basenc: CommandSpec = {
  name: 'basenc',
  suite: 'coreutils',
  run(c) {
    const o = c.options({ gnu: `${common} ${Object.keys(encodings).join(' ')} z85` });
    if (o.has('z85')) c.fail('drydock: basenc --z85 is not simulated');
    const kind = o.last(...Object.keys(encodings));
    if (!kind) c.usage('missing encoding type');
    return run(c, encodings[kind!]!, o);
  },
};
