/** Keeps the work of one workspace in this browser, for the one tab that holds its lock. */
import type { Keeper, Snapshot, SnapshotStore } from '../machine/index.ts';
import { breathe } from './breathe.ts';
import type { KeepState } from './protocol.ts';

/** After the last change, so that typing is not in its way. */
const delayMs = 250;

export class Keeping {
  state: KeepState = { state: 'off', reason: 'not-asked', text: '' };
  private store: SnapshotStore | undefined;
  private keeper: Keeper | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly changed: (state: KeepState) => void) {}

  /** What is kept under this name; undefined when nothing is, or nothing can be: then `state` says why. */
  async open(workspace: string, seed: number): Promise<Snapshot | undefined> {
    if (!(await lock(workspace))) {
      this.turnOff('other-tab', 'Another tab works on this workspace: what is done here is not kept.');
      return undefined;
    }
    try {
      const { openStore } = await import('./indexed-store.ts');
      this.store = await openStore(workspace);
      return await this.load(this.store, seed);
    } catch (error) {
      this.turnOff('no-store', `This browser keeps nothing: ${(error as Error).message}`);
      return undefined;
    }
  }

  private async load(store: SnapshotStore, seed: number): Promise<Snapshot | undefined> {
    this.set({ state: 'kept' });
    // A first visit does not load what it does not need.
    if (!(await store.head())) {
      this.makeKeeper = async () => new (await this.tools()).Keeper(store, { seed, breathe });
      return undefined;
    }
    const { Keeper, loadSnapshot, DataError } = await this.tools();
    try {
      const loaded = await loadSnapshot(store);
      this.keeper = new Keeper(store, { seed, breathe, loaded: loaded?.head });
      return loaded?.snapshot;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      // It stays as it is: whoever wrote it may still read it.
      this.turnOff('failed', `What was kept cannot be read: ${error.message}`);
      return undefined;
    }
  }

  private makeKeeper: () => Promise<Keeper | undefined> = async () => undefined;

  private tools = async () => (await import('../machine/index.ts')).timeTools();

  /** Soon, and once for all that happens until then. */
  save(snapshot: () => Snapshot): void {
    if (this.state.state === 'off') return;
    this.set({ state: 'saving' });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.write(snapshot), delayMs);
  }

  private async write(snapshot: () => Snapshot): Promise<void> {
    try {
      this.keeper ??= await this.makeKeeper();
      await this.keeper?.save(snapshot);
      if (this.state.state === 'saving') this.set({ state: 'kept' });
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'QuotaExceededError')
        this.turnOff('full', 'This browser has no more room: what is done now is not kept.');
      else this.turnOff('failed', `The work could not be kept: ${message}`);
    }
  }

  async forget(): Promise<void> {
    clearTimeout(this.timer);
    await this.store?.clear();
    this.turnOff('not-asked', '');
  }

  private turnOff(reason: Extract<KeepState, { state: 'off' }>['reason'], text: string): void {
    this.set({ state: 'off', reason, text });
  }

  private set(state: KeepState): void {
    this.state = state;
    this.changed(state);
  }
}

/** Held for as long as this worker lives; false when another tab has it. */
function lock(workspace: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(`drydock:${workspace}`, { ifAvailable: true }, (held) => {
      resolve(held !== null);
      return held ? new Promise(() => {}) : undefined;
    });
  });
}
