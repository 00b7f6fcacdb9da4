/** What scripts use: rev-parse, ls-files, ls-tree, cat-file, hash-object and their like. */
import { contentBytes, fromUtf8 } from '../../../../spec/index.ts';
import { readContent } from '../../packages/sys-files.ts';
import { editorOf } from '../editor.ts';
import type { Git } from '../git.ts';
import { formatPerson, identity } from '../ident.ts';
import { isAncestor, mergeBases } from '../log/walk.ts';
import { parse } from '../options.ts';
import { joinPath, quotePath, relativeTo } from '../paths.ts';
import { Fatal, Misuse, Quit } from '../problem.ts';
import { ambiguous, commitOf, fullRef, needCommit, resolve, shortId, treeOf } from '../revision.ts';
import { moduleMode, parseTree, peel, treeMode, writeCommit } from '../store/commit.ts';
import { type ObjectType, objectId } from '../store/objects.ts';
import { shortRef, upstreamOf } from '../upstream.ts';
import { fileNow, isDirectoryMode, lstat } from '../work/files.ts';
import { Ignore } from '../work/ignore.ts';
import { pathSet } from '../work/pathspec.ts';
import { untracked } from '../work/untracked.ts';
import { writeIndexTree } from './commit.ts';

const questions: Readonly<Record<string, (git: Git) => string>> = {
  '--show-toplevel': (git) => git.repo.need(),
  '--git-dir': (git) => git.repo.shown,
  '--absolute-git-dir': (git) => git.repo.gitDir,
  '--git-common-dir': (git) => git.repo.shown,
  '--show-prefix': (git) => git.repo.prefix,
  '--show-cdup': (git) => '../'.repeat(git.repo.prefix.split('/').length - 1),
  '--is-inside-work-tree': (git) => String(git.repo.workTree !== undefined),
  '--is-inside-git-dir': (git) => String(`${git.sys.getcwd()}/`.startsWith(`${git.repo.gitDir}/`)),
  '--is-bare-repository': (git) => String(git.config.bool('core.bare', false)),
  '--is-shallow-repository': () => 'false',
  '--show-object-format': () => 'sha1',
};

export function revParse(git: Git, args: string[]): number {
  let [verify, quiet, short, abbrev, symbolic] = [false, false, -1, '', false];
  let shown = 0;
  const say = (text: string) => {
    shown++;
    git.out(`${text}\n`);
  };
  const fail = (message: string): never => {
    if (quiet && verify) throw new Quit(1);
    throw new Fatal(message);
  };
  if (args[0] === '--parseopt' || args[0] === '--sq-quote')
    throw new Fatal(`drydock: git rev-parse ${args[0]} is not simulated`);
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (questions[word]) say(questions[word](git));
    else if (word === '--verify') verify = true;
    else if (word === '-q' || word === '--quiet') quiet = true;
    else if (/^--short(=\d+)?$/.test(word)) [short, verify] = [Number(word.split('=')[1] ?? 0), true];
    else if (/^--abbrev-ref(=.*)?$/.test(word)) abbrev = word.split('=')[1] ?? 'strict';
    else if (word === '--symbolic-full-name') symbolic = true;
    else if (word === '--git-path') say(`${git.repo.shown}/${args[++i]}`);
    else if (/^--(all|branches|tags|remotes)$/.test(word)) {
      const place =
        word === '--all' ? 'refs/' : ({ '--branches': 'refs/heads/', '--tags': 'refs/tags/' }[word] ?? 'refs/remotes/');
      for (const [, id] of git.repo.refs.list(place)) say(id);
    } else if (word === '--local-env-vars') say('GIT_DIR');
    else if (word === '--') say('--');
    else if (word.startsWith('-') && !/^-$/.test(word)) {
      if (verify) fail('Needed a single revision');
      say(word);
    } else if (abbrev || symbolic) say(refName(git, word, abbrev !== ''));
    else {
      const dots = /^(.*?)(\.\.\.?)(.*)$/.exec(word);
      const ids =
        dots && !verify
          ? [resolve(git, dots[3] || 'HEAD'), resolve(git, dots[1] || 'HEAD')]
          : [word.startsWith('^') ? resolve(git, word.slice(1)) : resolve(git, word)];
      if (ids.some((id) => id === undefined)) {
        if (verify) fail('Needed a single revision');
        if (lstat(git.sys, joinPath(git.sys.getcwd(), word))) say(word);
        else {
          git.out(`${word}\n`);
          throw new Fatal(ambiguous(word));
        }
        continue;
      }
      say((word.startsWith('^') ? '^' : '') + (short >= 0 ? shortId(git, ids[0]!, short || undefined) : ids[0]!));
      if (dots && ids[1]) say(`^${dots[2] === '...' ? (mergeBases(git, ids[0]!, ids[1])[0] ?? '') : ids[1]}`);
    }
  }
  if (verify && shown === 0) fail('Needed a single revision');
  return 0;
}

function refName(git: Git, word: string, short: boolean): string {
  const up = /^(.*)@\{(u|upstream)\}$/.exec(word);
  const branch = up && (up[1] || shortRef(git.repo.refs.head() ?? ''));
  if (up && !resolve(git, word)) throw new Fatal(`no upstream configured for branch '${branch}'`);
  const full = up ? upstreamOf(git, branch!)?.ref : fullRef(git, word === '@' ? 'HEAD' : word);
  if (!full) {
    git.out(`${word}\n`);
    throw new Fatal(ambiguous(word));
  }
  const target = git.repo.refs.target(full);
  if (full === 'HEAD' && target === 'HEAD') return 'HEAD';
  return short ? shortRef(target) : target;
}

export function lsFiles(git: Git, args: string[]): number {
  const o = parse(
    git,
    args,
    'z t v c,cached d,deleted m,modified o,others i,ignored s,stage k,killed directory u,unmerged x,exclude= exclude-from= exclude-per-directory= exclude-standard full-name error-unmatch abbrev=? eol',
  );
  const { repo } = git;
  const paths = pathSet(git, o.operands.length === 0 && repo.prefix ? ['.'] : o.operands);
  const end = o.has('z') ? '\0' : '\n';
  const name = (path: string) => {
    const own = o.has('full-name') ? path : relativeTo(repo.prefix, path);
    return o.has('z') ? own : quotePath(own);
  };
  if (o.has('others')) {
    const all = !o.has('exclude-standard');
    const plain = untracked(git, { collapse: o.has('directory'), paths });
    const ignored =
      all || o.has('ignored') ? untracked(git, { collapse: o.has('directory'), paths, ignored: true }) : [];
    for (const path of (o.has('ignored') ? ignored : [...plain, ...ignored]).sort())
      git.out(`${o.has('t') ? '? ' : ''}${name(path)}${end}`);
    if (!o.has('cached', 'modified', 'deleted')) return 0;
  }
  for (const one of paths.specs) {
    if (!o.has('error-unmatch') || repo.index.entries().some(({ path }) => one.matches(path))) continue;
    git.error(`pathspec '${one.text}' did not match any file(s) known to git\nDid you forget to 'git add'?`);
    return 1;
  }
  const cached = o.has('cached') || !o.has('modified', 'deleted', 'unmerged', 'others');
  for (const entry of repo.index.entries()) {
    const { path, stage, mode, id } = entry;
    if (!paths.matches(path) || (o.has('unmerged') && stage === 0)) continue;
    const staged = o.has('stage', 'unmerged')
      ? `${mode.toString(8).padStart(6, '0')} ${o.has('abbrev') ? shortId(git, id) : id} ${stage}\t`
      : '';
    const line = (letter: string) => git.out(`${o.has('t') ? `${letter} ` : ''}${staged}${name(path)}${end}`);
    if (cached || o.has('unmerged') || o.has('stage')) line(stage ? 'M' : 'H');
    if (!o.has('deleted', 'modified')) continue;
    const { state } = stage ? { state: 'modified' } : fileNow(repo, repo.index, entry);
    if (o.has('deleted') && state === 'deleted') line('R');
    if (o.has('modified') && state !== 'same') line('C');
  }
  return 0;
}

const typeOf = (mode: number): ObjectType => (mode === treeMode ? 'tree' : mode === moduleMode ? 'commit' : 'blob');

export function lsTree(git: Git, args: string[]): number {
  const o = parse(git, args, 'd r t l,long z name-only name-status full-name full-tree abbrev=? format= object-only');
  const [revision = '', ...words] = o.operands;
  if (o.operands.length === 0) throw new Misuse('');
  const id = resolve(git, revision);
  if (!id) throw new Fatal(`Not a valid object name ${revision}`);
  const tree = treeOf(git, id);
  if (!tree) throw new Fatal('not a tree object');
  const { objects, prefix } = git.repo;
  const wanted = words.map((word) => joinPath(`/${prefix}`, word).slice(1) + (word.endsWith('/') ? '/' : ''));
  const show = (mode: number, id: string, path: string) => {
    const size = o.has('long') ? ` ${mode === treeMode ? '      -' : String(objects.need(id).length).padStart(7)}` : '';
    const name = quotePath(o.has('full-name', 'full-tree') ? path : relativeTo(prefix, path));
    if (o.has('name-only', 'name-status')) git.out(`${name}\n`);
    else if (o.has('object-only')) git.out(`${id}\n`);
    else
      git.out(
        `${mode.toString(8).padStart(6, '0')} ${typeOf(mode)} ${o.has('abbrev') ? shortId(git, id) : id}${size}\t${name}\n`,
      );
  };
  const visit = (tree: string, base: string): void => {
    for (const { mode, name, id } of parseTree(objects.need(tree))) {
      const path = base + name;
      const deeper = wanted.some((one) => one.startsWith(`${path}/`));
      const inside =
        wanted.length === 0 ||
        wanted.some((one) => path === one || path.startsWith(one.endsWith('/') ? one : `${one}/`));
      if (!inside && !deeper) continue;
      const down = mode === treeMode && (deeper || o.has('r'));
      if (inside && (!down || o.has('t')) && !(o.has('d') && mode !== treeMode)) show(mode, id, path);
      if (down) visit(id, `${path}/`);
    }
  };
  visit(tree, '');
  return 0;
}

export async function catFile(git: Git, args: string[]): Promise<number> {
  const o = parse(git, args, 't s e p batch=? batch-check=? textconv filters allow-unknown-type batch-all-objects');
  if (o.has('batch', 'batch-check')) return batch(git, o.has('batch'));
  const asked = o.last('t', 's', 'e', 'p');
  const [first = '', second] = o.operands;
  const text = asked ? first : second;
  if (text === undefined || text === '') throw new Misuse(asked ? `<object> required with '-${asked}'` : '');
  const id = resolve(git, text);
  if (!id) throw new Fatal(`Not a valid object name ${text}`);
  const found = git.repo.objects.read(id);
  if (asked === 'e') return found ? 0 : 1;
  if (!found) {
    if (asked === 't') throw new Fatal('git cat-file: could not get object info');
    throw new Fatal(asked === 'p' ? `Not a valid object name ${text}` : `git cat-file ${text}: bad file`);
  }
  if (asked === 't') git.out(`${found.type}\n`);
  else if (asked === 's') git.out(`${found.bytes.length}\n`);
  else if (asked === 'p') await print(git, found.type, found.bytes);
  else {
    const end =
      found.type === 'tag' && first !== 'tag' ? peel(git.repo.objects, id).id : first === 'tree' ? treeOf(git, id) : id;
    const one = end && git.repo.objects.read(end);
    if (!one || one.type !== first) throw new Fatal(`git cat-file ${text}: bad file`);
    await git.c.write(one.bytes);
  }
  return 0;
}

async function print(git: Git, type: ObjectType, bytes: Uint8Array): Promise<void> {
  if (type !== 'tree') return git.c.write(bytes);
  for (const { mode, name, id } of parseTree(bytes))
    git.out(`${mode.toString(8).padStart(6, '0')} ${typeOf(mode)} ${id}\t${quotePath(name)}\n`);
}

async function batch(git: Git, whole: boolean): Promise<number> {
  for (const line of fromUtf8(await git.c.readAll(0))
    .split('\n')
    .filter(Boolean)) {
    const id = resolve(git, line);
    const found = id && git.repo.objects.read(id);
    if (!found) git.out(`${line} missing\n`);
    else {
      git.out(`${id} ${found.type} ${found.bytes.length}\n`);
      if (whole) await git.c.write(found.bytes);
      if (whole) git.out('\n');
    }
  }
  return 0;
}

export async function hashObject(git: Git, args: string[]): Promise<number> {
  const o = parse(git, args, 't,type= w stdin stdin-paths no-filters literally path=');
  const type = (o.value('type') ?? 'blob') as ObjectType;
  const put = (bytes: Uint8Array) =>
    git.out(`${o.has('w') ? git.repo.objects.write(type, bytes) : objectId(type, bytes)}\n`);
  if (o.has('stdin')) put(await git.c.readAll(0));
  for (const path of o.operands) {
    const content = readContent(git.sys, path);
    if (!content) throw new Fatal(`could not open '${path}' for reading: No such file or directory`);
    put(contentBytes(content));
  }
  return 0;
}

export function writeTreeCommand(git: Git): number {
  git.out(`${writeIndexTree(git)}\n`);
  return 0;
}

export async function commitTree(git: Git, args: string[]): Promise<number> {
  const o = parse(git, args, 'p= m= F= S=?');
  const tree = resolve(git, o.operands[0] ?? '');
  if (!tree) throw new Fatal(`not a valid object name ${o.operands[0] ?? ''}`);
  const message = o.has('m') ? `${o.values('m').join('\n\n')}\n` : fromUtf8(await git.c.readAll(0));
  const parents = o.values('p').map((text) => needCommit(git, text));
  git.out(
    `${writeCommit(git.repo.objects, { tree, parents, author: identity(git, 'author'), committer: identity(git, 'committer'), message })}\n`,
  );
  return 0;
}

export function symbolicRef(git: Git, args: string[]): number {
  const o = parse(git, args, 'q,quiet d,delete short recurse m=');
  const [name = '', target] = o.operands;
  const { refs } = git.repo;
  if (target !== undefined) {
    refs.setSymbolic(name, target);
    return 0;
  }
  const raw = refs.raw(name);
  if (!raw || !('symbolic' in raw)) {
    if (o.has('quiet')) return 1;
    throw new Fatal(raw ? `ref ${name} is not a symbolic ref` : `No such ref: ${name}`);
  }
  git.out(`${o.has('short') ? shortRef(raw.symbolic) : raw.symbolic}\n`);
  return 0;
}

export function updateRef(git: Git, args: string[]): number {
  const o = parse(git, args, 'm= d no-deref create-reflog stdin z');
  if (o.has('stdin')) throw new Fatal('drydock: git update-ref --stdin is not simulated');
  const [name = '', value = ''] = o.operands;
  if (o.has('d')) git.repo.refs.delete(name);
  else {
    const id = resolve(git, value);
    if (!id) throw new Fatal(`${value}: not a valid SHA1`);
    git.repo.refs.update(name, id, o.value('m') ?? '');
  }
  return 0;
}

export function showRef(git: Git, args: string[]): number {
  const o = parse(git, args, 'tags heads verify head d,dereference s,hash=? q,quiet abbrev=?');
  const { refs, objects } = git.repo;
  const places = [...(o.has('heads') ? ['refs/heads/'] : []), ...(o.has('tags') ? ['refs/tags/'] : [])];
  const all = [
    ...(o.has('head') && refs.id('HEAD') ? [['HEAD', refs.id('HEAD')!] as [string, string]] : []),
    ...refs.list(),
  ];
  const wanted = ([name]: [string, string]) =>
    (places.length === 0 || places.some((one) => name.startsWith(one))) &&
    (o.operands.length === 0 ||
      o.operands.some((one) => (o.has('verify') ? name === one : name === one || name.endsWith(`/${one}`))));
  const found = all.filter(wanted);
  if (o.has('verify') && found.length === 0 && !o.has('quiet')) throw new Fatal(`'${o.operands[0]}' - not a valid ref`);
  for (const [name, id] of found) {
    if (!o.has('quiet')) git.out(o.has('hash') ? `${id}\n` : `${id} ${name}\n`);
    if (o.has('dereference') && objects.read(id)?.type === 'tag') git.out(`${peel(objects, id).id} ${name}^{}\n`);
  }
  return found.length > 0 ? 0 : 1;
}

export function mergeBase(git: Git, args: string[]): number {
  const o = parse(git, args, 'a,all octopus independent is-ancestor fork-point');
  const ids = o.operands.map((text) => {
    const id = resolve(git, text);
    if (!id || !commitOf(git, id)) throw new Fatal(`Not a valid object name ${text}`);
    return commitOf(git, id)!;
  });
  if (o.has('is-ancestor')) return isAncestor(git, ids[0]!, ids[1]!) ? 0 : 1;
  if (ids.length < 2) throw new Misuse('');
  const bases = mergeBases(git, ids[0]!, ids[1]!);
  for (const id of o.has('all') ? bases : bases.slice(0, 1)) git.out(`${id}\n`);
  return bases.length > 0 ? 0 : 1;
}

export function checkIgnore(git: Git, args: string[]): number {
  const o = parse(git, args, 'q,quiet v,verbose stdin z n,non-matching index');
  if (o.operands.length === 0 && !o.has('stdin')) throw new Fatal('no path specified');
  const ignore = new Ignore(git);
  let found = 1;
  for (const text of o.operands) {
    const { path } = pathSet(git, [text]).specs[0]!;
    if (git.repo.index.has(path)) continue;
    const stat = lstat(git.sys, git.repo.file(path));
    const directory = text.endsWith('/') || (stat !== undefined && isDirectoryMode(stat.mode));
    const parts = path.split('/');
    const rules = parts.map((_, i) => ignore.rule(parts.slice(0, i + 1).join('/'), i < parts.length - 1 || directory));
    const rule = rules.find((one) => one && !one.negated) ?? rules.at(-1);
    if (!rule || (rule.negated && !o.has('verbose'))) continue;
    found = 0;
    if (!o.has('quiet'))
      git.out(o.has('verbose') ? `${rule.source}:${rule.line}:${rule.text}\t${text}\n` : `${text}\n`);
  }
  return found;
}

export function gitVar(git: Git, args: string[]): number {
  const [name = ''] = args;
  if (name === 'GIT_AUTHOR_IDENT' || name === 'GIT_COMMITTER_IDENT')
    git.out(`${formatPerson(identity(git, name === 'GIT_AUTHOR_IDENT' ? 'author' : 'committer'))}\n`);
  else if (name === 'GIT_EDITOR') git.out(`${editorOf(git) ?? 'vi'}\n`);
  else if (name === 'GIT_PAGER') git.out('pager\n');
  else if (name === 'GIT_DEFAULT_BRANCH') git.out(`${git.config.get('init.defaultbranch') ?? 'master'}\n`);
  else throw new Misuse('');
  return 0;
}

export function countObjects(git: Git, args: string[]): number {
  const o = parse(git, args, 'v,verbose H,human-readable');
  const { objects } = git.repo;
  const packed = new Set(objects.packedIds());
  const loose = objects.all().filter((id) => lstat(git.sys, objects.pathOf(id)));
  const size = loose.reduce((sum, id) => sum + Math.ceil(git.sys.lstat(objects.pathOf(id)).size / 4096) * 4, 0);
  if (!o.has('verbose')) git.out(`${loose.length} objects, ${size} kilobytes\n`);
  else
    git.out(
      `count: ${loose.length}\nsize: ${size}\nin-pack: ${packed.size}\npacks: ${objects.packFiles().length}\nsize-pack: 0\nprune-packable: ${loose.filter((id) => packed.has(id)).length}\ngarbage: 0\nsize-garbage: 0\n`,
    );
  return 0;
}
