import { forkRun } from '../../src/sim/kernel/fork.ts';
import type { Sys } from '../../src/sim/kernel/sys.ts';
import { makeQuery, parseAnswer, typeA } from '../../src/sim/net/dns.ts';
import { SimNetwork } from '../../src/sim/network.ts';
import { fromUtf8 } from '../../src/spec/index.ts';
import { testMachine } from '../kernel/boot-kernel.ts';
import { type NetworkProbe, type NetworkWorld, networkSuite } from '../suites/network.suite.ts';

function world(): NetworkWorld {
  const { kernel } = testMachine();

  /** Runs `act` in a process that has entered the namespace. */
  function run<T>(path: string | undefined, act: (sys: Sys) => Promise<T> | T): Promise<T> {
    return new Promise((resolve, reject) => {
      forkRun(kernel.kernelTask, async (sys) => {
        try {
          if (path !== undefined) sys.setns(sys.openSync(path), 'net');
          resolve(await act(sys));
        } catch (error) {
          reject(error);
        }
        return 0;
      });
    });
  }

  const probe = (path: string | undefined): NetworkProbe => ({
    addresses: () =>
      run(path, (sys) =>
        sys.netlink
          .addresses()
          .filter(({ link }) => link !== 'lo')
          .map(({ link, cidr }) => `${link} ${cidr}`),
      ),
    gateway: () => run(path, (sys) => sys.netlink.routes().find((r) => r.destination === 'default')?.gateway),
    serve: (port, text, address = '0.0.0.0') =>
      new Promise((resolve, reject) => {
        run(path, async (sys) => {
          const fd = sys.socket('inet', 'stream');
          sys.bind(fd, { family: 'inet', address, port });
          sys.listen(fd);
          resolve(() => kernel.sys.kill(sys.pid, 9));
          for (;;) {
            const connection = await sys.accept(fd);
            await sys.write(connection.fd, text);
            sys.close(connection.fd);
          }
        }).catch(reject);
      }),
    fetch: (address, port) =>
      run(path, async (sys) => {
        const fd = sys.socket('inet', 'stream');
        await sys.connect(fd, { family: 'inet', address, port }, 200);
        let text = '';
        for (let bytes = await sys.read(fd); bytes.length > 0; bytes = await sys.read(fd)) text += fromUtf8(bytes);
        return text;
      }),
    resolve: (name) =>
      run(path, async (sys) => {
        const fd = sys.socket('inet', 'dgram');
        await sys.connect(fd, { family: 'inet', address: '127.0.0.11', port: 53 });
        await sys.write(fd, makeQuery({ id: 1, name, type: typeA }));
        const { bytes } = await sys.recvfrom(fd);
        return parseAnswer(bytes).values;
      }),
  });

  return { network: new SimNetwork(kernel), probe };
}

networkSuite('memory', world);
