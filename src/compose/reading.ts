import { directoryOf, isAbsolute, joinPath, relativePath } from './paths.ts';
import { ProjectError, type ProjectFiles } from './project.ts';
import type { YamlText } from './yaml.ts';

/** No project of sense has more: files that include each other many times over end here. */
const mostFiles = 250;

/** What the reading of one project shares. */
export class Reading {
  private count = 0;
  readonly warnings: string[] = [];
  readonly warn = (message: string): void => void this.warnings.push(message);

  constructor(
    private readonly files: ProjectFiles,
    readonly cwd: string,
    readonly home: string | undefined,
  ) {}

  /** As a process sees a path: relative ones from where it runs. */
  at(path: string): string {
    return isAbsolute(path) || isRemote(path) ? path : joinPath(this.cwd, path);
  }

  type(path: string): 'file' | 'directory' | undefined {
    return this.files.type(this.at(path));
  }

  async read(path: string): Promise<string> {
    if (isRemote(path)) throw new ProjectError(`drydock: a compose file of a remote place (${path}) is not simulated`);
    if (++this.count > mostFiles) throw new ProjectError(`too many files: more than ${mostFiles}`);
    if (this.type(path) === 'directory') throw new ProjectError(`read ${path}: is a directory`);
    try {
      return await this.files.read(this.at(path));
    } catch (error) {
      throw fileError(error, path);
    }
  }
}

const reasons: Record<string, [call: string, reason: string]> = {
  ENOENT: ['open', 'no such file or directory'],
  EACCES: ['open', 'permission denied'],
  ENOTDIR: ['open', 'not a directory'],
  ELOOP: ['open', 'too many levels of symbolic links'],
};

function fileError(error: unknown, path: string): unknown {
  const [call, reason] = reasons[(error as { code?: string }).code ?? ''] ?? [];
  return call ? new ProjectError(`${call} ${path}: ${reason}`) : error;
}

/** How files are read: the whole project, what it includes, and what services extend differ in it. */
export interface Mode {
  environment: Readonly<Record<string, string>>;
  /** Relative paths of `include` and `extends` are from here. */
  directory: string;
  interpolate: boolean;
  validate: boolean;
  extends: boolean;
  include: boolean;
  resolvePaths: boolean;
}

export interface SourceFile {
  name: string;
  yaml?: YamlText;
}

/** Where a file lies, as seen from the directory of the mode. */
export function relativeDirectory(reading: Reading, mode: Mode, path: string): string {
  const whole = absoluteIn(mode, path);
  const folder = reading.type(whole) === 'directory' ? whole : absoluteIn(mode, directoryOf(path));
  return isAbsolute(folder) === isAbsolute(mode.directory) ? relativePath(mode.directory, folder) : folder;
}

export const absoluteIn = (mode: Mode, path: string): string =>
  isAbsolute(path) || isRemote(path) ? path : joinPath(mode.directory, path);

/** What compose fetches from a git server or a registry. */
export const isRemote = (path: string): boolean => /^(?:(?:oci|git|ssh|https?):\/\/|git@|github\.com\/)/.test(path);
