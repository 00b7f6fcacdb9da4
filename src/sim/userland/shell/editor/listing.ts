import { charWidth } from './width.ts';

const widthOf = (text: string): number => [...text].reduce((sum, c) => sum + charWidth(c), 0);

/** Names in columns, each read downwards, as readline lists completions. */
export const columnsOf = (names: readonly string[], columns: number): string => {
  const width = Math.max(...names.map(widthOf)) + 2;
  const perRow = Math.max(1, Math.floor(columns / width));
  const rows = Math.ceil(names.length / perRow);
  let out = '';
  for (let r = 0; r < rows; r++) {
    const row = names.filter((_, i) => i % rows === r);
    out += row.map((n, i) => (i < row.length - 1 ? n + ' '.repeat(width - widthOf(n)) : n)).join('');
    out += '\r\n';
  }
  return out;
};
