/** CPython in threads of Node: each interpreter may block its own, and the kernel answers its calls from ours. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { GuestSource, Interpreter, PythonAnswer, PythonCall, PythonStart, PythonWorld } from '../machine/index.ts';
import { packageRoot } from './package-root.ts';
import body from './python-thread-body.js?raw';

/** An interpreter that asks for nothing so long is taken to compute, and time passes, in such steps. */
const computingAfterMs = 2000;
const stepMs = 100;

/** Of the shared words: what the thread sleeps on; the clock. */
const words = 8;

interface Files {
  url: URL;
  directory: string;
  module: WebAssembly.Module;
  /** pyodide-lock.json, of which the head is used. */
  lock: unknown;
  snapshot: SharedArrayBuffer;
}

let files: Promise<Files> | undefined;

export const pythonThreads: PythonWorld = {
  async load(source) {
    files ??= loadFiles(source);
    const loaded = await files;
    return (start, answer) => startThread(loaded, start, answer);
  },
};

async function loadFiles(source: GuestSource): Promise<Files> {
  // Wherever npm put it: beside us or above.
  const directory = `${dirname(createRequire(import.meta.url).resolve('pyodide/package.json'))}/`;
  const wasm = await readFile(`${directory}pyodide.asm.wasm`);
  const module = await WebAssembly.compile(wasm);
  const url = new URL(`data:text/javascript,${encodeURIComponent(`${source.guest}\n${body}`)}`);
  const version = createHash('sha256').update(JSON.stringify(source)).update(wasm).digest('hex').slice(0, 16);
  const lock = JSON.parse(await readFile(`${directory}pyodide-lock.json`, 'utf8'));
  const loaded = { url, directory, module, lock: { info: lock.info } };
  return { ...loaded, snapshot: await snapshotOf(version, loaded, source) };
}

/** A start from a memory snapshot takes a tenth of the time. It is made once, and kept with npm's other caches. */
async function snapshotOf(
  version: string,
  { url, ...data }: Omit<Files, 'snapshot'>,
  { modules }: GuestSource,
): Promise<SharedArrayBuffer> {
  const cache = join(packageRoot(), 'node_modules/.cache/drydock');
  const path = join(cache, `python-${version}.bin`);
  const kept = await readFile(path).catch(() => undefined);
  if (kept) {
    const shared = new SharedArrayBuffer(kept.length);
    new Uint8Array(shared).set(kept);
    return shared;
  }
  const made = await new Promise<SharedArrayBuffer>((resolve, reject) => {
    const worker = new Worker(url, { workerData: { ...data, modules } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  try {
    await mkdir(cache, { recursive: true });
    await writeFile(`${path}.${process.pid}`, new Uint8Array(made));
    await rename(`${path}.${process.pid}`, path);
  } catch {
    // a directory that is not ours to write: the next process makes it again
  }
  return made;
}

function startThread(
  { url, ...data }: Files,
  start: PythonStart,
  answer: (call: PythonCall) => PythonAnswer | Promise<PythonAnswer>,
): Interpreter {
  const shared = new SharedArrayBuffer(words * 8);
  const gate = new Int32Array(shared, 0, 1);
  const { port1, port2 } = new MessageChannel();
  const interrupts = new SharedArrayBuffer(1);
  const worker = new Worker(url, {
    workerData: { ...data, start, shared, interrupts, port: port2 },
    transferList: [port2],
    stdout: false,
    stderr: false,
  });
  const reply = (value: PythonAnswer) => {
    waiting = false;
    asked = performance.now();
    port1.postMessage(value);
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  let asked = performance.now();
  let tell: (ms: number) => void = () => {};
  const ticks = setInterval(() => {
    if (!waiting && performance.now() - asked > computingAfterMs) tell(stepMs);
  }, stepMs);
  let waiting = true;
  port1.on('message', (call: PythonCall) => {
    waiting = true;
    const now = answer(call);
    if (now instanceof Promise) void now.then(reply);
    else reply(now);
  });
  const ended = new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the interpreter ended early')));
  });
  ended.catch(() => {}); // a terminated one: nobody waits any more
  return {
    ended,
    interrupt: (signal) => void Atomics.store(new Uint8Array(interrupts), 0, signal),
    onCompute(listener) {
      tell = listener;
    },
    terminate() {
      clearInterval(ticks);
      port1.close();
      void worker.terminate();
    },
  };
}
