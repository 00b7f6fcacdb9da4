// Runs in a thread of its own, behind the text of the simulated userland's guest.js (whose functions it uses).
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

const { directory, module, lock, modules, snapshot, start, shared, interrupts, port } = workerData;
const { loadPyodide } = await import(`file://${directory}pyodide.mjs`);
const { default: createModule } = await import(`file://${directory}pyodide.asm.mjs`);
const files = { loadPyodide, createModule, module, lock, indexURL: directory };

/** A wake-up that is missed costs this much. */
const lookEveryMs = 50;

if (modules) {
  const made = await prepare(files, modules);
  const copy = new SharedArrayBuffer(made.length);
  new Uint8Array(copy).set(made);
  parentPort.postMessage(copy);
} else {
  const gate = new Int32Array(shared, 0, 1);
  const call = (request) => {
    Atomics.store(gate, 0, 0);
    port.postMessage(request);
    for (;;) {
      Atomics.wait(gate, 0, 0, lookEveryMs);
      const got = receiveMessageOnPort(port);
      if (got) return got.message;
      Atomics.store(gate, 0, 0); // woken before the answer was there
    }
  };
  // The simulated host's clock; what passes while the interpreter computes is not counted.
  const { now } = Date;
  Date.now = () => {
    const answer = call(['now']);
    return answer.value ? answer.value.sec * 1000 + Math.floor(answer.value.nsec / 1e6) : now();
  };
  const signal = new Uint8Array(interrupts);
  const status = await interpret({
    files,
    snapshot: new Uint8Array(snapshot),
    start,
    call,
    wait: call,
    blocks: true,
    interrupts: signal,
    pending: () => Atomics.exchange(signal, 0, 0),
  });
  parentPort.postMessage(status);
}
