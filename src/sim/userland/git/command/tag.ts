import { readText } from '../../packages/sys-files.ts';
import { cleanMessage, edited } from '../editor.ts';
import type { Git } from '../git.ts';
import { identity } from '../ident.ts';
import { subjectOf } from '../log/pretty.ts';
import { isAncestor } from '../log/walk.ts';
import { type Options, parse } from '../options.ts';
import { Fatal, Quit } from '../problem.ts';
import { commitOf, resolve, shortId } from '../revision.ts';
import { peel, readCommit, readTag, writeTag } from '../store/commit.ts';
import { isRefName } from '../store/refs.ts';
import { wildRegExp } from '../work/wildmatch.ts';
import { formatRef } from './for-each-ref.ts';

const spec =
  'l,list n#? d,delete v,verify a,annotate m,message= F,file= e,edit s,sign u,local-user= f,force cleanup= create-reflog contains= no-contains= merged=? no-merged=? points-at= sort= format= color=? i,ignore-case column=?';

export async function tag(git: Git, args: string[]): Promise<number> {
  const lines = args.findIndex((word) => /^-n\d*$/.test(word));
  const count = lines < 0 ? undefined : Number(args[lines]!.slice(2) || 1);
  const o = parse(
    git,
    args.filter((_, i) => i !== lines),
    spec.replace(' n#?', ''),
  );
  for (const name of ['sign', 'local-user', 'verify'])
    if (o.has(name)) throw new Fatal(`drydock: git tag --${name} is not simulated`);
  const { operands } = o;
  void git.repo;
  if (o.has('delete')) return remove(git, operands);
  const lists = ['list', 'contains', 'no-contains', 'merged', 'no-merged', 'points-at', 'sort', 'format'];
  if (operands.length === 0 || o.has(...lists) || count !== undefined) return list(git, o, count);
  return create(git, o);
}

function remove(git: Git, names: readonly string[]): number {
  let status = 0;
  for (const name of names) {
    const id = git.repo.refs.id(`refs/tags/${name}`);
    if (!id) status = git.error(`tag '${name}' not found.`);
    else {
      git.repo.refs.delete(`refs/tags/${name}`);
      git.out(`Deleted tag '${name}' (was ${shortId(git, id)})\n`);
    }
  }
  return status;
}

/** Parts of digits count as numbers. */
function versionOrder(a: string, b: string): number {
  const parts = (text: string) => text.match(/\d+|\D+/g) ?? [];
  const [x, y] = [parts(a), parts(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue;
    const both = /^\d/.test(x[i]!) && /^\d/.test(y[i]!);
    if (both && Number(x[i]) !== Number(y[i])) return Number(x[i]) - Number(y[i]);
    return x[i]! < y[i]! ? -1 : 1;
  }
  return x.length - y.length;
}

function list(git: Git, o: Options, lines: number | undefined): number {
  const { refs, objects } = git.repo;
  const patterns = o.operands.map((text) => wildRegExp(text, false));
  let names = refs.list('refs/tags/').map(([ref, id]) => ({ ref, id, name: ref.slice('refs/tags/'.length) }));
  names = names.filter(
    ({ name, id }) => (patterns.length === 0 || patterns.some((one) => one.test(name))) && fits(git, o, id),
  );
  const key = o.value('sort') ?? git.config.get('tag.sort') ?? 'refname';
  const bare = key.replace(/^-/, '');
  const seconds = (id: string) => {
    const found = objects.read(id)!;
    return found.type === 'tag'
      ? (readTag(found.bytes).tagger?.sec ?? 0)
      : found.type === 'commit'
        ? readCommit(objects, id).committer.sec
        : 0;
  };
  if (/^(version|v):refname$/.test(bare)) names.sort((a, b) => versionOrder(a.name, b.name));
  else if (/^(creatordate|taggerdate|committerdate)$/.test(bare)) names.sort((a, b) => seconds(a.id) - seconds(b.id));
  else if (bare !== 'refname') throw new Fatal(`drydock: --sort=${key} is not simulated`);
  if (key.startsWith('-')) names.reverse();
  for (const { ref, id, name } of names) {
    if (o.value('format') !== undefined) git.out(`${formatRef(git, o.value('format')!, ref, id)}\n`);
    else git.out(`${lines === undefined ? name : withMessage(git, name, id, lines)}\n`);
  }
  return 0;
}

function withMessage(git: Git, name: string, id: string, lines: number): string {
  const found = git.repo.objects.read(id)!;
  const message =
    found.type === 'tag'
      ? readTag(found.bytes).message
      : found.type === 'commit'
        ? readCommit(git.repo.objects, id).message
        : '';
  const shown = lines === 1 ? [subjectOf(message)] : message.trimEnd().split('\n').slice(0, lines);
  return `${name.padEnd(15)} ${shown.join('\n    ')}`;
}

function fits(git: Git, o: Options, id: string): boolean {
  const at = (name: string) => {
    if (!o.has(name)) return undefined;
    const found = resolve(git, o.value(name) ?? 'HEAD');
    if (!found) throw new Fatal(`malformed object name ${o.value(name)}`);
    return commitOf(git, found);
  };
  const own = peel(git.repo.objects, id).id;
  const [holds, into, exact] = [at('contains'), at('merged'), at('points-at')];
  if (holds && !isAncestor(git, holds, own)) return false;
  if (into && !isAncestor(git, own, into)) return false;
  return !exact || exact === own;
}

async function create(git: Git, o: Options): Promise<number> {
  const { refs, objects } = git.repo;
  const [name = '', target = 'HEAD', more] = o.operands;
  if (more !== undefined) throw new Fatal('too many arguments');
  if (!isRefName(name)) throw new Fatal(`'${name}' is not a valid tag name.`);
  const id = resolve(git, target);
  const found = id && objects.read(id);
  if (!found) throw new Fatal(`Failed to resolve '${target}' as a valid ref.`);
  const old = refs.id(`refs/tags/${name}`);
  if (old && !o.has('force')) throw new Fatal(`tag '${name}' already exists`);
  const message = await messageOf(git, o, name);
  const made =
    message === undefined
      ? id
      : writeTag(objects, { object: id, type: found.type, name, tagger: identity(git, 'committer'), message });
  refs.update(`refs/tags/${name}`, made, undefined);
  if (old && old !== made) git.out(`Updated tag '${name}' (was ${shortId(git, old)})\n`);
  return 0;
}

/** Undefined: a lightweight tag. */
async function messageOf(git: Git, o: Options, name: string): Promise<string | undefined> {
  const list = o.values('message');
  const file = o.value('file');
  if (list.length > 0 && file !== undefined) throw new Fatal("options '-m' and '-F' cannot be used together");
  if (list.length === 0 && file === undefined && !o.has('annotate')) return undefined;
  let text = list.length > 0 ? `${list.join('\n\n')}\n` : undefined;
  if (file !== undefined) {
    text = file === '-' ? new TextDecoder().decode(await git.c.readAll(0)) : readText(git.sys, file);
    if (text === undefined) throw new Fatal(`could not open or read '${file}': No such file or directory`);
  }
  identity(git, 'committer');
  text ??= await edited(
    git,
    'TAG_EDITMSG',
    `\n#\n# Write a message for tag:\n#   ${name}\n# Lines starting with '#' will be ignored.\n`,
  );
  const clean = cleanMessage(text, 'strip');
  if (clean === '' && list.length === 0) {
    git.err('fatal: no tag message?\n');
    throw new Quit(128);
  }
  return clean;
}
