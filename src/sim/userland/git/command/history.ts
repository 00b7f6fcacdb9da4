/** rev-list, reflog, shortlog, describe. */

import { stagedChanges, workChanges } from '../diff/changes.ts';
import type { Git } from '../git.ts';
import { LogOptions } from '../log/options.ts';
import { pretty, subjectOf } from '../log/pretty.ts';
import { readRange } from '../log/revisions.ts';
import { ancestors } from '../log/walk.ts';
import { parse } from '../options.ts';
import { Fatal, Misuse } from '../problem.ts';
import { commitOf, fullRef, needCommit, shortId, treeOf } from '../revision.ts';
import { filesOf, peel, readTag } from '../store/commit.ts';
import { wildRegExp } from '../work/wildmatch.ts';
import { chosen, log, needHead } from './log.ts';

export async function revList(git: Git, args: string[]): Promise<number> {
  const o = new LogOptions(git);
  const flags = new Set(args.filter((word) => /^--(count|objects|header|timestamp|children|left-right)$/.test(word)));
  for (const name of ['--header', '--timestamp', '--children'])
    if (flags.has(name)) throw new Fatal(`drydock: git rev-list ${name} is not simulated`);
  void git.repo;
  const { words, dash } = o.read(args.filter((word) => !/^--(count|objects)$/.test(word)));
  const range = readRange(git, words, dash);
  if (range.objects.length === 0 && !words.some((word) => word.startsWith('--'))) throw new Misuse('');
  const list = await chosen(git, o, range);
  if (flags.has('--count')) {
    if (!o.leftRight || !range.symmetric) git.out(`${list.length}\n`);
    else {
      const left = ancestors(git, [range.symmetric[0]]);
      const count = list.filter(({ commit }) => left.has(commit.id)).length;
      git.out(`${count}\t${list.length - count}\n`);
    }
    return 0;
  }
  for (const { commit, parents } of list) {
    if (o.format === undefined)
      git.out(
        `${o.abbreviate ? shortId(git, commit.id) : commit.id}${args.includes('--parents') ? ` ${parents.join(' ')}`.trimEnd() : ''}\n`,
      );
    else if (o.format === 'oneline')
      git.out(`${o.abbreviate ? shortId(git, commit.id) : commit.id} ${subjectOf(commit.message)}\n`);
    else {
      const text = pretty(git, commit, {
        format: o.format,
        abbreviate: false,
        date: o.date,
        decorations: undefined,
        parents,
        mark: '>',
      });
      git.out(
        `${/^t?format:/.test(o.format) ? `commit ${commit.id}\n` : ''}${text}\n${/^t?format:/.test(o.format) ? '' : '\n'}`,
      );
    }
  }
  if (flags.has('--objects')) {
    const seen = new Set<string>();
    for (const { commit } of list) {
      if (!seen.has(commit.tree)) git.out(`${commit.tree} \n`);
      seen.add(commit.tree);
      for (const [path, { id }] of filesOf(git.repo.objects, commit.tree)) {
        if (!seen.has(id)) git.out(`${id} ${path}\n`);
        seen.add(id);
      }
    }
  }
  return 0;
}

export async function reflog(git: Git, args: string[]): Promise<number> {
  const [first] = args;
  if (first === 'expire' || first === 'delete') throw new Fatal(`drydock: git reflog ${first} is not simulated`);
  if (first === 'exists') return args[1] && git.repo.refs.entries(fullRef(git, args[1]) ?? args[1]).length > 0 ? 0 : 1;
  const rest = first === 'show' ? args.slice(1) : args;
  const head = git.repo.refs.head();
  if (!rest.some((word) => !word.startsWith('-')) && !git.repo.refs.id('HEAD'))
    throw new Fatal(`your current branch '${head?.slice('refs/heads/'.length)}' does not have any commits yet`);
  return log(git, ['-g', '--abbrev-commit', '--pretty=oneline', ...rest]);
}

export async function shortlog(git: Git, args: string[]): Promise<number> {
  const own = parse(git, args, 'c,committer n,numbered s,summary e,email w=? group=', {
    unknown: (word) => /^--(all|branches|tags|since|until|author|no-merges|format)/.test(word) || /^-\d+$/.test(word),
  });
  if (own.has('group', 'w')) throw new Fatal('drydock: git shortlog -w and --group are not simulated');
  const o = new LogOptions(git);
  const { words, dash } = o.read(
    args.filter((word) => !/^(-[cnse]+|--(committer|numbered|summary|email))$/.test(word)),
  );
  const range = readRange(git, words, dash);
  if (range.objects.length === 0 && !words.some((word) => word.startsWith('--')))
    range.objects.push({ text: 'HEAD', id: needHead(git) });
  const people = new Map<string, string[]>();
  for (const { commit } of (await chosen(git, o, range)).reverse()) {
    const who = own.has('committer') ? commit.committer : commit.author;
    const name = own.has('email') ? `${who.name} <${who.email}>` : who.name;
    people.set(name, [...(people.get(name) ?? []), subjectOf(commit.message)]);
  }
  const sorted = [...people].sort(([a], [b]) => (a < b ? -1 : 1));
  if (own.has('numbered')) sorted.sort(([, a], [, b]) => b.length - a.length);
  for (const [name, list] of sorted) {
    if (own.has('summary')) git.out(`${String(list.length).padStart(6)}\t${name}\n`);
    else git.out(`${name} (${list.length}):\n${list.map((line) => `      ${line}\n`).join('')}\n`);
  }
  return 0;
}

export function describe(git: Git, args: string[]): number {
  const o = parse(
    git,
    args,
    'contains debug all tags long first-parent abbrev=? exact-match candidates= match= exclude= always dirty=? broken=?',
  );
  for (const name of ['contains', 'all', 'exclude', 'broken'])
    if (o.has(name)) throw new Fatal(`drydock: git describe --${name} is not simulated`);
  const id = needCommit(git, o.operands[0] ?? 'HEAD');
  const { refs, objects } = git.repo;
  const pattern = o.value('match') === undefined ? undefined : wildRegExp(o.value('match')!, false);
  const tags = new Map<string, { name: string; rank: number; sec: number }>();
  for (const [ref, tag] of refs.list('refs/tags/')) {
    const name = ref.slice('refs/tags/'.length);
    const found = objects.read(tag)!;
    if ((found.type !== 'tag' && !o.has('tags')) || (pattern && !pattern.test(name))) continue;
    const at = commitOf(git, peel(objects, tag).id);
    const one = {
      name,
      rank: found.type === 'tag' ? 1 : 0,
      sec: found.type === 'tag' ? (readTag(found.bytes).tagger?.sec ?? 0) : 0,
    };
    const old = at && tags.get(at);
    if (at && (!old || one.rank > old.rank || (one.rank === old.rank && one.sec > old.sec))) tags.set(at, one);
  }
  const head = refs.id('HEAD');
  const dirty =
    o.has('dirty') && (workChanges(git).length > 0 || stagedChanges(git, head && treeOf(git, head)).length > 0)
      ? (o.value('dirty') ?? '-dirty')
      : '';
  const length = o.value('abbrev') === undefined ? undefined : Number(o.value('abbrev'));
  const say = (text: string) => {
    git.out(`${text}${dirty}\n`);
    return 0;
  };
  const own = tags.get(id);
  if (own && !o.has('long')) return say(own.name);
  if (o.has('exact-match') && !own) throw new Fatal(`no tag exactly matches '${id}'`);
  const all = ancestors(git, [id]);
  const near = [...tags]
    .filter(([at]) => all.has(at))
    .map(([at, { name }]) => ({ name, depth: [...all].length - ancestors(git, [at]).size }))
    .sort((a, b) => a.depth - b.depth)[0];
  if (near) return say(length === 0 ? near.name : `${near.name}-${near.depth}-g${shortId(git, id, length)}`);
  if (o.has('always')) return say(shortId(git, id, length));
  if (!o.has('tags') && refs.list('refs/tags/').length > 0)
    throw new Fatal(`No annotated tags can describe '${id}'.\nHowever, there were unannotated tags: try --tags.`);
  throw new Fatal(
    refs.list('refs/tags/').length === 0
      ? 'No names found, cannot describe anything.'
      : `No tags can describe '${id}'.\nTry --always, or create some tags.`,
  );
}
