/** Whose the workspace is, by locks that behave as the browser's do. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Keeping } from '../../src/app/keeping.ts';

class Locks {
  private readonly held = new Map<string, Promise<unknown>>();

  async request(name: string, { signal }: { signal?: AbortSignal }, hold: () => Promise<void>): Promise<void> {
    const given = await Promise.race([
      this.held.get(name) ?? true,
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    ]);
    void given;
    const over = hold();
    this.held.set(name, over);
    await over;
  }

  /** Somebody has it, until the function is called. */
  take(name: string): () => void {
    let letGo = () => {};
    this.held.set(name, new Promise<void>((resolve) => (letGo = resolve)));
    return () => letGo();
  }
}

let locks: Locks;
beforeEach(() => {
  locks = new Locks();
  vi.stubGlobal('navigator', { locks });
});
afterEach(() => vi.unstubAllGlobals());

/** What is said of the workspace, and after how long; there is no store here: where there is a lock that is what is said. */
async function opened(workspace: string): Promise<[string, number]> {
  const keeping = new Keeping(() => {});
  const start = performance.now();
  await keeping.open(workspace, 1);
  const { state } = keeping;
  return [state.state === 'off' ? state.reason : state.state, performance.now() - start];
}

it('asks nobody when the workspace is free', async () => {
  const asked = vi.spyOn(BroadcastChannel.prototype, 'postMessage');
  expect((await opened('free'))[0]).toBe('no-store');
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
});

it('waits for the end of a page that was left, and does not wait for a tab that is there', async () => {
  const end = locks.take('drydock:left');
  setTimeout(end, 400);
  const [said, ms] = await opened('left');
  expect([said, ms > 350]).toEqual(['no-store', true]);

  const there = new Keeping(() => {});
  await there.open('there', 1);
  const [other, waited] = await opened('there');
  expect([other, waited < 1500]).toEqual(['other-tab', true]);
});

it('says another tab has it when its holder neither ends nor answers', async () => {
  vi.useFakeTimers();
  locks.take('drydock:silent');
  const said = opened('silent');
  await vi.advanceTimersByTimeAsync(4000);
  vi.useRealTimers();
  expect((await said)[0]).toBe('other-tab');
});
