import { canonical, omitEmpty, setDefaults } from './canonical.ts';
import { checkTree } from './check-tree.ts';
import { applyExtends, CycleTracker } from './extends.ts';
import { applyInclude } from './include.ts';
import { interpolate } from './interpolate.ts';
import { mergeProjects } from './merge.ts';
import { resolveEnvironment } from './normalize.ts';
import { directoryOf, isAbsolute, joinPath, relativePath, resolvePaths } from './paths.ts';
import { ProjectError, type ProjectFiles } from './project.ts';
import { enforceUnicity } from './unique.ts';
import { validateProject } from './validate.ts';
import { type Dict, dictOf, isDict, matches, newDict, type Path, type Value } from './value.ts';
import { YamlText } from './yaml.ts';

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
  EISDIR: ['read', 'is a directory'],
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

/** Files merged into one canonical tree, its paths resolved from `workingDir`. */
export async function loadModel(
  reading: Reading,
  files: SourceFile[],
  workingDir: string,
  mode: Mode,
  included: string[],
): Promise<Dict> {
  let model = newDict();
  for (const file of files) ({ model } = await loadFile(reading, file, workingDir, mode, model, included));
  model = setDefaults(model) as Dict;
  if (mode.validate) checkTree(model);
  if (mode.resolvePaths) model = resolvePaths(model, { directory: workingDir, home: reading.home, warn: reading.warn });
  return resolveEnvironment(model, mode.environment);
}

/** A file's documents laid over a model, and what the last of them resets. */
export async function loadFile(
  reading: Reading,
  file: SourceFile,
  workingDir: string,
  mode: Mode,
  base: Dict,
  included: string[],
): Promise<{ model: Dict; resets: Path[] }> {
  const yaml = file.yaml ?? new YamlText(await reading.read(file.name));
  let model = base;
  let resets: Path[] = [];
  for (const part of yaml.documents()) {
    ({ resets } = part);
    if (!isDict(part.value)) throw new ProjectError('top-level object must be a mapping');
    const lookup = (name: string) => mode.environment[name];
    let own = mode.interpolate ? (interpolate(part.value, lookup, reading.warn) as Dict) : part.value;
    if (mode.extends) own = await applyExtends(reading, own, file.name, mode, new CycleTracker(), [resets]);
    model = withoutPaths(model, resets) as Dict;
    if (mode.include) own = await applyInclude(reading, own, workingDir, mode, [...included, file.name]);
    model = enforceUnicity(mergeProjects(model, own));
    if (mode.validate) model = validated(model, file.name, reading);
    model = canonical(model, { warn: reading.warn, lenient: !mode.interpolate }) as Dict;
    model = enforceUnicity(omitEmpty(model));
  }
  return { model, resets };
}

function validated(model: Dict, file: string, reading: Reading): Dict {
  validateProject(model, file);
  if (!('version' in model)) return model;
  reading.warn(
    `${file}: the attribute \`version\` is obsolete, it will be ignored, please remove it to avoid potential confusion`,
  );
  return dictOf(Object.entries(model).filter(([key]) => key !== 'version'));
}

/** A tree without what `!reset` and `!override` take away. */
export function withoutPaths(value: Value, paths: readonly Path[], path: Path = []): Value {
  if (paths.length === 0 || !isDict(value)) return value;
  return dictOf(
    Object.entries(value).flatMap(([key, item]): [string, Value][] => {
      const next = [...path, key];
      return paths.some((pattern) => matches(next, pattern)) ? [] : [[key, withoutPaths(item, paths, next)]];
    }),
  );
}
