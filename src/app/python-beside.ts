/**
 * CPython beside the kernel, in the kernel's own thread: its stack is switched (JSPI) while a call waits, and it gives
 * way to everybody else some 20 times a second, so that an endless loop does not freeze the page.
 *
 * Differs from Linux: time.time() is the visitor's clock here, not the simulated host's.
 */
import type { Answer, Call, PythonStart, PythonWorld } from '../machine/index.ts';

interface Pyodide {
  makeMemorySnapshot(): Uint8Array;
}

interface Loader {
  loadPyodide(options: { indexURL: string; _makeSnapshot: boolean }): Promise<Pyodide>;
}

interface Guest {
  interpret(options: Record<string, unknown>): Promise<number>;
}

/** How long it may compute before others have their turn. */
const sliceMs = 50;
const SIGURG = 23;

let loaded: Promise<{ loader: Loader; indexURL: string; snapshot: Uint8Array }> | undefined;

async function loadFiles() {
  const indexURL = new URL(`${import.meta.env.BASE_URL}pyodide/`, self.location.href).href;
  const loader = (await import(/* @vite-ignore */ `${indexURL}pyodide.mjs`)) as Loader;
  const first = await loader.loadPyodide({ indexURL, _makeSnapshot: true });
  return { loader, indexURL, snapshot: first.makeMemorySnapshot() };
}

export const pythonBeside: PythonWorld = {
  async load({ guest, bootstrap }) {
    if (!('Suspending' in WebAssembly)) {
      throw new Error('this browser cannot switch stacks (JSPI), which python3 needs here');
    }
    loaded ??= loadFiles();
    const { loader, indexURL, snapshot } = await loaded;
    const url = URL.createObjectURL(new Blob([guest], { type: 'text/javascript' }));
    const { interpret } = (await import(/* @vite-ignore */ url)) as Guest;
    URL.revokeObjectURL(url);
    return (start, answer) => begin({ interpret }, { ...loader, indexURL, snapshot, bootstrap }, start, answer);
  },
};

function begin(
  { interpret }: Guest,
  files: Loader & { indexURL: string; snapshot: Uint8Array; bootstrap: string },
  start: PythonStart,
  answer: (call: Call) => Answer | Promise<Answer>,
) {
  const signals: number[] = [];
  let turn = performance.now();
  let asleep = false;
  // What the interpreter reads every few instructions: a signal, or 0. What comes while it sleeps it asks for itself: its
  // own event loop runs meanwhile and must not take it.
  const interrupts = {
    get 0(): number {
      if (asleep) return 0;
      const signal = signals.shift();
      if (signal !== undefined) return signal;
      if (performance.now() - turn < sliceMs) return 0;
      turn = performance.now();
      return SIGURG;
    },
    set 0(_value: number) {},
  };
  const call = (request: Call): Answer => {
    const now = answer(request);
    return now instanceof Promise ? { errno: 'EAGAIN' } : now;
  };
  const wait = async (request: Call): Promise<Answer> => {
    asleep = true;
    const value = await answer(request);
    turn = performance.now();
    return value;
  };
  const awake = () => {
    asleep = false;
  };
  const pending = () => signals.shift() ?? 0;
  return {
    ended: interpret({ ...files, start, call, wait, blocks: false, interrupts, pending, awake }),
    interrupt: (signal: number) => void signals.push(signal),
    onCompute() {},
    /** Its next call is never answered; nothing else can end it. */
    terminate() {},
  };
}
