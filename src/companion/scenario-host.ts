import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { gunzip } from '../archive/index.ts';
import { createMachine, signalName } from '../machine/index.ts';
import { BytesContent, textContent } from '../spec/index.ts';
import { nodeWorld } from './node-world.ts';
import type { Scenario } from './scenario.ts';
import { scenarioHub } from './stand-in.ts';

export interface Told {
  stdout: Uint8Array;
  stderr: Uint8Array;
  exit: number;
  /** `SIGKILL`: it did not exit but was ended by this. */
  signal?: string;
}

/** Where a scenario plays: commands are run by bash in /root/app with HOME=/root. */
export interface ScenarioHost {
  env: Record<string, string>;
  write(path: string, text: string): void;
  run(command: string, timeoutMs: number): Promise<Told>;
  close(): Promise<void>;
}

const baseEnv = (): Record<string, string> => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
  TERM: 'xterm',
  TZ: 'UTC',
});

const home = '/root/app';

function collector() {
  const parts: Uint8Array[] = [];
  return {
    take: (bytes: Uint8Array) => void parts.push(bytes.slice()),
    all: () => new Uint8Array(Buffer.concat(parts)),
  };
}

/** The recording machine had no network: its resolver is on no route. */
const unreachableNameserver = '10.255.255.53';

/** A fresh in-memory host that holds `busybox:latest` imported from the archive at `busybox`. */
export async function memoryHost(scenario: Scenario, busybox: string): Promise<ScenarioHost> {
  const rootfs = gunzip(new BytesContent(readFileSync(busybox)));
  const machine = await createMachine({
    ...nodeWorld,
    pace: 'skip',
    hostname: 'drydock',
    internet: scenario.hub ? scenarioHub : 'none',
    cgroups: 1,
    uplink: false,
    nameserver: unreachableNameserver,
    preload: [{ reference: 'busybox:latest', rootfs, changes: ['CMD ["sh"]'] }],
  });
  await machine.run(['/bin/mkdir', '-p', home], { stdout() {}, stderr() {} });
  // Docker 28's own client, as it was recorded, had no buildx beside it.
  if (!scenario.ownClient) {
    await machine.run(['/bin/rm', '-r', '/usr/libexec/docker/cli-plugins'], { stdout() {}, stderr() {} });
  }
  // Scenarios import it again after they have removed the image.
  machine.writeFile('/root/busybox.tar', rootfs);
  const env = baseEnv();
  return {
    env,
    write: (path, text) => machine.writeFile(resolve(home, path), textContent(text)),
    async run(command, timeoutMs) {
      const [stdout, stderr] = [collector(), collector()];
      const { code = 0, signal } = await machine.execute(
        ['bash', '-c', command],
        { stdout: stdout.take, stderr: stderr.take },
        { cwd: home, env, timeoutMs, executable: '/bin/bash' },
      );
      // Whoever types needs a moment: what ends soon has ended by the next command.
      await machine.run(['/bin/sleep', '0.2'], { stdout() {}, stderr() {} });
      return {
        stdout: stdout.all(),
        stderr: stderr.all(),
        exit: code,
        ...(signal ? { signal: `SIG${signalName(signal)}` } : {}),
      };
    },
    close: () => machine.shutdown(),
  };
}

/**
 * This very machine: `docker` talks to the engine on real Linux (its socket is put first) or to the dockerd that
 * runs here, on which the scenario leaves what it makes.
 */
export async function realHost(engine: 'linux' | 'docker', busybox: string): Promise<ScenarioHost> {
  const env = baseEnv();
  let close = async () => {};
  if (engine === 'linux') {
    const { openLinuxHost } = await import('./linux-host.ts');
    const host = await openLinuxHost();
    Object.assign(env, host.env);
    close = host.close;
  }
  mkdirSync(home, { recursive: true });
  const host: ScenarioHost = {
    env,
    write(path, text) {
      const full = resolve(home, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text);
    },
    run: (command, timeoutMs) =>
      new Promise((done) => {
        const child = execFile(
          'bash',
          ['-c', command],
          { cwd: home, env, timeout: timeoutMs, killSignal: 'SIGKILL', encoding: 'buffer', maxBuffer: 1 << 28 },
          (error, stdout, stderr) =>
            done({
              stdout,
              stderr,
              exit: error ? (typeof error.code === 'number' ? error.code : 137) : 0,
              ...(error?.signal ? { signal: error.signal } : {}),
            }),
        );
        child.stdin?.end();
      }),
    close,
  };
  const imported = await host.run(`docker import -c 'CMD ["sh"]' ${busybox} busybox:latest`, 60_000);
  if (imported.exit !== 0) throw new Error(`cannot import busybox: ${new TextDecoder().decode(imported.stderr)}`);
  return host;
}
