/** nginx's configuration language: directives that end in `;` or have a block. Includes are taken in as they come. */
import { isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { globPattern } from '../../packages/dpkg/extract.ts';
import { listNames, readText } from '../../packages/sys-files.ts';
import { contextsOf } from './directives.ts';
import { isRefused, requireSimulated } from './not-simulated.ts';

export interface Directive {
  name: string;
  args: string[];
  block?: Directive[];
  file: string;
  line: number;
}

/** [emerg]: the text without the level. */
export class ConfigError extends Error {}

/** What nginx can do and this one cannot. */
export class NotSimulated extends ConfigError {
  constructor(what: string) {
    super(`drydock: nginx: ${what} is not simulated`);
  }
}

export const find = (block: readonly Directive[] | undefined, name: string): Directive | undefined =>
  block?.find((one) => one.name === name);
export const findAll = (block: readonly Directive[] | undefined, name: string): Directive[] =>
  (block ?? []).filter((one) => one.name === name);

type Token = { text: string; quoted: boolean; line: number };

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  const form =
    /\n|[^\S\n]+|#[^\n]*|"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|[{};]|(?:\\.|\$\{\w+\}|[^\s;{}"'\\])(?:\\.|\$\{\w+\}|[^\s;{\\])*/g;
  for (const match of text.matchAll(form)) {
    const [all, double, single] = match;
    if (all === '\n') line++;
    else if (double !== undefined || single !== undefined) {
      tokens.push({ text: unquote(double ?? single!), quoted: true, line });
      line += all.split('\n').length - 1;
    } else if (!/^(\s|#)/.test(all)) tokens.push({ text: all, quoted: false, line });
  }
  tokens.push({ text: '', quoted: false, line });
  return tokens;
}

const unquote = (text: string): string =>
  text.replace(/\\(["'\\]|[trn])/g, (_, c: string) => ({ t: '\t', r: '\r', n: '\n' })[c] ?? c);

/** Reads a file and what it includes. Throws {@link ConfigError}. */
export function readConfig(sys: Sys, path: string, prefix: string): Directive[] {
  return new Reader(sys, prefix).file(path, 'main');
}

/** `-g` directives. */
export const parseText = (sys: Sys, text: string): Directive[] =>
  new Reader(sys, '/etc/nginx').text(text, 'command line', 'main');

class Reader {
  constructor(
    private readonly sys: Sys,
    private readonly prefix: string,
  ) {}

  file(path: string, context: string): Directive[] {
    let text: string | undefined;
    try {
      text = readText(this.sys, path);
    } catch (error) {
      if (!isErrno(error)) throw error;
      throw new ConfigError(`open() "${path}" failed (${error.errno}: ${error.message})`);
    }
    if (text === undefined) throw new ConfigError(`open() "${path}" failed (2: No such file or directory)`);
    return this.text(text, path, context);
  }

  text(text: string, file: string, context: string): Directive[] {
    const tokens = tokenize(text);
    return this.block(tokens, { i: 0 }, file, context, true);
  }

  private block(tokens: Token[], at: { i: number }, file: string, context: string, top: boolean): Directive[] {
    const out: Directive[] = [];
    for (;;) {
      const first = tokens[at.i]!;
      const where = `in ${file}:${first.line}`;
      if (first.text === '' && !first.quoted) {
        if (top) return out;
        throw new ConfigError(`unexpected end of file, expecting "}" ${where}`);
      }
      if (!first.quoted && first.text === '}') {
        if (top) throw new ConfigError(`unexpected "}" ${where}`);
        at.i++;
        return out;
      }
      if (!first.quoted && (first.text === ';' || first.text === '{'))
        throw new ConfigError(`unexpected "${first.text}" ${where}`);
      out.push(...this.directive(tokens, at, file, context));
    }
  }

  private directive(tokens: Token[], at: { i: number }, file: string, context: string): Directive[] {
    const { text: name, line } = tokens[at.i++]!;
    const args: string[] = [];
    for (;;) {
      const token = tokens[at.i++]!;
      const where = `in ${file}:${token.line}`;
      if (token.quoted) args.push(token.text);
      else if (token.text === '') throw new ConfigError(`unexpected end of file, expecting ";" or "}" ${where}`);
      else if (token.text === '}') throw new ConfigError(`unexpected "}" ${where}`);
      else if (token.text === ';') {
        check(name, context, false, `in ${file}:${token.line}`, args.length);
        if (name === 'include') return this.include(args[0]!, file, token.line, context);
        return [simulated({ name, args, file, line: token.line }, context)];
      } else if (token.text === '{') {
        check(name, context, true, where, args.length);
        const opaque = name === 'types' || name === 'map' || name === 'geo' || name === 'split_clients';
        const block = this.block(tokens, at, file, opaque ? '*' : name, false);
        return [simulated({ name, args, block, file, line }, context)];
      } else args.push(token.text);
    }
  }

  private include(pattern: string, file: string, line: number, context: string): Directive[] {
    const path = pattern.startsWith('/') ? pattern : `${this.prefix}/${pattern}`;
    try {
      return expandGlob(this.sys, path).flatMap((one) => this.file(one, context));
    } catch (error) {
      if (error instanceof ConfigError && error.message === `open() "${path}" failed (2: No such file or directory)`) {
        throw new ConfigError(`${error.message} in ${file}:${line}`);
      }
      throw error;
    }
  }
}

/** Files that a pattern with wildcards in its last component names; the path itself without any. */
export function expandGlob(sys: Sys, path: string): string[] {
  if (!/[*?[]/.test(path)) return [path];
  const slash = path.lastIndexOf('/');
  const test = globPattern(path.slice(slash + 1));
  const directory = path.slice(0, slash);
  return listNames(sys, directory)
    .filter((name) => !name.startsWith('.') && test.test(name))
    .map((name) => `${directory}/${name}`);
}

function simulated(directive: Directive, context: string): Directive {
  if (context !== '*') requireSimulated(directive, context);
  return directive;
}

function check(name: string, context: string, block: boolean, where: string, count: number): void {
  if (context === '*') return;
  if (isRefused(name)) requireSimulated({ name, args: [], file: where, line: 0 }, context);
  const known = contextsOf(name, context);
  if (!known) throw new ConfigError(`unknown directive "${name}" ${where}`);
  if (!known.contexts.includes(context)) throw new ConfigError(`"${name}" directive is not allowed here ${where}`);
  if (known.block && !block) throw new ConfigError(`directive "${name}" has no opening "{" ${where}`);
  if (!known.block && block) throw new ConfigError(`directive "${name}" is not terminated by ";" ${where}`);
  if (count < known.least || count > known.most) {
    throw new ConfigError(`invalid number of arguments in "${name}" directive ${where}`);
  }
}
