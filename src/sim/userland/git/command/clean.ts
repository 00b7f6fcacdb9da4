import type { Git } from '../git.ts';
import { parse } from '../options.ts';
import { quotePath, relativeTo } from '../paths.ts';
import { Fatal } from '../problem.ts';
import { isDirectoryMode, lstat, removeTree } from '../work/files.ts';
import { pathSet } from '../work/pathspec.ts';
import { untracked } from '../work/untracked.ts';

export function clean(git: Git, args: string[]): number {
  const o = parse(git, args, 'q,quiet n,dry-run f,force i,interactive d e,exclude= x X');
  for (const name of ['interactive', 'exclude'])
    if (o.has(name)) throw new Fatal(`drydock: git clean --${name} is not simulated`);
  const { repo, sys } = git;
  repo.need();
  if (!o.has('force', 'dry-run') && git.config.bool('clean.requireforce', true))
    throw new Fatal(
      `clean.requireForce ${git.config.get('clean.requireforce') === undefined ? 'defaults to true' : 'set to true'} and neither -i, -n, nor -f given; refusing to clean`,
    );
  const paths = pathSet(git, o.operands.length > 0 ? o.operands : ['.']);
  const plain = o.has('X') ? [] : untracked(git, { collapse: true, paths });
  const ignored = o.has('x', 'X') ? untracked(git, { collapse: true, paths, ignored: true }) : [];
  for (const path of [...new Set([...plain, ...ignored])].sort()) {
    const bare = path.replace(/\/$/, '');
    const stat = lstat(sys, repo.file(bare));
    if (!stat) continue;
    const directory = isDirectoryMode(stat.mode);
    if (directory && !o.has('d')) continue;
    if (directory && lstat(sys, `${repo.file(bare)}/.git`)) {
      if (!o.has('quiet')) git.out(`${o.has('dry-run') ? 'Would skip' : 'Skipping'} repository ${path}\n`);
      continue;
    }
    if (!o.has('quiet') || o.has('dry-run'))
      git.out(`${o.has('dry-run') ? 'Would remove' : 'Removing'} ${quotePath(relativeTo(repo.prefix, path))}\n`);
    if (o.has('dry-run')) continue;
    if (directory) removeTree(sys, repo.file(bare));
    else sys.unlink(repo.file(bare));
  }
  return 0;
}
