/** Scout's tables: columns with a line between, cells padded, a rule below the heads. */

/** Display columns: what lies beyond Latin and the signs used here does not occur. */
const width = (text: string): number => [...text].length;
const pad = (text: string, size: number): string => text + ' '.repeat(Math.max(0, size - width(text)));

export function centred(text: string, size: number): string {
  const left = Math.floor((size - width(text)) / 2);
  return pad(' '.repeat(Math.max(0, left)) + text, size);
}

/** Rows of cells, which bring their own margins. */
export function table(rows: readonly (readonly string[])[], heads?: readonly string[]): string {
  const sizes = rows.reduce<number[]>(
    (found, row) => row.map((cell, at) => Math.max(found[at] ?? 0, width(cell))),
    (heads ?? []).map((head) => width(head) + 2),
  );
  const lines = rows.map((row) => row.map((cell, at) => pad(cell, sizes[at]!)).join('│'));
  const head = heads && [
    heads.map((one, at) => centred(one, sizes[at]!)).join('│'),
    sizes.map((size) => '─'.repeat(size)).join('┼'),
  ];
  return `${[...(head ?? []), ...lines].join('\n')}\n`;
}
