/** column, fmt, pr: text set in columns, paragraphs and pages. */
import { decodeText, encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { eachText, numberOption } from '../core/inputs.ts';
import { splitLines } from '../core/lines.ts';
import { gapTo } from '../core/tab-stops.ts';

function table(
  lines: readonly string[],
  separators: string | undefined,
  gap: string,
  right: ReadonlySet<number>,
): string {
  const rows = lines.map((line) =>
    separators === undefined
      ? line.split(/[ \t]+/).filter((cell, i, all) => cell !== '' || (i > 0 && i < all.length - 1))
      : line.split(new RegExp(`[${separators.replace(/[\]\\^-]/g, '\\$&')}]`)),
  );
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  const text = (row: string[]) =>
    row
      .map((cell, i) =>
        right.has(i) ? cell.padStart(widths[i]!) : i < row.length - 1 ? cell.padEnd(widths[i]!) : cell,
      )
      .join(gap);
  return rows.map((row) => `${row.length < widths.length ? text(row).padEnd(0) : text(row)}\n`).join('');
}

function filled(entries: readonly string[], width: number, across: boolean): string {
  const longest = Math.max(...entries.map((entry) => entry.length));
  const cell = Math.floor((longest + 8) / 8) * 8;
  const columns = Math.max(1, Math.floor(width / cell));
  const rows = Math.ceil(entries.length / columns);
  let out = '';
  for (let row = 0; row < rows; row++) {
    let line = '';
    for (let column = 0; column < columns; column++) {
      const at = across ? row * columns + column : column * rows + row;
      if (at >= entries.length) break;
      line += entries[at];
      const next = across ? at + 1 : at + rows;
      const more = column < columns - 1 && next < entries.length;
      if (more) for (let used = entries[at]!.length; used < cell; used = (Math.floor(used / 8) + 1) * 8) line += '\t';
    }
    out += `${line}\n`;
  }
  return out;
}

export const column: CommandSpec = {
  name: 'column',
  suite: 'bsdextrautils',
  async run(c) {
    const o = c.options({
      gnu: 't,table s,separator= o,output-separator= c,output-width= x,fillrows R,table-right= N,table-columns= L,keep-empty-lines',
    });
    let lines: string[] = [];
    await eachText(c, o.operands, (text) => {
      lines = lines.concat(
        splitLines(decodeText(text)).filter((line) => line.trim() !== '' || o.has('keep-empty-lines')),
      );
    });
    if (lines.length === 0) return c.status;
    if (!o.has('table')) {
      const width = numberOption(
        c,
        o.value('output-width'),
        Number(c.sys.env.COLUMNS ?? 80) || 80,
        'invalid columns argument',
      );
      c.out(filled(lines, width, o.has('fillrows')));
      return c.status;
    }
    const right = new Set(
      (o.value('table-right') ?? '')
        .split(',')
        .filter(Boolean)
        .map((text) => Number(text) - 1),
    );
    const names = o
      .value('table-columns')
      ?.split(',')
      .join(o.value('separator')?.[0] ?? ' ');
    c.out(table(names ? [names, ...lines] : lines, o.value('separator'), o.value('output-separator') ?? '  ', right));
    return c.status;
  },
};

interface FmtWord {
  text: string;
  /** Blanks after it. */
  space: number;
  opens: boolean;
  period: boolean;
  punctuated: boolean;
  /** Ends a sentence. */
  final: boolean;
}

interface Paragraph {
  first: string;
  rest: string;
  words: FmtWord[];
}

/** What fmt(1) weighs, each the square of ten times a distance in columns. */
const square = (distance: number): number => distance * distance;
const lineCost = square(70);
const sentenceBonus = square(50);
const noBreakCost = square(600);
const smallBonus = square(40);
const shortCost = (columns: number): number => square(columns * 10);

/** Of a line that begins with the word at `i`. */
function beginCost(words: readonly FmtWord[], i: number): number {
  const [word, before] = [words[i]!, words[i - 1]];
  let cost = lineCost;
  if (before?.period) cost += before.final ? -sentenceBonus : noBreakCost;
  else if (before?.punctuated) cost -= smallBonus;
  else if (i > 1 && words[i - 2]!.final) cost += square(200) / before!.text.length;
  if (word.opens) cost -= smallBonus;
  else if (word.final) cost += square(150) / word.text.length;
  return cost;
}

/** Where lines begin so that they cost least together: Knuth's way, from the end. */
function breakLines({ words, first, rest }: Paragraph, width: number, goal: number): string[] {
  const end = words.length;
  const best: { cost: number; next: number; length: number }[] = [];
  best[end] = { cost: 0, next: end, length: 0 };
  for (let start = end - 1; start >= 0; start--) {
    let length = (start === 0 ? first : rest).length + words[start]!.text.length;
    best[start] = { cost: Infinity, next: start + 1, length };
    for (let next = start + 1; ; next++) {
      let cost = best[next]!.cost;
      if (next < end) cost += shortCost(goal - length);
      if (next < end && best[next]!.next < end) cost += shortCost(length - best[next]!.length) / 2;
      if (cost < best[start]!.cost) best[start] = { cost, next, length };
      if (next === end) break;
      length += words[next - 1]!.space + words[next]!.text.length;
      if (length >= width) break;
    }
    best[start]!.cost += beginCost(words, start);
  }
  const out: string[] = [];
  for (let i = 0; i < end; i = best[i]!.next) {
    const line = words
      .slice(i, best[i]!.next)
      .map((word, k, all) => word.text + (all[k + 1] ? ' '.repeat(word.space) : ''));
    out.push((i === 0 ? first : rest) + line.join(''));
  }
  return out;
}

function fmtWords(line: string, uniform: boolean): FmtWord[] {
  return [...line.matchAll(/([^ \t]+)([ \t]*)/g)].map(([, text, blanks], i, all) => {
    const bare = text!.replace(/[)\]'"]+$/, '');
    const period = /[.?!]$/.test(bare);
    const last = i === all.length - 1;
    const final = period && (last || blanks!.length > 1);
    return {
      text: text!,
      space: last || uniform ? (final ? 2 : 1) : blanks!.length,
      opens: /^[('`"[]/.test(text!),
      period,
      punctuated: /[!-/:-@[-`{-~]$/.test(text!),
      final,
    };
  });
}

const indentOf = (line: string): string => /^[ \t]*/.exec(line)![0];

function paragraphs(lines: readonly string[], split: boolean, uniform: boolean): (Paragraph | string)[] {
  const out: (Paragraph | string)[] = [];
  let now: Paragraph | undefined;
  for (const line of lines) {
    if (line.trim() === '') {
      out.push('');
      now = undefined;
      continue;
    }
    const indent = indentOf(line);
    const words = fmtWords(line.trim(), uniform);
    if (now && !split && (now.words.length === 0 || indent === now.rest)) now.words.push(...words);
    else {
      now = { first: indent, rest: indent, words };
      out.push(now);
    }
  }
  return out;
}

export const fmt: CommandSpec = {
  name: 'fmt',
  suite: 'coreutils',
  async run(c) {
    if (/^-\d+$/.test(c.args[0] ?? '')) c.args.splice(0, 1, '-w', c.args[0]!.slice(1));
    const o = c.options({
      gnu: 'c,crown-margin p,prefix= s,split-only t,tagged-paragraph u,uniform-spacing w,width= g,goal=',
    });
    if (o.has('prefix', 'crown-margin', 'tagged-paragraph')) c.fail('drydock: fmt -c, -p and -t are not simulated');
    const width = numberOption(c, o.value('width'), 75, 'invalid width');
    const goal = numberOption(c, o.value('goal'), Math.floor((width * 187) / 200), 'invalid width');
    await eachText(c, o.operands, (text) => {
      for (const one of paragraphs(splitLines(text), o.has('split-only'), o.has('uniform-spacing'))) {
        if (typeof one !== 'string') Object.assign(one.words.at(-1)!, { period: true, final: true });
        c.raw(typeof one === 'string' ? '\n' : `${breakLines(one, width, goal).join('\n')}\n`);
      }
    });
    return c.status;
  },
};

interface PageStyle {
  length: number;
  width: number;
  columns: number;
  bare: boolean;
  double: boolean;
  across: boolean;
  /** Between columns instead of padding. */
  separator: string | undefined;
}

/** Cells of one row at the columns' places. */
function columnLine(cells: readonly (string | undefined)[], style: PageStyle): string {
  const wanted = cells.findLastIndex((cell) => cell !== undefined);
  const shown = cells.slice(0, wanted + 1).map((cell) => cell ?? '');
  if (style.separator !== undefined) return shown.join(style.separator);
  const wide = Math.floor((style.width - style.columns + 1) / style.columns);
  let line = '';
  let at = 0;
  for (const [i, cell] of shown.entries()) {
    line += gapTo(at, i * (wide + 1));
    line += cell.slice(0, wide);
    at = i * (wide + 1) + Math.min(cell.length, wide);
  }
  return line;
}

function pageBody(lines: readonly string[], style: PageStyle, rows: number): string[] {
  if (style.columns <= 1) return [...lines];
  const height = Math.min(rows, Math.ceil(lines.length / style.columns));
  return Array.from({ length: height }, (_, row) =>
    columnLine(
      Array.from(
        { length: style.columns },
        (_c, i) => lines[style.across ? row * style.columns + i : i * height + row],
      ),
      style,
    ),
  );
}

function header(c: Command, name: string, title: string, page: number, width: number, format: string): string {
  const seconds = name === '-' ? c.sys.now().sec : c.sys.stat(name).mtime.sec;
  const date = strftime(format, seconds, 0, zoneOf(c.sys));
  const right = `Page ${page}`;
  const room = width - date.length - right.length - title.length;
  const left = Math.max(1, Math.floor(room / 2));
  return `\n\n${date}${' '.repeat(left)}${title}${' '.repeat(Math.max(1, room - left))}${right}\n\n\n`;
}

export const pr: CommandSpec = {
  name: 'pr',
  suite: 'coreutils',
  async run(c) {
    const at = c.args.findIndex((arg) => /^-\d+$/.test(arg));
    const columns = at < 0 ? undefined : c.args.splice(at, 1)[0]!.slice(1);
    const o = c.options({
      gnu: 'a,across columns= d,double-space D,date-format= h,header= l,length= n,number-lines=? o,indent= t,omit-header T,omit-pagination w,width= W,page-width= F,form-feed f m,merge s,separator=?',
    });
    const style: PageStyle = {
      length: numberOption(c, o.value('length'), 66, 'invalid number of lines'),
      width: numberOption(c, o.value('page-width') ?? o.value('width'), 72, 'invalid number of characters'),
      columns: Number(columns ?? o.value('columns') ?? 1),
      bare: o.has('omit-header', 'omit-pagination'),
      double: o.has('double-space'),
      across: o.has('across'),
      separator: o.has('separator') ? o.value('separator') || '\t' : undefined,
    };
    const [, mark = '', digits = ''] = /^([^\d]?)(\d*)$/.exec(o.value('number-lines') ?? '') ?? [];
    const numbered = (list: string[]) =>
      o.has('number-lines')
        ? list.map((line, i) => `${String(i + 1).padStart(Number(digits || 5))}${mark || '\t'}${line}`)
        : list;
    const format = o.value('date-format') ?? '%Y-%m-%d %H:%M';
    const bare = style.bare || style.length <= 10;
    const rows = bare ? Infinity : style.length - 10;
    const indent = ' '.repeat(Number(o.value('indent') ?? 0));
    const pages = (lines: readonly string[], name: string) => {
      const perPage = rows * style.columns;
      for (let at = 0, page = 1; at < lines.length; at += perPage, page++) {
        const body = pageBody(lines.slice(at, at + perPage), style, rows);
        if (!bare) c.out(header(c, name, o.value('header') ?? (name === '-' ? '' : name), page, style.width, format));
        for (const line of body) c.raw(`${indent}${line}\n`);
        if (!bare) c.raw('\n'.repeat(rows - body.length + 5));
      }
    };
    const files: string[][] = [];
    await eachText(c, o.operands, (text, name) => {
      const lines = splitLines(text);
      if (o.has('merge')) files.push(lines);
      else pages(numbered(style.double ? lines.flatMap((line) => [line, '']) : lines), name);
    });
    if (!o.has('merge')) return c.status;
    const merged = { ...style, columns: files.length };
    const height = Math.max(0, ...files.map((lines) => lines.length));
    style.columns = 1;
    const list = Array.from({ length: height }, (_, row) =>
      columnLine(
        files.map((lines) => lines[row]),
        merged,
      ),
    );
    pages(numbered(list), '-');
    return c.status;
  },
};

/** Shell-like $NAME and ${NAME} of the environment. */
export const envsubst: CommandSpec = {
  name: 'envsubst',
  suite: 'gettext',
  async run(c) {
    const o = c.options({ gnu: 'v,variables' });
    const names = (text: string) =>
      [...text.matchAll(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g)].map((match) => match[1] ?? match[2]!);
    const only = o.operands[0] === undefined ? undefined : new Set(names(o.operands[0]));
    if (o.has('variables')) {
      c.out([...(only ?? [])].map((name) => `${name}\n`).join(''));
      return 0;
    }
    const text = await c.readAllText(0);
    c.raw(
      text.replace(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (all, braced, bare) => {
        const name: string = braced ?? bare;
        return only && !only.has(name) ? all : encodeText(c.sys.env[name] ?? '');
      }),
    );
    return 0;
  },
};

export const look: CommandSpec = {
  name: 'look',
  suite: 'bsdextrautils',
  async run(c) {
    const o = c.options({ gnu: 'a,alternative d,alphanum f,ignore-case t,terminate=' });
    if (o.operands.length === 0) c.usage('bad usage');
    const wide = o.operands[1] === undefined;
    const key = (line: string) => {
      const text = o.has('alphanum') || wide ? line.replace(/[^A-Za-z0-9 \t]/g, '') : line;
      return o.has('ignore-case') || wide ? text.toLowerCase() : text;
    };
    const wanted = key(encodeText(o.operands[0]!));
    const path = o.operands[1] ?? '/usr/share/dict/words';
    let found = false;
    const text = await c.readFile(path).catch((error) => c.fail(`${path}: ${c.reason(error)}`));
    for (const line of splitLines(text)) {
      if (!key(line).startsWith(wanted)) continue;
      found = true;
      c.raw(`${line}\n`);
    }
    return found ? 0 : 1;
  },
};
