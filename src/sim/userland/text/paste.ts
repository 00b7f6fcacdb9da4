import { encodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { readOrFail } from '../core/inputs.ts';
import { splitLines } from '../core/lines.ts';

/** `\n`, `\t`, `\\` and `\0` (nothing) in the list of delimiters. */
function delimiters(text: string): string[] {
  const out = [...encodeText(text).matchAll(/\\([\s\S])|[^\\]|\\$/g)].map((match) => {
    if (match[1] === undefined) return match[0];
    return (
      ({ n: '\n', t: '\t', '0': '', b: '\b', f: '\f', r: '\r', v: '\v' } as Record<string, string>)[match[1]] ??
      match[1]
    );
  });
  return out.length ? out : [''];
}

const read = (c: Command, name: string): Promise<string> =>
  c.bb ? c.readFile(name).catch((error) => c.fail(`${name}: ${c.reason(error)}`)) : readOrFail(c, name);

async function readColumns(c: Command, names: readonly string[], end: string): Promise<string[][]> {
  const dashes = names.filter((name) => name === '-').length;
  const input = dashes ? splitLines(await c.readAllText(0), end) : [];
  const columns: string[][] = [];
  let seen = 0;
  for (const name of names) {
    if (name !== '-') columns.push(splitLines(await read(c, name), end));
    else {
      const first = seen++;
      columns.push(input.filter((_, i) => i % dashes === first));
    }
  }
  return columns;
}

/** BusyBox leaves a finished file's column out, where GNU leaves it empty; only the last file's has the line's end. */
function busyboxRow(columns: readonly string[][], row: number, between: readonly string[], end: string): string {
  return columns
    .map((column, i) => {
      if (row >= column.length) return '';
      return column[row]! + (i < columns.length - 1 ? between[i % between.length]! : end);
    })
    .join('');
}

export const paste: CommandSpec = {
  name: 'paste',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'd,delimiters= s,serial z,zero-terminated', busybox: 'd/delimiters: s/serial' });
    const end = o.has('zero-terminated') ? '\0' : '\n';
    const between = delimiters(o.value('delimiters') ?? '\t');
    const names = o.operands.length ? o.operands : ['-'];
    const glue = (cells: readonly string[]) =>
      cells.map((cell, i) => cell + (i < cells.length - 1 ? between[i % between.length] : '')).join('');
    if (o.has('serial')) {
      for (const name of names) c.raw(glue(splitLines(await read(c, name), end)) + end);
      return c.status;
    }
    const columns = await readColumns(c, names, end);
    const rows = Math.max(...columns.map((column) => column.length));
    for (let row = 0; row < rows; row++) {
      if (c.bb) c.raw(busyboxRow(columns, row, between, end));
      else c.raw(glue(columns.map((column) => column[row] ?? '')) + end);
    }
    return c.status;
  },
};
