/** What the server has of the world beyond files: clock, chance, and rest. */
import type { Sys } from '../../../kernel/sys.ts';

type Imports = Record<string, Record<string, unknown>>;

export class Surroundings {
  /**
   * Milliseconds that it rested since the last call of {@link rested}: it runs in one go, so its rest is taken
   * afterwards, before anyone hears of what it did; its own clock has passed it already.
   */
  private rest = 0;

  constructor(private readonly sys: Sys) {}

  rested(): number {
    const { rest } = this;
    this.rest = 0;
    return rest;
  }

  /** Puts ours in the place of what would reach the real machine. */
  replace(imports: WebAssembly.Imports, memory: WebAssembly.Memory): void {
    const { env, wasi_snapshot_preview1: wasi } = imports as Imports;
    const now = (): number => {
      const { sec, nsec } = this.sys.now();
      return sec * 1000 + nsec / 1e6 + this.rest;
    };
    const monotonic = (): number => this.sys.monotonic() + this.rest;
    env!.emscripten_date_now = now;
    env!.emscripten_get_now = monotonic;
    wasi!.clock_time_get = (clock: number, _precision: bigint, at: number) => {
      const ns = BigInt(Math.round((clock === 0 ? now() : monotonic()) * 1e6));
      new DataView(memory.buffer).setBigInt64(at, ns, true);
      return 0;
    };
    wasi!.random_get = (at: number, length: number) => {
      new Uint8Array(memory.buffer, at, length).set(this.sys.random(length));
      return 0;
    };
    // Differs from PostgreSQL: timers (statement_timeout, lock_timeout) never go off.
    env!._setitimer_js = () => 0;
    env!.__syscall_poll = (_fds: number, _count: number, timeout: number) => {
      if (timeout > 0) this.rest += timeout;
      return 0;
    };
  }
}
