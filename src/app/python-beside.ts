/**
 * CPython beside the kernel, in the kernel's own thread: its stack is switched (JSPI) while a call waits, and it gives
 * way to everybody else some 20 times a second, so that an endless loop does not freeze the page.
 *
 * Differs from Linux: time.time() is the visitor's clock here, not the simulated host's.
 */
import type { GuestSource, PythonAnswer, PythonCall, PythonStart, PythonWorld } from '../machine/index.ts';
import { snapshotOf } from './python-snapshot.ts';

/** Of pyodide, as guest.js takes them. */
export interface PythonFiles {
  version: string;
  [name: string]: unknown;
}

/** guest.js. */
export interface Guest {
  prepare(files: PythonFiles, modules: GuestSource['modules']): Promise<Uint8Array<ArrayBuffer>>;
  interpret(options: Record<string, unknown>): Promise<number>;
}

/** How long it may compute before others have their turn. */
const sliceMs = 50;
const SIGURG = 23;

let loaded: Promise<{ guest: Guest; files: PythonFiles; snapshot: Uint8Array }> | undefined;

/** Each of the big files is fetched and compiled once; what an interpreter takes of them later it takes from memory. */
async function loadFiles(source: GuestSource) {
  const base = new URL(`${import.meta.env.BASE_URL}pyodide/`, self.location.href).href;
  const [loader, asm, module, library, lock, guest] = await Promise.all([
    import(/* @vite-ignore */ `${base}pyodide.mjs`) as Promise<PythonFiles>,
    import(/* @vite-ignore */ `${base}pyodide.asm.mjs`) as Promise<{ default: unknown }>,
    WebAssembly.compileStreaming(fetch(`${base}pyodide.asm.wasm`)),
    fetch(`${base}python_stdlib.zip`).then((response) => response.blob()),
    fetch(`${base}pyodide-lock.json`).then((response) => response.json()),
    importText<Guest>(source.guest),
  ]);
  const files: PythonFiles = {
    ...loader,
    version: loader.version,
    createModule: asm.default,
    module,
    lock: { info: lock.info },
    stdLibURL: URL.createObjectURL(library),
    indexURL: 'data:,', // its own request for the wasm file, which is not needed, stays here
  };
  return { guest, files, snapshot: await snapshotOf(source, files, guest) };
}

async function importText<Module>(text: string): Promise<Module> {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    return await import(/* @vite-ignore */ url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

export const pythonBeside: PythonWorld = {
  async load(source) {
    if (!('Suspending' in WebAssembly)) {
      throw new Error('this browser cannot switch stacks (JSPI), which python3 needs here');
    }
    loaded ??= loadFiles(source);
    loaded.catch(() => {
      loaded = undefined; // A failed load may be tried again.
    });
    const { guest, ...data } = await loaded;
    return (start, answer) => begin(guest, data, start, answer);
  },
};

function begin(
  { interpret }: Guest,
  data: { files: PythonFiles; snapshot: Uint8Array },
  start: PythonStart,
  answer: (call: PythonCall) => PythonAnswer | Promise<PythonAnswer>,
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
  const call = (request: PythonCall): PythonAnswer => {
    const now = answer(request);
    return now instanceof Promise ? { errno: 'EAGAIN' } : now;
  };
  const wait = async (request: PythonCall): Promise<PythonAnswer> => {
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
    ended: interpret({ ...data, start, call, wait, blocks: false, interrupts, pending, awake }),
    interrupt: (signal: number) => void signals.push(signal),
    onCompute() {},
    /** Its next call is never answered; nothing else can end it. */
    terminate() {},
  };
}
