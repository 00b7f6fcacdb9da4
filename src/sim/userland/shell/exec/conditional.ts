import { compileRegexp } from '../../core/regexp.ts';
import { compareFiles, fileTest } from '../builtins/file-test.ts';
import { expandArithmetic, expandPattern, expandSingle, expandSubscript } from '../expand/expand.ts';
import { type PatternRun, patternRegExp } from '../expand/pattern.ts';
import type { Shell } from '../shell.ts';
import type { TestCommand, TestExpression, Word } from '../syntax/grammar.ts';
import { runPseudoTrap } from '../traps.ts';
import { AssociativeArray, IndexedArray } from '../variables.ts';
import { noteCommand } from './command-text.ts';
import { trace, traceWord } from './trace.ts';

/** `[[ expression ]]`. */
export const runTestCommand = async (shell: Shell, node: TestCommand): Promise<void> => {
  noteCommand(shell, node);
  if (shell.traps.has('DEBUG')) await runPseudoTrap(shell, 'DEBUG');
  shell.running = '[[';
  try {
    shell.status = (await evaluate(shell, node.expression)) ? 0 : 1;
  } catch (thrown) {
    if (!(thrown instanceof BadRegex)) throw thrown;
    shell.status = 2;
  } finally {
    shell.running = undefined;
  }
};

/** bash says nothing about it. */
class BadRegex {}

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
  if (operator === '-v') return isSet(shell, text);
  return fileTest(shell, operator, text);
};

/** `-v name[subscript]`: the subscript is computed. */
export const isSet = async (shell: Shell, text: string): Promise<boolean> => {
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(text);
  if (!element) {
    if (/^\d+$/.test(text)) return text === '0' || shell.args[Number(text) - 1] !== undefined;
    return shell.vars.get(text) !== undefined;
  }
  const [, name, key] = element as unknown as [string, string, string];
  const { value } = shell.vars.lookup(name) ?? {};
  if (value instanceof AssociativeArray)
    return value.items.has(await expandSubscript(shell, key)) || (/^[@*]$/.test(key) && value.items.size > 0);
  if (key === '@' || key === '*') return value instanceof IndexedArray ? value.items.size > 0 : value !== undefined;
  const at = Number(await expandArithmetic(shell, key));
  if (value instanceof IndexedArray) {
    const index = at < 0 ? at + value.next() : at;
    if (index < 0) await shell.complain(`${name}: bad array subscript`, '');
    return value.items.has(index);
  }
  return value !== undefined && (at === 0 || at === -1);
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
    const written = pattern.map((r) => (r.quoted ? r.text.replace(/[*?[\]\\]/g, '\\$&') : r.text)).join('');
    await trace(shell, `[[ ${shown(a)} ${operator} ${written === '' ? "''" : written} ]]`);
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

/** An extended regular expression; quoted text matches itself. */
const regexSource = (runs: readonly PatternRun[]): string =>
  runs.map((r) => (r.quoted ? r.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : r.text)).join('');

const matchRegex = async (shell: Shell, text: string, runs: readonly PatternRun[]): Promise<boolean> => {
  let found: RegExpExecArray | null;
  try {
    const syntax = { extended: true, ignoreCase: Boolean(shell.shopts.nocasematch) };
    found = compileRegexp(regexSource(runs), syntax).exec(text);
  } catch {
    throw new BadRegex();
  }
  shell.vars.attributes('BASH_REMATCH').value = IndexedArray.of(found ? found.map((g) => g ?? '') : []);
  return found !== null;
};
