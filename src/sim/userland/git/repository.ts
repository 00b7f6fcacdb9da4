/** A repository: where it is, and its parts. */
import type { Sys } from '../../kernel/sys.ts';
import { exists, isDirectory, readText } from '../packages/sys-files.ts';
import { joinPath } from './paths.ts';
import { Fatal } from './problem.ts';
import { ConfigFile } from './store/config.ts';
import { type Index, readIndex, writeIndex } from './store/index-file.ts';
import { ObjectStore } from './store/objects.ts';
import { type LogRules, Refs } from './store/refs.ts';

export interface Place {
  /** Absolute. */
  gitDir: string;
  /** Absent: a bare repository, or the working directory is inside the .git directory. */
  workTree: string | undefined;
  /** The working directory below the work tree: empty or ending in a slash. */
  prefix: string;
  /** As rev-parse --git-dir shows it. */
  shown: string;
}

export const isGitDir = (sys: Sys, path: string): boolean =>
  exists(sys, `${path}/HEAD`) && isDirectory(sys, `${path}/objects`) && isDirectory(sys, `${path}/refs`);

/** The repository's directory behind a .git that is a directory or a file naming one. */
export function gitDirAt(sys: Sys, dotGit: string): string | undefined {
  if (isGitDir(sys, dotGit)) return dotGit;
  if (!exists(sys, dotGit) || isDirectory(sys, dotGit)) return undefined;
  const link = /^gitdir: (.+)$/m.exec(readText(sys, dotGit) ?? '')?.[1];
  if (link === undefined) throw new Fatal(`invalid gitfile format: ${dotGit}`);
  return joinPath(dotGit.slice(0, dotGit.lastIndexOf('/')), link);
}

/** Undefined: no repository here or above. */
export function discover(sys: Sys): Place | undefined {
  const cwd = sys.getcwd();
  const { GIT_DIR, GIT_WORK_TREE } = sys.env;
  if (GIT_DIR) {
    const gitDir = joinPath(cwd, GIT_DIR);
    if (!isGitDir(sys, gitDir)) throw new Fatal(`not a git repository: '${GIT_DIR}'`);
    return place(cwd, gitDir, isBare(sys, gitDir) ? undefined : joinPath(cwd, GIT_WORK_TREE ?? '.'), GIT_DIR);
  }
  for (let at = cwd; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const gitDir = gitDirAt(sys, `${at}/.git`);
    if (gitDir) return place(cwd, gitDir, isBare(sys, gitDir) ? undefined : at || '/', at === cwd ? '.git' : gitDir);
    if (isGitDir(sys, at || '/')) {
      return { gitDir: at || '/', workTree: undefined, prefix: '', shown: at === cwd ? '.' : at };
    }
    if (at === '') return undefined;
  }
}

function place(cwd: string, gitDir: string, workTree: string | undefined, shown: string): Place {
  const root = workTree === '/' ? '' : workTree;
  const inside = root !== undefined && `${cwd}/`.startsWith(`${root}/`) && !`${cwd}/`.startsWith(`${gitDir}/`);
  const below = inside ? cwd.slice(root.length + 1) : '';
  const own = inside || workTree === undefined ? workTree : `${cwd}/`.startsWith(`${gitDir}/`) ? undefined : workTree;
  return { gitDir, workTree: own, prefix: below ? `${below}/` : '', shown };
}

const isBare = (sys: Sys, gitDir: string): boolean => {
  const text = readText(sys, `${gitDir}/config`);
  const { entries } = new ConfigFile(text ?? '', `${gitDir}/config`);
  return /^true$/i.test(entries.findLast(({ key }) => key === 'core.bare')?.value ?? '');
};

/** Somebody else's repository is not trusted unless safe.directory says so. */
export function checkOwner(sys: Sys, { gitDir, workTree }: Place, safe: readonly string[]): void {
  const path = workTree ?? gitDir;
  const own = [path, gitDir].every((one) => sys.lstat(one).uid === sys.cred.euid);
  if (own || (sys.cred.euid === 0 && sys.lstat(path).uid === Number(sys.env.SUDO_UID ?? -1))) return;
  if (safe.some((one) => one === '*' || one.replace(/\/$/, '') === path)) return;
  throw new Fatal(
    `detected dubious ownership in repository at '${path}'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory ${path}`,
  );
}

export class Repository {
  readonly gitDir: string;
  readonly workTree: string | undefined;
  readonly prefix: string;
  readonly shown: string;
  readonly objects: ObjectStore;
  readonly refs: Refs;
  private staged: Index | undefined;

  constructor(
    readonly sys: Sys,
    place: Place,
    log: LogRules,
  ) {
    this.gitDir = place.gitDir;
    this.workTree = place.workTree;
    this.prefix = place.prefix;
    this.shown = place.shown;
    this.objects = new ObjectStore(sys, `${place.gitDir}/objects`);
    this.refs = new Refs(sys, place.gitDir, log);
  }

  get indexPath(): string {
    return this.sys.env.GIT_INDEX_FILE ?? `${this.gitDir}/index`;
  }
  get index(): Index {
    this.staged ??= readIndex(this.sys, this.indexPath);
    return this.staged;
  }
  saveIndex(index: Index = this.index): void {
    this.staged = index;
    writeIndex(this.sys, this.indexPath, index);
  }

  /** A file of the repository's own directory, without the newline at its end. */
  note(name: string): string | undefined {
    return readText(this.sys, `${this.gitDir}/${name}`)?.replace(/\n$/, '');
  }

  /** Absolute path of a tracked one. */
  file(path: string): string {
    return `${this.workTree === '/' ? '' : this.workTree}/${path}`;
  }

  need(): string {
    if (this.workTree === undefined) throw new Fatal('this operation must be run in a work tree');
    return this.workTree;
  }
}
