import { StatusError } from '../command/command.ts';
import type { DockerCli } from '../docker-cli.ts';
import {
  display,
  ExecuteError,
  MarshaledStruct,
  type Method,
  Struct,
  Template,
  type Value,
} from '../template/index.ts';
import { alignTabs } from './tabs.ts';

/** What `--format` offers for one kind of object. */
export interface Listing<T> {
  /** Go's name of the row type, as errors quote it. */
  type: string;
  /** Heading of each field; a field that is not here cannot stand in a table. */
  headers: Record<string, string>;
  /** A row's fields. */
  fields: (item: T) => Record<string, Value>;
  methods?: (item: T) => Record<string, Method>;
  /** Fields that read differently in JSON. */
  marshaled?: (item: T) => Record<string, Value>;
}

const headerFunctions = new Map<string, Method>([
  ['json', () => ''],
  ...['title', 'lower', 'upper', 'split', 'join', 'truncate'].map((name): [string, Method] => [name, (value) => value]),
]);

/** `.Label "com.example.some-thing"` in a table's head: `some thing`. */
const labelHeader: Method = (name) => display(name).split('.').at(-1)!.replace(/[-_]/g, ' ');

/** Rows through a format: `table …`, `json`, or a template. `table` alone must have been replaced by the default. */
export async function printListing<T>(
  cli: DockerCli,
  format: string,
  items: readonly T[],
  listing: Listing<T>,
): Promise<void> {
  await cli.out(listingText(format, items, listing));
}

export function listingText<T>(format: string, items: readonly T[], listing: Listing<T>): string {
  const table = format.startsWith('table');
  const body = (table ? format.slice(5).trim() : format.trim() === 'json' ? '{{json .}}' : format)
    .replaceAll('\\t', '\t')
    .replaceAll('\\n', '\n');
  const rows: string[] = [];
  try {
    const template = parseTemplate(body);
    for (const item of items) rows.push(`${template.execute(rowStruct(item, listing))}\n`);
    if (!table) return rows.join('');
    const header = new Template(body, headerFunctions).execute(headerStruct(listing));
    return alignTabs(`${header}\n${rows.join('')}`);
  } catch (error) {
    if (!(error instanceof ExecuteError)) throw error;
    throw new StatusError(1, `template parsing error: ${error.message}`);
  }
}

/** `status` is the client's exit when the template does not parse. */
export function parseTemplate(body: string, name = '', status = 1): Template {
  try {
    return new Template(body, new Map(), false, name);
  } catch (error) {
    throw new StatusError(status, `template parsing error: ${(error as Error).message}`);
  }
}

export function rowStruct<T>(item: T, listing: Listing<T>): Struct {
  const fields = listing.fields(item);
  const methods = new Map(Object.entries(listing.methods?.(item) ?? {}));
  const marshaled = sorted({ ...fields, ...listing.marshaled?.(item) });
  return new MarshaledStruct(listing.type, sorted(fields), methods, marshaled);
}

const sorted = (fields: Record<string, Value>): Map<string, Value> =>
  new Map(
    Object.keys(fields)
      .sort()
      .map((key) => [key, fields[key]] as const),
  );

const headerStruct = <T>(listing: Listing<T>): Value => {
  const methods = new Map<string, Method>([['Label', labelHeader]]);
  return new HeaderStruct(listing.headers, methods);
};

/** A header of names; what has none reads `<no value>`. */
class HeaderStruct extends Struct {
  constructor(headers: Record<string, string>, methods: ReadonlyMap<string, Method>) {
    super('formatter.SubHeaderContext', new HeaderFields(Object.entries(headers)), methods);
  }
}
class HeaderFields extends Map<string, Value> {
  override has(): boolean {
    return true;
  }
}

/** The format to use: the flag's, else the configuration's, else the default; `table` alone is the default table. */
export function chooseFormat(
  cli: DockerCli,
  given: string,
  quiet: boolean,
  configKey: string,
  table: string,
  quietFormat: string,
  raw = '',
): string {
  const format = given || (quiet ? '' : cli.config.text(configKey)) || 'table';
  if (format === 'table') return quiet ? quietFormat : `table ${table}`;
  if (format === 'raw') return quiet ? raw.split('\n')[0]! : raw;
  return format;
}
