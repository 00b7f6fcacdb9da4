/** Files that are in the work tree and not in the index. */
import type { Git } from '../git.ts';
import { gitDirAt } from '../repository.ts';
import { gitMode, isDirectoryMode } from './files.ts';
import { Ignore } from './ignore.ts';
import type { PathSet } from './pathspec.ts';

export interface UntrackedRules {
  /** A directory without tracked files is shown as one (`dir/`). */
  collapse: boolean;
  paths?: PathSet;
  /** Ignored ones instead. */
  ignored?: boolean;
}

/** Sorted; a directory ends in a slash. */
export function untracked(git: Git, rules: UntrackedRules): string[] {
  return new Walk(git, rules).run();
}

class Walk {
  private readonly ignore: Ignore;
  private readonly tracked: ReadonlySet<string>;
  private readonly directories = new Set<string>();

  constructor(
    private readonly git: Git,
    private readonly rules: UntrackedRules,
  ) {
    this.ignore = new Ignore(git);
    const paths = git.repo.index.entries().map(({ path }) => path);
    this.tracked = new Set(paths);
    for (const path of paths) {
      for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) this.directories.add(path.slice(0, at));
    }
  }

  run(): string[] {
    return this.below('', false).sort();
  }

  private below(directory: string, insideIgnored: boolean): string[] {
    const { repo, sys } = this.git;
    const out: string[] = [];
    const base = directory === '' ? '' : `${directory}/`;
    for (const { name } of sys.readdir(repo.file(directory).replace(/(.)\/$/, '$1'))) {
      const path = base + name;
      if (name === '.git' || this.tracked.has(path)) continue;
      const { mode } = sys.lstat(repo.file(path));
      if (isDirectoryMode(mode)) out.push(...this.directory(path, insideIgnored));
      else if (gitMode(mode) !== undefined && this.wanted(path) && this.fits(path, false, insideIgnored))
        out.push(path);
    }
    return out;
  }

  private directory(path: string, insideIgnored: boolean): string[] {
    const { repo, sys } = this.git;
    if (this.rules.paths && !this.rules.paths.reaches(path)) return [];
    const ignored = insideIgnored || this.ignore.directoryIgnored(path);
    if (ignored && !this.rules.ignored) return [];
    if (gitDirAt(sys, `${repo.file(path)}/.git`)) return this.rules.ignored ? [] : [`${path}/`];
    const whole = this.rules.collapse && !this.directories.has(path) && this.wanted(path);
    if (ignored && whole) return [`${path}/`];
    const files = this.below(path, ignored);
    if (files.length === 0 || !whole || this.rules.ignored) return files;
    return [`${path}/`];
  }

  private wanted(path: string): boolean {
    return this.rules.paths?.matches(path) ?? true;
  }

  private fits(path: string, directory: boolean, insideIgnored: boolean): boolean {
    return (insideIgnored || this.ignore.ignored(path, directory)) === (this.rules.ignored ?? false);
  }
}
