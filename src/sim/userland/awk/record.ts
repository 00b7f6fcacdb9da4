import { compileRegexp } from '../core/regexp.ts';
import { Strnum, type Value } from './values.ts';

const cache = new Map<string, RegExp>();

export function awkRegexp(source: string): RegExp {
  let made = cache.get(source);
  if (!made) {
    made = compileRegexp(source, { extended: true, awk: true }, 'g');
    cache.set(source, made);
  }
  made.lastIndex = 0;
  return made;
}

/** Splits as FS (or split's third argument) says. '\n' also separates when records are paragraphs. */
export function splitFields(text: string, separator: string, paragraphs = false): string[] {
  if (text === '') return [];
  if (separator === ' ') return text.split(/[ \t\n]+/).filter((part) => part !== '');
  if (separator === '') return [...text];
  if (separator.length === 1 && separator !== '\\' && !paragraphs) {
    if (separator === '|' || !/[.*+?^$()[\]{}|]/.test(separator))
      return text.split(separator === '\\|' ? '|' : separator);
    if (/[.*+?^$(){}[\]]/.test(separator)) return text.split(separator);
  }
  const regexp = awkRegexp(paragraphs ? `(${separator})|\n` : separator);
  const out: string[] = [];
  let from = 0;
  for (const match of text.matchAll(regexp)) {
    if (match[0] === '') continue;
    out.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  out.push(text.slice(from));
  return out;
}

/** $0, its fields and NF, each rebuilt from the other when needed. */
export class Record {
  private text: Value = '';
  private fields: Value[] | undefined;
  private stale = false;
  /** FS and whether records are paragraphs, as they were when the record was read. */
  private separator = ' ';
  private paragraphs = false;
  constructor(
    private readonly settings: { fs(): string; ofs(): string; text(value: Value): string; paragraphs(): boolean },
  ) {}

  setWhole(text: string): void {
    this.text = new Strnum(text);
    this.fields = undefined;
    this.stale = false;
    this.separator = this.settings.fs();
    this.paragraphs = this.settings.paragraphs() && this.separator !== ' ';
  }
  private split(): Value[] {
    const text = this.settings.text(this.text);
    this.fields ??= splitFields(text, this.separator, this.paragraphs).map((part) => new Strnum(part));
    return this.fields;
  }
  get(index: number): Value {
    if (index !== 0) return this.split()[index - 1];
    if (this.stale) {
      this.text = new Strnum(this.fields!.map((field) => this.settings.text(field)).join(this.settings.ofs()));
      this.stale = false;
    }
    return this.text;
  }
  set(index: number, value: Value): void {
    if (index === 0) {
      this.setWhole(this.settings.text(value));
      return;
    }
    const fields = this.split();
    while (fields.length < index) fields.push('');
    fields[index - 1] = value;
    this.stale = true;
  }
  get count(): number {
    return this.split().length;
  }
  set count(count: number) {
    const fields = this.split();
    fields.length = Math.min(fields.length, count);
    while (fields.length < count) fields.push('');
    this.stale = true;
  }
}
