import { Abort } from '../control.ts';
import { arithmeticError, variableError } from '../exec/report.ts';
import { substituteCommand, substituteProcess } from '../exec/substitute.ts';
import type { Shell } from '../shell.ts';
import { parseQuoted, parseWords, type Word } from '../syntax/grammar.ts';
import { bracedWords, heredocParts, type Part, wordParts } from '../syntax/parts.ts';
import { VariableError } from '../variables.ts';
import { ArithmeticFault, evaluateArithmetic } from './arithmetic.ts';
import { ShellVariables, UnexpandedSubscript } from './arithmetic-variables.ts';
import { type Field, type Run, splitFields } from './fields.ts';
import { glob } from './glob.ts';
import { expandParameter } from './parameter.ts';
import { hasWildcards, type PatternRun, patternRegExp } from './pattern.ts';
import { expandTilde } from './tilde.ts';

/** Expansions that yield text, in one pass from left to right (POSIX XCU 2.6.1 to 2.6.4). */
export const expandParts = async (shell: Shell, parts: readonly Part[]): Promise<Run[]> => {
  const runs: Run[] = [];
  for (const part of parts) {
    if (part.type === 'text') runs.push(part);
    else if (part.type === 'parameter') runs.push(...(await expandParameter(shell, part)));
    else if (part.type === 'command') {
      runs.push({
        text: await substituteCommand(shell, part.script, part.backquoted),
        quoted: part.quoted,
        split: true,
      });
    } else if (part.type === 'arithmetic') {
      const text = String(await expandArithmetic(shell, part.body));
      runs.push({ text, quoted: part.quoted, split: true });
    } else runs.push({ text: await substituteProcess(shell, part.operator, part.script), quoted: true });
  }
  return runs;
};

/** `$((body))`, `((body))`, subscripts, `let`: expands `body` as if quoted, then computes. */
export const expandArithmetic = async (shell: Shell, body: string): Promise<bigint> => {
  const text = await arithmeticText(shell, body);
  const vars = new ShellVariables(shell);
  for (;;) {
    try {
      const value = evaluateArithmetic(text, vars, shell.dialect);
      for (const name of vars.outOfRange) await shell.complain(`${name}: bad array subscript`, '');
      return value;
    } catch (error) {
      if (error instanceof ArithmeticFault) return arithmeticError(shell, error);
      if (error instanceof VariableError) return variableError(shell, error);
      if (!(error instanceof UnexpandedSubscript)) throw error;
      vars.undo();
      vars.expanded.set(error.text, await expandSubscript(shell, error.text));
    }
  }
};

/** What stands between the brackets of `a[...]` in an expression. */
export const expandSubscript = async (shell: Shell, text: string): Promise<string> => {
  const single = /^'([^']*)'$/.exec(text);
  if (single) return single[1]!;
  const double = /^"((?:\\.|[^"\\])*)"$/s.exec(text);
  const inner = double ? double[1]! : text;
  if (!double && /['"]/.test(text)) {
    const words = parseWords(text);
    if (words.length === 1) return expandSingle(shell, words[0]!);
  }
  return expandQuoted(shell, inner);
};

const arithmeticText = async (shell: Shell, body: string): Promise<string> => {
  if (!/[$`\\"']/.test(body)) return body;
  // dash takes quotes for what they are: no part of an expression.
  const unquoted = shell.dialect.name === 'dash' ? body : body.replace(/"/g, '');
  return textOf(await expandParts(shell, heredocParts(parseQuoted(unquoted), shell.dialect)));
};

/** The body of a here-document, a prompt. */
export const expandQuoted = async (shell: Shell, text: string): Promise<string> =>
  textOf(await expandParts(shell, heredocParts(parseQuoted(text), shell.dialect)));

export const textOf = (runs: readonly Run[]): string =>
  runs.map((r) => (r.end || r.between ? (r.glue ?? ' ') : r.text)).join('');

const partsWithTilde = (shell: Shell, word: Word, assignment: boolean): readonly Part[] =>
  expandTilde(shell, wordParts(word, shell.dialect), assignment);

/** One word to one string: assignments, `case`, redirections. No splitting, no globbing. */
export const expandSingle = async (shell: Shell, word: Word, assignment = false): Promise<string> => {
  const parts = partsWithTilde(shell, word, assignment);
  const only = parts.length === 1 ? parts[0]! : undefined;
  if (only?.type === 'text') return only.text;
  return textOf(await expandParts(shell, parts));
};

/** A word as a pattern: what is quoted stands for itself. */
export const expandPattern = async (shell: Shell, word: Word): Promise<PatternRun[]> =>
  (await expandParts(shell, partsWithTilde(shell, word, false))).map((r) =>
    r.end || r.between ? { text: ' ', quoted: true } : r,
  );

const runText = (run: Run): string => run.text;

/** `shopt -s failglob`: a pattern that matches nothing drops the command. */
class NoMatch {
  constructor(readonly pattern: string) {}
}

const globIgnore = (shell: Shell): string | undefined =>
  (shell.dialect.bash && shell.vars.get('GLOBIGNORE')) || undefined;

/** Takes away what GLOBIGNORE names, and with it . and .. */
const ignore = (shell: Shell, paths: string[]): string[] => {
  const patterns = globIgnore(shell);
  if (patterns === undefined) return paths;
  const split = patterns.match(/(?:\[(?:[!^]?\]?(?:\[:\w+:\]|[^\]])*)\]|\\.|[^:])+/g) ?? [];
  const regexps = split.map((text) =>
    patternRegExp([{ text, quoted: false }], { path: true, extended: Boolean(shell.shopts.extglob) }),
  );
  return paths.filter((p) => !/(^|\/)\.\.?$/.test(p) && !regexps.some((r) => r.test(p)));
};

export const expandField = (shell: Shell, field: Field): string[] => {
  if (!shell.has('noglob') && hasWildcards(field, shell.shopts.extglob && shell.dialect.bash)) {
    const found = glob(shell.sys, field, {
      extended: Boolean(shell.shopts.extglob) && shell.dialect.bash,
      dots: !shell.dialect.bash || !shell.shopts.globskipdots,
      dotglob: Boolean(shell.shopts.dotglob) || globIgnore(shell) !== undefined,
      globstar: Boolean(shell.shopts.globstar),
      ignoreCase: Boolean(shell.shopts.nocaseglob),
      collate: shell.dialect.bash,
    });
    const ignored = ignore(shell, found);
    if (ignored.length > 0) return ignored;
    if (shell.shopts.failglob) throw new NoMatch(field.map(runText).join(''));
    if (shell.shopts.nullglob) return [];
  }
  return [field.map(runText).join('')];
};

export const ifsOf = (shell: Shell): string => shell.vars.get('IFS') ?? ' \t\n';

/** A word of a command line to its fields: all expansions, splitting, globbing, quote removal. */
export const expandWord = async (shell: Shell, word: Word): Promise<string[]> => {
  const several = bracedWords(word, shell.dialect);
  if (several && several.length !== 1) return expandWords(shell, several);
  // bash takes `x=~` for an assignment wherever it stands.
  const assigns = shell.dialect.bash && /^[A-Za-z_]\w*=/.test(word.text);
  const parts = partsWithTilde(shell, several?.[0] ?? word, assigns);
  const only = parts.length === 1 ? parts[0]! : undefined;
  if (only?.type === 'text' && (only.quoted || !/[*?[+@!]/.test(only.text))) return [only.text];
  const runs = await expandParts(shell, parts);
  try {
    return splitFields(runs, ifsOf(shell)).flatMap((field) => expandField(shell, field));
  } catch (thrown) {
    if (!(thrown instanceof NoMatch)) throw thrown;
    await shell.complain(`no match: ${thrown.pattern}`, '');
    throw new Abort(1, true);
  }
};

export const expandWords = async (shell: Shell, words: readonly Word[]): Promise<string[]> => {
  const out: string[] = [];
  let unpaid = 0;
  for (const word of words) {
    const fields = await expandWord(shell, word);
    for (const field of fields) out.push(field);
    unpaid += 1 + fields.length;
    if (unpaid < payAt) continue;
    await shell.sys.preempt(Math.ceil(unpaid / wordsPerUnit));
    unpaid = 0;
  }
  return out;
};

/** A brace or a pattern may stand for thousands of words: others get their turn meanwhile. */
const payAt = 64;
const wordsPerUnit = 16;
