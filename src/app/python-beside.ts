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
  const pending: number[] = [];
  let turn = performance.now();
  // What the interpreter reads every few instructions: a signal, or 0.
  const interrupts = {
    get 0(): number {
      const signal = pending.shift();
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
    const value = await answer(request);
    turn = performance.now();
    return value;
  };
  return {
    ended: interpret({ ...files, start, call, wait, blocks: false, interrupts }),
    interrupt: (signal: number) => void pending.push(signal),
    onCompute() {},
    /** Its next call is never answered; nothing else can end it. */
    terminate() {},
  };
}
