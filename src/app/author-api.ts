/** The worker's half of the author's desk: what holds now and did not before, and the check of a draft. */
import type { BuildRecord, Fact, World } from '../lesson/index.ts';
import type { Machine } from '../machine/index.ts';
import { differs } from '../machine/index.ts';
import { breathe } from './breathe.ts';
import type { AuthorApi, TimeApi } from './protocol.ts';

/** A line of a solution that takes longer waits for something that will not come. */
const lineTimeoutMs = 60_000;
const mostFiles = 200;

export function authorApi(
  machine: () => Machine,
  time: Pick<TimeApi, 'timeline' | 'inspectAt' | 'layerChangesAt'>,
  room: () => Promise<typeof import('../lesson/index.ts')>,
  builds: () => readonly BuildRecord[],
  seed: () => number,
): AuthorApi {
  let before: World | undefined;
  let known: string[] = [];

  /** Files below /root that may be named; hidden ones are the shell's own. */
  function files(path = '/root', depth = 3): string[] {
    return machine()
      .listFiles(path)
      .filter(({ name }) => !name.startsWith('.'))
      .flatMap(({ name, directory }) => {
        const full = `${path}/${name}`;
        return !directory ? [full] : depth > 0 ? files(full, depth - 1) : [];
      })
      .slice(0, mostFiles);
  }

  return {
    async markBefore() {
      const { current } = await time.timeline();
      const inspection = (await time.inspectAt(current)) ?? (await machine().inspect());
      await room();
      const ended = builds().slice();
      known = files();
      before = {
        inspection,
        builds: ended.slice(0, 0),
        changes: (id) => time.layerChangesAt(current, id),
        layerText: async () => undefined,
        file: (path) => (known.includes(path) ? '' : undefined),
        engine: async () => undefined,
        http: async () => undefined,
        exec: async () => 1,
      };
    },
    async factsNow(): Promise<Fact[]> {
      if (!before) return [];
      const { newFacts, worldOf } = await room();
      return newFacts(before, await worldOf(machine(), builds()), files());
    },
    async checkDraft(name, texts) {
      const { LessonError, parseLesson, playLesson } = await room();
      const host = await machine().fork();
      try {
        const lesson = parseLesson(name, texts, seed());
        await host.restore(host.beginning(seed()));
        return await playLesson(lesson, host, {
          async settle() {
            for (let turn = 0; turn < 5; turn++) await breathe();
          },
          inTime: (work) => {
            let timer: ReturnType<typeof setTimeout> | undefined;
            const late = new Promise<undefined>((resolve) => {
              timer = setTimeout(() => resolve(undefined), lineTimeoutMs);
            });
            return Promise.race([work, late]).finally(() => clearTimeout(timer));
          },
          async watch(check) {
            const state = host.snapshot();
            const result = await check();
            return { result, changed: differs(state, host.snapshot()) };
          },
        });
      } catch (error) {
        if (error instanceof LessonError) return [error.message];
        throw error;
      } finally {
        await host.shutdown();
      }
    },
  };
}
