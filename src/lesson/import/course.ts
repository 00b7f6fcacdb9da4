/** A course of Killercoda: folders of scenarios; `structure.json` of each says which come, and in what order. */
import { LessonError } from '../schema.ts';

type Files = Readonly<Record<string, string>>;

interface Item {
  path: string;
  title?: string;
  description?: string;
}

export interface Scenario {
  /** Its folder, from the one that was handed in. */
  folder: string;
  /** By path from that folder. */
  files: Files;
}

const deepest = 10;

export const isCourse = (files: Files): boolean =>
  Object.hasOwn(files, 'structure.json') && !Object.hasOwn(files, 'index.json');

/** The scenarios in their order, and the items that lead to none. */
export function scenariosOf(files: Files): { scenarios: Scenario[]; notes: string[] } {
  const notes: string[] = [];
  return { scenarios: within(files, '', notes, deepest), notes };
}

function within(files: Files, folder: string, notes: string[], depth: number): Scenario[] {
  if (depth === 0) throw new LessonError('structure.json: a course that is in itself');
  const structure = files[join(folder, 'structure.json')];
  const items = structure === undefined ? unordered(files, folder) : read(structure, join(folder, 'structure.json'));
  return items.flatMap((item) => {
    const path = join(folder, item.path);
    if (Object.hasOwn(files, join(path, 'index.json')))
      return [{ folder: path, files: scenarioFiles(files, path, item) }];
    const inner = path === folder ? [] : within(files, path, notes, depth - 1);
    if (inner.length === 0) notes.push(`${join(folder, 'structure.json')}: no scenario at ${item.path}`);
    return inner;
  });
}

/** Without a structure.json: by name. */
function unordered(files: Files, folder: string): Item[] {
  const prefix = folder && `${folder}/`;
  const below = Object.keys(files).filter((path) => path.startsWith(prefix) && path.endsWith('/index.json'));
  return [...new Set(below.map((path) => path.slice(prefix.length).split('/')[0]!))].sort().map((path) => ({ path }));
}

function read(text: string, name: string): Item[] {
  let items: unknown;
  try {
    items = (JSON.parse(text) as { items?: unknown } | null)?.items;
  } catch (error) {
    throw new LessonError(`${name}: ${(error as Error).message}`);
  }
  if (!Array.isArray(items) || !items.every((one) => typeof one?.path === 'string'))
    throw new LessonError(`${name}: items must be a list of paths`);
  return items as Item[];
}

/** The files of a scenario; what the course calls it goes before what it calls itself. */
function scenarioFiles(files: Files, folder: string, { title, description }: Item): Files {
  const own = Object.entries(files).filter(([path]) => path.startsWith(`${folder}/`));
  const relative = Object.fromEntries(own.map(([path, text]) => [path.slice(folder.length + 1), text]));
  if (title === undefined && description === undefined) return relative;
  try {
    const index = {
      ...JSON.parse(relative['index.json']!),
      ...(title && { title }),
      ...(description && { description }),
    };
    return { ...relative, 'index.json': JSON.stringify(index) };
  } catch {
    return relative; // what is wrong with it is told by who reads it
  }
}

/** The path of `path` from `folder`; it does not leave what was handed in. */
function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
