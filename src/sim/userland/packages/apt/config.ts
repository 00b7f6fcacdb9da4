/** apt.conf(5): /etc/apt/apt.conf.d/*, apt.conf, then -o. */
import type { Sys } from '../../../kernel/sys.ts';
import { listNames, readText } from '../sys-files.ts';

export class AptConfig {
  /** Key in lower case -> [key as written, value]; list items have keys that end with `::`. */
  private readonly values: [key: string, value: string][] = [];

  static read(sys: Sys): AptConfig {
    const config = new AptConfig();
    config.set('APT::Architecture', 'amd64');
    config.set('APT::Install-Recommends', '1');
    const directory = '/etc/apt/apt.conf.d';
    for (const name of listNames(sys, directory)) config.parse(readText(sys, `${directory}/${name}`) ?? '');
    config.parse(readText(sys, '/etc/apt/apt.conf') ?? '');
    return config;
  }

  set(key: string, value: string): void {
    const at = key.endsWith('::') ? -1 : this.values.findIndex(([known]) => same(known, key));
    if (at >= 0) this.values[at] = [key, value];
    else this.values.push([key, value]);
  }
  get(key: string): string | undefined {
    return this.values.find(([known]) => same(known, key))?.[1];
  }
  flag(key: string, otherwise = false): boolean {
    const value = this.get(key);
    return value === undefined ? otherwise : /^(1|yes|true|with|on|enable)$/i.test(value);
  }
  list(key: string): string[] {
    return this.values.filter(([known]) => same(known, `${key}::`)).map(([, value]) => value);
  }
  dump(): string {
    return this.values.map(([key, value]) => `${key} "${value}";\n`).join('');
  }

  /** `A::B "v";`, `A { B "v"; "item"; };` and comments. */
  parse(text: string): void {
    const tokens = text.match(/\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|"[^"]*"|[{};]|[^\s{};"]+/g) ?? [];
    const scopes: string[] = [];
    let words: string[] = [];
    const under = (name: string): string => [...scopes, name].filter(Boolean).join('::');
    for (const token of tokens) {
      if (/^(\/\/|#|\/\*)/.test(token)) continue;
      if (token === '{') {
        scopes.push(words[0] ?? '');
        words = [];
      } else if (token === '}') {
        scopes.pop();
        words = [];
      } else if (token === ';') {
        this.statement(words, under);
        words = [];
      } else words.push(token);
    }
  }

  private statement(words: string[], under: (name: string) => string): void {
    const plain = (word: string): string => word.replace(/^"|"$/g, '');
    if (words.length === 1 && words[0]!.startsWith('"')) this.set(`${under('')}::`, plain(words[0]!));
    else if (words.length >= 2) this.set(under(words[0]!), plain(words.slice(1).join(' ')));
  }
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
