import { courses, type Lesson, parseLesson } from '../lesson/index.ts';

/** The lessons of `lessons/`, course by course, in the variant of a seed. */
export async function loadLessons(seed: number): Promise<Lesson[]> {
  const { lessonFiles } = await import('./lesson-files.ts');
  const place = ({ course }: Lesson): number => courses.indexOf(course);
  return [...foldersOf(lessonFiles)]
    .map(([name, files]) => parseLesson(name, files, seed))
    .sort((a, b) => place(a) - place(b) || a.order - b.order || (a.name < b.name ? -1 : 1));
}

/** Files by folder, of files by path. */
export function foldersOf(files: Readonly<Record<string, string>>): Map<string, Record<string, string>> {
  const folders = new Map<string, Record<string, string>>();
  for (const [path, text] of Object.entries(files)) {
    const [folder, file] = path.split('/').slice(-2) as [string, string];
    folders.set(folder, { ...folders.get(folder), [file]: text });
  }
  return folders;
}
