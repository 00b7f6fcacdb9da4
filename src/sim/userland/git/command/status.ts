import type { Git } from '../git.ts';
import { parse } from '../options.ts';
import { Fatal } from '../problem.ts';
import { pathSet } from '../work/pathspec.ts';
import { longStatus, shortStatus, statusOf, type UntrackedMode } from '../work/status.ts';

export function untrackedMode(git: Git, value: string | undefined, given: boolean): UntrackedMode {
  const text = given ? value || 'all' : (git.config.get('status.showuntrackedfiles') ?? 'normal');
  if (text !== 'no' && text !== 'normal' && text !== 'all') throw new Fatal(`Invalid untracked files mode '${text}'`);
  return text;
}

export function status(git: Git, args: string[]): number {
  const o = parse(
    git,
    args,
    'v,verbose s,short b,branch show-stash ahead-behind porcelain=? long z,null u,untracked-files=? ignored=? ignore-submodules=? column=? M,find-renames=? renames',
  );
  if (o.value('porcelain') && !/^(v1|1)$/.test(o.value('porcelain')!))
    throw new Fatal(
      o.value('porcelain') === 'v2' || o.value('porcelain') === '2'
        ? 'drydock: git status --porcelain=v2 is not simulated'
        : `unsupported porcelain version '${o.value('porcelain')}'`,
    );
  git.repo.need();
  const mode = untrackedMode(git, o.value('untracked-files'), o.has('untracked-files'));
  const paths = o.operands.length > 0 ? pathSet(git, o.operands) : undefined;
  const found = statusOf(git, { untracked: mode, ignored: o.has('ignored'), ...(paths && { paths }) });
  const form =
    o.last('short', 'porcelain', 'long', 'null') ?? (git.config.bool('status.short', false) ? 'short' : 'long');
  if (form === 'long')
    git.out(
      longStatus(git, found, { hints: git.config.bool('advice.statushints', true), untracked: mode, color: true }),
    );
  else {
    const porcelain = o.has('porcelain') || form === 'null';
    const branch = o.has('branch') || (!porcelain && !o.off('branch') && git.config.bool('status.branch', false));
    git.out(shortStatus(git, found, { zero: o.has('null'), relative: !porcelain, branch, color: !porcelain }));
  }
  return 0;
}
