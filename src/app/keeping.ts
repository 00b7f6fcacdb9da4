/** Keeps the work of one workspace in this browser, for the one tab that holds its lock. */
import { type Keeper, type Snapshot, type SnapshotStore, timeTools } from '../machine/index.ts';
import { breathe } from './breathe.ts';
import type { KeepState } from './protocol.ts';

/** After the last change, so that typing is not in its way. */
const delayMs = 250;

export class Keeping {
  state: KeepState = { state: 'off', reason: 'not-asked', text: '' };
  private store: SnapshotStore | undefined;
  private keeper: Keeper | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pending: (() => Snapshot) | undefined;
  private writing: Promise<void> = Promise.resolve();
  private place: { workspace: string; seed: number } | undefined;

  constructor(private readonly changed: (state: KeepState) => void) {}

  /**
   * What is kept under this name; undefined when nothing is, or nothing can be: then `state` says why. When it is known
   * that something is, a prompt waits for it: all that reads it is on its way at once.
   */
  async open(workspace: string, seed: number, { known = false } = {}): Promise<Snapshot | undefined> {
    this.place = { workspace, seed };
    if (known) void Promise.all([this.tools(), import('./indexed-store.ts')]).catch(() => {});
    if (!(await this.claim(workspace))) {
      this.turnOff('other-tab', otherTab);
      return undefined;
    }
    return this.openStore(workspace, seed);
  }

  /**
   * Takes the workspace over from the tab that has it: that one first writes what it still has to, and lets go; one that
   * does not answer is not waited for. Resolves with what is kept then.
   */
  async takeOver(): Promise<Snapshot | undefined> {
    if (!this.place || this.state.state !== 'off' || this.state.reason !== 'other-tab') return undefined;
    const { workspace, seed } = this.place;
    const channel = channelOf(workspace);
    channel.postMessage('yield');
    const patience = AbortSignal.timeout(patienceMs);
    const given = await this.own(workspace, { signal: patience }).catch(() => false);
    if (!given) await this.own(workspace, { steal: true });
    channel.close();
    return this.openStore(workspace, seed);
  }

  /**
   * The workspace's lock, at once when it is free. A page that was just left may still have it for a moment: its end is
   * waited for. Another tab says that it is there; false then.
   */
  private async claim(workspace: string): Promise<boolean> {
    const over = new AbortController();
    let channel: BroadcastChannel | undefined;
    const ask = setTimeout(() => {
      channel = channelOf(workspace);
      channel.onmessage = ({ data }) => data === 'here' && over.abort();
      channel.postMessage('who');
    }, endingMs);
    const late = setTimeout(() => over.abort(), silenceMs);
    const given = await this.own(workspace, { signal: over.signal }).catch(() => false);
    clearTimeout(ask);
    clearTimeout(late);
    channel?.close();
    return given;
  }

  /**
   * Holds the workspace's lock until another tab asks for it, or this worker ends; rejects when it is not given in time.
   * Its own work goes on after that, and is not kept.
   */
  private own(workspace: string, options: LockOptions): Promise<boolean> {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const hold = async (): Promise<void> => {
        resolve(true);
        const channel = channelOf(workspace);
        await new Promise<void>((asked) => {
          channel.onmessage = ({ data }) => (data === 'who' ? channel.postMessage('here') : asked());
        });
        channel.close();
        await this.flush();
        this.turnOff('other-tab', otherTab);
      };
      navigator.locks.request(`drydock:${workspace}`, options, hold).catch((error: Error) => {
        reject(error);
        // Somebody took it without asking twice.
        if (this.state.state !== 'off') this.turnOff('other-tab', otherTab);
      });
    });
  }

  private async openStore(workspace: string, seed: number): Promise<Snapshot | undefined> {
    try {
      const { openStore } = await import('./indexed-store.ts');
      this.store = await openStore(workspace);
      this.keeper = undefined;
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

  private tools = () => timeTools();

  /** Soon, and once for all that happens until then. */
  save(snapshot: () => Snapshot): void {
    if (this.state.state === 'off') return;
    this.set({ state: 'saving' });
    clearTimeout(this.timer);
    this.pending = snapshot;
    this.timer = setTimeout(() => void this.flush(), delayMs);
  }

  /** Writes what is not written yet. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    const { pending } = this;
    this.pending = undefined;
    if (pending) this.writing = this.writing.then(() => this.write(pending));
    return this.writing;
  }

  private async write(snapshot: () => Snapshot): Promise<void> {
    if (this.state.state === 'off') return;
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
    this.pending = undefined;
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

const otherTab = 'Another tab works on this workspace: what is done here is not kept.';
/** How long the worker of a page that was left may take to end, usually: nobody is asked before. */
const endingMs = 200;
/** And at most, when nobody answers. */
const silenceMs = 3000;
/** How long a tab that is asked for the workspace may take to write and let go. */
const patienceMs = 5000;

const channelOf = (workspace: string): BroadcastChannel => new BroadcastChannel(`drydock:${workspace}`);
