/** CPython in threads of Node: each interpreter may block its own, and the kernel answers its calls from ours. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Answer, Call, Interpreter, PythonStart, PythonWorld } from '../machine/index.ts';
import body from './python-thread-body.js?raw';

/** An interpreter that asks for nothing so long is taken to compute, and time passes, in such steps. */
const computingAfterMs = 2000;
const stepMs = 100;

/** Of the shared words: what the thread sleeps on; the clock. */
const words = 8;

/** A start from a memory snapshot takes a tenth of the time; the first interpreter makes it. */
let snapshot: Promise<SharedArrayBuffer> | undefined;

export const pythonThreads: PythonWorld = {
  async load(source) {
    // Wherever npm put it: beside us or above.
    const indexURL = `${dirname(createRequire(import.meta.url).resolve('pyodide/package.json'))}/`;
    const text = `${source.guest}\n${body}`;
    const url = new URL(`data:text/javascript,${encodeURIComponent(text)}`);
    snapshot ??= makeSnapshot(url, indexURL);
    const memory = await snapshot;
    return (start, answer) =>
      startThread(url, { indexURL, snapshot: memory, bootstrap: source.bootstrap, start }, answer);
  },
};

function makeSnapshot(url: URL, indexURL: string): Promise<SharedArrayBuffer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url, { workerData: { indexURL, makeSnapshot: true } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function startThread(
  url: URL,
  data: { indexURL: string; snapshot: SharedArrayBuffer; bootstrap: string; start: PythonStart },
  answer: (call: Call) => Answer | Promise<Answer>,
): Interpreter {
  const shared = new SharedArrayBuffer(words * 8);
  const gate = new Int32Array(shared, 0, 1);
  const { port1, port2 } = new MessageChannel();
  const interrupts = new SharedArrayBuffer(1);
  const worker = new Worker(url, {
    workerData: { ...data, shared, interrupts, port: port2 },
    transferList: [port2],
    stdout: false,
    stderr: false,
  });
  const reply = (value: Answer) => {
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
  port1.on('message', (call: Call) => {
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
