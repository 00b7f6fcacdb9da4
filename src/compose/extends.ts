import { goQuote } from '../spec/index.ts';
import { loadFile, withoutPaths } from './loader.ts';
import { extendService } from './merge.ts';
import { directoryOf, resolvePaths } from './paths.ts';
import { ProjectError } from './project.ts';
import { absoluteIn, type Mode, type Reading, relativeDirectory } from './reading.ts';
import { clone, type Dict, dictOf, entriesOf, isDict, newDict, type Path, type Value } from './value.ts';

/** The services on the way, by which a circle is known. */
export class CycleTracker {
  constructor(private readonly loaded: readonly { file: string; service: string }[] = []) {}

  add(file: string, service: string): CycleTracker {
    const all = [...this.loaded, { file, service }];
    if (!this.loaded.some((one) => one.file === file && one.service === service)) return new CycleTracker(all);
    const lines = all.map((one, i) => `  ${i === 0 ? '' : 'extends '}${one.service} in ${one.file}`);
    throw new ProjectError(['Circular reference:', ...lines].join('\n'));
  }
}

interface Extending {
  reading: Reading;
  mode: Mode;
  /** The file the services are in, for what is said of it. */
  file: string;
}

/** A file's services with what they extend under them. */
export async function applyExtends(
  reading: Reading,
  model: Dict,
  file: string,
  mode: Mode,
  tracker: CycleTracker,
  resets: Path[][],
): Promise<Dict> {
  if (!('services' in model)) return model;
  if (!isDict(model.services!)) throw new ProjectError('services must be a mapping');
  const services = dictOf(entriesOf(model.services));
  const extending = { reading, mode, file };
  for (const name of Object.keys(services)) services[name] = await extended(extending, name, services, tracker, resets);
  return dictOf([...entriesOf(model), ['services', services]]);
}

async function extended(
  { reading, mode, file }: Extending,
  name: string,
  services: Dict,
  tracker: CycleTracker,
  resets: Path[][],
): Promise<Value> {
  const service = services[name] ?? null;
  if (service === null) return null;
  if (!isDict(service)) throw new ProjectError(`services.${name} must be a mapping`);
  if (!('extends' in service)) return service;
  const { ref, from } = reference(name, service.extends!);
  let base = services;
  let allResets = resets;
  if (from !== undefined) {
    const read = await servicesOf({ reading, mode, file }, name, ref, from);
    base = read.services;
    allResets = [...resets, read.resets];
  } else if (!(ref in services))
    throw new ProjectError(`cannot extend service ${goQuote(name)} in ${file}: service ${goQuote(ref)} not found`);
  const way = tracker.add(from ?? file, name);
  const found = await extended({ reading, mode, file }, ref, base, way, allResets);
  if (found === null) return service;
  let source: Value = dictOf([['services', dictOf([[name, clone(found)]])]]);
  for (const paths of allResets) source = withoutPaths(source, paths);
  const merged = extendService(((source as Dict).services as Dict)[name] as Dict, service);
  delete merged.extends;
  services[name] = merged;
  return merged;
}

function reference(name: string, value: Value): { ref: string; from?: string } {
  if (typeof value === 'string') return { ref: value };
  const { service, file } = isDict(value) ? value : newDict();
  if (typeof service !== 'string') throw new ProjectError(`extends.${name}.service is required`);
  return typeof file === 'string' ? { ref: service, from: file } : { ref: service };
}

/** The services of another file, their paths as seen from here. */
async function servicesOf(
  { reading, mode, file }: Extending,
  name: string,
  ref: string,
  from: string,
): Promise<{ services: Dict; resets: Path[] }> {
  const path = absoluteIn(mode, from);
  const directory = relativeDirectory(reading, mode, from);
  const inner: Mode = {
    ...mode,
    directory: directoryOf(path),
    validate: false,
    extends: false,
    include: false,
    resolvePaths: false,
  };
  const { model, resets } = await loadFile(reading, { name: path }, directory, inner, newDict(), []);
  const cannot = `cannot extend service ${goQuote(name)} in`;
  if (!('services' in model)) throw new ProjectError(`${cannot} ${path}: no services section`);
  if (!isDict(model.services!)) throw new ProjectError(`${cannot} ${path}: services must be a mapping`);
  if (!(ref in model.services))
    throw new ProjectError(`${cannot} ${file}: service ${goQuote(ref)} not found in ${from}`);
  const resolved = resolvePaths(model, { directory, home: reading.home, warn: reading.warn });
  return { services: dictOf(entriesOf(resolved.services as Dict)), resets };
}
