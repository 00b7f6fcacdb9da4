import { encodeText } from '../core/bytes.ts';
import type { Command } from '../core/command.ts';
import { Record } from './record.ts';
import { type NumberStyle, Strnum, toNumber, toText, type Value } from './values.ts';

export type AwkArray = Map<string, Value>;
export type Cell = Value | AwkArray;

const valueBytes = 64;
/** Values that grew by less are not counted anew. */
const notableBytes = 1 << 20;

const sizeOf = (value: Value): number =>
  valueBytes + (typeof value === 'string' ? value.length : value instanceof Strnum ? value.text.length : 0);

function cellSize(cell: Cell): number {
  if (!(cell instanceof Map)) return sizeOf(cell);
  let bytes = 0;
  for (const [key, value] of cell) bytes += key.length + sizeOf(value);
  return bytes;
}

/** What a script can name: its variables and arrays, a function's own, and the record at hand. */
export class Memory {
  readonly globals = new Map<string, Cell>();
  /** Those of the function that runs. */
  locals: Map<string, Cell> | undefined;
  readonly record: Record;
  private readonly busybox: boolean;

  private held = 0;
  private uncounted = 0;

  constructor(
    private readonly c: Command,
    args: string[],
  ) {
    this.record = new Record({
      fs: () => this.text(this.globals.get('FS') as Value),
      ofs: () => this.text(this.globals.get('OFS') as Value),
      text: (value) => this.text(value),
      paragraphs: () => this.globals.get('RS') === '',
    });
    this.busybox = c.bb;
    const defaults: [string, Value][] = [
      ['FS', ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['NR', 0],
      ['FNR', 0],
      ['SUBSEP', '\x1c'],
      ['CONVFMT', '%.6g'],
      ['OFMT', '%.6g'],
      ['RSTART', 0],
      ['RLENGTH', -1],
      ['FILENAME', ''],
    ];
    for (const [name, value] of defaults) this.globals.set(name, value);
    const argv: AwkArray = new Map([['0', 'awk']]);
    for (const [i, arg] of args.entries()) argv.set(String(i + 1), new Strnum(encodeText(arg)));
    this.globals.set('ARGV', argv);
    this.globals.set('ARGC', args.length + 1);
    this.globals.set(
      'ENVIRON',
      new Map(Object.entries(c.sys.env).map(([name, value]) => [encodeText(name), new Strnum(encodeText(value))])),
    );
  }

  /** After a value was stored: what all of them hold together is the process's memory. */
  note(value: Value): void {
    const bytes = sizeOf(value);
    if (bytes > notableBytes) this.c.hold(bytes);
    this.uncounted += bytes;
    if (this.uncounted < Math.max(notableBytes, this.held / 8)) return;
    this.uncounted = 0;
    this.held = 0;
    for (const scope of [this.globals, this.locals ?? []]) for (const [, cell] of scope) this.held += cellSize(cell);
    this.c.hold(this.held);
  }

  private get convfmt(): string {
    const value = this.globals.get('CONVFMT');
    return typeof value === 'string' ? value : '%.6g';
  }
  /** How numbers are written where text is wanted. */
  get numbers(): NumberStyle {
    return { format: this.convfmt, busybox: this.busybox };
  }
  text(value: Value): string {
    return toText(value, this.numbers);
  }

  /** A global that is never an array: FS, OFS, NR ... */
  setting(name: string): Value {
    return this.globals.get(name) as Value;
  }
  settingText(name: string): string {
    return this.text(this.setting(name));
  }
  count(name: 'NR' | 'FNR'): void {
    this.globals.set(name, toNumber(this.setting(name)) + 1);
  }
  array(name: string): AwkArray {
    const scope = this.locals?.has(name) ? this.locals : this.globals;
    let cell = scope.get(name);
    if (!(cell instanceof Map)) {
      cell = new Map();
      scope.set(name, cell);
    }
    return cell;
  }
  variable(name: string): Value {
    if (name === 'NF') return this.record.count;
    const cell = this.locals?.has(name) ? this.locals.get(name) : this.globals.get(name);
    return cell instanceof Map ? undefined : cell;
  }
  setVariable(name: string, value: Value): void {
    if (name === 'NF') this.record.count = toNumber(value);
    else (this.locals?.has(name) ? this.locals : this.globals).set(name, value);
  }
}
