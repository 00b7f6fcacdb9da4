/**
 * Go's text/tabwriter: cells end with a tab; a column is a run of adjacent lines that have that cell, as wide as its
 * widest cell plus padding. What follows a line's last tab is not part of a column.
 */
export function alignTabs(text: string, minWidth = 10, padding = 3): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths: number[][] = lines.map(() => []);
  measure(lines, widths, 0, lines.length, 0, minWidth, padding);
  return lines
    .map((cells, row) =>
      cells
        .map((cell, column) =>
          column < cells.length - 1
            ? cell + ' '.repeat(Math.max(0, (widths[row]![column] ?? 0) - columns(cell)))
            : cell,
        )
        .join(''),
    )
    .join('\n');
}

const columns = (text: string): number => [...text].length;

function measure(
  lines: string[][],
  widths: number[][],
  from: number,
  to: number,
  column: number,
  minWidth: number,
  padding: number,
): void {
  for (let row = from; row < to; row++) {
    if (lines[row]!.length - 1 <= column) continue;
    const start = row;
    let width = minWidth;
    let discard = true;
    for (; row < to && lines[row]!.length - 1 > column; row++) {
      const cell = columns(lines[row]![column]!);
      width = Math.max(width, cell + padding);
      if (cell > 0) discard = false;
    }
    if (discard && minWidth === 0) width = 0;
    for (let at = start; at < row; at++) widths[at]![column] = width;
    measure(lines, widths, start, row, column + 1, minWidth, padding);
  }
}
