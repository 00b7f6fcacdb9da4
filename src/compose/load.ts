import { checkConsistency } from './consistency.ts';
import { decode } from './decode.ts';
import { readEnvFiles, withEnvFiles, withLabelFiles } from './environment.ts';
import { interpolate } from './interpolate.ts';
import { loadModel } from './loader.ts';
import { normalize } from './normalize.ts';
import { baseName, directoryOf, isAbsolute, joinPath } from './paths.ts';
import { type LoadedProject, type LoadOptions, type Project, ProjectError, type ProjectFiles } from './project.ts';
import { isRemote, type Mode, Reading, type SourceFile } from './reading.ts';
import { selectServices, withProfiles } from './select.ts';
import { type Variable, variablesOf } from './template.ts';
import { project as projectType } from './types.ts';
import { type Dict, dictOf, entriesOf, isDict, type Value } from './value.ts';
import { YamlText } from './yaml.ts';

type Environment = Record<string, string>;

/** A project's tree before it is made to its types: what `config --no-interpolate` prints. */
export interface LoadedModel {
  model: Dict;
  workingDir: string;
  files: string[];
  environment: Environment;
  warnings: string[];
}

/** Reads a project as `docker compose` does before any of its commands. */
export async function loadProject(files: ProjectFiles, options: LoadOptions): Promise<LoadedProject> {
  const reading = readingOf(files, options);
  return telling(reading, () => readProject(reading, options));
}

/** The variables that a tree names, by name. */
export function variablesIn(value: Value): Map<string, Variable> {
  const all = new Map<string, Variable>();
  const visit = (item: Value) => {
    if (typeof item === 'string') for (const variable of variablesOf(item)) all.set(variable.name, variable);
    else if (Array.isArray(item)) item.forEach(visit);
    else if (isDict(item)) for (const [, inner] of entriesOf(item)) visit(inner);
  };
  visit(value);
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const readingOf = (files: ProjectFiles, { cwd, env }: LoadOptions): Reading => new Reading(files, cwd, env.HOME);

/** An error takes along what was warned of before it. */
async function telling<T>(reading: Reading, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const told = error instanceof RangeError ? new ProjectError('yaml: exceeded max depth of 10000') : error;
    if (told instanceof ProjectError) told.warnings = reading.warnings;
    throw told;
  }
}

async function readProject(reading: Reading, options: LoadOptions): Promise<LoadedProject> {
  const { loaded, profiles, name } = await load(reading, options);
  const { model, environment, warnings } = loaded;
  const plain = dictOf(Object.entries(model).filter(([key]) => key !== 'name' && key !== 'include'));
  const whole = { name, ...decode(projectType, plain, reading.warn) } as unknown as Project;
  whole.services ??= {};
  let parts = withProfiles(whole, {}, profiles);
  if (!options.noConsistency) checkConsistency(parts);
  parts = selectServices(parts, profiles, options);
  for (const [key, service] of Object.entries(parts.project.services)) {
    const labelled = await withLabelFiles(reading, service);
    parts.project.services[key] = options.noEnvResolution
      ? labelled
      : await withEnvFiles(reading, labelled, environment);
  }
  return { ...parts, workingDir: loaded.workingDir, files: loaded.files, environment, warnings };
}

/** {@link loadProject} up to the canonical tree. */
export async function loadTree(files: ProjectFiles, options: LoadOptions): Promise<LoadedModel> {
  const reading = readingOf(files, options);
  return telling(reading, async () => (await load(reading, options)).loaded);
}

async function load(
  reading: Reading,
  options: LoadOptions,
): Promise<{ loaded: LoadedModel; profiles: string[]; name: string }> {
  const { environment, paths, directory } = await findFiles(reading, options);
  if (paths.length === 0) throw new ProjectError('no configuration file provided: not found');
  const sources: SourceFile[] = [];
  for (const path of paths)
    sources.push({ name: path, yaml: new YamlText(path === '-' ? await options.stdin() : await reading.read(path)) });
  if (!options.name) sources.find(({ yaml }) => yaml!.name());
  const name = projectName(sources, directory, environment, options, reading);
  environment.COMPOSE_PROJECT_NAME = name;
  const mode: Mode = {
    environment,
    directory,
    interpolate: !options.noInterpolate,
    validate: true,
    extends: true,
    include: true,
    resolvePaths: !options.noPathResolution,
  };
  let model = await loadModel(reading, sources, directory, mode, []);
  if (Object.keys(model).length === 0) throw new ProjectError('empty compose file');
  if (name === '') throw new ProjectError('project name must not be empty');
  if (!options.noNormalize) model = normalize(model, name, environment);
  const given = options.profiles.length > 0 ? options.profiles : (environment.COMPOSE_PROFILES ?? '').split(',');
  const loaded = { model, workingDir: directory, files: paths, environment, warnings: reading.warnings };
  return { loaded, profiles: given.map((profile) => profile.trim()), name };
}

const usualNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const usualOverrides = usualNames.map((name) => name.replace(/\.(ya?ml)$/, '.override.$1'));
const overrides = [usualOverrides[1]!, usualOverrides[0]!, usualOverrides[2]!, usualOverrides[3]!];

interface Found {
  environment: Environment;
  paths: string[];
  /** The project's. */
  directory: string;
}

/** Which files, where from, with which variables: each depends on the others, hence compose's order of finding them. */
async function findFiles(reading: Reading, options: LoadOptions): Promise<Found> {
  const { cwd } = options;
  const absolute = (path: string) => (isAbsolute(path) ? path : joinPath(cwd, path));
  const environment: Environment = Object.create(null) as Environment;
  for (const [key, value] of Object.entries(options.env)) if (value !== undefined) environment[key] = value;
  environment.PWD = cwd;
  const given = options.directory ? absolute(options.directory) : undefined;
  let paths = options.files.map((path) => (path === '-' || isRemote(path) ? path : absolute(path)));
  const directory = () => {
    const first = paths.find((path) => path !== '-');
    return given ?? (first === undefined ? cwd : directoryOf(first));
  };
  const named = options.envFiles.length > 0 ? options.envFiles : listOf(environment.COMPOSE_ENV_FILES, ',');
  const addVariables = async () => {
    const usual = joinPath(directory(), '.env');
    const use = named.length > 0 ? named.map(absolute) : usesDotEnv(environment) && reading.type(usual) ? [usual] : [];
    const found = await readEnvFiles(reading, use, environment);
    for (const [key, value] of Object.entries(found)) environment[key] ??= value;
  };
  // compose first puts the variables into its own environment, for which it reads the files twice and holds its tongue.
  await addVariables().then(addVariables, () => {});
  await addVariables();
  if (paths.length === 0 && environment.COMPOSE_FILE !== undefined) {
    paths = environment.COMPOSE_FILE.split(environment.COMPOSE_PATH_SEPARATOR || ':').map((path) => {
      const whole = path === '-' ? path : absolute(path);
      if (whole !== '-' && !reading.type(whole)) throw new ProjectError(`stat ${whole}: no such file or directory`);
      return whole;
    });
  }
  if (paths.length === 0) paths = usualFiles(reading, directory());
  await addVariables();
  return { environment, paths, directory: directory() };
}

const listOf = (text: string | undefined, sign: string): string[] => (text ? text.split(sign) : []);

function usesDotEnv(environment: Environment): boolean {
  const value = environment.COMPOSE_DISABLE_ENV_FILE;
  if (value === undefined) return true;
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) return false;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value)) return true;
  throw new ProjectError(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
}

/** The file of a usual name in a directory or the nearest above it, and its override. */
function usualFiles(reading: Reading, start: string): string[] {
  const among = (names: string[], directory: string) =>
    names.map((name) => joinPath(directory, name)).filter((path) => reading.type(path));
  for (let directory = start; ; directory = directoryOf(directory)) {
    const [winner, ...others] = among(usualNames, directory);
    if (winner) {
      const [override, ...rest] = among(overrides, directory);
      warnOfMore(reading, 'config', winner, others);
      if (override) warnOfMore(reading, 'override', override, rest);
      return override ? [winner, override] : [winner];
    }
    if (directory === '/' || directory === '.') return [];
  }
}

function warnOfMore(reading: Reading, what: string, used: string, others: string[]): void {
  if (others.length === 0) return;
  reading.warn(`Found multiple ${what} files with supported names: ${[used, ...others].join(', ')}`);
  reading.warn(`Using ${used}`);
}

/** Lower case, and only what a name may have. */
export const normalizeName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');

function projectName(
  sources: SourceFile[],
  directory: string,
  environment: Environment,
  options: LoadOptions,
  reading: Reading,
): string {
  const asked = options.name || environment.COMPOSE_PROJECT_NAME;
  if (asked) {
    if (normalizeName(asked) === asked) return asked;
    const rule =
      'must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number';
    throw new ProjectError(`invalid project name ${JSON.stringify(asked)}: ${rule}`);
  }
  const written = sources.flatMap(({ yaml }) => yaml!.names());
  if (written.length === 0) return normalizeName(baseName(directory));
  const name = written.at(-1)!;
  const lookup = (key: string) => environment[key];
  return normalizeName(options.noInterpolate ? name : String(interpolate(name, lookup, reading.warn, ['name'])));
}
