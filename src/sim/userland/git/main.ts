/** `git`: its own options, aliases, the pager; then the subcommand. */
import { isErrno } from '../../../spec/index.ts';
import type { Program } from '../../kernel/program.ts';
import { type Command, type CommandSpec, execute } from '../core/command.ts';
import { commands } from './command/table.ts';
import { Git } from './git.ts';
import { generalUsage, helpCommand, nearest, usageOf } from './help.ts';
import { withPager } from './pager.ts';
import { Fatal, Misuse, Quit } from './problem.ts';

/** Without the list of commands. */
const shortUsage = `${generalUsage.split('\n\n')[0]}\n`;

interface Start {
  name: string | undefined;
  args: string[];
  given: [string, string | undefined][];
  paginate: boolean | undefined;
}

/** Git's own options before the subcommand. */
function readStart(c: Command): Start {
  const args = [...c.args];
  const start: Start = { name: undefined, args, given: [], paginate: undefined };
  const { sys } = c;
  while (args[0]?.startsWith('-')) {
    const word = args.shift()!;
    const [name, own] = word.startsWith('--') && word.includes('=') ? splitOnce(word) : [word, undefined];
    const value = (what: string): string => own ?? args.shift() ?? missing(c, word, what);
    if (name === '--version' || name === '-v') args.unshift('version');
    else if (name === '--help' || name === '-h') args.unshift('help');
    else if (name === '-C') changeTo(c, value('directory'));
    else if (name === '-c') start.given.push(pairOf(args.shift() ?? missing(c, word, 'config')));
    else if (name === '--git-dir') sys.env.GIT_DIR = value('directory');
    else if (name === '--work-tree') sys.env.GIT_WORK_TREE = value('directory');
    else if (name === '--no-pager' || name === '-P') start.paginate = false;
    else if (name === '-p' || name === '--paginate') start.paginate = true;
    else if (name === '--bare') sys.env.GIT_DIR ??= sys.getcwd();
    else if (name === '--exec-path' && own === undefined) say(c, '/usr/lib/git-core\n');
    else if (name === '--html-path') say(c, '/usr/share/doc/git\n');
    else if (name === '--man-path') say(c, '/usr/share/man\n');
    else if (name === '--no-replace-objects' || name === '--literal-pathspecs' || name === '--no-optional-locks')
      continue;
    else {
      c.errorText(`unknown option: ${word}\n${shortUsage}`);
      throw new Quit(129);
    }
    if (args[0] === 'version' || args[0] === 'help') break;
  }
  start.name = args.shift();
  return start;
}

const splitOnce = (word: string): [string, string] => {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
};

const pairOf = (text: string): [string, string | undefined] =>
  text.includes('=') ? splitOnce(text) : [text, undefined];

function missing(c: Command, option: string, what: string): never {
  c.errorText(what === 'config' ? '-c expects a configuration string\n' : `no ${what} given for '${option}' option\n`);
  c.errorText(shortUsage);
  throw new Quit(129);
}

function say(c: Command, text: string): never {
  c.out(text);
  throw new Quit(0);
}

function changeTo(c: Command, path: string): void {
  try {
    if (path !== '') c.sys.chdir(path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    throw new Fatal(`cannot change to '${path}': ${error.message}`);
  }
}

async function runGit(c: Command, version: string): Promise<number> {
  const start = readStart(c);
  const git = new Git(c, version, start.given);
  if (start.name === undefined) {
    git.out(generalUsage);
    return 1;
  }
  return dispatch(git, start.name, start.args, start.paginate, new Set());
}

async function dispatch(
  git: Git,
  name: string,
  args: string[],
  paginate: boolean | undefined,
  seen: Set<string>,
): Promise<number> {
  if (args[0] === '--help' && commands[name]) return helpCommand(git, [name]);
  const command = commands[name];
  if (command) {
    return withPager(git, name, args, paginate, async () => {
      try {
        return (await command(git, args)) ?? git.c.status;
      } catch (error) {
        if (!(error instanceof Misuse)) throw error;
        // -h alone is an answer, not a mistake.
        if (error.message === '') git.out(usageOf(name));
        else git.err(`error: ${error.message}\n${usageOf(name)}`);
        return 129;
      }
    });
  }
  const alias = git.config.get(`alias.${name.toLowerCase()}`);
  if (alias !== undefined) {
    if (seen.has(name))
      throw new Fatal(
        `alias loop detected: expansion of '${name}' does not terminate:\n  ${[...seen].join(' ==>\n  ')}`,
      );
    if (alias.startsWith('!')) return runShellAlias(git, alias.slice(1), args);
    const [next = '', ...first] = words(alias);
    return dispatch(git, next, [...first, ...args], paginate, seen.add(name));
  }
  return nearest(git, name);
}

async function runShellAlias(git: Git, line: string, args: string[]): Promise<number> {
  const top = git.maybe?.workTree;
  const env = { ...git.sys.env, GIT_PREFIX: git.maybe?.prefix ?? '' };
  const argv = ['sh', '-c', args.length > 0 ? `${line} "$@"` : line, line, ...args];
  return git.c.system(argv, { env, ...(top && { cwd: top }) });
}

/** An alias's words: quotes and backslashes as in the shell. */
const words = (text: string): string[] =>
  [...text.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g)].map(([word]) =>
    word.replace(
      /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g,
      (_, double, single, one) => double?.replace(/\\(.)/g, '$1') ?? single ?? one,
    ),
  );

async function guarded(c: Command, version: string): Promise<number> {
  try {
    return await runGit(c, version);
  } catch (error) {
    if (error instanceof Quit) return error.status;
    if (error instanceof Fatal) {
      c.errorText(error.message.startsWith('drydock: ') ? `${error.message}\n` : `fatal: ${error.message}\n`);
      return error.status;
    }
    if (isErrno(error)) {
      c.errorText(`fatal: ${error.path ? `'${error.path}': ` : ''}${error.message}\n`);
      return 128;
    }
    throw error;
  }
}

export function gitProgram(version: string): Program {
  const spec: CommandSpec = { name: 'git', run: (c) => guarded(c, version) };
  const texts = { help: () => generalUsage, version: () => `git version ${version}\n`, afterError: () => '' };
  return (sys) => {
    // /usr/lib/git-core/git-add and its like are links to git.
    const own = /(?:^|\/)git-([^/]+)$/.exec(sys.argv[0] ?? '')?.[1];
    return execute(sys, spec, 'gnu', texts, 'git', [...(own ? [own] : []), ...sys.argv.slice(1)]);
  };
}
