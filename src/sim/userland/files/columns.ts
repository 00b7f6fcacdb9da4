export interface Cell {
  text: string;
  /** Width on screen: without colours. */
  width: number;
}

/** Cells in as many columns as fit; down first, or `across`. GNU fits each column; BusyBox makes all equally wide. */
export function columnsOf(cells: readonly Cell[], width: number, across: boolean, equal: boolean): string {
  if (cells.length === 0) return '';
  const plan = equal ? equalColumns(cells, width) : fitColumns(cells, width, across);
  const rows = Math.ceil(cells.length / plan.length);
  let out = '';
  for (let row = 0; row < rows; row++) {
    let line = '';
    let start = 0;
    for (let column = 0; column < plan.length; column++) {
      const cell = cells[across ? row * plan.length + column : column * rows + row];
      if (!cell) break;
      const next = cells[across ? row * plan.length + column + 1 : (column + 1) * rows + row];
      const last = column === plan.length - 1 || !next;
      line += cell.text;
      if (!last)
        line += equal
          ? ' '.repeat(Math.max(0, plan[column]! - cell.width))
          : gap(start + cell.width, start + plan[column]!);
      start += plan[column]!;
    }
    out += `${line}\n`;
  }
  return out;
}

/** From one column to another with tabs (every 8) where they save a space, as GNU ls. */
function gap(from: number, to: number): string {
  let out = '';
  while (from < to) {
    const tab = Math.floor(to / 8) > Math.floor((from + 1) / 8);
    out += tab ? '\t' : ' ';
    from += tab ? 8 - (from % 8) : 1;
  }
  return out;
}

function equalColumns(cells: readonly Cell[], width: number): number[] {
  const widest = Math.max(...cells.map((cell) => cell.width)) + 2;
  const count = Math.max(1, Math.min(cells.length, Math.floor(width / widest)));
  const rows = Math.ceil(cells.length / count);
  return Array(Math.ceil(cells.length / rows)).fill(widest);
}

function fitColumns(cells: readonly Cell[], width: number, across: boolean): number[] {
  for (let count = Math.min(cells.length, Math.max(1, Math.floor(width / 3))); count > 1; count--) {
    const rows = Math.ceil(cells.length / count);
    const widths: number[] = [];
    cells.forEach((cell, i) => {
      const column = across ? i % count : Math.floor(i / rows);
      const room = cell.width + (column === count - 1 ? 0 : 2);
      widths[column] = Math.max(widths[column] ?? 3, room);
    });
    if (widths.reduce((sum, one) => sum + one, 0) < width) return widths;
  }
  return [0];
}
