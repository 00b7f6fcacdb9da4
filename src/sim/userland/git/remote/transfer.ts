/** Objects from one repository to another. */
import { isErrno } from '../../../../spec/index.ts';
import { listNames, makeDirectories, readContent, writeContent } from '../../packages/sys-files.ts';
import type { Git } from '../git.ts';
import { Fatal } from '../problem.ts';
import { parseTree, readCommit, readTag } from '../store/commit.ts';
import type { ObjectStore } from '../store/objects.ts';
import type { RemoteRepository } from './open.ts';

/** All that these come from and hold, but for what is there already. Differs from git: objects are kept loose, never as a pack. */
export async function bring(
  git: Git,
  from: Pick<RemoteRepository, 'read' | 'url'>,
  to: ObjectStore,
  ids: Iterable<string>,
): Promise<number> {
  const todo = [...ids];
  const seen = new Set<string>();
  let count = 0;
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (seen.has(id) || to.has(id)) continue;
    seen.add(id);
    const found = await from.read(id);
    if (!found) throw new Fatal(`Could not read ${id} from ${from.url}`);
    // What it needs comes first, so that what is there is always whole.
    to.write(found.type, found.bytes);
    count++;
    if (found.type === 'commit') {
      const { tree, parents } = readCommit(to, id);
      todo.push(tree, ...parents);
    } else if (found.type === 'tag') todo.push(readTag(found.bytes).object);
    else if (found.type === 'tree')
      todo.push(
        ...parseTree(found.bytes)
          .filter(({ mode }) => mode !== 0o160000)
          .map((one) => one.id),
      );
    await git.c.sys.preempt(4);
  }
  return count;
}

/** As `git clone` of a path does: the files are the same, by hard links where that is possible. */
export function linkObjects(git: Git, from: string, to: string): void {
  const { sys } = git;
  for (const name of listNames(sys, from)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    if ((sys.lstat(source).mode & 0o170000) === 0o040000) {
      makeDirectories(sys, target);
      linkObjects(git, source, target);
      continue;
    }
    try {
      sys.link(source, target);
    } catch (error) {
      if (!isErrno(error)) throw error;
      writeContent(sys, target, readContent(sys, source)!, 0o444);
    }
  }
}
