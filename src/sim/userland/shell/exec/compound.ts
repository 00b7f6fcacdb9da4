import { readLine } from '../builtins/read-line.ts';
import { Abort, LoopExit } from '../control.ts';
import { expandArithmetic, expandPattern, expandSingle, expandWords } from '../expand/expand.ts';
import { patternRegExp } from '../expand/pattern.ts';
import type { Shell } from '../shell.ts';
import type {
  ArithmeticCommand,
  ArithmeticExpression,
  ArithmeticFor,
  Case,
  CompoundList,
  For,
  If,
  Select,
  While,
} from '../syntax/grammar.ts';
import { runPseudoTrap } from '../traps.ts';
import { VariableError } from '../variables.ts';
import { noteCommand } from './command-text.ts';
import { variableError } from './report.ts';
import { runList, settle, unchecked } from './run.ts';
import { trace } from './trace.ts';

export const runIf = async (shell: Shell, node: If): Promise<void> => {
  const branches = [node, ...node.elif];
  for (const branch of branches) {
    await unchecked(shell, () => runList(shell, branch.clause));
    if (shell.status === 0) {
      await runList(shell, branch.then);
      return;
    }
  }
  // The else part still sees the status of the last test.
  if (node.else) await runList(shell, node.else);
  else shell.status = 0;
};

/** One turn of a loop's body; true when the loop is to end. */
const turn = async (shell: Shell, body: CompoundList): Promise<boolean> => {
  await shell.sys.preempt();
  try {
    await runList(shell, body);
  } catch (thrown) {
    return leave(thrown);
  }
  return false;
};

const leave = (thrown: unknown): boolean => {
  if (!(thrown instanceof LoopExit)) throw thrown;
  if (thrown.levels > 1) {
    thrown.levels--;
    throw thrown;
  }
  return thrown.kind === 'break';
};

const inLoop = async (shell: Shell, run: () => Promise<void>): Promise<void> => {
  shell.loopDepth++;
  try {
    await run();
  } finally {
    shell.loopDepth--;
  }
};

export const runWhile = (shell: Shell, node: While): Promise<void> =>
  inLoop(shell, async () => {
    let status = 0;
    for (;;) {
      await shell.sys.preempt();
      try {
        await settle(shell);
        await unchecked(shell, () => runList(shell, node.clause));
      } catch (thrown) {
        if (leave(thrown)) break;
        continue;
      }
      if ((shell.status === 0) !== (node.kind === 'while')) break;
      const done = await turn(shell, node.body);
      status = done ? 0 : shell.status;
      if (done) break;
    }
    shell.status = status;
  });

/** False when it cannot be set, which ends a loop of bash. */
const setLoopVariable = async (shell: Shell, name: string, value: string): Promise<boolean> => {
  try {
    shell.vars.set(name, value);
    return true;
  } catch (error) {
    if (!(error instanceof VariableError)) throw error;
    if (!shell.dialect.bash) return variableError(shell, error);
    await shell.complain(`${error.variable}: readonly variable`);
    shell.status = 1;
    return false;
  }
};

export const runFor = async (shell: Shell, node: For): Promise<void> => {
  const name = node.name.value;
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    await shell.complain(`\`${name}': not a valid identifier`);
    shell.status = 1;
    return;
  }
  const words = node.wordlist ? await expandWords(shell, node.wordlist) : [...shell.args];
  const line = shell.chunk.lineOf(node.pos);
  const shown = node.wordlist ? node.wordlist.map((w) => w.text).join(' ') : '"$@"';
  shell.status = 0;
  await inLoop(shell, async () => {
    for (const word of words) {
      shell.line = line;
      if (shell.dialect.bash) await trace(shell, `for ${name} in ${shown}`);
      if (shell.traps.has('DEBUG')) await runPseudoTrap(shell, 'DEBUG');
      if (!(await setLoopVariable(shell, name, word))) return;
      if (await turn(shell, node.body)) break;
    }
  });
};

const expressionText = (shell: Shell, e: ArithmeticExpression | undefined): string | undefined =>
  e && shell.chunk.source.slice(e.pos, e.end);

export const runArithmeticFor = (shell: Shell, node: ArithmeticFor): Promise<void> => {
  const line = shell.chunk.lineOf(node.pos);
  const step = async (e: ArithmeticExpression | undefined): Promise<boolean | undefined> => {
    const text = expressionText(shell, e);
    if (text === undefined) return true;
    shell.line = line;
    if (shell.traps.has('DEBUG')) await runPseudoTrap(shell, 'DEBUG');
    await trace(shell, `(( ${text} ))`);
    return computed(shell, text);
  };
  return inLoop(shell, async () => {
    let status = 0;
    let going = await step(node.initialize);
    while (going !== undefined) {
      going = await step(node.test);
      if (!going) break;
      const ended = await turn(shell, node.body);
      status = shell.status;
      if (ended) break;
      going = await step(node.update);
    }
    shell.status = going === undefined ? 1 : status;
  });
};

export const runArithmeticCommand = async (shell: Shell, node: ArithmeticCommand): Promise<void> => {
  noteCommand(shell, node);
  if (shell.traps.has('DEBUG')) await runPseudoTrap(shell, 'DEBUG');
  await trace(shell, `(( ${node.body} ))`);
  shell.status = (await computed(shell, node.body)) ? 0 : 1;
};

/** Whether an expression is true; undefined when it could not be computed, which does not end the script. */
const computed = async (shell: Shell, text: string): Promise<boolean | undefined> => {
  shell.running = '((';
  try {
    return (await expandArithmetic(shell, text)) !== 0n;
  } catch (thrown) {
    if (thrown instanceof Abort && thrown.discard) return undefined;
    throw thrown;
  } finally {
    shell.running = undefined;
  }
};

export const runCase = async (shell: Shell, node: Case): Promise<void> => {
  if (shell.traps.has('DEBUG')) await runPseudoTrap(shell, 'DEBUG');
  const subject = await expandSingle(shell, node.word);
  if (shell.dialect.bash) await trace(shell, `case ${node.word.text} in`);
  let ran = false;
  let through = false;
  for (const item of node.items) {
    if (!through && !(await matches(shell, subject, item.pattern))) continue;
    if (item.body.commands.length > 0) ran = true;
    await runList(shell, item.body);
    if (item.terminator === ';&') through = true;
    else if (item.terminator === ';;&') through = false;
    else break;
  }
  if (!ran) shell.status = 0;
};

const matches = async (shell: Shell, subject: string, patterns: Case['items'][number]['pattern']): Promise<boolean> => {
  for (const pattern of patterns) {
    const regexp = patternRegExp(await expandPattern(shell, pattern), {
      extended: shell.dialect.bash && Boolean(shell.shopts.extglob),
      ignoreCase: Boolean(shell.shopts.nocasematch),
    });
    if (regexp.test(subject)) return true;
  }
  return false;
};

const menu = (words: readonly string[]): string => {
  const width = String(words.length).length;
  return words.map((w, i) => `${String(i + 1).padStart(width)}) ${w}\n`).join('');
};

export const runSelect = async (shell: Shell, node: Select): Promise<void> => {
  const words = node.wordlist ? await expandWords(shell, node.wordlist) : [...shell.args];
  shell.status = 0;
  if (words.length === 0) return;
  await inLoop(shell, async () => {
    for (let show = true; ; ) {
      if (show) await shell.write(2, menu(words));
      await shell.write(2, shell.vars.get('PS3') ?? '#? ');
      const line = await readLine(shell.sys, 0);
      if (!line.complete && line.text === '') {
        await shell.write(1, '\n');
        shell.status = 1;
        return;
      }
      show = line.text.trim() === '';
      if (show) continue;
      shell.vars.set('REPLY', line.text);
      shell.vars.set(node.name.value, words[Number(line.text.trim()) - 1] ?? '');
      if (await turn(shell, node.body)) return;
    }
  });
};
