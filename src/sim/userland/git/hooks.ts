/** Scripts in .git/hooks (or core.hooksPath) that run at certain points. */
import { exists } from '../packages/sys-files.ts';
import type { Git } from './git.ts';
import { joinPath } from './paths.ts';

/** Its exit status; 0 when there is no such hook. */
export async function runHook(git: Git, name: string, args: readonly string[] = []): Promise<number> {
  const { repo, sys } = git;
  const own = git.config.get('core.hookspath');
  const directory = own === undefined ? `${repo.gitDir}/hooks` : joinPath(repo.workTree ?? repo.gitDir, own);
  const path = `${directory}/${name}`;
  if (!exists(sys, path)) return 0;
  try {
    sys.access(path, 1, true);
  } catch {
    if (git.config.bool('advice.ignoredhook', true))
      git.hint(
        `The '${path.startsWith(repo.workTree ?? '/') ? `.git/hooks/${name}` : path}' hook was ignored because it's not set as executable.\nYou can disable this warning with \`git config advice.ignoredHook false\`.`,
      );
    return 0;
  }
  const env: Record<string, string> = { ...sys.env, GIT_INDEX_FILE: repo.indexPath };
  if (!repo.workTree) env.GIT_DIR = '.';
  return git.c.system([path, ...args], { env, cwd: repo.workTree ?? repo.gitDir });
}
