import type { CommandSpec } from '../core/command.ts';
import { eachText, numberOption } from '../core/inputs.ts';
import { splitLines } from '../core/lines.ts';
import { compileRegexp } from '../core/regexp.ts';

type Section = 'header' | 'body' | 'footer';

/** Which lines of a section are numbered: a all, t non-empty, n none, pBRE those that match. */
function selector(style: string): (line: string) => boolean {
  if (style === 'a') return () => true;
  if (style === 'n') return () => false;
  if (style === 't') return (line) => line !== '';
  const pattern = compileRegexp(style.slice(1), {});
  return (line) => pattern.test(line);
}

function format(number: number, width: number, kind: string): string {
  if (kind === 'ln') return String(number).padEnd(width);
  return String(number).padStart(width, kind === 'rz' ? '0' : ' ');
}

export const nl: CommandSpec = {
  name: 'nl',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const table =
      'b,body-numbering= d,section-delimiter= f,footer-numbering= h,header-numbering= i,line-increment= l,join-blank-lines= n,number-format= p,no-renumber s,number-separator= v,starting-line-number= w,number-width=';
    const o = c.options({
      gnu: table,
      busybox: 'b/body-numbering: i/line-increment: s/number-separator: v/starting-line-number: w/number-width: p',
    });
    for (const name of ['body-numbering', 'header-numbering', 'footer-numbering']) {
      const style = o.value(name);
      if (style !== undefined && !c.bb && !/^([atn]$|p)/.test(style))
        c.usage(`invalid ${name.replace('-', ' ')} style: '${style}'`);
    }
    // BusyBox knows but a, t and n; anything else numbers nothing.
    const known = (style: string) => (c.bb && !/^[atn]$/.test(style) ? 'n' : style);
    const wanted: Record<Section, (line: string) => boolean> = {
      header: selector(o.value('header-numbering') ?? 'n'),
      body: selector(known(o.value('body-numbering') ?? 't')),
      footer: selector(o.value('footer-numbering') ?? 'n'),
    };
    const width = numberOption(c, o.value('number-width'), 6, 'invalid line number field width');
    const start = Number(o.value('starting-line-number') ?? 1);
    const step = Number(o.value('line-increment') ?? 1);
    const blanks = numberOption(c, o.value('join-blank-lines'), 1, 'invalid line number of blank lines');
    const separator = o.value('number-separator') ?? '\t';
    const kind = o.value('number-format') ?? 'rn';
    const mark = (o.value('section-delimiter') ?? '\\:').padEnd(2, ':');
    const marks = new Map<string, Section>([
      [mark.repeat(3), 'header'],
      [mark.repeat(2), 'body'],
      [mark, 'footer'],
    ]);
    let section: Section = 'body';
    let number = start;
    let empty = 0;
    const one = (line: string) => {
      const next = marks.get(line);
      if (next) {
        section = next;
        if (!o.has('no-renumber')) number = start;
        return c.raw('\n');
      }
      empty = line === '' ? empty + 1 : 0;
      const counted = wanted[section](line) && (line !== '' || empty % blanks === 0);
      if (!counted)
        return c.raw(
          line === ''
            ? `${' '.repeat(width + separator.length)}\n`
            : `${' '.repeat(width + separator.length)}${line}\n`,
        );
      c.raw(`${format(number, width, kind)}${separator}${line}\n`);
      number += step;
    };
    await eachText(c, o.operands, (text) => splitLines(text).forEach(one));
    return c.status;
  },
};
