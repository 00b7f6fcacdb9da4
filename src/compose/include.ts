import { readEnvFiles } from './environment.ts';
import { loadModel } from './loader.ts';
import { directoryOf, isAbsolute, joinPath } from './paths.ts';
import { ProjectError } from './project.ts';
import { absoluteIn, type Mode, type Reading, relativeDirectory } from './reading.ts';
import { type Dict, dictOf, entriesOf, goString, isDict, newDict, type Value } from './value.ts';

const kinds = ['services', 'volumes', 'networks', 'secrets', 'configs'];

/** A file with what it includes: projects of their own, each read by its own directory and variables. */
export async function applyInclude(
  reading: Reading,
  model: Dict,
  workingDir: string,
  mode: Mode,
  included: string[],
): Promise<Dict> {
  const include = model.include ?? null;
  if (include === null) return without(model, 'include');
  if (!Array.isArray(include)) throw new ProjectError(`\`include\` must be a list, got ${goString(include)}`);
  let result = without(model, 'include');
  for (const entry of include) {
    const imported = await includedModel(reading, entry, workingDir, mode, included);
    for (const kind of kinds) result = withImported(result, imported, kind);
  }
  return result;
}

const without = (model: Dict, key: string): Dict => dictOf(Object.entries(model).filter(([name]) => name !== key));

async function includedModel(
  reading: Reading,
  entry: Value,
  workingDir: string,
  mode: Mode,
  included: string[],
): Promise<Dict> {
  const config = isDict(entry) ? entry : dictOf([['path', entry]]);
  const paths = texts(config.path).map((path) => absoluteIn(mode, path));
  const main = paths[0] ?? '';
  if (included.includes(main))
    throw new ProjectError(
      `include cycle detected:\n${included[0]}\n include ${[...included.slice(1), main].join('\n include ')}`,
    );
  const asked = typeof config.project_directory === 'string' ? config.project_directory : '';
  const directory = asked === '' ? directoryOf(main) : isAbsolute(asked) ? asked : joinPath(workingDir, asked);
  const relative = isAbsolute(asked) ? asked : relativeDirectory(reading, mode, asked || main);
  const own = await readEnvFiles(reading, envFiles(reading, config.env_file, directory, workingDir), mode.environment);
  const inner: Mode = { ...mode, directory, environment: { ...own, ...mode.environment }, resolvePaths: true };
  const files = paths.map((name) => ({ name }));
  return loadModel(reading, files, relative, inner, included);
}

const texts = (value: Value | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');

/** Those named, or the `.env` beside the project. */
function envFiles(reading: Reading, named: Value | undefined, directory: string, workingDir: string): string[] {
  const files = texts(named);
  if (files.length === 0) {
    const usual = joinPath(directory, '.env');
    return reading.type(usual) === 'file' ? [usual] : [];
  }
  return files.map((file) => {
    if (isAbsolute(file)) return file;
    const path = joinPath(workingDir, file);
    const type = reading.type(path);
    if (!type) throw new ProjectError(`stat ${path}: no such file or directory`);
    if (type === 'directory') throw new ProjectError(`${path} is not a file`);
    return path;
  });
}

function withImported(model: Dict, imported: Dict, kind: string): Dict {
  const from = imported[kind] ?? null;
  if (!isDict(from)) return model;
  const to = isDict(model[kind] ?? null) ? (model[kind] as Dict) : newDict();
  for (const [name, value] of entriesOf(from))
    if (name in to && !same(to[name]!, value))
      throw new ProjectError(`${kind}.${name} conflicts with imported resource`);
  return { ...model, [kind]: { ...to, ...from } };
}

/** reflect.DeepEqual */
function same(a: Value, b: Value): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]!));
  if (!isDict(a)) return a === b;
  const keys = Object.keys(a);
  return isDict(b) && keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key]!, b[key]!));
}
