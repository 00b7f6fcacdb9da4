/** Errors and notices as libpq words them, with the line of the query and a caret. */
import { textWidth } from './table.ts';

const displaySize = 60;
const minRightCut = 10;

/** `position`: characters from 1. */
function place(query: string, position: number): string {
  const chars = [...query.replaceAll('\r', ' ')];
  const loc = position - 1;
  if (loc > chars.length) return '';
  let line = 1;
  let begin = 0;
  for (let i = 0; i < loc; i++) {
    if (chars[i] === '\n') {
      line++;
      begin = i + 1;
    }
  }
  let end = chars.indexOf('\n', begin);
  if (end < 0) end = chars.length;
  if (end < loc) end = loc;
  const text = chars.map((char) => (char === '\t' ? ' ' : char));
  const width = (from: number, to: number): number => textWidth(text.slice(from, to).join(''));
  let [cutLeft, cutRight] = [false, false];
  if (width(begin, end) > displaySize) {
    if (width(begin, loc) + minRightCut <= displaySize) {
      while (width(begin, end) > displaySize) end--;
      cutRight = true;
    } else {
      while (width(loc, end) > minRightCut) {
        end--;
        cutRight = true;
      }
      while (width(begin, end) > displaySize) {
        begin++;
        cutLeft = true;
      }
    }
  }
  const head = `LINE ${line}: ${cutLeft ? '...' : ''}`;
  const caret = ' '.repeat(head.length + width(begin, loc));
  return `${head}${text.slice(begin, end).join('')}${cutRight ? '...' : ''}\n${caret}^\n`;
}

/** `verbosity`: default, terse or verbose. */
export function reportText(fields: ReadonlyMap<string, string>, query: string, verbosity = 'default'): string {
  const code = verbosity === 'verbose' ? `${fields.get('C')}: ` : '';
  let out = `${fields.get('S')}:  ${code}${fields.get('M')}`;
  const position = Number(fields.get('P') ?? 0);
  if (verbosity === 'terse') return `${out}${position > 0 ? ` at character ${position}` : ''}\n`;
  out += '\n';
  const inner = Number(fields.get('p') ?? 0);
  if (position > 0) out += place(query, position);
  else if (inner > 0 && fields.has('q')) out += place(fields.get('q')!, inner);
  const part = (letter: string, name: string): void => {
    if (fields.has(letter)) out += `${name}:  ${fields.get(letter)}\n`;
  };
  part('D', 'DETAIL');
  part('H', 'HINT');
  part('q', 'QUERY');
  // Of a notice the context is not shown.
  if (/^(ERROR|FATAL|PANIC)$/.test(fields.get('V') ?? fields.get('S') ?? '')) part('W', 'CONTEXT');
  if (verbosity === 'verbose' && fields.has('F'))
    out += `LOCATION:  ${fields.get('R')}, ${fields.get('F')}:${fields.get('L')}\n`;
  return out;
}
