/** Lessons of other makers, and of one's own, from a folder: made into lessons that run here, and kept in this browser. */
import type { Lesson } from '../lesson/index.ts';
import type { Folder } from './drop.ts';
import type { Session } from './session.svelte.ts';

export type LessonKind = 'drydock' | 'killercoda' | 'labspace' | 'markdown';

/** An imported lesson, and what could not be carried over. */
export interface ImportedLesson {
  lesson: Lesson;
  notes: string[];
  /** It is there at the next visit, too. */
  kept: boolean;
}

const storeKey = 'drydock.imported';
const largestText = 1 << 20;

/** What lesson a folder with these files holds. */
export function lessonKind(paths: readonly string[]): LessonKind | undefined {
  const has = (pattern: RegExp) => paths.some((path) => pattern.test(path));
  if (has(/^lesson\.yaml$/)) return 'drydock';
  if (has(/(^|\/)labspace\.ya?ml$/)) return 'labspace';
  if ((has(/^index\.json$/) && has(/\.md$/)) || (has(/^structure\.json$/) && has(/\/index\.json$/)))
    return 'killercoda';
  return has(/^[^/]*\.md$/i) ? 'markdown' : undefined;
}

export async function openImported(session: Session, { name, files }: Folder): Promise<void> {
  const texts: Record<string, string> = {};
  for (const { path, file } of files) {
    if (file.size > largestText) continue;
    const text = await file.text();
    if (!text.includes('\0')) texts[path] = text;
  }
  const { importLessons, parseLesson } = await import('../lesson/index.ts');
  const own = lessonKind(Object.keys(texts)) === 'drydock';
  const brought = own
    ? { lessons: [{ name, lesson: { files: texts, notes: [] } }], notes: [] }
    : importLessons(name, texts);
  const one = brought.lessons.length === 1;
  // Of a course all are kept; its first is shown.
  const read = brought.lessons.map(({ name: part, lesson }) => {
    const id = idOf(one ? name : `${name}-${part}`);
    return { lesson: parseLesson(id, lesson.files, session.seed), notes: lesson.notes, kept: keep(id, lesson.files) };
  });
  session.imported = {
    lesson: read[0]!.lesson,
    notes: [...brought.notes, ...read.flatMap(({ notes }) => notes)],
    kept: read.every(({ kept }) => kept),
  };
}

const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'lesson';

/** Those that were imported before, as far as they can still be read. */
export async function importedLessons(seed: number): Promise<Lesson[]> {
  const { parseLesson } = await import('../lesson/index.ts');
  return Object.entries(kept()).flatMap(([name, files]) => {
    try {
      return [parseLesson(name, files, seed)];
    } catch {
      return [];
    }
  });
}

function kept(): Record<string, Record<string, string>> {
  try {
    return JSON.parse(localStorage.getItem(storeKey) ?? '{}');
  } catch {
    return {};
  }
}

/** False when storage is off or full: the lesson holds for this visit. */
function keep(name: string, files: Record<string, string>): boolean {
  try {
    localStorage.setItem(storeKey, JSON.stringify({ ...kept(), [name]: files }));
    return true;
  } catch {
    return false;
  }
}
