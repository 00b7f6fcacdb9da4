import { compareFiles, fileTest } from '../builtins/file-test.ts';
import { expandArithmetic, expandPattern, expandSingle } from '../expand/expand.ts';
import { type PatternRun, patternRegExp } from '../expand/pattern.ts';
import type { Shell } from '../shell.ts';
import type { TestCommand, TestExpression, Word } from '../syntax/grammar.ts';
import { IndexedArray } from '../variables.ts';
import { trace, traceWord } from './trace.ts';

/** `[[ expression ]]`. */
export const runTestCommand = async (shell: Shell, node: TestCommand): Promise<void> => {
  shell.status = (await evaluate(shell, node.expression)) ? 0 : 1;
};

const evaluate = async (shell: Shell, node: TestExpression): Promise<boolean> => {
  switch (node.type) {
    case 'TestGroup':
      return evaluate(shell, node.expression);
    case 'TestNot':
      return (await evaluate(shell, node.operand)) === (node.negations.length % 2 === 0);
    case 'TestLogical': {
      let result = false;
      for (const operand of node.operands) {
        result = await evaluate(shell, operand);
        if (result !== (node.operator === '&&')) return result;
      }
      return result;
    }
    case 'TestUnary':
      return unary(shell, node.operator, node.operand);
    case 'TestBinary':
      return binary(shell, node.operator, node.left, node.right);
  }
};

const unary = async (shell: Shell, operator: string, operand: Word): Promise<boolean> => {
  const text = await expandSingle(shell, operand);
  await trace(shell, `[[ ${operator} ${text === '' ? "''" : traceWord(shell, text)} ]]`);
  return fileTest(shell, operator, text);
};

const numeric: Record<string, (a: bigint, b: bigint) => boolean> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
};

const binary = async (shell: Shell, operator: string, left: Word, right: Word): Promise<boolean> => {
  const a = await expandSingle(shell, left);
  const shown = (text: string) => (text === '' ? "''" : traceWord(shell, text));
  if (operator === '=' || operator === '==' || operator === '!=') {
    const pattern = await expandPattern(shell, right);
    await trace(shell, `[[ ${shown(a)} ${operator} ${shown(pattern.map((r) => r.text).join(''))} ]]`);
    const found = patternRegExp(pattern, { extended: true, ignoreCase: Boolean(shell.shopts.nocasematch) }).test(a);
    return found === (operator !== '!=');
  }
  if (operator === '=~') return matchRegex(shell, a, await expandPattern(shell, right));
  const b = await expandSingle(shell, right);
  await trace(shell, `[[ ${shown(a)} ${operator} ${shown(b)} ]]`);
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  const compare = numeric[operator];
  if (compare) return compare(await expandArithmetic(shell, a), await expandArithmetic(shell, b));
  return compareFiles(shell, operator, a, b);
};

const bracketClasses: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
};

/** POSIX extended regular expression to JavaScript's; quoted text matches itself. */
const regexSource = (runs: readonly PatternRun[]): string =>
  runs
    .map((r) => (r.quoted ? r.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&') : r.text))
    .join('')
    .replace(/\[:(\w+):\]/g, (whole, name: string) => bracketClasses[name] ?? whole);

const matchRegex = async (shell: Shell, text: string, runs: readonly PatternRun[]): Promise<boolean> => {
  let found: RegExpExecArray | null;
  try {
    found = new RegExp(regexSource(runs), shell.shopts.nocasematch ? 'i' : '').exec(text);
  } catch {
    await shell.complain('regular expression: syntax error');
    return false;
  }
  shell.vars.attributes('BASH_REMATCH').value = IndexedArray.of(found ? found.map((g) => g ?? '') : []);
  return found !== null;
};
