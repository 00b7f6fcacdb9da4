import type { Language, Lesson } from '../lesson/index.ts';

/** The lessons of `lessons/`, each loaded when it is opened. */
const files = import.meta.glob<string>('../../lessons/*/*.{yaml,md}', { query: '?raw', import: 'default' });

export const lessonNames: string[] = [...new Set(Object.keys(files).map((path) => path.split('/').at(-2)!))].sort();

export async function loadLesson(name: string): Promise<Lesson> {
  // Reading YAML is worth 30 KB of script, which the first prompt does not wait for.
  const { parseLesson } = await import('../lesson/index.ts');
  const own = Object.entries(files).filter(([path]) => path.split('/').at(-2) === name);
  const texts = await Promise.all(own.map(async ([path, load]) => [path.split('/').at(-1)!, await load()] as const));
  return parseLesson(name, Object.fromEntries(texts));
}

export type { Language, Lesson };
