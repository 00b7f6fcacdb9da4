/** expand and unexpand: tabs to blanks and back. */
import type { Command, CommandSpec } from '../core/command.ts';
import { eachText } from '../core/inputs.ts';

type NextStop = (column: number) => number | undefined;

/** `4`, or a list `2,6,10` after whose last stop a tab is one blank. */
function tabStops(c: Command, texts: readonly string[]): NextStop {
  const stops = c.bb ? [...texts] : texts.flatMap((text) => text.split(/[,\s]+/)).filter(Boolean);
  for (const stop of stops) {
    if (!/^\d+$/.test(stop))
      c.fail(c.bb ? `invalid number '${stop}'` : `tab size contains invalid character(s): '${stop}'`);
    if (stop === '0') c.fail('tab size cannot be 0');
  }
  const numbers = stops.map(Number);
  if (numbers.some((stop, i) => i > 0 && stop <= numbers[i - 1]!)) c.fail('tab sizes must be ascending');
  if (numbers.length > 1) return (column) => numbers.find((stop) => stop > column);
  const size = numbers[0] ?? 8;
  return (column) => column + size - (column % size);
}

function expandLine(line: string, next: NextStop, initial: boolean): string {
  let out = '';
  let column = 0;
  let leading = true;
  for (const character of line) {
    if (character === '\t' && (leading || !initial)) {
      const stop = next(column) ?? column + 1;
      out += ' '.repeat(stop - column);
      column = stop;
      continue;
    }
    if (character !== ' ' && character !== '\t') leading = false;
    column = character === '\b' ? Math.max(0, column - 1) : column + 1;
    out += character;
  }
  return out;
}

function unexpandLine(line: string, next: NextStop, all: boolean): string {
  let out = '';
  let column = 0;
  let pending = '';
  let converting = true;
  for (const character of line) {
    if (converting && (character === ' ' || character === '\t')) {
      const stop = next(column);
      if (stop === undefined) converting = false;
      else if (character === '\t' || column + 1 === stop) {
        out += pending.length > 0 || character === '\t' || out.endsWith('\t') ? '\t' : character;
        pending = '';
        column = stop;
        continue;
      } else {
        pending += ' ';
        column++;
        continue;
      }
    }
    out += pending + character;
    pending = '';
    column++;
    if (!all) converting = false;
  }
  return out + pending;
}

/** BusyBox gathers blanks into tabs at most once more after the first word, and then prints the rest as it is. */
function unexpandAsBusybox(line: string, size: number, all: boolean): string {
  let out = '';
  let column = 0;
  for (let at = 0; at < line.length; ) {
    const blanks = /^ */.exec(line.slice(at))![0].length;
    let spaces = blanks;
    const began = at;
    at += blanks;
    column += blanks;
    if (line[at] === '\t') {
      column += size - (column % size);
      at++;
      continue;
    }
    const tabs = Math.floor(column / size);
    if (tabs > 0) spaces = column %= size;
    out += '\t'.repeat(tabs) + ' '.repeat(spaces);
    const word = !all && (at > 0 || began > 0) ? line.slice(at) : /^[^\t ]*/.exec(line.slice(at))![0];
    out += word;
    at += word.length;
    column = (column + word.length) % size;
  }
  return out;
}

/** Old form: -4 or -2,6. */
const oldForm = (args: string[]): void => {
  args.forEach((arg, i) => {
    if (/^-\d[\d,]*$/.test(arg)) args[i] = `-t${arg.slice(1)}`;
  });
};

const perLine = (text: string, change: (line: string) => string): string => text.replace(/[^\n]+/g, change);

export const expand: CommandSpec = {
  name: 'expand',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    oldForm(c.args);
    const o = c.options({ gnu: 'i,initial t,tabs=', busybox: 'i,initial t,tabs:' });
    const next = tabStops(c, o.values('tabs'));
    await eachText(c, o.operands, (text) => c.raw(perLine(text, (line) => expandLine(line, next, o.has('initial')))));
    return c.status;
  },
};

export const unexpand: CommandSpec = {
  name: 'unexpand',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    oldForm(c.args);
    const o = c.options({ gnu: 'a,all first-only t,tabs=', busybox: 'a,all f,first-only t,tabs:' });
    const next = tabStops(c, o.values('tabs'));
    const all = (o.has('all') || o.has('tabs')) && !o.has('first-only');
    const size = Number(o.value('tabs') || 8);
    const change = (line: string) => (c.bb ? unexpandAsBusybox(line, size, all) : unexpandLine(line, next, all));
    await eachText(c, o.operands, (text) => c.raw(perLine(text, change)));
    return c.status;
  },
};
