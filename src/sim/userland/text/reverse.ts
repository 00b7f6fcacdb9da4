/** tac (files backwards by line), rev (lines backwards by character), fold (lines cut to a width). */
import { decodeText, encodeText } from '../core/bytes.ts';
import type { CommandSpec } from '../core/command.ts';
import { eachText } from '../core/inputs.ts';
import { eachInput, lines } from '../core/lines.ts';
import { quoteShell } from '../core/quote.ts';
import { compileRegexp } from '../core/regexp.ts';

function records(text: string, separator: string, before: boolean): string[] {
  const out: string[] = [];
  let start = 0;
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length)) {
    const end = before ? at : at + separator.length;
    if (end > start || !before) out.push(text.slice(start, end));
    start = end;
  }
  if (start < text.length) out.push(text.slice(start));
  return out;
}

/** As `records`, by what an expression matches. */
function recordsBy(text: string, separator: RegExp, before: boolean): string[] {
  const cuts = [...text.matchAll(separator)].filter((match) => match[0] !== '');
  return pieces(text, before ? cuts.map(({ index }) => index) : cuts.map((match) => match.index + match[0].length));
}

const pieces = (text: string, cuts: number[]): string[] =>
  [0, ...cuts].map((from, i) => text.slice(from, cuts[i])).filter(Boolean);

export const tac: CommandSpec = {
  name: 'tac',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'b,before r,regex s,separator=', busybox: '' });
    const separator = encodeText(o.value('separator') ?? '\n') || '\0';
    await eachInput(
      c,
      o.operands,
      async (fd) => {
        const text = await c.readAllText(fd);
        const found = o.has('regex')
          ? recordsBy(text, new RegExp(compileRegexp(separator, {}), 'g'), o.has('before'))
          : records(text, separator, o.has('before'));
        for (const record of found.reverse()) c.raw(record);
      },
      (name, reason) =>
        c.error(c.bb ? `${name}: ${reason}` : `failed to open ${quoteShell(name)} for reading: ${reason}`),
    );
    return c.status;
  },
};

export const rev: CommandSpec = {
  name: 'rev',
  suite: 'util-linux',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: '0,zero', busybox: '' });
    const end = o.has('zero') ? '\0' : '\n';
    await eachInput(
      c,
      o.operands,
      async (fd) => {
        for await (const line of lines(c, fd, end)) {
          // BusyBox's line ends at a NUL.
          const text = c.bb ? line.text.split('\0', 1)[0]! : line.text;
          c.raw(encodeText([...decodeText(text)].reverse().join('')) + (text === line.text ? line.end : ''));
        }
      },
      (name, reason) => c.error(c.bb ? `${name}: ${reason}` : `cannot open ${name}: ${reason}`),
    );
    return c.status;
  },
};

export const fold: CommandSpec = {
  name: 'fold',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    if (/^-\d+$/.test(c.args[0] ?? '')) c.args.splice(0, 1, '-w', c.args[0]!.slice(1));
    const o = c.options({ gnu: 'b,bytes s,spaces w,width=', busybox: 'b/bytes s/spaces w/width:' });
    const text = o.value('width') ?? '80';
    if (!/^[1-9]\d*$/.test(text)) c.fail(c.bb ? `invalid number '${text}'` : `invalid number of columns: '${text}'`);
    const rules = { width: Number(text), spaces: o.has('spaces'), bytes: o.has('bytes') };
    await eachText(c, o.operands, (input) => c.raw(foldText(input, rules)));
    return c.status;
  },
};

interface FoldRules {
  width: number;
  spaces: boolean;
  bytes: boolean;
}

function advance(column: number, character: string, bytes: boolean): number {
  if (bytes) return column + 1;
  if (character === '\b') return Math.max(0, column - 1);
  if (character === '\r') return 0;
  return character === '\t' ? column + 8 - (column % 8) : column + 1;
}

function foldText(input: string, rules: FoldRules): string {
  let out = '';
  let line = '';
  let column = 0;
  const measure = (text: string) => [...text].reduce((sum, one) => advance(sum, one, rules.bytes), 0);
  for (const character of input) {
    if (character === '\n') {
      out += `${line}\n`;
      line = '';
      column = 0;
      continue;
    }
    let next = advance(column, character, rules.bytes);
    while (next > rules.width && line !== '') {
      const blank = rules.spaces ? Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t')) : -1;
      const cut = blank >= 0 ? blank + 1 : line.length;
      out += `${line.slice(0, cut)}\n`;
      line = line.slice(cut);
      column = measure(line);
      next = advance(column, character, rules.bytes);
    }
    line += character;
    column = next;
  }
  return out + line;
}
