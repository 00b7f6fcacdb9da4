import { Abort } from '../control.ts';
import { expandSingle, expandWord } from '../expand/expand.ts';
import type { Shell } from '../shell.ts';
import type { Assignment, Command, Redirection, Word } from '../syntax/grammar.ts';
import { runPseudoTrap } from '../traps.ts';
import { VariableError } from '../variables.ts';
import { assign } from './assign.ts';
import { commandText, noteCommand } from './command-text.ts';
import { runExternal } from './external.ts';
import { callFunction } from './function.ts';
import { RedirectionFailure, redirect, restore, type Saved } from './redirect.ts';
import { variableError } from './report.ts';
import { trace, traceWord } from './trace.ts';

const isAssignment = (node: Assignment | Redirection): node is Assignment => node.type === 'Assignment';

/** An argument of export, declare ...: `name=value` with the value expanded as an assignment's. */
const assignmentArgument = async (shell: Shell, node: Assignment, at: number): Promise<string> => {
  if (node.value.type === 'ArrayValue') {
    shell.arrayArguments.set(at, node);
    return node.name;
  }
  const head = node.text.slice(0, node.text.indexOf('=') + 1);
  return head + (await expandSingle(shell, node.value, true));
};

/** The builtins whose arguments are assignments to dash and ash, whatever way they are named. */
const isDeclaration = (argv: readonly string[]): boolean =>
  argv.length === 1 && /^(export|readonly|local|alias|command)$/.test(argv[0]!);

const expandCommand = async (shell: Shell, node: Command): Promise<string[]> => {
  shell.arrayArguments.clear();
  if (!node.name) return [];
  const argv = await expandWord(shell, node.name);
  const declares = !shell.dialect.bash && isDeclaration(argv);
  for (const argument of node.args) {
    if (declares && argument.type === 'Word' && /^[A-Za-z_]\w*=/.test(argument.text)) {
      argv.push(await expandSingle(shell, argument, true));
      continue;
    }
    if (argument.type === 'Assignment') argv.push(await assignmentArgument(shell, argument, argv.length - 1));
    else argv.push(...(await expandWord(shell, argument as Word)));
  }
  return argv;
};

export const runSimple = async (shell: Shell, node: Command): Promise<void> => {
  const tail = shell.tail;
  shell.tail = false;
  const mark = shell.processFds.length;
  noteCommand(shell, node);
  if (shell.traps.has('DEBUG')) await runPseudoTrap(shell, 'DEBUG');
  shell.substituted = undefined;
  try {
    const argv = await expandCommand(shell, node);
    const assignments = node.prefix.filter(isAssignment);
    if (argv.length === 0) await runAssignments(shell, node, assignments);
    else await runWords(shell, node, argv, assignments, tail);
  } finally {
    for (const fd of shell.processFds.splice(mark)) shell.sys.close(fd);
  }
  shell.pipeStatus = [String(shell.status)];
};

const traceAssignment = (shell: Shell, node: Assignment, value: string): Promise<void> => {
  const head = node.text.slice(0, node.text.indexOf('=') + 1);
  return trace(shell, head + (node.value.type === 'ArrayValue' ? value : value === '' ? '' : traceWord(shell, value)));
};

const runAssignments = async (shell: Shell, node: Command, assignments: readonly Assignment[]): Promise<void> => {
  // bash assigns before it redirects, the others while the redirections last.
  if (shell.dialect.bash) {
    for (const one of assignments) await assign(shell, one, (value) => traceAssignment(shell, one, value));
    shell.lastArgument = '';
  }
  const before = shell.status;
  if (shell.substituted === undefined) shell.status = 0;
  let saved: Saved;
  try {
    saved = await redirect(shell, node.redirects);
  } catch (error) {
    if (!(error instanceof RedirectionFailure)) throw error;
    shell.status = error.status;
    return;
  }
  try {
    if (shell.dialect.bash) return;
    if (shell.substituted === undefined) shell.status = before;
    const shown: string[] = [];
    for (const one of assignments) shown.push(`${one.name}=${traceWord(shell, await assign(shell, one))}`);
    if (shown.length > 0) await trace(shell, shown.join(' '));
  } finally {
    restore(shell, saved);
    shell.status = shell.substituted ?? 0;
  }
};

/** The redirections of a command; undefined (its status set) when one failed. */
const redirectCommand = async (
  shell: Shell,
  node: Command,
  { keep, ends, external }: { keep: boolean; ends: boolean; external: boolean },
): Promise<Saved | undefined> => {
  try {
    return await redirect(shell, node.redirects, keep, external);
  } catch (error) {
    if (!(error instanceof RedirectionFailure)) throw error;
    shell.status = error.status;
    if (ends) throw new Abort(error.status);
    return undefined;
  }
};

/** Words that make up the command: function, builtin or program. */
const runWords = async (
  shell: Shell,
  node: Command,
  argv: string[],
  assignments: readonly Assignment[],
  tail: boolean,
): Promise<void> => {
  const name = argv[0]!;
  const builtin = shell.builtins.get(name);
  const special = builtin !== undefined && (isSpecial(name) || (name === 'local' && shell.dialect.name === 'dash'));
  const fn =
    special && name !== 'local' && (!shell.dialect.bash || shell.has('posix')) ? undefined : shell.functions.get(name);
  const keep = (name === 'exec' || (name === 'command' && argv[1] === 'exec')) && builtin !== undefined && !fn;
  const lasting = special || name === 'local';
  const scoped = assignments.length > 0 && !(lasting && !shell.dialect.bash && !fn);
  if (scoped) shell.vars.push(true);
  let saved: Saved | undefined;
  const ends = special && !shell.dialect.bash && !fn;
  const redirected = () => redirectCommand(shell, node, { keep, ends, external: !fn && !builtin });
  try {
    // bash assigns first.
    if (!shell.dialect.bash) {
      saved = await redirected();
      if (!saved) return;
    }
    const shown: string[] = [];
    for (const one of assignments) {
      if (scoped && one.index && shell.dialect.bash) {
        await shell.complain(`\`${one.text.slice(0, one.text.search(/\+?=/))}': not a valid identifier`);
        continue;
      }
      if (scoped) scopeFor(shell, one.name);
      const value = scoped && one.value.type === 'ArrayValue' ? literalArray(shell, one) : await assign(shell, one);
      // An exec that only redirects has no program to export to.
      if (scoped || (name === 'exec' && (shell.dialect.bash || argv.length > 1)))
        shell.vars.attributes(one.name).exported = true;
      if (shell.dialect.bash) await traceAssignment(shell, one, value);
      else shown.push(`${one.name}=${traceWord(shell, value)}`);
    }
    const errors = saved?.find(({ fd, saved: old }) => fd === 2 && old !== undefined)?.saved;
    if (shell.has('xtrace')) await trace(shell, [...shown, ...argv.map((w) => traceWord(shell, w))].join(' '), errors);
    saved ??= await redirected();
    if (!saved) return;
    if (fn) await callFunction(shell, name, fn, argv.slice(1));
    else if (builtin) await runBuiltin(shell, name, argv.slice(1));
    else await runExternal(shell, argv, { text: () => commandText(shell, node), tail });
  } finally {
    if (scoped) shell.vars.pop();
    if (saved) restore(shell, saved);
    shell.lastArgument = argv.at(-1)!;
  }
};

/** A list before a command is text there: `A=(b c) env`. */
const literalArray = (shell: Shell, node: Assignment): string => {
  const text = node.text.slice(node.text.indexOf('=') + 1);
  shell.vars.set(node.name, text);
  return text;
};

const scopeFor = (shell: Shell, name: string): void => {
  if (/^[A-Za-z_]\w*$/.test(name) && !shell.vars.table.get(name)?.readonly) shell.vars.makeTemporary(name);
};

const specials = new Set(
  ': . break continue eval exec exit export readonly return set shift source times trap unset'.split(' '),
);
export const isSpecial = (name: string): boolean => specials.has(name);

export const runBuiltin = async (shell: Shell, name: string, args: string[]): Promise<void> => {
  const outer = shell.running;
  shell.running = name;
  try {
    shell.status = await shell.builtins.get(name)!(shell, args, name);
  } catch (error) {
    // dash and ash: only a special builtin's error ends the script.
    if (error instanceof Abort && !shell.dialect.bash && !isSpecial(name) && name !== 'local' && name !== 'command') {
      shell.status = error.status;
      return;
    }
    if (error instanceof VariableError) {
      if (!shell.dialect.bash) {
        try {
          await variableError(shell, error);
        } catch (thrown) {
          // Only a special builtin's error ends a script.
          if (!(thrown instanceof Abort) || isSpecial(name) || name === 'local') throw thrown;
          shell.status = thrown.status;
          return;
        }
      }
      shell.running = shell.dialect.bash && /^(unset|declare|typeset|local)$/.test(name) ? name : '';
      const text = error.reason === 'readonly' ? 'readonly variable' : 'bad array subscript';
      shell.running = shell.running === '' ? undefined : shell.running;
      await shell.complain(`${error.variable}: ${text}`);
      shell.status = 1;
      return;
    }
    throw error;
  } finally {
    shell.running = outer;
  }
};
