/** What compose shows while it works, and what its options and screens say. */
import { describe, expect, it } from 'vitest';
import { happens, withProgress } from '../../../src/cli/command/compose/progress.ts';
import { DockerCli } from '../../../src/cli/docker-cli.ts';
import { main } from '../../../src/cli/index.ts';
import { fakeHost } from '../fake-host.ts';

/** A terminal whose clock goes on by what is slept. */
function terminal() {
  const host = fakeHost([]);
  let now = 0;
  const waiting: (() => void)[] = [];
  const cli = new DockerCli(
    {
      ...host,
      stderr: { ...host.stderr, isTty: true },
      windowSize: () => ({ rows: 24, columns: 80 }),
      now: () => ({ sec: Math.floor(now / 1000), nsec: (now % 1000) * 1e6 }),
      sleep: (_ms, signal) =>
        new Promise<void>((resolve) => {
          waiting.push(resolve);
          signal?.addEventListener('abort', () => resolve());
        }),
    },
    { hosts: [], configDir: '/nowhere', debug: false },
  );
  const tick = async (): Promise<void> => {
    now += 100;
    for (const go of waiting.splice(0)) go();
    await new Promise((resolve) => setImmediate(resolve));
    const drawn = host.out.stderr;
    host.out.stderr = '';
    lines.push(drawn);
  };
  const lines: string[] = [];
  return { cli, tick, lines, host };
}

describe('on a terminal', () => {
  it('the table is drawn again in place: marks, colours, times at the right', async () => {
    const { cli, tick, lines, host } = terminal();
    await withProgress(cli, { mode: 'auto' }, async (writer) => {
      writer.event(happens('Container a-1', 'Starting'));
      await tick();
      writer.event(happens('Container a-1', 'Started'));
      writer.event({ id: 'Network n', status: 'warning', statusText: 'Resource is still in use' });
      await tick();
    });
    const row = (mark: string, text: string, status: string, time: string) =>
      ` ${mark} ${text} ${status}${' '.repeat(80 - 4 - text.length - status.replace(/\x1b\[[\d;]*m/g, '').length - 5)}\x1b[34m${time} \x1b[0m\n`;
    expect(lines[0]).toBe(
      `\x1b[1A\x1b[1B\x1b[0G\x1b[?25l[+] Running 0/1\n${row('\x1b[33m⠋\x1b[0m', 'Container a-1 ', 'Starting', '0.1s')}\x1b[?25h`,
    );
    expect(lines[1]).toBe(
      `\x1b[1A\x1b[1A\x1b[0G\x1b[?25l[+] Running 2/2\n${row('\x1b[32m✔\x1b[0m', 'Container a-1 ', '\x1b[32mStarted\x1b[0m', '0.1s')}${row('\x1b[33m\x1b[1m!\x1b[0m', 'Network n     ', '\x1b[33m\x1b[1mResource is still in use\x1b[0m', '0.0s')}\x1b[?25h`,
    );
    // Once more at the end: all is done, and the heading says so by its colour.
    expect(host.out.stderr).toContain('\x1b[34m[+] Running 2/2\x1b[0m\n');
  });

  it('layers stand below the service that pulls them', async () => {
    const { cli, tick, lines } = terminal();
    await withProgress(cli, { mode: 'auto' }, async (writer) => {
      writer.event({ id: 'web', status: 'working', text: 'Pulling' });
      const layer = { id: 'abc', parentId: 'web', status: 'working', text: 'Downloading' } as const;
      writer.event({ ...layer, current: 50, total: 100, percent: 50 });
      await tick();
    });
    expect(lines[0]).toContain('web [\x1b[32m⣤\x1b[0m]     50B / 100B    Pulling');
    expect(lines[0]).toContain('   \x1b[33m⠋\x1b[0m abc Downloading');
  });
});

describe('its command line', () => {
  const compose = async (...argv: string[]) => {
    const host = fakeHost(['compose', ...argv]);
    return { status: await main(host), ...host.out };
  };

  it('help goes to stdout; a wrong option is told without a usage', async () => {
    expect((await compose()).stdout).toMatch(/^Usage: {2}docker compose \[OPTIONS\] COMMAND\n\nDefine and run/);
    expect((await compose('up', '--help')).stdout).toMatch(
      /^Usage: {2}docker compose up \[OPTIONS\] \[SERVICE\.\.\.\]\n/,
    );
    expect((await compose('help', 'exec')).stdout).toContain('  -T, --no-TTY docker compose exec   Disable pseudo-TTY');
    expect(await compose('up', '--nope')).toEqual({ status: 1, stdout: '', stderr: 'unknown flag: --nope\n' });
    const unknown = await compose('nope');
    expect(unknown.stdout).toContain('Commands:\n  attach ');
    expect([unknown.status, unknown.stderr]).toEqual([1, 'unknown docker command: "compose nope"\n']);
  });

  it('arguments are counted in the words of cobra', async () => {
    expect((await compose('exec', 'web')).stderr).toBe('requires at least 2 arg(s), only received 1\n');
    expect((await compose('stats', 'a', 'b')).stderr).toBe('accepts at most 1 arg(s), received 2\n');
    expect((await compose('commit', 'a', 'b', 'c')).stderr).toBe('accepts between 1 and 2 arg(s), received 3\n');
  });

  it('says its version, and by name what it does not do', async () => {
    expect((await compose('version')).stdout).toBe('Docker Compose version v2.36.2\n');
    expect((await compose('version', '--short')).stdout).toBe('2.36.2\n');
    expect((await compose('version', '-f', 'json')).stdout).toBe('{"version":"v2.36.2"}\n');
    expect((await compose('publish', 'x')).stderr).toBe('drydock: docker compose publish is not simulated\n');
    expect((await compose('--dry-run', 'up')).stderr).toBe('drydock: compose --dry-run is not simulated\n');
  });
});
