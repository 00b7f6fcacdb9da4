/** cowsay(6), cowthink(6): a message in a balloon, said by what a cow file draws. */
import type { Program } from '../../kernel/program.ts';
import { type Command, type CommandSpec, gnuProgram } from '../core/command.ts';
import { gnuTexts } from '../gnu-texts.ts';

/** Where cow files lie unless COWPATH says. */
const folders = '/usr/local/share/cows:/usr/share/cowsay/cows';

const cow =
  '        $thoughts   ^__^\n         $thoughts  ($eyes)\\_______\n            (__)\\       )\\/\\\n             $tongue ||----w |\n                ||     ||\n';

/** Looks by their option: eyes and tongue. */
const moods: Readonly<Record<string, [eyes: string, tongue: string]>> = {
  b: ['==', '  '],
  d: ['xx', 'U '],
  g: ['$$', '  '],
  p: ['@@', '  '],
  s: ['**', 'U '],
  t: ['--', '  '],
  w: ['OO', '  '],
  y: ['..', '  '],
};

const spec: CommandSpec = {
  name: 'cowsay',
  suite: 'cowsay',
  shortName: true,
  async run(c) {
    const o = c.options({ gnu: 'b d e= f= g h l L n N p s t T= w W= y', stopAtOperand: true });
    if (o.has('l')) return list(c);
    const width = Number(o.value('W') ?? 40) - 1;
    const given = o.operands.length ? [o.operands.join(' ')] : (await c.readAllText(0)).replace(/\n$/, '').split('\n');
    const lines = o.has('n') ? given : filled(given, width);
    const mood = Object.keys(moods).find((name) => o.has(name));
    const [eyes, tongue] = mood ? moods[mood]! : ['oo', '  '];
    const thinks = /think$/.test(c.name);
    const shown = await picture(c, o.value('f') ?? 'default');
    const look = { eyes: (o.value('e') ?? eyes).slice(0, 2), tongue: (o.value('T') ?? tongue).slice(0, 2) };
    c.out(balloon(lines, thinks) + drawn(shown, { ...look, thoughts: thinks ? 'o' : '\\' }));
    return 0;
  },
};

const pathOf = (c: Command): string[] => (c.sys.env.COWPATH ?? folders).split(':').filter(Boolean);

function list(c: Command): number {
  for (const folder of pathOf(c)) {
    try {
      const names = c.sys.readdir(folder).map(({ name }) => name);
      const cows = names.filter((name) => name.endsWith('.cow')).map((name) => name.slice(0, -4));
      c.out(`Cow files in ${folder}:\n${wrapped(cows.sort().join(' '), 75).join('\n')}\n`);
    } catch {
      // One of several places that need not be there.
    }
  }
  return 0;
}

/**
 * What a cow file draws: the here-document of its Perl.
 *
 * Differs from Linux: of the package's own files only the cow itself is drawn; the others' contents are stand-ins.
 */
async function picture(c: Command, name: string): Promise<string> {
  const file = name.endsWith('.cow') ? name : `${name}.cow`;
  for (const path of name.includes('/') ? [file] : pathOf(c).map((folder) => `${folder}/${file}`)) {
    const text = await c.readFile(path).catch(() => undefined);
    const [, body] = /<<\s*"?(?:EOC)"?;?\n([\s\S]*?)^EOC$/m.exec(text ?? '') ?? [];
    if (body !== undefined) return body.replace(/\\([\\@$])/g, '$1');
    if (text !== undefined && name !== 'default') c.fail(`drydock: the picture of ${name} is not simulated`);
  }
  return name === 'default' ? cow : c.fail(`Could not find ${name} cowfile!`, 2);
}

const drawn = (text: string, look: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{?(thoughts|eyes|tongue)\}?/g, (_, name: string) => look[name]!);

/** Text::Wrap's fill: paragraphs, each on as few lines as hold it. */
const filled = (lines: readonly string[], width: number): string[] =>
  lines
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap((paragraph, at) => [...(at > 0 ? [''] : []), ...wrapped(paragraph, width)]);

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    for (; !line && word.length > width; word = word.slice(width)) lines.push(word.slice(0, width));
    line = line ? `${line} ${word}` : word;
  }
  return line || lines.length === 0 ? [...lines, line] : lines;
}

function balloon(lines: readonly string[], thinks: boolean): string {
  const width = Math.max(...lines.map((line) => line.length));
  const row = (line: string, [left, right]: readonly [string, string]): string =>
    `${left} ${line.padEnd(width)} ${right}\n`;
  const sides = (at: number): readonly [string, string] => {
    if (thinks) return ['(', ')'];
    if (lines.length === 1) return ['<', '>'];
    if (at === 0) return ['/', '\\'];
    return at === lines.length - 1 ? ['\\', '/'] : ['|', '|'];
  };
  const rows = lines.map((line, at) => row(line, sides(at))).join('');
  return ` ${'_'.repeat(width + 2)}\n${rows} ${'-'.repeat(width + 2)}\n`;
}

export const cowsayProgram: Program = gnuProgram(spec, gnuTexts);
