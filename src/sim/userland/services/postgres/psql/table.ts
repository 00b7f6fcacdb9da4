/** How psql prints rows: aligned, unaligned, CSV, expanded (fe_utils/print.c). */
import { charWidth } from '../../../shell/editor/width.ts';

export interface Format {
  style: 'aligned' | 'unaligned' | 'wrapped' | 'csv';
  border: number;
  expanded: 'on' | 'off' | 'auto';
  tuplesOnly: boolean;
  footer: boolean;
  nullText: string;
  fieldSeparator: string;
  recordSeparator: string;
  title?: string;
}

export interface Table {
  columns: readonly string[];
  /** Of each column: numbers stand at the right. */
  right: readonly boolean[];
  rows: readonly (readonly (string | null)[])[];
  title?: string;
  /** Instead of the count of rows; none: no footer at all. */
  footers?: readonly string[];
}

export const textWidth = (text: string): number => [...text].reduce((sum, char) => sum + charWidth(char), 0);

/** Tabs and control characters as psql shows them. */
const shown = (text: string): string => {
  let column = 0;
  let out = '';
  for (const char of text.replaceAll('\r\n', '\n')) {
    const code = char.codePointAt(0)!;
    if (char === '\t') {
      const fill = 8 - (column % 8);
      out += ' '.repeat(fill);
      column += fill;
    } else if (char === '\n') {
      out += char;
      column = 0;
    } else if (code < 32 || code === 127) {
      out += code === 13 ? '\\r' : `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
      column += code === 13 ? 2 : 4;
    } else {
      out += char;
      column += charWidth(char);
    }
  }
  return out;
};

const linesOf = (text: string): string[] => shown(text).split('\n');
const widest = (lines: readonly string[]): number => Math.max(0, ...lines.map(textWidth));
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - textWidth(text)));
const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - textWidth(text))) + text;

function counted(table: Table, format: Format): readonly string[] {
  if (format.tuplesOnly) return [];
  if (table.footers) return table.footers;
  return format.footer ? [`(${table.rows.length} row${table.rows.length === 1 ? '' : 's'})`] : [];
}

export function render(table: Table, format: Format): string {
  const expanded = format.expanded === 'on';
  if (format.style === 'csv') return csv(table, format, expanded);
  if (format.style === 'unaligned') return unaligned(table, format, expanded);
  return expanded ? vertical(table, format) : aligned(table, format);
}

function centred(title: string, width: number): string {
  const own = textWidth(title);
  return `${own >= width ? '' : ' '.repeat(Math.floor((width - own) / 2))}${title}\n`;
}

function aligned(table: Table, format: Format): string {
  const { border, nullText } = format;
  const heads = table.columns.map(linesOf);
  const cells = table.rows.map((row) => row.map((value) => linesOf(value ?? nullText)));
  const widths = heads.map((lines, i) => Math.max(widest(lines), ...cells.map((row) => widest(row[i]!))));
  const count = widths.length;
  if (count === 0)
    return `--\n${counted(table, format)
      .map((footer) => `${footer}\n`)
      .join('')}\n`;
  const gaps = border === 0 ? count : border === 1 ? count * 3 - (count > 0 ? 1 : 0) : count * 3 + 1;
  const total = widths.reduce((sum, width) => sum + width, gaps);
  const rule = (): string => {
    const inner = widths.map((width) => '-'.repeat(border === 0 ? width : width + 2));
    return `${border === 2 ? '+' : ''}${inner.join(border === 0 ? ' ' : '+')}${border === 2 ? '+' : ''}\n`;
  };
  let out = '';
  const title = table.title ?? format.title;
  if (title !== undefined && !format.tuplesOnly) out += centred(title, total);
  if (!format.tuplesOnly) {
    if (border === 2) out += rule();
    const depth = Math.max(1, ...heads.map((lines) => lines.length));
    for (let line = 0; line < depth; line++) {
      if (border === 2) out += '|';
      widths.forEach((width, i) => {
        const head = heads[i]![line];
        if (border !== 0) out += ' ';
        const space = width - textWidth(head ?? '');
        out += ' '.repeat(Math.floor(space / 2)) + (head ?? '') + ' '.repeat(Math.ceil(space / 2));
        const more = line + 1 < heads[i]!.length;
        out += more ? '+' : ' ';
        if (border !== 0 && i < count - 1) out += '|';
      });
      if (border === 2) out += '|';
      out += '\n';
    }
    out += rule();
  }
  for (const row of cells) {
    const depth = Math.max(1, ...row.map((lines) => lines.length));
    for (let line = 0; line < depth; line++) {
      if (border === 2) out += '|';
      row.forEach((lines, i) => {
        const last = i === count - 1;
        const more = line + 1 < lines.length;
        const text = lines[line] ?? '';
        if (border !== 0) out += ' ';
        if (table.right[i]) out += padStart(text, widths[i]!);
        else out += last && border !== 2 && !more ? text : pad(text, widths[i]!);
        if (more) out += '+';
        else if (!last || border === 2) out += ' ';
        if (!last && border !== 0) out += '|';
      });
      if (border === 2) out += '|';
      out += '\n';
    }
  }
  if (border === 2) out += rule();
  for (const footer of counted(table, format)) out += `${footer}\n`;
  return `${out}\n`;
}

function recordLine(number: number, border: number, head: number, data: number): string {
  let out = border === 2 ? '+-' : border === 1 ? '-' : '';
  const told = border === 0 ? `* Record ${number}` : `[ RECORD ${number} ]`;
  out += told;
  let length = told.length + (border !== 2 ? 1 : 0);
  out += (border > 0 ? '-' : ' ').repeat(Math.max(0, head - length));
  length = Math.max(0, length - head) || length - head;
  if (border > 0) {
    if (length-- <= 0) out += '-';
    if (length-- <= 0) out += '+';
    if (length-- <= 0) out += '-';
  } else if (length-- <= 0) out += ' ';
  out += (border > 0 ? '-' : ' ').repeat(Math.max(0, data - Math.max(0, length)));
  return `${out}${border === 2 ? '-+' : ''}\n`;
}

function vertical(table: Table, format: Format): string {
  const { border, nullText } = format;
  const heads = table.columns.map(linesOf);
  const headWidth = Math.max(0, ...heads.map(widest));
  const cells = table.rows.map((row) => row.map((value) => linesOf(value ?? nullText)));
  const dataWidth = Math.max(0, ...cells.flatMap((row) => row.map(widest)));
  let out = '';
  const title = table.title ?? format.title;
  if (title !== undefined && !format.tuplesOnly) out += `${title}\n`;
  if (cells.length === 0) {
    const footers = counted(table, format);
    return `${out}${footers.map((footer) => `${footer}\n`).join('')}\n`;
  }
  const plain = (): string =>
    border === 0
      ? ''
      : `${border === 2 ? '+-' : ''}${'-'.repeat(headWidth + (border === 1 ? 1 : 0))}${border === 2 ? '-+-' : '+-'}${'-'.repeat(dataWidth)}${border === 2 ? '-+' : ''}\n`;
  cells.forEach((row, index) => {
    if (!format.tuplesOnly) out += recordLine(index + 1, border, headWidth, dataWidth);
    else if (index > 0 || border === 2) out += border === 0 ? '\n' : plain();
    row.forEach((lines, i) => {
      const depth = Math.max(lines.length, heads[i]!.length);
      for (let line = 0; line < depth; line++) {
        const head = heads[i]![line] ?? '';
        const moreHead = line + 1 < heads[i]!.length;
        const moreData = line + 1 < lines.length;
        if (border === 2) out += '| ';
        out += pad(head, headWidth) + (moreHead ? '+' : ' ');
        if (border > 0) out += '| ';
        const text = lines[line] ?? '';
        out += border === 2 || moreData ? pad(text, dataWidth) : text;
        if (moreData) out += '+';
        else if (border === 2) out += ' ';
        if (border === 2) out += '|';
        out += '\n';
      }
    });
  });
  if (border === 2) out += plain();
  if (table.footers && !format.tuplesOnly && table.footers.length > 0) {
    out += '\n';
    for (const footer of table.footers) out += `${footer}\n`;
  }
  return `${out}\n`;
}

function unaligned(table: Table, format: Format, expanded: boolean): string {
  const { fieldSeparator, recordSeparator, nullText, tuplesOnly } = format;
  const title = table.title ?? format.title;
  const records: string[] = [];
  if (title !== undefined && !tuplesOnly) records.push(title);
  if (expanded) {
    const blocks = table.rows.map((row) =>
      row.map((value, i) => `${table.columns[i]}${fieldSeparator}${value ?? nullText}`).join(recordSeparator),
    );
    if (blocks.length === 0) records.push(...counted(table, format));
    const all = [...records, ...blocks.flatMap((block, i) => (i === 0 ? [block] : ['', block]))];
    return `${all.join(recordSeparator)}\n`;
  }
  if (!tuplesOnly) records.push(table.columns.join(fieldSeparator));
  for (const row of table.rows) records.push(row.map((value) => value ?? nullText).join(fieldSeparator));
  records.push(...counted(table, format));
  return records.length === 0 ? '' : `${records.join(recordSeparator)}\n`;
}

const quotedCsv = (value: string): string =>
  /[",\n\r]|^\\\.$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

function csv(table: Table, { tuplesOnly, nullText }: Format, expanded: boolean): string {
  if (expanded) {
    return table.rows
      .flatMap((row) => row.map((value, i) => `${quotedCsv(table.columns[i]!)},${quotedCsv(value ?? nullText)}\n`))
      .join('');
  }
  const lines = table.rows.map((row) => row.map((value) => quotedCsv(value ?? nullText)));
  if (!tuplesOnly) lines.unshift(table.columns.map(quotedCsv));
  return lines.map((line) => `${line.join(',')}\n`).join('');
}
