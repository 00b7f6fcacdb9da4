/** What a call of tar asks for. */
import type { Timespec } from '../../../spec/index.ts';
import { findGroup, findUser, slurp } from '../core/accounts.ts';
import type { Command } from '../core/command.ts';
import { parseDate } from '../core/date-parse.ts';
import { zoneOf } from '../core/dates.ts';
import { type ModeChange, parseMode } from '../core/modes.ts';
import type { Options } from '../core/options.ts';
import { globRegexp } from '../find/glob.ts';

export type TarAction = 'create' | 'extract' | 'list' | 'append';

export interface Member {
  name: string;
  /** Directory that -C set before it. */
  directory: string | undefined;
}

export interface TarRequest {
  action: TarAction;
  /** '-' for standard input or output. */
  file: string;
  gzip: boolean;
  verbose: number;
  members: Member[];
  /** The last -C: where extraction goes. */
  directory: string | undefined;
  excluded(name: string): boolean;
  wildcards: boolean;
  toStdout: boolean;
  strip: number;
  transform: ((name: string) => string) | undefined;
  showTransformed: boolean;
  absolute: boolean;
  dereference: boolean;
  recursion: boolean;
  sorted: boolean;
  keepOld: 'no' | 'error' | 'skip';
  touch: boolean;
  samePermissions: boolean;
  sameOwner: boolean;
  numericOwner: boolean;
  owner: { name: string; id: number | undefined } | undefined;
  group: { name: string; id: number | undefined } | undefined;
  mtime: Timespec | undefined;
  mode: ModeChange | undefined;
  format: 'gnu' | 'pax';
  removeFiles: boolean;
}

const withArgument = 'fCTXbgKNVIHLF';

/** `tar xzf FILE`: the first word without its dash; its letters take their arguments from the words that follow. */
function oldStyle(c: Command, args: readonly string[]): string[] {
  const [first, ...rest] = args;
  if (first === undefined || first.startsWith('-') || first === '') return [...args];
  const words: string[] = [];
  for (const letter of first) {
    words.push(`-${letter}`);
    if (withArgument.includes(letter) && rest.length === 0 && !c.bb) {
      c.error(`Old option '${letter}' requires an argument.`);
      c.errorText("Try 'tar --help' or 'tar --usage' for more information.\n");
      c.exit(2);
    }
    if (withArgument.includes(letter) && rest.length) words.push(rest.shift()!);
  }
  return [...words, ...rest];
}

const gnuOptions =
  'c,create x,get,extract t,list r,append u,update A,catenate,concatenate d,diff,compare delete f,file= z,ungzip,gunzip,gzip ' +
  'j,bzip2 J,xz zstd lzma Z,uncompress,compress I,use-compress-program= a,auto-compress no-auto-compress v,verbose ' +
  'C,directory= T,files-from= X,exclude-from= exclude= exclude-vcs wildcards no-wildcards O,to-stdout strip-components= ' +
  'transform,xform= show-transformed-names show-stored-names P,absolute-names h,dereference hard-dereference ' +
  'no-recursion recursion sort= k,keep-old-files skip-old-files overwrite keep-newer-files m,touch p,same-permissions,preserve-permissions ' +
  'no-same-permissions same-owner no-same-owner o numeric-owner owner= group= mtime= mode= H,format= posix old-archive ' +
  'remove-files b,blocking-factor= S,sparse totals? checkpoint=? warning= no-xattrs xattrs acls selinux null ' +
  'ignore-failed-read W,verify w,interactive full-time one-file-system anchored no-anchored ignore-zeros i/ignore-zeros ' +
  'no-overwrite-dir overwrite-dir keep-directory-symlink delay-directory-restore force-local clamp-mtime pax-option= ' +
  'backup=? index-file= utc block-number R/block-number unlink-first U/unlink-first one-top-level=? to-command=';
const busyboxOptions =
  'c/create x/extract t/list f/file: z/gzip j/bzip2 J/xz Z/compress a/auto-compress v/verbose C/directory: T/files-from: ' +
  'X/exclude-from: O/to-stdout m/touch o/no-same-owner k/keep-old-files h/dereference p/same-permissions P/absolute-names ' +
  'exclude= overwrite strip-components= no-recursion numeric-owner no-same-permissions same-permissions to-command= lzma ' +
  'gzip create extract list file= directory= to-stdout touch keep-old-files dereference verbose bzip2 xz auto-compress';

/** Reads the command line. Ends the command on anything that cannot be done. */
export function tarRequest(c: Command): TarRequest {
  c.args.splice(0, c.args.length, ...oldStyle(c, c.args));
  const o = c.options({ gnu: gnuOptions, busybox: busyboxOptions, inOrder: true });
  for (const name of [
    'bzip2',
    'xz',
    'zstd',
    'lzma',
    'compress',
    'use-compress-program',
    'to-command',
    'update',
    'catenate',
    'delete',
    'compare',
    'index-file',
    'backup',
  ])
    if (o.has(name)) c.fail(`drydock: tar --${name} is not simulated`, 2);
  const action = actionOf(c, o);
  const file = o.value('file') ?? '-';
  const creating = action === 'create' || action === 'append';
  const privileged = c.sys.cred.euid === 0;
  const excluded = exclusion(c, o);
  const transform = transformOf(c, o.values('xform'));
  return {
    action,
    file,
    gzip: o.has('gzip') || (creating && o.has('auto-compress') && /\.(tar\.gz|tgz|taz)$/.test(file)),
    verbose: o.count('verbose'),
    ...membersOf(c, o),
    excluded,
    wildcards: c.bb || o.has('wildcards'),
    toStdout: o.has('to-stdout'),
    strip: numberOption(c, o.value('strip-components')),
    transform,
    showTransformed: o.has('show-transformed-names'),
    absolute: o.has('absolute-names') && !c.bb,
    dereference: o.has('dereference'),
    recursion: !o.has('no-recursion'),
    sorted: o.value('sort') === 'name' || o.value('sort') === 'inode',
    keepOld: o.has('keep-old-files') ? (c.bb ? 'skip' : 'error') : o.has('skip-old-files') ? 'skip' : 'no',
    touch: o.has('touch'),
    samePermissions: o.has('preserve-permissions', 'same-permissions') || (privileged && !o.has('no-same-permissions')),
    sameOwner: privileged && !o.has('no-same-owner', 'o'),
    numericOwner: o.has('numeric-owner'),
    owner: identity(o.value('owner'), (name) => findUser(c.sys, name)?.uid),
    group: identity(o.value('group'), (name) => findGroup(c.sys, name)?.gid),
    mtime: mtimeOf(c, o.value('mtime')),
    mode: o.has('mode') ? parseMode(o.value('mode')!) : undefined,
    format: /^(pax|posix|ustar|v7)$/.test(o.value('format') ?? '') || o.has('posix') ? 'pax' : 'gnu',
    removeFiles: o.has('remove-files'),
  };
}

function actionOf(c: Command, o: Options): TarAction {
  const asked = o.list
    .filter((option) => /^(create|extract|list|append)$/.test(option.name))
    .map((option) => option.name);
  const kinds = [...new Set(asked)];
  if (kinds.length === 1) return kinds[0] as TarAction;
  if (c.bb) c.usage();
  if (kinds.length === 0) {
    const hint = "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options";
    c.error(hint, 2);
  } else c.error("You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option", 2);
  c.errorText(tryHelp(c));
  return c.exit(2);
}

export const tryHelp = (c: Command): string => `Try '${c.name} --help' or '${c.name} --usage' for more information.\n`;

function membersOf(c: Command, o: Options): { members: Member[]; directory: string | undefined } {
  let directory: string | undefined;
  const members: Member[] = [];
  const enter = (path: string) => {
    directory = directory === undefined || path.startsWith('/') ? path : `${directory}/${path}`;
  };
  // BusyBox changes directory once, wherever -C stands.
  if (c.bb) directory = o.value('directory');
  for (const { name, value } of o.list) {
    if (name === 'directory' && !c.bb) enter(value!);
    else if (name === '') members.push({ name: value!, directory });
    else if (name === 'files-from')
      members.push(...listed(c, value!, o.has('null')).map((text) => ({ name: text, directory })));
  }
  return { members, directory };
}

/** Lines of a file of names. */
function listed(c: Command, path: string, nulls: boolean): string[] {
  if (path !== '-') {
    try {
      c.sys.stat(path);
    } catch (error) {
      c.error(`${path}: Cannot stat: ${c.reason(error)}`, 2);
      c.fail('Error is not recoverable: exiting now', 2);
    }
  }
  const text = slurp(c.sys, path === '-' ? '/proc/self/fd/0' : path);
  return text.split(nulls ? '\0' : '\n').filter(Boolean);
}

/** --exclude: patterns that match from any slash on, or a leading part up to one. */
function exclusion(c: Command, o: Options): (name: string) => boolean {
  const patterns = [...o.values('exclude'), ...o.values('exclude-from').flatMap((path) => listed(c, path, false))];
  if (o.has('exclude-vcs')) patterns.push('.git', '.gitignore', '.gitattributes', '.svn', 'CVS', '.hg', '.bzr');
  const tests = patterns.map((pattern) => globRegexp(pattern.replace(/\/+$/, '')));
  return (name) => {
    const path = name.replace(/\/+$/, '');
    const starts = [0, ...[...path.matchAll(/\//g)].map((match) => match.index + 1)];
    return starts.some((start) => tests.some((test) => test.test(path.slice(start))));
  };
}

function numberOption(c: Command, text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d+$/.test(text)) c.bb ? c.fail(`invalid number '${text}'`) : c.fail(`${text}: Invalid number of elements`, 2);
  return Number(text);
}

function identity(text: string | undefined, find: (name: string) => number | undefined): TarRequest['owner'] {
  if (text === undefined) return undefined;
  const [name, id] = text.split(':');
  if (/^\+?\d+$/.test(name!)) return { name: '', id: Number(name) };
  return { name: name!, id: id === undefined ? find(name!) : Number(id) };
}

function mtimeOf(c: Command, text: string | undefined): Timespec | undefined {
  if (text === undefined) return undefined;
  if (/^[./]/.test(text)) return c.sys.stat(text).mtime;
  const time = parseDate(text, c.sys.now(), zoneOf(c.sys));
  if (!time) c.fail(`Substituting 1970-01-01 00:00:00 for unknown date format '${text}'`, 2);
  return time;
}

/** sed's s command on names: --transform s,^,prefix/,  */
function transformOf(c: Command, expressions: readonly string[]): ((name: string) => string) | undefined {
  if (expressions.length === 0) return undefined;
  const steps = expressions
    .flatMap((text) => text.split(';'))
    .map((text) => {
      const parts = text.slice(2).split(text[1] ?? '/');
      if (text[0] !== 's' || parts.length !== 3) c.fail('Invalid transform expression', 2);
      const [pattern, replacement, given] = parts as [string, string, string];
      const search = given.includes('x')
        ? pattern
        : pattern.replace(/\\([(){}|+?])|([(){}|+?])/g, (_, special, plain) => special ?? `\\${plain}`);
      const regexp = new RegExp(search, `${given.includes('g') ? 'g' : ''}${given.includes('i') ? 'i' : ''}`);
      const put = replacement.replace(/\$/g, '$$$$').replace(/\\(\d)|&/g, (_, digit) => (digit ? `$${digit}` : '$&'));
      return (name: string) => name.replace(regexp, put);
    });
  return (name) => steps.reduce((text, step) => step(text), name);
}
