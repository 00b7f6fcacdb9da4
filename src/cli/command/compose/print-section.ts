import { alignTabs } from '../../format/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';

/** A table, or its rows as JSON (cmd/formatter). */
export async function printSection(
  { cli }: Compose,
  format: string,
  section: { json: unknown[]; headers: string[]; rows: string[][] },
): Promise<void> {
  switch (format.toLowerCase()) {
    case 'table':
    case 'pretty':
    case '':
      return cli.out(alignTabs([section.headers, ...section.rows].map((row) => `${row.join('\t')}\n`).join(''), 20));
    case 'json':
      return cli.out(`${JSON.stringify(section.json)}\n`);
    default:
      throw new StatusError(1, `format value ${JSON.stringify(format)} could not be parsed: parsing failed`);
  }
}
