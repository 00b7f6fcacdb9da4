import { formatDate } from '../date.ts';
import { combinedPatch } from '../diff/combined.ts';
import type { Git } from '../git.ts';
import { LogOptions } from '../log/options.ts';
import { readRange } from '../log/revisions.ts';
import { Printer } from '../log/show.ts';
import { Fatal } from '../problem.ts';
import { parseTree, readCommit, readTag, treeMode } from '../store/commit.ts';
import { needHead } from './log.ts';

export async function show(git: Git, args: string[]): Promise<number> {
  const o = new LogOptions(git);
  void git.repo;
  const { words, dash } = o.read(args);
  const range = readRange(git, words, dash);
  if (range.objects.length === 0) range.objects.push({ text: 'HEAD', id: needHead(git) });
  const printer = new Printer(git, o, range.paths, 'patch');
  let first = true;
  for (const { text, id } of range.objects) {
    if (!first && git.repo.objects.read(id)?.type !== 'commit') git.out('\n');
    first = false;
    await one(git, o, printer, text, id);
  }
  return 0;
}

async function one(git: Git, o: LogOptions, printer: Printer, text: string, id: string): Promise<void> {
  const found = git.repo.objects.read(id);
  if (!found) throw new Fatal(`bad object ${text}`);
  if (found.type === 'blob') return git.c.write(found.bytes);
  if (found.type === 'tree') {
    git.out(`${git.paint('diff.commit', `tree ${text}`)}\n\n`);
    for (const { name, mode } of parseTree(found.bytes)) git.out(`${name}${mode === treeMode ? '/' : ''}\n`);
    return;
  }
  if (found.type === 'tag') {
    const tag = readTag(found.bytes);
    git.out(`${git.paint('diff.commit', `tag ${tag.name}`)}\n`);
    if (tag.tagger)
      git.out(`Tagger: ${tag.tagger.name} <${tag.tagger.email}>\nDate:   ${formatDate(git, tag.tagger, o.date)}\n`);
    git.out(`\n${tag.message}\n`);
    return one(git, o, printer, tag.object, tag.object);
  }
  const commit = readCommit(git.repo.objects, id);
  await printer.print({ commit, parents: commit.parents });
  const { outputs } = o.diff;
  if (commit.parents.length > 1 && o.merges === 'none' && (outputs.size === 0 || outputs.has('patch'))) {
    const patch = combinedPatch(git, commit, printer.paths);
    if (o.format !== 'oneline') git.out('\n');
    git.c.raw(patch);
  }
}
