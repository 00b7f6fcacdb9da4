import type { Command, CommandSpec } from '../core/command.ts';
import { eachText, numberOption } from '../core/inputs.ts';

function exists(c: Command, path: string): boolean {
  try {
    return !!c.sys.stat(path);
  } catch {
    return false;
  }
}

export const strings: CommandSpec = {
  name: 'strings',
  suite: 'binutils',
  applet: true,
  async run(c) {
    if (/^-\d+$/.test(c.args[0] ?? '')) c.args.splice(0, 1, '-n', c.args[0]!.slice(1));
    const o = c.options({
      gnu: 'a,all d,data f,print-file-name n,bytes= t,radix= o w,include-all-whitespace e,encoding= s,output-separator=',
      busybox: 'a/all f/print-file-name n/bytes: t/radix: o',
    });
    const least = numberOption(c, o.value('bytes'), 4, 'invalid minimum string length');
    const radix = o.has('o') ? 8 : ({ d: 10, o: 8, x: 16 } as Record<string, number>)[o.value('radix') ?? ''];
    const characters = o.has('include-all-whitespace') ? '\\t-\\r -~' : '\\t -~';
    const pattern = new RegExp(`[${characters}]{${Math.max(1, least)},}`, 'g');
    const missing = c.bb ? [] : o.operands.filter((name) => !exists(c, name));
    for (const name of missing) c.error(`'${name}': No such file`);
    const names = o.operands.filter((name) => !missing.includes(name));
    if (o.operands.length && names.length === 0) return c.status;
    await eachText(c, names, (text, name) => {
      for (const match of text.matchAll(pattern)) {
        const file = o.has('print-file-name') ? `${name === '-' ? '{standard input}' : name}: ` : '';
        const offset = radix ? `${match.index.toString(radix).padStart(7)} ` : '';
        c.raw(`${file}${offset}${match[0]}${o.value('output-separator') ?? '\n'}`);
      }
    });
    return c.status;
  },
};
