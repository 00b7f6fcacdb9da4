import { encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { eachInput, lines } from '../core/lines.ts';
import { quote, quoteInMessage } from '../core/quote.ts';

type Ranges = [from: number, to: number][];

function parseList(c: Command, text: string, fields: boolean): Ranges {
  const ranges: Ranges = [];
  for (const part of text.split(/[,\s]/)) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || part === '' || part === '-') {
      if (c.bb) c.fail(`invalid number '${part}'`);
      if (part === '-') c.usage('invalid range with no endpoint: -');
      c.usage(
        fields
          ? part === ''
            ? 'fields are numbered from 1'
            : `invalid field value ${quote(part)}`
          : `invalid byte/character position ${quote(part)}`,
      );
    }
    const from = match![1] === '' ? 1 : Number(match![1]);
    const to = match![2] === '' ? from : match![3] === '' ? Number.POSITIVE_INFINITY : Number(match![3]);
    if (from === 0)
      c.usage(
        c.bb ? undefined : fields ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1',
      );
    if (to < from && c.bb) c.fail(`${to}<${from - 1}`);
    if (to < from) c.usage('invalid decreasing range');
    ranges.push([from, to]);
  }
  return ranges;
}

const merge = (ranges: Ranges): Ranges => {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const out: Ranges = [];
  for (const [from, to] of sorted) {
    const last = out.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
};

const complement = (ranges: Ranges): Ranges => {
  const out: Ranges = [];
  let next = 1;
  for (const [from, to] of merge(ranges)) {
    if (from > next) out.push([next, from - 1]);
    next = to + 1;
  }
  if (next !== Number.POSITIVE_INFINITY) out.push([next, Number.POSITIVE_INFINITY]);
  return out;
};

export const cut: CommandSpec = {
  name: 'cut',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'b,bytes= c,characters= d,delimiter= f,fields= n complement s,only-delimited output-delimiter= z,zero-terminated',
      busybox: 'b/bytes: c/characters: d/delimiter: f/fields: n s/only-delimited O/output-delimiter: D F:',
    });
    const kind = o.last('bytes', 'characters', 'fields');
    if (!kind && c.bb) c.fail('expected a list of bytes, characters, or fields');
    if (new Set(o.list.map(({ name }) => name).filter((name) => /^(bytes|characters|fields)$/.test(name))).size > 1)
      c.usage(c.bb ? undefined : 'only one list may be specified');
    if (!kind)
      c.usage(
        c.bb
          ? 'expected a list of bytes, characters, or fields'
          : 'you must specify a list of bytes, characters, or fields',
      );
    const delimiterText = o.value('delimiter');
    if (delimiterText !== undefined && encodeText(delimiterText).length > 1 && !c.bb)
      c.usage('the delimiter must be a single character');
    if (delimiterText !== undefined && kind !== 'fields' && !c.bb)
      c.usage('an input delimiter may be specified only when operating on fields');
    if (o.has('only-delimited') && kind !== 'fields' && !c.bb) {
      c.usage('suppressing non-delimited lines makes sense\n\tonly when operating on fields');
    }
    const delimiter = delimiterText === undefined ? '\t' : encodeText(delimiterText) || '\0';
    let ranges = parseList(c, o.value(kind!)!, kind === 'fields');
    if (o.has('complement')) ranges = complement(ranges);
    else if (!o.has('D')) ranges = merge(ranges);
    const joiner = o.has('output-delimiter') ? encodeText(o.value('output-delimiter')!) : delimiter;
    const gap = o.has('output-delimiter') ? joiner : '';
    const end = o.has('zero-terminated') ? '\0' : '\n';
    const cutFields = (line: string): string | undefined => {
      if (!line.includes(delimiter)) return o.has('only-delimited') ? undefined : line;
      const parts = line.split(delimiter);
      return ranges.flatMap(([from, to]) => parts.slice(from - 1, to)).join(joiner);
    };
    const cutBytes = (line: string): string =>
      ranges
        .map(([from, to]) => line.slice(from - 1, to))
        .filter((part) => part !== '')
        .join(gap);
    await eachInput(
      c,
      o.operands,
      async (fd) => {
        for await (const line of lines(c, fd, end)) {
          const text = kind === 'fields' ? cutFields(line.text) : cutBytes(line.text);
          if (text !== undefined) c.raw(text + end);
        }
      },
      (name, reason) => c.error(c.bb ? `${name}: ${reason}` : `${quoteInMessage(name)}: ${reason}`),
    );
    return c.status;
  },
};
