/** The history of a machine: what is a step, undo, redo, branches, thinning. */
import headless from '@xterm/headless';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMachine, type Machine, type Terminal, Timeline } from '../../src/machine/index.ts';
import { contentText, utf8 } from '../../src/spec/index.ts';

const boot = () =>
  createMachine({
    pace: 'skip',
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    realTimer: (ms, fire) => {
      const timer = setTimeout(fire, ms);
      return () => clearTimeout(timer);
    },
  });

async function open(options: ConstructorParameters<typeof Timeline>[1] = {}) {
  const machine = await boot();
  const timeline = new Timeline(machine, options);
  const screen = { text: '', drawn: new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true }) };
  const terminal = machine.openTerminal({
    columns: 80,
    rows: 24,
    onData: (bytes) => {
      screen.text += new TextDecoder().decode(bytes);
      screen.drawn.write(bytes);
    },
  });
  return { machine, timeline, terminal, screen };
}

/** Types a line and waits for its end. */
async function type(machine: Machine, terminal: Terminal, line: string): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    let pid = 0;
    const stop = machine.trace.on((event) => {
      if (event.type === 'command.begin' && event.typed && event.line === line) pid = event.pid;
      if (event.type !== 'command.end' || event.pid !== pid) return;
      stop();
      resolve();
    });
  });
  terminal.write(utf8(`${line}\n`));
  await ended;
  await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Lines of the screen, blank ones aside. */
async function rows({ drawn }: Awaited<ReturnType<typeof open>>['screen']): Promise<string[]> {
  await new Promise<void>((resolve) => drawn.write('', resolve));
  const all = Array.from({ length: 24 }, (_, at) => drawn.buffer.active.getLine(at)!.translateToString(true));
  return all.filter(Boolean);
}

const read = (machine: Machine, path: string): string | undefined => {
  const content = machine.readFile(path);
  return content && contentText(content);
};

// Loading what the first commands need takes longer than all they do: it is not of any test's time.
beforeAll(async () => {
  const machine = await boot();
  for (const line of ['ls', 'docker compose ls', 'docker pull -q alpine'])
    await machine.execute(['/bin/bash', '-c', line], { stdout: () => {}, stderr: () => {} });
  await machine.shutdown();
}, 120_000);

describe('a timeline', () => {
  it('goes back and forth over docker compose up and down', async () => {
    const { machine, timeline, terminal } = await open();
    const file = 'services: {db: {image: alpine, command: sleep infinity, volumes: [data:/data]}}\nvolumes: {data: }\n';
    await type(machine, terminal, `mkdir shop && cd shop && printf '${file.replaceAll('\n', '\\n')}' > compose.yaml`);
    await type(machine, terminal, 'docker compose up -d');
    await type(machine, terminal, 'docker compose down -v');
    expect(timeline.path().map(({ line }) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      '',
      'mkdir shop &&',
      'docker compose up',
      'docker compose down',
    ]);
    const there = async () => {
      const { containers, networks, volumes } = await machine.inspect();
      return [
        ...containers.map(({ name, status }) => `${name} ${status}`),
        ...[...networks, ...volumes].map(({ name }) => name).filter((name) => name.startsWith('shop')),
      ];
    };
    const up = ['shop-db-1 running', 'shop_default', 'shop_data'];
    expect(await there()).toEqual([]);
    await timeline.undo();
    expect(await there()).toEqual(up);
    await timeline.undo();
    expect(await there()).toEqual([]);
    await timeline.redo();
    expect(await there()).toEqual(up);
    await timeline.redo();
    expect(await there()).toEqual([]);
    await machine.shutdown();
  });

  it('has a moment for each command that changed something, and none for what only looks', async () => {
    const { machine, timeline, terminal } = await open();
    await type(machine, terminal, 'docker run -d --name box alpine sleep 1d');
    for (const line of [
      'docker ps',
      'docker images',
      'docker inspect box',
      'docker logs box',
      'ls -l /',
      'cat <<EOF\nhi\nEOF',
      'docker search alpine',
      'docker exec box ls',
      'docker system df',
    ])
      if (!line.includes('\n')) await type(machine, terminal, line);
    await type(machine, terminal, 'echo one > f');
    await type(machine, terminal, 'rm nosuch');
    const { moments, current, undo, redo } = timeline.state();
    expect(moments.map(({ line }) => line)).toEqual(['', 'docker run -d --name box alpine sleep 1d', 'echo one > f']);
    expect([current, undo, redo]).toEqual([2, 1, undefined]);
    expect(moments[1]).toMatchObject({ terminal: 'pts/0', status: 0, kept: true, eventsLeftOut: 0 });
    expect(timeline.events(1).some(({ type }) => type === 'container.create')).toBe(true);
    await type(machine, terminal, 'docker run --name gone alpine rm /etc/motd');
    const looks = (id: number, name: string) => timeline.at(id)!.look(name, '/etc/motd');
    expect((await looks(timeline.state().current, 'gone'))?.merged).toBe('absent');
    expect((await looks(1, 'box'))?.merged).toBe('file');
    expect(await looks(1, 'gone')).toBeUndefined();
    await machine.shutdown();
  });

  it('has one moment for a command during which the state is asked for', async () => {
    const { machine, timeline, terminal } = await open();
    const stop = machine.trace.on((event) => void (event.type === 'process.exec' && timeline.snapshot()));
    await type(machine, terminal, 'for i in 1 2 3; do echo $i > f$i; sleep 0.01; done');
    stop();
    expect(timeline.state().moments).toHaveLength(2);
    await machine.shutdown();
  });

  it('has one moment for a run that was typed into; that the container ended belongs to what ended it', async () => {
    const { machine, timeline, terminal } = await open();
    const run = 'docker run -it --name box alpine sh';
    const worked = type(machine, terminal, run);
    const running = async () => (await machine.inspect()).containers.some(({ status }) => status === 'running');
    while (!(await running())) await new Promise((resolve) => setTimeout(resolve, 5));
    await type(machine, terminal, 'ls');
    terminal.write(utf8('exit 3\n'));
    await worked;
    const { moments, current } = timeline.state();
    expect(moments.map(({ line }) => line)).toEqual(['', run, 'exit 3']);
    expect(moments[1]?.status).toBe(3);
    expect((await timeline.at(current)!.inspect()).containers).toMatchObject([{ name: 'box', status: 'exited' }]);
    expect(
      timeline.events(current).some((event) => event.type === 'container.state' && event.status === 'exited'),
    ).toBe(true);
    expect(timeline.typedLines()?.map(({ line }) => line)).toEqual([run, 'ls', 'exit 3']);
    await machine.shutdown();
  });

  it('goes back and forth, branches, and lets every moment be looked at', async () => {
    const { machine, timeline, terminal, screen } = await open();
    await type(machine, terminal, 'mkdir app; cd app');
    await type(machine, terminal, 'echo 1 > f');
    await type(machine, terminal, 'echo 2 > f');
    await timeline.undo();
    expect(read(machine, '/root/app/f')).toBe('1\n');
    const prompts = ['~# mkdir app; cd app', '~/app# echo 1 > f', '~/app# echo 2 > f', '~/app# '];
    expect((await rows(screen)).slice(-4)).toEqual(prompts.map((line) => `root@dock:${line}`));
    screen.text = '';
    await type(machine, terminal, 'pwd; docker run --name one alpine true');
    expect(screen.text).toContain('/root/app');
    expect(timeline.state()).toMatchObject({ current: 4, undo: 2, redo: undefined });
    expect(timeline.state().moments.map(({ parent }) => parent)).toEqual([undefined, 0, 1, 2, 2]);
    await timeline.jump(3);
    expect(read(machine, '/root/app/f')).toBe('2\n');
    await timeline.undo();
    expect(timeline.state().redo).toBe(3);
    await timeline.jump(4);
    await timeline.undo();
    await timeline.redo();
    expect(timeline.state().current).toBe(4);
    expect((await timeline.at(4)!.inspect()).containers.map(({ name }) => name)).toEqual(['one']);
    expect((await timeline.at(3)!.inspect()).containers).toEqual([]);
    expect(timeline.path().map(({ id }) => id)).toEqual([0, 1, 2, 4]);
    await expect(timeline.jump(99)).rejects.toThrow('no longer held');
    await machine.shutdown();
  });

  it('walks through a command: it waits at each significant event, and the timeline is none the wiser', async () => {
    const { machine, timeline, terminal } = await open();
    await type(machine, terminal, 'docker pull -q alpine');
    const seen: string[] = [];
    let waits = 0;
    machine.onStep(({ event }) => {
      if (!event) return;
      waits++;
      if (seen.at(-1) !== event.type) seen.push(event.type);
      setTimeout(() => machine.step(), 0);
    });
    machine.stepMode(true);
    await type(machine, terminal, 'docker run --rm alpine true');
    machine.stepMode(false);
    expect(waits).toBeGreaterThan(10);
    expect(seen).toEqual(
      expect.arrayContaining(['http.request', 'container.create', 'container.state', 'process.exec']),
    );
    await type(machine, terminal, 'echo 1 > f');
    expect(timeline.state().moments.at(-1)?.line).toBe('echo 1 > f');
    await machine.shutdown();
  });

  it('thins out old moments and says so', async () => {
    const { machine, timeline, terminal } = await open({ keep: 6, eventsKept: 1 });
    for (let i = 0; i < 10; i++) await type(machine, terminal, `echo ${i} > f`);
    const { moments } = timeline.state();
    expect(moments).toHaveLength(11);
    expect(moments.filter(({ kept }) => kept).length).toBeLessThanOrEqual(6);
    expect([moments[0]!.kept, moments.at(-1)!.kept]).toEqual([true, true]);
    expect(moments.at(-1)!.eventsLeftOut).toBeGreaterThan(0);
    await timeline.jump(0);
    expect(read(machine, '/root/f')).toBeUndefined();
    await machine.shutdown();
  });
});
