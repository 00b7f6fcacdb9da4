import { actionLetters, type CompletionSpec, completionOptions, namedActions, specialNames } from '../completions.ts';
import { candidatesOf, generate } from '../editor/generate.ts';
import { quoteIfNeeded, singleQuote } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, invalidOption } from './builtin.ts';
import { output } from './output.ts';

const common =
  '[-abcdefgjksuv] % [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix]';
const usages: Record<string, string> = {
  complete: `complete ${common.replace('%', '[-pr] [-DEI]')} [name ...]`,
  compgen: `compgen ${common.replace('% ', '')} [word]`,
  compopt: 'compopt [-o|+o option] [-DEI] [name ...]',
};
const letterActions = Object.fromEntries(Object.entries(actionLetters).map(([action, letter]) => [letter, action]));

interface Request {
  spec: CompletionSpec;
  print: boolean;
  remove: boolean;
  special: string[];
  rest: string[];
}

/** What the options of complete and compgen ask; a status when they make no sense. */
const parse = async (shell: Shell, args: string[], name: string): Promise<Request | number> => {
  const spec: CompletionSpec = { options: new Set(), actions: new Set() };
  const request: Request = { spec, print: false, remove: false, special: [], rest: [] };
  const flags = name === 'complete' ? 'prDEI' : '';
  let i = 0;
  for (; i < args.length && /^-./.test(args[i]!); i++) {
    if (args[i] === '--') {
      i++;
      break;
    }
    for (let j = 1; j < args[i]!.length; j++) {
      const c = args[i]![j]!;
      if (letterActions[c]) spec.actions.add(letterActions[c]);
      else if (flags.includes(c)) {
        if (c === 'p') request.print = true;
        else if (c === 'r') request.remove = true;
        else request.special.push(specialNames[c]!);
      } else if ('oAGWFCXPS'.includes(c)) {
        const value = args[i]!.slice(j + 1) || args[++i];
        if (value === undefined) {
          await shell.complain(`-${c}: option requires an argument`);
          await shell.write(2, `${name}: usage: ${usages[name]}\n`);
          return 2;
        }
        const bad = setting(spec, c, value);
        if (bad) {
          await shell.complain(`${value}: ${bad}`);
          return 2;
        }
        break;
      } else return invalidOption(shell, name, c, usages[name]!);
    }
  }
  request.rest = args.slice(i);
  return request;
};

const setting = (spec: CompletionSpec, letter: string, value: string): string | undefined => {
  if (letter === 'o') {
    if (!completionOptions.includes(value)) return 'invalid option name';
    spec.options.add(value);
  } else if (letter === 'A') {
    if (!(value in actionLetters) && !namedActions.includes(value)) return 'invalid action name';
    spec.actions.add(value);
  } else if (letter === 'G') spec.glob = value;
  else if (letter === 'W') spec.words = value;
  else if (letter === 'F') spec.fn = value;
  else if (letter === 'C') spec.command = value;
  else if (letter === 'X') spec.filter = value;
  else if (letter === 'P') spec.prefix = value;
  else spec.suffix = value;
  return undefined;
};

const commandName = (name: string): string => {
  const letter = Object.keys(specialNames).find((l) => specialNames[l] === name);
  return letter ? `-${letter}` : name === '' ? "''" : quoteIfNeeded(name);
};

/** The command that would make the specification what it is. */
const declaration = (name: string, spec: CompletionSpec): string => {
  const words = ['complete', ...completionOptions.filter((o) => spec.options.has(o)).map((o) => `-o ${o}`)];
  for (const [action, letter] of Object.entries(actionLetters)) if (spec.actions.has(action)) words.push(`-${letter}`);
  for (const action of namedActions) if (spec.actions.has(action)) words.push(`-A ${action}`);
  const quoted: [string, string | undefined][] = [
    ['-G', spec.glob],
    ['-W', spec.words],
    ['-P', spec.prefix],
    ['-S', spec.suffix],
    ['-X', spec.filter],
    ['-C', spec.command],
  ];
  for (const [option, value] of quoted) if (value !== undefined) words.push(`${option} ${singleQuote(value)}`);
  if (spec.fn !== undefined) words.push(`-F ${quoteIfNeeded(spec.fn)}`);
  words.push(commandName(name));
  return `${words.join(' ')}\n`;
};

const noSpecification = async (shell: Shell, name: string): Promise<number> => {
  await shell.complain(`${name}: no completion specification`);
  return 1;
};

export const complete: Builtin = async (shell, args, name) => {
  const request = await parse(shell, args, name);
  if (typeof request === 'number') return request;
  const { specs } = shell.completions;
  const names = [...request.special, ...(request.special.length > 0 ? [] : request.rest)];
  const nothing = request.spec.actions.size === 0 && Object.keys(request.spec).length === 2;
  if (request.remove) {
    if (names.length === 0) specs.clear();
    let status = 0;
    for (const one of names) if (!specs.delete(one)) status = await noSpecification(shell, one);
    return status;
  }
  if (request.print || (names.length === 0 && nothing && request.spec.options.size === 0)) {
    if (names.length === 0)
      return output(
        shell,
        shell.completions
          .names()
          .map((n) => declaration(n, specs.get(n)!))
          .join(''),
      );
    let status = 0;
    for (const one of names) {
      const spec = specs.get(one);
      if (spec) await output(shell, declaration(one, spec));
      else status = await noSpecification(shell, one);
    }
    return status;
  }
  if (names.length === 0) {
    await shell.write(2, `complete: usage: ${usages.complete}\n`);
    return 2;
  }
  for (const one of names) specs.set(one, request.spec);
  return 0;
};

export const compgen: Builtin = async (shell, args, name) => {
  const request = await parse(shell, args, name);
  if (typeof request === 'number') return request;
  const { spec } = request;
  const word = request.rest[0] ?? '';
  if (spec.fn !== undefined && !/^[^$`\s]+$/.test(spec.fn)) {
    await shell.complain(`\`${spec.fn}': not a valid identifier`);
    return 1;
  }
  if (spec.fn !== undefined) await shell.complain('warning: -F option may not work as you expect');
  if (spec.command !== undefined) await shell.complain('warning: -C option may not work as you expect');
  const { running } = shell;
  shell.running = undefined;
  let found: string[];
  try {
    found = await generate(shell, spec, {
      word,
      words: [],
      index: -1,
      line: '',
      point: 0,
      command: 'compgen',
      previous: '',
    });
  } finally {
    shell.running = running;
  }
  if (found.length === 0 && spec.options.has('bashdefault')) found = await candidatesOf(shell, 'command', word);
  if (found.length === 0 && (spec.options.has('default') || spec.options.has('bashdefault')))
    found = await candidatesOf(shell, 'file', word);
  if (found.length > 0) await output(shell, found.map((f) => `${f}\n`).join(''));
  return found.length > 0 ? 0 : 1;
};

export const compopt: Builtin = async (shell, args, name) => {
  const on: string[] = [];
  const off: string[] = [];
  const special: string[] = [];
  let i = 0;
  for (; i < args.length && /^[-+]./.test(args[i]!); i++) {
    const arg = args[i]!;
    if (arg === '--') {
      i++;
      break;
    }
    if (/^-[DEI]+$/.test(arg)) special.push(...[...arg.slice(1)].map((c) => specialNames[c]!));
    else if (arg[1] === 'o') {
      const option = arg.slice(2) || args[++i] || '';
      if (!completionOptions.includes(option)) {
        await shell.complain(`${option}: invalid option name`);
        return 2;
      }
      (arg[0] === '-' ? on : off).push(option);
    } else return invalidOption(shell, name, arg[1]!, usages.compopt!);
  }
  const names = special.length > 0 ? special : args.slice(i);
  const { current, specs } = shell.completions;
  if (names.length === 0 && !current) {
    await shell.complain('not currently executing completion function');
    return 1;
  }
  let status = 0;
  const targets = names.length === 0 ? [['', current!] as const] : names.map((n) => [n, specs.get(n)] as const);
  for (const [one, spec] of targets) {
    if (!spec) status = await noSpecification(shell, one);
    else if (on.length + off.length === 0) {
      const shown = completionOptions.map((o) => `${spec.options.has(o) ? '-' : '+'}o ${o}`).join(' ');
      await output(shell, `compopt ${shown} ${commandName(one)}\n`);
    } else {
      for (const o of on) spec.options.add(o);
      for (const o of off) spec.options.delete(o);
    }
  }
  return status;
};
