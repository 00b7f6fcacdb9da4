/** `git config`, in its old form (options) and its new one (get, set, unset, list). */
import { exists, makeDirectories, readText, writeText } from '../../packages/sys-files.ts';
import { edited } from '../editor.ts';
import type { Git } from '../git.ts';
import { type Options, parse } from '../options.ts';
import { joinPath } from '../paths.ts';
import { Fatal, Misuse, Quit } from '../problem.ts';
import { globalPaths, homeOf, readBoolean, type Setting } from '../settings.ts';
import { ConfigFile, canonicalKey } from '../store/config.ts';

const spec =
  'global system local worktree f,file= blob= get get-all get-regexp get-urlmatch replace-all add unset unset-all rename-section remove-section l,list fixed-value e,edit get-color get-colorbool t,type= bool int bool-or-int bool-or-str path expiry-date z,null name-only includes show-origin show-scope default=';

const actions = [
  'get',
  'get-all',
  'get-regexp',
  'replace-all',
  'add',
  'unset',
  'unset-all',
  'rename-section',
  'remove-section',
  'list',
  'edit',
];

/** The file that is written to. */
export function configPath(git: Git, o: Options): string {
  if (o.has('system')) return git.sys.env.GIT_CONFIG_SYSTEM ?? '/etc/gitconfig';
  if (o.has('global')) {
    const home = homeOf(git.sys);
    if (!home && git.sys.env.GIT_CONFIG_GLOBAL === undefined) throw new Fatal('$HOME not set');
    const [xdg, own] = globalPaths(git.sys).length > 1 ? globalPaths(git.sys) : ['', globalPaths(git.sys)[0]!];
    return own && xdg && !exists(git.sys, own) && exists(git.sys, xdg) ? xdg : own!;
  }
  const file = o.value('file');
  if (file !== undefined) return joinPath(git.sys.getcwd(), file);
  if (!git.maybe) {
    if (o.has('local')) throw new Fatal('--local can only be used inside a git repository');
    throw new Fatal('not in a git directory');
  }
  return `${git.repo.gitDir}/config`;
}

export const readConfigFile = (git: Git, path: string): ConfigFile =>
  new ConfigFile(readText(git.sys, path) ?? '', path);

export function writeConfigFile(git: Git, file: ConfigFile): void {
  makeDirectories(git.sys, file.path.slice(0, file.path.lastIndexOf('/')));
  writeText(git.sys, file.path, file.text);
}

/** Sets a value of the repository's own file. */
export function setLocal(git: Git, key: string, value: string): void {
  const path = `${git.repo.gitDir}/config`;
  writeConfigFile(git, readConfigFile(git, path).set(key, value));
}

function keyOf(git: Git, key: string): string {
  const canonical = canonicalKey(key);
  if (canonical) return canonical;
  if (!key.includes('.') || key.startsWith('.')) git.error(`key does not contain a section: ${key}`);
  else if (key.endsWith('.')) git.error(`key does not contain variable name: ${key}`);
  else git.error(`invalid key: ${key}`);
  throw new Quit(1);
}

/** What is read: everything, or the one file that is named. */
function settings(git: Git, o: Options): readonly Setting[] {
  const scope = (['system', 'global', 'local'] as const).find((one) => o.has(one));
  if (scope === 'local') configPath(git, o);
  if (o.has('file')) {
    const path = configPath(git, o);
    if (!exists(git.sys, path) && o.has('list'))
      throw new Fatal(`unable to read config file '${o.value('file')}': No such file or directory`);
    return readConfigFile(git, path).entries.map(({ key, value }) => ({
      key,
      value,
      scope: 'command',
      origin: `file:${o.value('file')}`,
    }));
  }
  if (scope && o.has('list')) {
    const path = configPath(git, o);
    if (!exists(git.sys, path)) throw new Fatal(`unable to read config file '${path}': No such file or directory`);
  }
  return scope ? git.config.all.filter((one) => one.scope === scope) : git.config.all;
}

function typed(o: Options, value: string | undefined, key: string): string {
  const type = o.value('type') ?? ['bool', 'int', 'bool-or-int', 'path'].find((one) => o.has(one));
  const text = value ?? (type ? 'true' : '');
  if (type === 'bool') {
    const read = readBoolean(text);
    if (read === undefined) throw new Fatal(`bad boolean config value '${text}' for '${key}'`);
    return String(read);
  }
  if (type === 'int') {
    const match = /^([+-]?\d+)([kmg]?)$/i.exec(text);
    if (!match) throw new Fatal(`bad numeric config value '${text}' for '${key}': invalid unit`);
    return String(Number(match[1]) * 1024 ** ' kmg'.indexOf(match[2]!.toLowerCase() || ' '));
  }
  return text;
}

function shown(git: Git, o: Options, one: Setting, withKey: boolean): void {
  const end = o.has('null') ? '\0' : '\n';
  const lead =
    (o.has('show-scope') ? `${one.scope}\t` : '') + (o.has('show-origin') ? `${originText(git, one)}\t` : '');
  const value = typed(o, one.value, one.key);
  if (!withKey) git.out(`${lead}${value}${end}`);
  else if (o.has('name-only') || one.value === undefined) git.out(`${lead}${one.key}${end}`);
  else git.out(`${lead}${one.key}${o.has('null') ? '\n' : o.has('list') ? '=' : ' '}${value}${end}`);
}

/** The repository's own file as it is reached from here. */
function originText(git: Git, { origin, scope }: Setting): string {
  return scope === 'local' && git.maybe ? `file:${git.repo.shown}/config` : origin;
}

function read(git: Git, o: Options, name: string, [key = '', pattern]: string[]): number {
  if (name === 'get-regexp') {
    const matcher = new RegExp(key, 'i');
    const found = settings(git, o).filter((one) => matcher.test(one.key));
    for (const one of found) shown(git, o, one, true);
    return found.length > 0 ? 0 : 1;
  }
  const wanted = keyOf(git, key);
  const found = settings(git, o).filter((one) => one.key === wanted && fits(o, pattern, one.value));
  const list = name === 'get' ? found.slice(-1) : found;
  for (const one of list) shown(git, o, one, false);
  if (list.length === 0 && o.value('default') !== undefined) {
    git.out(`${typed(o, o.value('default'), key)}\n`);
    return 0;
  }
  return list.length > 0 ? 0 : 1;
}

function fits(o: Options, pattern: string | undefined, value = ''): boolean {
  if (pattern === undefined) return true;
  if (o.has('fixed-value')) return value === pattern;
  return pattern.startsWith('!') ? !new RegExp(pattern.slice(1)).test(value) : new RegExp(pattern).test(value);
}

function write(git: Git, o: Options, name: string, [key = '', value = '', pattern]: string[]): number {
  const wanted = keyOf(git, key);
  const file = readConfigFile(git, configPath(git, o));
  if (name === 'add') {
    writeConfigFile(git, file.add(key, value));
    return 0;
  }
  const found = file.entries.filter((one) => one.key === wanted && fits(o, pattern, one.value));
  if (name === 'set' && file.entries.filter((one) => one.key === wanted).length > 1 && pattern === undefined) {
    git.warn(`${wanted} has multiple values`);
    git.err(
      'error: cannot overwrite multiple values with a single value\n       Use a regexp, --add or --replace-all to change ' +
        `${key}.\n`,
    );
    return 5;
  }
  const kept = name === 'replace-all' ? file.unset(found) : file;
  writeConfigFile(git, kept.set(key, typed(o, value, key)));
  return 0;
}

function unset(git: Git, o: Options, all: boolean, [key = '', pattern]: string[]): number {
  const wanted = keyOf(git, key);
  const file = readConfigFile(git, configPath(git, o));
  const found = file.entries.filter((one) => one.key === wanted && fits(o, pattern, one.value));
  if (found.length > 1 && !all) {
    git.warn(`${wanted} has multiple values`);
    return 5;
  }
  if (found.length === 0) return 5;
  writeConfigFile(git, file.unset(found));
  return 0;
}

function sections(git: Git, o: Options, name: string, [from = '', to = '']: string[]): number {
  const file = readConfigFile(git, configPath(git, o));
  const next = name === 'rename-section' ? file.renameSection(from, to) : file.removeSection(from);
  if (!next) throw new Fatal(`no such section: ${from}`);
  writeConfigFile(git, next);
  return 0;
}

export async function config(git: Git, args: string[]): Promise<number> {
  const o = parse(git, args, spec, { stop: true });
  const levels = ['global', 'system', 'local', 'file'].filter((one) => o.has(one));
  if (levels.length > 1) {
    git.error('only one config file at a time');
    throw new Misuse('');
  }
  const given = actions.filter((one) => o.has(one));
  if (given.length > 1) throw new Misuse('only one action at a time');
  const { operands } = o;
  const name = given[0] ?? (operands.length === 1 ? 'get' : 'set');
  if (name === 'edit') {
    const path = configPath(git, o);
    const text = await edited(git, path.startsWith(git.repo.gitDir) ? 'config' : path, readText(git.sys, path) ?? '');
    writeConfigFile(git, new ConfigFile(text, path));
    return 0;
  }
  if (name === 'list') {
    for (const one of settings(git, o)) shown(git, o, one, true);
    return 0;
  }
  const [least, most] = counts[name]!;
  if (operands.length < least || operands.length > most) {
    if (operands.length === 0 && given.length === 0) throw new Misuse('');
    throw new Misuse(
      least === most
        ? `wrong number of arguments, should be ${least}`
        : `wrong number of arguments, should be from ${least} to ${most}`,
    );
  }
  if (name.startsWith('get')) return read(git, o, name, operands);
  if (name.startsWith('unset')) return unset(git, o, name === 'unset-all', operands);
  if (name.endsWith('-section')) return sections(git, o, name, operands);
  return write(git, o, name, operands);
}

const counts: Readonly<Record<string, [least: number, most: number]>> = {
  get: [1, 2],
  'get-all': [1, 2],
  'get-regexp': [1, 2],
  set: [2, 3],
  add: [2, 2],
  'replace-all': [2, 3],
  unset: [1, 2],
  'unset-all': [1, 2],
  'rename-section': [2, 2],
  'remove-section': [1, 1],
};
