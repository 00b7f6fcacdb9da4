import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseDemo, playDemo } from '../../lesson/index.ts';
import { packageRoot } from '../package-root.ts';
import { UsageError } from '../usage.ts';
import { type Checked, checkEach, filesOf, lessonNames, playOptions, report } from './lessons.ts';

export const demoFolder = join(packageRoot(), 'demos');

/** Of `app/views.ts`, which a Node program does not load, those that show this host; test/lesson/demos.test.ts compares. */
export const stageViews = ['layers', 'images', 'union', 'build', 'processes', 'network', 'registry', 'engine', 'web'];

/** `drydock demos check [NAME...]`: every command runs with its status, and each step's goals hold. */
export async function demos([verb, ...names]: string[]): Promise<number> {
  if (verb !== 'check') throw new UsageError('usage: drydock demos check [NAME | FOLDER/...]');
  const all = lessonNames(demoFolder);
  const unknown = names.filter((name) =>
    name.includes('/') ? !existsSync(join(name, 'demo.yaml')) : !all.includes(name),
  );
  if (unknown.length > 0) throw new UsageError(`no such demonstration: ${unknown.join(', ')}`);
  return report(checkDemos(demoFolder, names.length > 0 ? names : all));
}

export const checkDemos = (folder: string, names: readonly string[]): AsyncGenerator<Checked> =>
  checkEach(names, (name, machine) =>
    playDemo(parseDemo(name, filesOf(folder, name), stageViews), machine, playOptions(machine)),
  );
