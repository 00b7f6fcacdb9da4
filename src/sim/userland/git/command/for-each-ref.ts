import { formatDate } from '../date.ts';
import type { Git } from '../git.ts';
import { bodyOf, subjectOf } from '../log/pretty.ts';
import { parse } from '../options.ts';
import { Fatal } from '../problem.ts';
import { shortId } from '../revision.ts';
import { peel, readCommit, readTag } from '../store/commit.ts';
import { shortRef, upstreamOf } from '../upstream.ts';
import { wildRegExp } from '../work/wildmatch.ts';

/** `%(refname:short)` and its like. */
export function formatRef(git: Git, format: string, ref: string, id: string): string {
  return format.replace(/%(?:\(([^)]*)\)|%)/g, (all, atom: string | undefined) =>
    atom === undefined ? (all === '%%' ? '%' : all) : field(git, atom, ref, id),
  );
}

function field(git: Git, atom: string, ref: string, id: string): string {
  const [name = '', how = ''] = atom.split(/:(.*)/s);
  const { objects, refs } = git.repo;
  const found = objects.read(id)!;
  if (name === 'refname')
    return how.startsWith('short')
      ? shortRef(ref)
      : how.startsWith('lstrip=')
        ? ref
            .split('/')
            .slice(Number(how.slice(7)))
            .join('/')
        : ref;
  if (name === 'objectname') return how.startsWith('short') ? shortId(git, id) : id;
  if (name === 'objecttype') return found.type;
  if (name === 'HEAD') return refs.head() === ref ? '*' : ' ';
  if (name === 'upstream') {
    const up = upstreamOf(git, shortRef(ref));
    return up ? (how === 'short' ? shortRef(up.ref) : up.ref) : '';
  }
  if (name === 'symref') {
    const raw = refs.raw(ref);
    return raw && 'symbolic' in raw ? raw.symbolic : '';
  }
  const tag = found.type === 'tag' ? readTag(found.bytes) : undefined;
  const commit = found.type === 'commit' ? readCommit(objects, id) : undefined;
  const message = tag?.message ?? commit?.message ?? '';
  if (name === 'subject' || (name === 'contents' && how === 'subject')) return subjectOf(message);
  if (name === 'body' || (name === 'contents' && how === 'body')) return bodyOf(message);
  if (name === 'contents') return message;
  if (name.startsWith('*'))
    return tag ? field(git, name.slice(1) + (how ? `:${how}` : ''), ref, peel(objects, id).id) : '';
  const person = /^(author|committer|tagger|creator)(name|email|date)?$/.exec(name);
  if (!person) throw new Fatal(`unknown field name: ${name}`);
  const who =
    person[1] === 'tagger'
      ? tag?.tagger
      : person[1] === 'creator'
        ? (tag?.tagger ?? commit?.committer)
        : commit?.[person[1] as 'author'];
  if (!who) return '';
  if (person[2] === 'name') return who.name;
  if (person[2] === 'email') return `<${who.email}>`;
  return person[2] === 'date'
    ? formatDate(git, who, how || 'default')
    : `${who.name} <${who.email}> ${who.sec} ${who.zone}`;
}

export function forEachRef(git: Git, args: string[]): number {
  const o = parse(git, args, 'format= sort= count= s,shell');
  for (const name of ['sort', 'shell'])
    if (o.has(name) && o.value(name) !== 'refname')
      throw new Fatal(`drydock: git for-each-ref --${name} is not simulated`);
  const fits = (ref: string) =>
    o.operands.length === 0 ||
    o.operands.some(
      (one) => ref === one || ref.startsWith(`${one.replace(/\/$/, '')}/`) || wildRegExp(one, true).test(ref),
    );
  const list = git.repo.refs.list().filter(([ref]) => fits(ref));
  for (const [ref, id] of list.slice(0, Number(o.value('count') ?? list.length)))
    git.out(`${formatRef(git, o.value('format') ?? '%(objectname) %(objecttype)\t%(refname)', ref, id)}\n`);
  return 0;
}
