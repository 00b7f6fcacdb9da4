/** package.json. */
import type { Sys } from '../../../kernel/sys.ts';
import { readText, writeText } from '../../packages/sys-files.ts';
import { NpmProblem, noManifest } from './problem.ts';

export interface Manifest {
  name?: string;
  version?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  bin?: string | Record<string, string>;
  license?: string;
  main?: string;
  [field: string]: unknown;
}

/** The nearest directory upwards with a package.json or node_modules; else the present one. */
export function prefix(sys: Sys): string {
  const here = sys.getcwd();
  for (let at = here; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    if (readText(sys, `${at}/package.json`) !== undefined) return at;
  }
  return here;
}

export function readManifest(sys: Sys, directory: string): Manifest {
  const path = `${directory === '/' ? '' : directory}/package.json`;
  const text = readText(sys, path);
  if (text === undefined) throw noManifest(path);
  try {
    return JSON.parse(text) as Manifest;
  } catch (error) {
    throw new NpmProblem([
      'code EJSONPARSE',
      `JSON.parse Invalid package.json: JSONParseError: ${(error as Error).message}`,
      'JSON.parse Failed to parse JSON data.',
      'JSON.parse Note: package.json must be actual JSON, not just JavaScript.',
    ]);
  }
}

export const writeJson = (sys: Sys, path: string, value: unknown): void =>
  writeText(sys, path, `${JSON.stringify(value, null, 2)}\n`);

export const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b, 'en')));
