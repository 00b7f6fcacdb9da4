/** getopt(1): options of a shell script, put in order and quoted. */
import type { CommandSpec } from '../core/command.ts';
import { OptionError, type Options, type OptionTable, parseOptions } from '../core/options.ts';

/** `ab:c::` and `long,arg:,maybe::` as getopt(3) has them. */
function tableOf(letters: string, words: readonly string[]): OptionTable {
  const table: OptionTable = { short: new Map(), long: new Map() };
  const kinds = ['none', 'required', 'optional'] as const;
  for (const [, name, colons] of letters.replace(/^[+-]/, '').matchAll(/([^:])(:{0,2})/g))
    table.short.set(name!, { name: `-${name}`, argument: kinds[colons!.length]! });
  for (const word of words) {
    const [, name, colons] = /^(.*?)(:{0,2})$/.exec(word)!;
    if (name) table.long.set(name, { name: `--${name}`, argument: kinds[colons!.length]! });
  }
  return table;
}

const quoted = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;

/** The first word's options; with the next word when one of them lacks its argument. */
function readOption(left: readonly string[], table: OptionTable): [Options, number] {
  try {
    return [parseOptions(left.slice(0, 1), table, { stopAtOperand: true }), 1];
  } catch (error) {
    if (!(error instanceof OptionError) || !/requires an argument/.test(error.message) || left.length < 2) throw error;
    return [parseOptions(left.slice(0, 2), table, { stopAtOperand: true }), 2];
  }
}

export const getopt: CommandSpec = {
  name: 'getopt',
  suite: 'util-linux',
  applet: true,
  usageStatus: 2,
  run(c) {
    const o = c.options({
      gnu: 'a,alternative l,longoptions= n,name= o,options= q,quiet Q,quiet-output s,shell= T,test u,unquoted',
      busybox: 'a,alternative l,longoptions= n,name= o,options= q,quiet Q,quiet-output s,shell= T,test u,unquoted',
      stopAtOperand: true,
    });
    if (o.has('test')) return 4;
    const rest = [...o.operands];
    const letters = o.value('options') ?? rest.shift();
    if (letters === undefined) {
      if (c.bb) c.fail('missing optstring argument');
      c.usage('missing optstring argument');
    }
    const plain = o.has('unquoted') || !o.has('options');
    const show = plain ? (text: string) => text : quoted;
    const words = o.values('longoptions').flatMap((text) => text.split(/[,\s]+/));
    const table = tableOf(letters!, words);
    let out = '';
    const left = [...rest];
    const operands: string[] = [];
    // One at a time, so that what is wrong is reported and the rest still read.
    while (left.length > 0) {
      try {
        const [found, size] = readOption(left, table);
        if (left[0] === '--') {
          operands.push(...left.slice(1));
          break;
        }
        for (const { name, value } of found.list) out += ` ${name}${value === undefined ? '' : ` ${show(value)}`}`;
        left.splice(0, found.list.length ? size - found.operands.length : 1);
        if (found.list.length === 0) operands.push(...found.operands.slice(0, 1));
      } catch (error) {
        if (!(error instanceof OptionError)) throw error;
        if (!o.has('quiet')) c.errorText(`${o.value('name') ?? 'getopt'}: ${error.message}\n`);
        c.status = 1;
        left.shift();
      }
    }
    if (!o.has('quiet-output')) c.out(`${out} --${operands.map((word) => ` ${show(word)}`).join('')}\n`);
    return c.status;
  },
};
