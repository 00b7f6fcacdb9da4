import { courses, type Lesson, parseLesson } from '../lesson/index.ts';

/** The lessons of `lessons/` in the variant of a seed, each read when it is asked for: all of them take a while. */
export class OwnLessons {
  private readonly known = new Map<string, Lesson>();

  private constructor(
    private readonly folders: ReadonlyMap<string, Record<string, string>>,
    private readonly seed: number,
  ) {}

  static async load(seed: number): Promise<OwnLessons> {
    const { lessonFiles } = await import('./lesson-files.ts');
    return new OwnLessons(foldersOf(lessonFiles), seed);
  }

  named(name: string): Lesson | undefined {
    const files = this.folders.get(name);
    if (!files) return undefined;
    const lesson = this.known.get(name) ?? parseLesson(name, files, this.seed);
    this.known.set(name, lesson);
    return lesson;
  }

  /** Course by course; `breathe` lets others have their turn after each. */
  async all(breathe: () => Promise<void>): Promise<Lesson[]> {
    const read: Lesson[] = [];
    for (const name of this.folders.keys()) {
      read.push(this.named(name)!);
      await breathe();
    }
    const place = ({ course }: Lesson): number => courses.indexOf(course);
    return read.sort((a, b) => place(a) - place(b) || a.order - b.order || (a.name < b.name ? -1 : 1));
  }
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
