/**
 * The event loop of one node process: runs JavaScript when something has come (a timer, a finished call, a signal) and
 * sleeps in poll(2) otherwise. What JavaScript asks for by name is in {@link Calls}.
 */
import type { QuickJSHandle, VmCallResult } from 'quickjs-emscripten-core';
import { errnoTable, isErrno } from '../../../spec/index.ts';
import { Killed } from '../../kernel/killed.ts';
import type { Sys } from '../../kernel/sys.ts';
import { Border, type Engine, type Value } from './engine.ts';

/** A call that is done within itself. Throws Errno. */
export type Call = (...args: Value[]) => unknown;
/** A call that takes its time; the loop stays alive until it has ended. */
export type AsyncCall = (...args: Value[]) => Promise<unknown>;

export interface Calls {
  now: Readonly<Record<string, Call>>;
  later: Readonly<Record<string, AsyncCall>>;
}

/** Names for what is not an errno: node's code and text. */
export class CallError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What a failed call throws in JavaScript. */
function failure(error: unknown): Value {
  if (isErrno(error)) {
    const [number, text] = errnoTable[error.code];
    return { code: error.code, errno: -number, text: uvText[error.code] ?? text.toLowerCase() };
  }
  if (error instanceof CallError) return { code: error.code, text: error.message };
  throw error;
}

/** libuv's own words where they are not strerror's. */
const uvText: Record<string, string> = {
  EEXIST: 'file already exists',
  EISDIR: 'illegal operation on a directory',
  EPERM: 'operation not permitted',
  ENOTEMPTY: 'directory not empty',
  EXDEV: 'cross-device link not permitted',
  EBUSY: 'resource busy or locked',
  ELOOP: 'too many symbolic links encountered',
  EMFILE: 'too many open files',
  ENOTSOCK: 'socket operation on non-socket',
  EPIPE: 'broken pipe',
  ECONNRESET: 'connection reset by peer',
  ENOTCONN: 'socket is not connected',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'host is unreachable',
  ENETUNREACH: 'network is unreachable',
  EROFS: 'read-only file system',
  EBADF: 'bad file descriptor',
};

/** Interrupts of the engine (10,000 steps each) that one turn may take: some ten seconds. */
const patience = 15_000;
/** How often the memory is looked at meanwhile. */
const memoryEvery = 64;
/** Resident size of a node that has just started, beyond its heap. */
const baseMemory = 24 << 20;
/** CPU time that one interrupt stands for, ms. Differs from Linux: V8 would be many times as fast. */
const interruptMs = 0.1;

interface Completion {
  id: number;
  error?: Value;
  value?: Value;
}

export class EventLoop {
  readonly border: Border;
  exitCode: number | undefined;
  private readonly done: Completion[] = [];
  private readonly output: { fd: number; data: Uint8Array | string }[] = [];
  private interrupts = 0;
  private killed: Killed | undefined;
  private outOfPatience = false;
  private polling = false;
  private nextId = 1;
  private wakeRead = -1;
  private wakeWrite = -1;
  private guest!: QuickJSHandle;

  constructor(
    readonly sys: Sys,
    readonly engine: Engine,
  ) {
    this.border = new Border(engine.context);
    engine.runtime.setInterruptHandler(() => this.interrupt());
    sys.setMemory(baseMemory + engine.memory());
  }

  /** Makes the calls known to JavaScript as `__call(name, ...)` and `__start(name, ...)`, which gives an id. */
  install(calls: Calls): void {
    const { context } = this.engine;
    const define = (name: string, run: (args: Value[]) => unknown): void => {
      const fn = context.newFunction(name, (...handles) => {
        try {
          if (this.exitCode !== undefined || this.killed) throw new CallError('EXITING', 'exiting');
          return this.border.in(run(handles.map((handle) => this.border.out(handle))) as Value);
        } catch (error) {
          if (error instanceof Killed) this.killed = error;
          return { error: this.border.in(error instanceof Killed ? 'killed' : failure(error)) };
        }
      });
      context.setProp(context.global, name, fn);
      fn.dispose();
    };
    define('__call', ([name, ...args]) => calls.now[name as string]!(...args));
    define('__start', ([name, ...args]) => this.begin(calls.later[name as string]!, args));
    this.installCode();
  }

  /** What runs code: it gives values of the guest's own, which do not cross the border. */
  private installCode(): void {
    const { context } = this.engine;
    const give = (
      name: string,
      run: (...args: QuickJSHandle[]) => QuickJSHandle | VmCallResult<QuickJSHandle>,
    ): void => {
      const fn = context.newFunction(name, (...args) => run(...args));
      context.setProp(context.global, name, fn);
      fn.dispose();
    };
    const text = (handle: QuickJSHandle): string => context.getString(handle);
    const program = '__module__(exports, require, module, __filename, __dirname)';
    give('__compile', (code, file, kind) =>
      context.evalCode(
        kind && context.typeof(kind) === 'string'
          ? `(function ${program} {${text(code)}\n})`
          : `(function (exports, require, module, host) {${text(code)}\n})`,
        text(file),
      ),
    );
    give('__evalScript', (code, file) => context.evalCode(text(code), text(file), { strict: false }));
    give('__evalModule', (code, file) => context.evalCode(text(code), text(file), { type: 'module' }));
    give('__promiseState', (promise) => {
      const state = context.getPromiseState(promise);
      const out = context.newObject();
      context.setProp(out, 'type', context.newString(state.type));
      if (state.type === 'rejected') context.setProp(out, 'reason', state.error);
      if (state.type === 'fulfilled') context.setProp(out, 'value', state.value);
      return out;
    });
  }

  private begin(call: AsyncCall, args: Value[]): number {
    const id = this.nextId++;
    call(...args).then(
      (value) => this.complete({ id, value: value as Value }),
      (error) => {
        if (error instanceof Killed) this.killed = error;
        else this.complete({ id, error: failure(error) });
      },
    );
    return id;
  }

  private complete(completion: Completion): void {
    this.done.push(completion);
    this.wake();
  }

  /** A signal handler or a finished call wants the loop to look. */
  wake(): void {
    if (!this.polling) return;
    this.polling = false;
    this.sys.write(this.wakeWrite, '!').catch(() => {}); // the process may be gone meanwhile
  }

  write(fd: number, data: Uint8Array | string): void {
    this.output.push({ fd, data });
  }

  exit(code: number): void {
    this.exitCode ??= code;
  }

  /** Runs until nothing is left to come; the exit status. */
  async run(guest: QuickJSHandle): Promise<number> {
    this.guest = guest;
    [this.wakeRead, this.wakeWrite] = this.sys.pipe();
    for (const fd of [this.wakeRead, this.wakeWrite]) this.sys.setCloexec(fd, true);
    this.call('main');
    while (this.exitCode === undefined) {
      await this.settle();
      if (this.exitCode !== undefined) break;
      await this.turn();
    }
    await this.settle();
    return this.exitCode & 255;
  }

  private async turn(): Promise<void> {
    for (let next = this.done.shift(); next; next = this.done.shift()) {
      this.call('completed', next.id, next.error ?? null, next.value);
      if (this.exitCode !== undefined) return;
    }
    const delay = this.call('turn') as number;
    if (this.exitCode !== undefined) return;
    if (delay === -2) this.call('finish');
    else if (delay !== 0) await this.sleep(delay);
  }

  /** Until something has come, at most `ms` (-1: no limit). */
  private async sleep(ms: number): Promise<void> {
    await this.settle();
    // Calls that need not wait are done in a few microtasks.
    for (let i = 0; i < 12 && this.done.length === 0; i++) await undefined;
    if (this.done.length > 0) return;
    this.polling = true;
    try {
      const events = await this.sys.poll([{ fd: this.wakeRead, read: true }], ms < 0 ? undefined : ms);
      if (events.length > 0) await this.sys.read(this.wakeRead);
    } catch (error) {
      if (!isErrno(error, 'EINTR')) throw error;
    } finally {
      this.polling = false;
    }
  }

  /** Between turns: what was printed goes out, what was used is counted, others get their time. */
  private async settle(): Promise<void> {
    if (this.killed) throw this.killed;
    for (let next = this.output.shift(); next; next = this.output.shift()) await this.put(next.fd, next.data);
    const { interrupts } = this;
    this.interrupts = 0;
    this.sys.setMemory(baseMemory + this.engine.memory());
    if (interrupts > 0) await this.retry(() => this.sys.burn(interrupts * interruptMs));
    await this.retry(() => this.sys.preempt());
    if (this.killed) throw this.killed;
  }

  private async put(fd: number, data: Uint8Array | string): Promise<void> {
    try {
      await this.retry(() => this.sys.write(fd, data));
    } catch (error) {
      if (!isErrno(error)) throw error; // A reader that is gone is no reason to fail: node ignores SIGPIPE.
    }
  }

  async retry<T>(run: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (!isErrno(error, 'EINTR')) throw error;
      }
    }
  }

  /** Calls a function of the guest, then what that made due (ticks, promises). */
  private call(name: string, ...args: Value[]): Value {
    const result = this.callOnce(name, ...args);
    this.drain();
    return result;
  }

  private drain(): void {
    const { runtime } = this.engine;
    for (let more = true; more && this.exitCode === undefined; ) {
      more = this.callOnce('ticks') === true;
      const jobs = runtime.executePendingJobs();
      if (jobs.error) {
        this.fatal(jobs.error);
        jobs.error.dispose();
      } else if (jobs.value > 0) more = true;
      if (!more && this.exitCode === undefined) more = this.callOnce('rejections') === true;
    }
  }

  private callOnce(name: string, ...args: Value[]): Value {
    const { context } = this.engine;
    const fn = context.getProp(this.guest, name);
    const handles = args.map((arg) => this.border.in(arg));
    const result = context.callFunction(fn, context.undefined, handles);
    fn.dispose();
    for (const handle of handles) handle.dispose();
    if (result.error) {
      this.fatal(result.error);
      result.error.dispose();
      return undefined;
    }
    const value = this.border.out(result.value);
    result.value.dispose();
    return value;
  }

  /** The guest reports what is thrown itself; what comes here is an interrupt, or a heap or stack that is used up. */
  private fatal(error: QuickJSHandle): void {
    if (this.exitCode !== undefined || this.killed) return;
    const { name, message, stack } = (this.engine.context.dump(error) ?? {}) as Record<string, string>;
    if (this.outOfPatience) {
      this.write(2, 'drydock: node: a computation of more than some ten seconds on end is not simulated\n');
      this.exit(1);
    } else if (message === 'out of memory' || this.engine.memory() > 400 << 20) {
      this.write(2, outOfMemory(this.sys.pid));
      this.exit(134);
    } else {
      this.write(2, `drydock: node: ${name}: ${message}\n${stack ?? ''}`);
      this.exit(7);
    }
  }

  private interrupt(): boolean {
    if (this.exitCode !== undefined || this.killed) return true;
    if (++this.interrupts > patience) {
      this.outOfPatience = true;
      return true;
    }
    if (this.interrupts % memoryEvery !== 0) return false;
    try {
      this.sys.setMemory(baseMemory + this.engine.memory());
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.killed = error;
      return true;
    }
    return false;
  }
}

const outOfMemory = (pid: number): string =>
  `\n<--- Last few GCs --->\n\n\n<--- JS stacktrace --->\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n[${pid}:0x0]\n`;
