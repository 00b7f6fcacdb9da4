/** Configuration files: git-config(1). A file keeps its comments and order when a value of it changes. */
import { Fatal } from '../problem.ts';

export interface ConfigEntry {
  /** `section.subsection.name`, section and name in lower case. */
  key: string;
  /** Undefined: the name alone, which is true. */
  value: string | undefined;
  /** Lines of the file that hold it. */
  from: number;
  to: number;
}

interface Section {
  name: string;
  line: number;
}

const sectionOf = (key: string): string => key.slice(0, key.lastIndexOf('.'));
const nameOf = (key: string): string => key.slice(key.lastIndexOf('.') + 1);

/** In canonical case; undefined when it has no section or no proper name. */
export function canonicalKey(key: string): string | undefined {
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  if (first <= 0 || last === key.length - 1) return undefined;
  const section = key.slice(0, first).toLowerCase();
  const name = key.slice(last + 1).toLowerCase();
  if (!/^[a-z0-9-]+$/.test(section) || !/^[a-z][a-z0-9-]*$/.test(name)) return undefined;
  return first === last ? `${section}.${name}` : `${section}.${key.slice(first + 1, last)}.${name}`;
}

export class ConfigFile {
  readonly entries: ConfigEntry[] = [];
  private readonly sections: Section[] = [];
  private readonly lines: string[];

  constructor(
    text: string,
    readonly path: string,
  ) {
    this.lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
    let section = '';
    for (let i = 0; i < this.lines.length; i++) {
      const from = i;
      let line = this.lines[i]!.trim();
      const header = /^\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:\\.|[^"\\])*)")?\s*\]\s*/.exec(line);
      if (header) {
        const sub = header[2]?.replace(/\\(.)/g, '$1');
        section = header[1]!.toLowerCase() + (sub === undefined ? '' : `.${sub}`);
        this.sections.push({ name: section, line: i });
        line = line.slice(header[0].length);
      }
      if (line === '' || /^[#;]/.test(line)) continue;
      while (/(^|[^\\])(\\\\)*\\$/.test(line) && i + 1 < this.lines.length) line = line.slice(0, -1) + this.lines[++i]!;
      const pair = /^([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$/.exec(line);
      if (!pair || section === '') throw new Fatal(`bad config line ${from + 1} in file ${path}`);
      const value = pair[2] === undefined ? undefined : unquoted(pair[2]);
      this.entries.push({ key: `${section}.${pair[1]!.toLowerCase()}`, value, from, to: i + 1 });
    }
  }

  get text(): string {
    return this.lines.map((line) => `${line}\n`).join('');
  }

  /** Key as typed: its case is kept where the name is written for the first time. */
  set(typed: string, value: string): ConfigFile {
    const old = this.entries.findLast(({ key }) => key === canonicalKey(typed));
    if (!old) return this.add(typed, value);
    return this.replaced(old.from, old.to, [`\t${nameOf(typed)} = ${quoted(value)}`]);
  }

  add(typed: string, value: string): ConfigFile {
    const line = `\t${nameOf(typed)} = ${quoted(value)}`;
    const name = sectionOf(canonicalKey(typed)!);
    const at = this.sections.findLastIndex((section) => section.name === name);
    if (at < 0) return this.replaced(this.lines.length, this.lines.length, [headerText(sectionOf(typed)), line]);
    const own = this.entries.filter(({ key }) => sectionOf(key) === name);
    const end = Math.max(this.sections[at]!.line + 1, own.at(-1)?.to ?? 0);
    return this.replaced(end, end, [line]);
  }

  /** A section that is left without a line goes too. */
  unset(entries: readonly ConfigEntry[]): ConfigFile {
    let file: ConfigFile = this;
    for (const { key, from, to } of [...entries].reverse()) {
      const next = file.replaced(from, to, []);
      const name = sectionOf(key);
      const at = next.sections.findLastIndex((section) => section.name === name && section.line < from);
      const until = next.sections[at + 1]?.line ?? next.lines.length;
      const { line } = next.sections[at]!;
      file = until === line + 1 ? next.replaced(line, line + 1, []) : next;
    }
    return file;
  }

  removeSection(name: string): ConfigFile | undefined {
    const at = this.sections.findIndex((section) => section.name === name);
    if (at < 0) return undefined;
    return this.replaced(this.sections[at]!.line, this.sections[at + 1]?.line ?? this.lines.length, []);
  }

  renameSection(name: string, to: string): ConfigFile | undefined {
    const at = this.sections.find((section) => section.name === name);
    return at && this.replaced(at.line, at.line + 1, [headerText(to)]);
  }

  private replaced(from: number, to: number, lines: string[]): ConfigFile {
    const all = [...this.lines.slice(0, from), ...lines, ...this.lines.slice(to)];
    return new ConfigFile(all.map((line) => `${line}\n`).join(''), this.path);
  }
}

function headerText(section: string): string {
  const dot = section.indexOf('.');
  if (dot < 0) return `[${section}]`;
  return `[${section.slice(0, dot)} "${section.slice(dot + 1).replace(/["\\]/g, '\\$&')}"]`;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/** Quotes and escapes undone, a comment and what is blank at the end dropped. */
function unquoted(text: string): string {
  let out = '';
  let kept = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const ch = text[i]!;
    if (ch === '\\') out += escapes[text[++i]!] ?? text[i] ?? '';
    else if (ch === '"') inside = !inside;
    else if (!inside && (ch === '#' || ch === ';')) break;
    else out += ch;
    if (inside || !/\s/.test(ch)) kept = out.length;
  }
  return out.slice(0, kept);
}

function quoted(value: string): string {
  const escaped = value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
  return /^\s|\s$|[#;]/.test(value) ? `"${escaped}"` : escaped;
}
