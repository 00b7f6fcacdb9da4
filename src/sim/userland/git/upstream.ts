/** What branch.NAME.remote and branch.NAME.merge say of a branch. */
import type { Git } from './git.ts';

export interface Upstream {
  remote: string;
  /** The branch's name over there, in full. */
  merge: string;
  /** Where it is kept here. */
  ref: string;
}

export function upstreamOf(git: Git, branch: string): Upstream | undefined {
  const remote = git.config.get(`branch.${branch}.remote`);
  const merge = git.config.get(`branch.${branch}.merge`);
  if (remote === undefined || merge === undefined) return undefined;
  const ref = remote === '.' ? merge : `refs/remotes/${remote}/${merge.replace(/^refs\/heads\//, '')}`;
  return { remote, merge, ref };
}

/** As it is written for people: origin/main. */
export const shortRef = (ref: string): string => ref.replace(/^refs\/(heads|remotes|tags)\//, '');
