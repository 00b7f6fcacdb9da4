/**
 * Whatever runs, the event loop turns (in the browser: keys, drawing), and Ctrl-C ends it. Turns are measured in the
 * processor time of this thread, so that a busy machine does not fail them. The full list: test/bench/turns.bench.ts.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Machine, Terminal } from '../../src/machine/index.ts';
import { textContent, utf8 } from '../../src/spec/index.ts';
import { busyScripts } from '../bench/busy-scripts.ts';
import { cpuNow } from '../bench/cpu-clock.ts';
import { boot } from '../bench/host.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
/** Processor time that is watched of each. */
const watched = Number(process.env.TURNS_MS ?? 150);
/** The aim is 50; what the collector of garbage does in a turn is not ours to bound. */
const longest = 200;

let machine: Machine;
let terminal: Terminal;
let screen = '';
let heard = 0;

async function until(found: () => boolean, turns = 200_000): Promise<void> {
  for (let i = 0; !found(); i++) {
    if (i === turns) throw new Error(`not seen; the screen ends with ${JSON.stringify(screen.slice(-300))}`);
    await turn();
  }
}

/** The longest of the turns while so much processor time goes by, or until `done`. */
async function longestTurn(done: () => boolean = () => false): Promise<number> {
  const begin = cpuNow();
  let longest = 0;
  for (let last = begin; last - begin < watched && !done(); ) {
    await turn();
    const now = cpuNow();
    longest = Math.max(longest, now - last);
    last = now;
  }
  return longest;
}

beforeAll(async () => {
  machine = await boot();
  terminal = machine.openTerminal({
    columns: 80,
    rows: 24,
    onData(bytes) {
      heard += bytes.length;
      screen = (screen + new TextDecoder().decode(bytes)).slice(-5000);
    },
  });
  terminal.write(utf8('PS1=ready:\n'));
  await until(() => screen.endsWith('ready:'));
});
afterAll(async () => {
  terminal.close();
  await machine.shutdown();
});

const names = process.env.TURNS_MS
  ? Object.keys(busyScripts)
  : ['an empty loop', 'a flood', 'a fork bomb', 'find', 'sort', 'awk of a file'];

for (const name of names) {
  it(`${name}: turns stay short, and Ctrl-C ends it`, async () => {
    machine.writeFile('/root/busy', textContent(busyScripts[name]!));
    const before = heard;
    terminal.write(utf8('bash busy\n'));
    await until(() => heard > before);
    for (let i = 0; i < 100; i++) await turn();
    const found = await longestTurn();
    screen = '';
    terminal.write(Uint8Array.of(3));
    await until(() => screen.endsWith('ready:'));
    if (process.env.TURNS_MS) console.log(name, found.toFixed(1));
    expect(found).toBeLessThan(longest);
  });
}
