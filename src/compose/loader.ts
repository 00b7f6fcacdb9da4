import { canonical, omitEmpty, setDefaults } from './canonical.ts';
import { checkTree } from './check-tree.ts';
import { applyExtends, CycleTracker } from './extends.ts';
import { applyInclude } from './include.ts';
import { interpolate } from './interpolate.ts';
import { mergeProjects } from './merge.ts';
import { resolveEnvironment } from './normalize.ts';
import { resolvePaths } from './paths.ts';
import { ProjectError } from './project.ts';
import type { Mode, Reading, SourceFile } from './reading.ts';
import { enforceUnicity } from './unique.ts';
import { validateProject } from './validate.ts';
import { type Dict, dictOf, isDict, matches, newDict, type Path, type Value } from './value.ts';
import { YamlText } from './yaml.ts';

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
