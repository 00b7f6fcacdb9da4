/** The suite of port Network on this machine's bridges and namespaces. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll } from 'vitest';
import { LinuxNetwork } from '../../src/linux/index.ts';
import { describeWith } from '../needs.ts';
import { must } from '../real/real-docker.ts';
import { type NetworkProbe, type NetworkWorld, networkSuite } from '../suites/network.suite.ts';

const program = new URL('network-probe.mjs', import.meta.url).pathname;

describeWith({ programs: ['ip', 'iptables', 'unshare', 'nsenter', 'perl'], root: true }, 'bridges', () => {
  const work = mkdtempSync(join(tmpdir(), 'drydock-network-'));
  let count = 0;
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  function probe(netns: string | undefined, ends: Set<() => Promise<void>>): NetworkProbe {
    const enter = netns === undefined ? [] : ['nsenter', `--net=${netns}`];
    const ip = async (...args: string[]) => {
      const [file = '', ...rest] = [...enter, 'ip', '-j', '-4', ...args];
      return JSON.parse((await must(file, rest)) || '[]');
    };

    async function act<T>(...args: string[]): Promise<{ value: T; end(): Promise<void> }> {
      const [file = '', ...rest] = [...enter, process.execPath, program, ...args];
      const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
      const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
      const line = await new Promise<string>((resolve) => {
        createInterface({ input: child.stdout }).once('line', resolve);
        void closed.then(() => resolve('{"code":"ENODATA"}'));
      });
      const { value, code } = JSON.parse(line);
      const end = async (): Promise<void> => {
        child.stdin.end();
        await closed;
        ends.delete(end);
      };
      if (args[0] !== 'serve' || code) await end();
      else ends.add(end);
      if (code) throw Object.assign(new Error(code), { code });
      return { value, end };
    }

    return {
      addresses: async () =>
        ((await ip('addr')) as { ifname: string; addr_info: { local: string; prefixlen: number }[] }[])
          .filter(({ ifname }) => ifname !== 'lo')
          .flatMap(({ ifname, addr_info }) =>
            addr_info.map(({ local, prefixlen }) => `${ifname} ${local}/${prefixlen}`),
          ),
      gateway: async () => (await ip('route', 'show', 'default'))[0]?.gateway,
      serve: async (port, text, address = '0.0.0.0') => (await act('serve', String(port), text, address)).end,
      fetch: async (address, port) => (await act<string>('fetch', address, String(port))).value,
      resolve: async (name) => (await act<string[]>('resolve', name)).value,
    };
  }

  function world(): NetworkWorld {
    const network = new LinuxNetwork(join(work, `n${++count}`));
    const ends = new Set<() => Promise<void>>();
    return {
      network,
      probe: (path) => probe(path, ends),
      async close() {
        for (const end of [...ends]) await end();
        await network.close();
      },
    };
  }

  networkSuite('bridges and namespaces', world);
});
