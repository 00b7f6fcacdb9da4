import { exists, isDirectory, makeDirectories, readText, writeText } from '../../packages/sys-files.ts';
import type { Git } from '../git.ts';
import { usageOf } from '../help.ts';
import { parse } from '../options.ts';
import { joinPath } from '../paths.ts';
import { Fatal } from '../problem.ts';
import { isGitDir } from '../repository.ts';
import { ConfigFile } from '../store/config.ts';
import { isRefName } from '../store/refs.ts';

const defaultHint = `Using 'master' as the name for the initial branch. This default branch name
is subject to change. To configure the initial branch name to use in all
of your new repositories, which will suppress this warning, call:

	git config --global init.defaultBranch <name>

Names commonly chosen instead of 'master' are 'main', 'trunk' and
'development'. The just-created branch can be renamed via this command:

	git branch -m <name>`;

/** The branch a new repository is on; the hint is for who has not chosen one. */
export function firstBranch(git: Git, quiet: boolean): string {
  const name = git.sys.env.GIT_TEST_DEFAULT_INITIAL_BRANCH_NAME ?? git.config.get('init.defaultbranch');
  if (name !== undefined) {
    if (!isRefName(name)) throw new Fatal(`invalid branch name: init.defaultBranch = ${name}`);
    return name;
  }
  if (!quiet) git.hint(defaultHint);
  return 'master';
}

export interface NewRepository {
  gitDir: string;
  bare: boolean;
  branch: string;
}

/** Hooks' samples are not put there. */
export function makeRepository(git: Git, { gitDir, bare, branch }: NewRepository): void {
  const { sys } = git;
  for (const name of ['', 'branches', 'hooks', 'info', 'objects/info', 'objects/pack', 'refs/heads', 'refs/tags'])
    makeDirectories(sys, `${gitDir}/${name}`.replace(/\/$/, ''), 0o777);
  const put = (name: string, text: string) => {
    if (!exists(sys, `${gitDir}/${name}`)) writeText(sys, `${gitDir}/${name}`, text);
  };
  put('HEAD', `ref: refs/heads/${branch}\n`);
  put('description', "Unnamed repository; edit this file 'description' to name the repository.\n");
  put('info/exclude', exclude);
  const logs = bare ? '' : '\tlogallrefupdates = true\n';
  put('config', `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = ${bare}\n${logs}`);
}

const exclude = `# git ls-files --others --exclude-from=.git/info/exclude
# Lines that start with '#' are comments.
# For a project mostly in C, the following would be a good set of
# exclude patterns (uncomment them if you want to use them):
# *.[oa]
# *~
`;

export function init(git: Git, args: string[]): number {
  const o = parse(git, args, 'template= bare shared=? q,quiet separate-git-dir= b,initial-branch= object-format=');
  for (const name of ['separate-git-dir', 'template'])
    if (o.has(name)) throw new Fatal(`drydock: git init --${name} is not simulated`);
  if (o.has('object-format') && o.value('object-format') !== 'sha1')
    throw new Fatal(`drydock: object format ${o.value('object-format')} is not simulated`);
  if (o.operands.length > 1) {
    git.err(`${usageOf('init').split('\n\n')[0]!.replace(/^ +/gm, '         ')}\n`);
    return 129;
  }
  const { sys } = git;
  const directory = joinPath(sys.getcwd(), o.operands[0] ?? '.');
  makeDirectories(sys, directory, 0o777);
  if (!isDirectory(sys, directory)) throw new Fatal(`cannot mkdir ${o.operands[0]}: File exists`);
  const bare = o.has('bare');
  const named = sys.env.GIT_DIR;
  const gitDir = named
    ? joinPath(sys.getcwd(), named)
    : bare
      ? directory
      : `${directory === '/' ? '' : directory}/.git`;
  const again = isGitDir(sys, gitDir);
  const wish = o.value('initial-branch');
  if (wish !== undefined && !isRefName(wish)) throw new Fatal(`invalid initial branch name: '${wish}'`);
  if (again && wish !== undefined) git.warn(`re-init: ignored --initial-branch=${wish}`);
  const branch = again ? '' : (wish ?? firstBranch(git, o.has('quiet')));
  makeRepository(git, { gitDir, bare: again ? isBareNow(git, gitDir) : bare, branch });
  if (!o.has('quiet'))
    git.out(`${again ? 'Reinitialized existing' : 'Initialized empty'} Git repository in ${gitDir}/\n`);
  return 0;
}

const isBareNow = (git: Git, gitDir: string): boolean =>
  new ConfigFile(readText(git.sys, `${gitDir}/config`) ?? '', gitDir).entries.some(
    ({ key, value }) => key === 'core.bare' && value === 'true',
  );
