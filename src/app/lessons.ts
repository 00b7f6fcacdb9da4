import { courses, type Lesson, parseLesson } from '../lesson/index.ts';

/** The lessons of `lessons/`, course by course. */
export async function loadLessons(): Promise<Lesson[]> {
  const { lessonFiles } = await import('./lesson-files.ts');
  const folders = new Map<string, Record<string, string>>();
  for (const [path, text] of Object.entries(lessonFiles)) {
    const [folder, file] = path.split('/').slice(-2) as [string, string];
    folders.set(folder, { ...folders.get(folder), [file]: text });
  }
  const place = ({ course }: Lesson): number => courses.indexOf(course);
  return [...folders]
    .map(([name, files]) => parseLesson(name, files))
    .sort((a, b) => place(a) - place(b) || a.order - b.order || (a.name < b.name ? -1 : 1));
}
