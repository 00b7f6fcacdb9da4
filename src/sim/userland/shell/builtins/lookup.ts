import { findProgram } from '../../process/find-program.ts';
import { Abort } from '../control.ts';
import { locate, runExternal } from '../exec/external.ts';
import { isSpecial, runBuiltin } from '../exec/simple.ts';
import { quoteAlmquist } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, invalidOption, splitOptions } from './builtin.ts';
import { functionText } from './declare.ts';
import { output } from './output.ts';

const keywords = 'if then else elif fi case esac for while until do done in { } !'.split(' ');
const bashKeywords = [...keywords, 'function', 'select', 'time', 'coproc', '[[', ']]'];

const isKeyword = (shell: Shell, name: string): boolean =>
  (shell.dialect.bash ? bashKeywords : shell.dialect.extended ? [...keywords, 'function'] : keywords).includes(name);

type Meaning =
  | { kind: 'alias'; value: string }
  | { kind: 'keyword' | 'function' | 'builtin' }
  | { kind: 'file'; path: string; hashed: boolean };

const meaningOf = (shell: Shell, name: string): Meaning | undefined => {
  const alias = shell.aliases.get(name);
  if (alias !== undefined && (!shell.dialect.bash || shell.shopts.expand_aliases))
    return { kind: 'alias', value: alias };
  if (isKeyword(shell, name)) return { kind: 'keyword' };
  if (shell.functions.has(name)) return { kind: 'function' };
  if (shell.builtins.has(name)) return { kind: 'builtin' };
  const path = pathOf(shell, name);
  return path === undefined ? undefined : { kind: 'file', path, hashed: shell.hash.has(name) };
};

/** Everything that `name` means, the first one first (type -a). */
const meaningsOf = (shell: Shell, name: string, noFunctions: boolean): Meaning[] => {
  const all: Meaning[] = [];
  const alias = shell.aliases.get(name);
  if (alias !== undefined && shell.shopts.expand_aliases) all.push({ kind: 'alias', value: alias });
  if (isKeyword(shell, name)) all.push({ kind: 'keyword' });
  if (!noFunctions && shell.functions.has(name)) all.push({ kind: 'function' });
  if (shell.builtins.has(name)) all.push({ kind: 'builtin' });
  const directories = name.includes('/') ? [''] : (shell.vars.get('PATH') ?? '').split(':');
  for (const directory of directories) {
    const path = name.includes('/') ? pathOf(shell, name) : pathOf(shell, `${directory || '.'}/${name}`);
    if (path !== undefined) all.push({ kind: 'file', path, hashed: false });
  }
  return all;
};

const typeLine = (shell: Shell, name: string, meaning: Meaning, flags: string): string => {
  if (flags.includes('t')) return `${meaning.kind}\n`;
  if (/[pP]/.test(flags)) return meaning.kind === 'file' ? `${meaning.path}\n` : '';
  return `${describe(shell, name, meaning)}\n`;
};

const pathOf = (shell: Shell, name: string): string | undefined => {
  if (name.includes('/')) {
    try {
      // dash and ash do not ask whether it can be executed.
      if (!shell.dialect.bash) {
        shell.sys.stat(name);
        return name;
      }
      shell.sys.access(name, 1, true);
      if ((shell.sys.stat(name).mode & 0o170000) === 0o040000) return undefined;
      return name;
    } catch {
      return undefined;
    }
  }
  const found = findProgram(shell.sys, name, shell.vars.get('PATH') ?? '');
  return 'path' in found ? found.path : undefined;
};

const describe = (shell: Shell, name: string, meaning: Meaning): string => {
  switch (meaning.kind) {
    case 'alias':
      return shell.dialect.bash
        ? `${name} is aliased to \`${meaning.value}'`
        : `${name} is an alias for ${meaning.value}`;
    case 'keyword':
      return `${name} is a shell keyword`;
    case 'function':
      if (!shell.dialect.bash)
        return shell.dialect.name === 'dash' ? `${name} is a shell function` : `${name} is a function`;
      return `${name} is a function\n${functionText(shell, name).trimEnd()}`;
    case 'builtin':
      return `${name} is a ${isSpecial(name) && !shell.dialect.bash ? 'special ' : ''}shell builtin`;
    case 'file':
      return shell.dialect.bash && meaning.hashed && shell.hash.get(name)
        ? `${name} is hashed (${meaning.path})`
        : `${name} is ${meaning.path}`;
  }
};

const notFound = async (shell: Shell, name: string): Promise<void> => {
  if (shell.dialect.bash) await shell.complain(`${name}: not found`);
  else await output(shell, `${name}: not found\n`);
};

export const type: Builtin = async (shell, args, name) => {
  const { flags, rest, bad } = splitOptions(args, shell.dialect.bash ? 'aftpP' : '');
  if (bad && shell.dialect.bash) return invalidOption(shell, name, bad, 'type [-afptP] name [name ...]');
  let status = 0;
  // busybox: any option asks for the short form.
  if (shell.dialect.name === 'ash' && /^-./.test(args[0] ?? '')) return command(shell, ['-v', ...args.slice(1)], name);
  for (const word of bad ? args : rest) {
    if (flags.includes('a')) {
      const all = meaningsOf(shell, word, flags.includes('f'));
      for (const one of all) await output(shell, typeLine(shell, word, one, flags));
      if (all.length > 0) continue;
    }
    const meaning = flags.includes('f') ? meaningsOf(shell, word, true)[0] : meaningOf(shell, word);
    if (!meaning) {
      if (!/[tpP]/.test(flags)) await notFound(shell, word);
      status = shell.dialect.bash ? 1 : 127;
    } else if (flags.includes('t')) await output(shell, `${meaning.kind}\n`);
    else if (/[pP]/.test(flags)) {
      const path = flags.includes('P') ? pathOf(shell, word) : meaning.kind === 'file' ? meaning.path : undefined;
      if (path) await output(shell, `${path}\n`);
      else if (flags.includes('P')) status = 1;
    } else status = (await output(shell, `${describe(shell, word, meaning)}\n`)) || status;
  }
  return status;
};

const brief = (name: string, meaning: Meaning): string => {
  if (meaning.kind === 'alias') return `alias ${name}=${quoteAlmquist(meaning.value)}`;
  return meaning.kind === 'file' ? meaning.path : name;
};

const standardPath = {
  bash: '/bin:/usr/bin:/sbin:/usr/sbin',
  dash: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ash: '/sbin:/usr/sbin:/bin:/usr/bin',
};

/** `command -p`: where every system's own programs lie. */
const withStandardPath = async (shell: Shell, run: () => Promise<number>): Promise<number> => {
  const hashed = shell.hash;
  shell.hash = new Map();
  shell.vars.push(true);
  shell.vars.makeTemporary('PATH');
  shell.vars.attributes('PATH').value = standardPath[shell.dialect.name];
  try {
    return await run();
  } finally {
    shell.vars.pop();
    shell.hash = hashed;
  }
};

export const command: Builtin = async (shell, args, name) => {
  const { flags, rest, bad } = splitOptions(args, 'pvV');
  if (bad && shell.dialect.bash) return invalidOption(shell, name, bad, 'command [-pVv] command [arg ...]');
  if (bad) {
    await shell.complain(`${shell.dialect.name === 'dash' ? 'Illegal' : 'illegal'} option -${bad}`);
    return 2;
  }
  if (rest.length === 0) return 0;
  if (!/[vV]/.test(flags)) {
    if (shell.builtins.has(rest[0]!)) {
      try {
        await runBuiltin(shell, rest[0]!, rest.slice(1));
      } catch (thrown) {
        // A special builtin that is called so ends no script.
        if (!(thrown instanceof Abort) || shell.dialect.bash) throw thrown;
        shell.status = thrown.status;
      }
      return shell.status;
    }
    const { running } = shell;
    shell.running = undefined;
    const run = async () => {
      await runExternal(shell, rest, { text: () => rest.join(' '), tail: false });
      return shell.status;
    };
    const status = await (flags.includes('p') ? withStandardPath(shell, run) : run());
    shell.running = running;
    return status;
  }
  const words = shell.dialect.bash || name === 'type' ? rest : rest.slice(0, 1);
  const tell = () => describeWords(shell, words, flags);
  return flags.includes('p') ? withStandardPath(shell, tell) : tell();
};

const describeWords = async (shell: Shell, words: readonly string[], flags: string): Promise<number> => {
  let status = 0;
  let found = false;
  for (const word of words) {
    const meaning = meaningOf(shell, word);
    if (meaning) {
      const text = flags.includes('V') ? describe(shell, word, meaning) : brief(word, meaning);
      status = (await output(shell, `${text}\n`)) || status;
      found = status === 0 || shell.dialect.bash;
    } else {
      if (flags.includes('V')) await notFound(shell, word);
      status = shell.dialect.bash ? 1 : 127;
    }
  }
  // bash is content with one of several.
  return found && shell.dialect.bash ? 0 : status;
};

export const builtinCommand: Builtin = async (shell, args) => {
  if (args[0] === '--') args = args.slice(1);
  if (args.length === 0) return 0;
  if (!shell.builtins.has(args[0]!)) {
    await shell.complain(`${args[0]}: not a shell builtin`);
    return 1;
  }
  await runBuiltin(shell, args[0]!, args.slice(1));
  return shell.status;
};

export const hash: Builtin = async (shell, args) => {
  if (args[0] === '-r') {
    shell.hash.clear();
    return 0;
  }
  if (args.length === 0) {
    if (shell.dialect.bash) {
      if (shell.hash.size === 0) return output(shell, 'hash: hash table empty\n');
      return output(
        shell,
        `hits\tcommand\n${[...shell.hash.values()].map((h) => `${String(h.hits).padStart(4)}\t${h.path}\n`).join('')}`,
      );
    }
    return output(shell, [...shell.hash.values()].map((h) => `${h.path}\n`).join(''));
  }
  let status = 0;
  for (const name of args.filter((a) => a[0] !== '-')) {
    if (shell.builtins.has(name) || shell.functions.has(name)) continue;
    shell.hash.delete(name);
    if ('error' in locate(shell, name)) {
      await shell.complain(`${name}: not found`);
      status = 1;
    }
  }
  return status;
};

const showAlias = (shell: Shell, name: string): string =>
  shell.dialect.bash
    ? `alias ${name}='${shell.aliases.get(name)!.replace(/'/g, "'\\''")}'\n`
    : `${name}=${quoteAlmquist(shell.aliases.get(name)!)}\n`;

/** Sorted in bash, in the order of their hash table in dash and ash. */
const aliasNames = (shell: Shell): string[] => {
  const names = [...shell.aliases.keys()];
  if (shell.dialect.bash) return names.sort();
  const bucket = (name: string) => [...name].reduce((sum, c) => sum + c.charCodeAt(0), name.charCodeAt(0) << 4) % 39;
  return names.sort((a, b) => bucket(a) - bucket(b));
};

export const alias: Builtin = async (shell, args) => {
  if ((args[0] === '-p' && shell.dialect.bash) || (args[0] === '--' && shell.dialect.bash)) args = args.slice(1);
  if (args.length === 0)
    return output(
      shell,
      aliasNames(shell)
        .map((n) => showAlias(shell, n))
        .join(''),
    );
  let status = 0;
  for (const arg of args) {
    const equals = arg.indexOf('=', 1);
    if (equals > 0) shell.aliases.set(arg.slice(0, equals), arg.slice(equals + 1));
    else if (shell.aliases.has(arg)) status = (await output(shell, showAlias(shell, arg))) || status;
    else {
      if (shell.dialect.bash) await shell.complain(`${arg}: not found`);
      else await shell.write(2, `alias: ${arg} not found\n`);
      status = 1;
    }
  }
  return status;
};

export const unalias: Builtin = async (shell, args) => {
  if (args[0] === '--') args = args.slice(1);
  if (args.length === 0 && shell.dialect.bash) {
    await shell.write(2, 'unalias: usage: unalias [-a] name [name ...]\n');
    return 2;
  }
  if (args[0] === '-a') {
    shell.aliases.clear();
    return 0;
  }
  let status = 0;
  for (const arg of args) {
    if (shell.aliases.delete(arg)) continue;
    if (shell.dialect.bash) await shell.complain(`${arg}: not found`);
    else await shell.write(2, `unalias: ${arg} not found\n`);
    status = 1;
  }
  return status;
};
