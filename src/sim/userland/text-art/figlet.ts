/** figlet(6): large letters. The layout is the figlet package's, which follows the FIGfont specification. */
import figlet, { type FontName } from 'figlet';
import type { Program } from '../../kernel/program.ts';
import { type Command, type CommandSpec, gnuProgram } from '../core/command.ts';
import { gnuTexts } from '../gnu-texts.ts';

// Differs from Linux: of figlet's own fonts these are drawn; the others cannot be opened.
const fonts: Readonly<Record<string, () => Promise<{ default: string }>>> = {
  standard: () => import('figlet/importable-fonts/Standard.js'),
  big: () => import('figlet/importable-fonts/Big.js'),
  slant: () => import('figlet/importable-fonts/Slant.js'),
  small: () => import('figlet/importable-fonts/Small.js'),
  banner: () => import('figlet/importable-fonts/Banner.js'),
};

const spec: CommandSpec = {
  name: 'figlet',
  suite: 'figlet',
  async run(c) {
    const o = c.options({ gnu: 'f= d= w= m= C= I= c l r x t k s S o W D E n p N L R X v' });
    const font = await fontOf(c, o.value('f') ?? 'standard');
    const width = o.has('t') ? c.sys.winsize(1).columns || 80 : Number(o.value('w') ?? 80);
    const lines = o.operands.length ? [o.operands.join(' ')] : (await c.readAllText(0)).replace(/\n$/, '').split('\n');
    const horizontalLayout = o.has('W') ? 'full' : o.has('k') ? 'fitted' : 'default';
    const draw = (text: string): string[] => atEdge(figlet.textSync(text, { font, horizontalLayout }).split('\n'));
    const share = o.has('c') ? 0.5 : o.has('r') ? 1 : 0;
    for (const text of lines.flatMap((line) => fitting(line, width, draw)))
      for (const row of placed(draw(text), width, share)) c.out(`${row}\n`);
    return 0;
  },
};

async function fontOf(c: Command, text: string): Promise<FontName> {
  const known = fonts[text.replace(/\.flf$/, '')];
  if (!known) return c.fail(`${text}: Unable to open font file`);
  const name = text as FontName;
  figlet.parseFont(name, (await known()).default);
  return name;
}

/** The line in parts that are not too wide, cut between words where that can be. */
function fitting(line: string, width: number, draw: (text: string) => string[]): string[] {
  const fits = (text: string): boolean => draw(text).every((row) => row.length < width);
  const parts: string[] = [];
  let part = '';
  for (const word of line.split(' ')) {
    const longer = part === '' ? word : `${part} ${word}`;
    if (fits(longer)) {
      part = longer;
      continue;
    }
    if (part !== '') parts.push(part);
    part = '';
    for (const letter of word) {
      if (part !== '' && !fits(part + letter)) {
        parts.push(part);
        part = '';
      }
      part += letter;
    }
  }
  return [...parts, part];
}

/** The first letter moves up to the edge, as to a letter before it. */
function atEdge(rows: readonly string[]): string[] {
  const free = Math.min(...rows.filter((row) => row.trim() !== '').map((row) => row.search(/\S/)));
  return Number.isFinite(free) ? rows.map((row) => row.slice(free)) : [...rows];
}

/** -c and -r: each row with the share of the free columns before it. */
function placed(rows: readonly string[], width: number, share: number): string[] {
  const longest = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => ' '.repeat(Math.max(0, Math.floor((width - 1 - longest) * share))) + row);
}

export const figletProgram: Program = gnuProgram(spec, gnuTexts);
