import { type Demo, parseDemo } from '../lesson/index.ts';
import { foldersOf } from './lessons.ts';
import { viewNames } from './views.ts';

/** The demonstrations of `demos/`, in their order. */
export async function loadDemos(): Promise<Demo[]> {
  const { demoFiles } = await import('./demo-files.ts');
  return [...foldersOf(demoFiles)]
    .map(([name, files]) => parseDemo(name, files, viewNames))
    .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
}
