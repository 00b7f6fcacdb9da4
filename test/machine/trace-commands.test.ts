/** What shells and the engine's connections say of themselves: `command.*` and `http.*`. */
import { describe, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { utf8 } from '../../src/spec/index.ts';
import type { TraceEvent, TraceEventOf } from '../../src/trace/index.ts';

const boot = () =>
  createMachine({
    pace: 'skip',
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    realTimer: (ms, fire) => {
      const timer = setTimeout(fire, ms);
      return () => clearTimeout(timer);
    },
  });

const run = (machine: Machine, script: string): Promise<number> =>
  machine.run(['/bin/bash', '-c', script], { stdout() {}, stderr() {} });

function listen(machine: Machine): TraceEvent[] {
  const events: TraceEvent[] = [];
  machine.trace.on((event) => events.push(event));
  return events;
}

const of = <T extends TraceEvent['type']>(events: TraceEvent[], type: T): TraceEventOf<T>[] =>
  events.filter((event): event is TraceEventOf<T> => event.type === type);

describe('command.begin and command.end', () => {
  it('tell a typed line with its terminal and status, and a container’s shell with its host name', async () => {
    const machine = await boot();
    const events = listen(machine);
    const terminal = machine.openTerminal({ columns: 80, rows: 24, onData() {} });
    terminal.write(utf8('cd /nowhere\ndocker run -it --rm --hostname box alpine sh\n'));
    const typed = () => of(events, 'command.begin').filter((event) => event.typed);
    await until(() => typed().length === 2 && of(events, 'container.state').some(({ status }) => status === 'running'));
    terminal.write(utf8('true; (exit 3)\nexit\n'));
    // Until then the client reads what is typed.
    await until(() => of(events, 'command.end').length === 4);
    terminal.write(utf8('exit\n'));
    await terminal.ended;
    expect(terminal.name).toBe('pts/0');
    expect(typed().map(({ terminal, line }) => [terminal, line])).toEqual([
      ['pts/0', 'cd /nowhere'],
      ['pts/0', 'docker run -it --rm --hostname box alpine sh'],
      ['box:pts/0', 'true; (exit 3)'],
      ['box:pts/0', 'exit'],
      ['pts/0', 'exit'],
    ]);
    const ends = typed().map(({ pid }, index) => endOf(events, typed()[index]!, pid));
    expect(ends.map((end) => end?.status)).toEqual([1, 3, 3, 3, 3]);
    await machine.shutdown();
  });

  it('tell each line of a script, also one that the shell becomes', async () => {
    const machine = await boot();
    const events = listen(machine);
    await run(machine, 'true\n\n# nothing\nif false; then\n:\nfi\nls /nowhere');
    expect(of(events, 'command.begin').map(({ line, typed, terminal }) => [line, typed, terminal])).toEqual([
      ['true', false, ''],
      ['if false; then\n:\nfi', false, ''],
      ['ls /nowhere', false, ''],
    ]);
    expect(of(events, 'command.end').map(({ status }) => status)).toEqual([0, 0, 2]);
    await machine.shutdown();
  });
});

describe('http.request and http.response', () => {
  it('tell client to engine and engine to registry, paired, with text bodies and without secrets', async () => {
    const machine = await boot();
    await run(machine, 'docker pull alpine');
    const events = listen(machine);
    await run(machine, 'echo s3cret | docker login -u me --password-stdin; docker tag alpine me/a; docker push me/a');
    const requests = of(events, 'http.request');
    const push = requests.find(({ method, target }) => method === 'POST' && target.includes('/push'))!;
    expect([push.from, push.to]).toEqual(['docker', 'engine']);
    const manifest = requests.find(({ method, target }) => method === 'PUT' && target.includes('/manifests/'))!;
    expect(manifest.from).toBe('engine');
    expect(manifest.to).toMatch(/docker\.io$/);
    expect(manifest.body).toContain('"schemaVersion"');
    const responses = of(events, 'http.response');
    expect(responses.find(({ id }) => id === push.id)?.body).toContain('Mounted from library/alpine');
    expect(requests.every(({ id }) => responses.some((response) => response.id === id))).toBe(true);
    expect(JSON.stringify(events.filter(({ type }) => type.startsWith('http')))).not.toContain('s3cret');
    await machine.shutdown();
  });
});

function endOf(events: TraceEvent[], begin: TraceEvent, pid: number): TraceEventOf<'command.end'> | undefined {
  const after = events.slice(events.indexOf(begin));
  return of(after, 'command.end').find((event) => event.pid === pid);
}

async function until(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 3000 && !done(); turn++) await new Promise((resolve) => setTimeout(resolve, 2));
}
