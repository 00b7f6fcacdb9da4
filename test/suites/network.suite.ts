/** What every Network must do, in whatever world. The factory also gives eyes and hands inside the sandboxes. */
import { describe, expect, it } from 'vitest';
import type { Endpoint, Network } from '../../src/port/index.ts';

/** Acts in a network namespace: a sandbox's, or the host's. Failures are errors with a `code` (ECONNREFUSED ...). */
export interface NetworkProbe {
  /** "eth0 172.30.0.2/16", loopback left out. */
  addresses(): Promise<string[]>;
  gateway(): Promise<string | undefined>;
  /** Serves TCP: each connection gets `text` and is closed. Gives what ends it. */
  serve(port: number, text: string, address?: string): Promise<() => Promise<void> | void>;
  /** All that a TCP server at that address says. */
  fetch(address: string, port: number): Promise<string>;
  resolve(name: string): Promise<string[]>;
}

export interface NetworkWorld {
  network: Network;
  /** `undefined`: the host. */
  probe(sandboxPath: string | undefined): Promise<NetworkProbe> | NetworkProbe;
  /** Takes everything down. */
  close?(): Promise<void> | void;
}

export type NetworkFeature = 'names' | 'publish';

export function networkSuite(
  name: string,
  make: () => NetworkWorld | Promise<NetworkWorld>,
  cannot: Partial<Record<NetworkFeature, string>> = {},
): void {
  const needs = (feature: NetworkFeature) => {
    const reason = cannot[feature];
    return reason === undefined ? it : (title: string, _run: unknown) => it.skip(`${title} (skipped: ${reason})`);
  };

  const bridge = (networkId: string, third: number, internal = false) => ({
    networkId,
    name: `br-${networkId}`,
    subnet: `172.30.${third}.0/24`,
    gateway: `172.30.${third}.1`,
    internal,
  });

  function endpoint(networkId: string, third: number, last: number, changes: Partial<Endpoint> = {}): Endpoint {
    return {
      networkId,
      endpointId: `${networkId}${last}`,
      interfaceName: 'eth0',
      macAddress: `02:42:ac:1e:0${third}:0${last}`,
      address: `172.30.${third}.${last}/24`,
      gateway: `172.30.${third}.1`,
      names: [],
      resolver: false,
      ...changes,
    };
  }

  const binding = (sandboxId: string, hostPort: number, containerIp: string, hostIp = '0.0.0.0') => ({
    protocol: 'tcp' as const,
    hostIp,
    hostPort,
    sandboxId,
    containerIp,
    containerPort: 80,
  });

  const failure = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'ok',
      (error) => error.code ?? String(error),
    );

  async function joined(world: NetworkWorld, id: string, ...endpoints: Endpoint[]) {
    const { path } = await world.network.createSandbox(id);
    for (const each of endpoints) await world.network.connect(id, each);
    return world.probe(path);
  }

  const test = (run: (world: NetworkWorld) => Promise<void>) => async (): Promise<void> => {
    const world = await make();
    try {
      await run(world);
    } finally {
      await world.close?.();
    }
  };

  describe(`network: ${name}`, () => {
    it(
      'gives an endpoint its name, address and gateway',
      test(async (world) => {
        await world.network.createBridge(bridge('dd0', 0));
        const one = await joined(world, 'sbone', endpoint('dd0', 0, 2));
        expect(await one.addresses()).toEqual(['eth0 172.30.0.2/24']);
        expect(await one.gateway()).toBe('172.30.0.1');
      }),
    );

    it(
      'a sandbox without an endpoint has loopback alone',
      test(async (world) => {
        const alone = await joined(world, 'sbalone');
        expect(await alone.addresses()).toEqual([]);
        const end = await alone.serve(8000, 'self', '127.0.0.1');
        expect(await alone.fetch('127.0.0.1', 8000)).toBe('self');
        await end();
        expect(await failure(alone.fetch('172.30.0.1', 80))).toBe('ENETUNREACH');
      }),
    );

    it(
      'joins what is on one bridge, keeps bridges apart',
      test(async (world) => {
        await world.network.createBridge(bridge('dd0', 0));
        await world.network.createBridge(bridge('dd1', 1));
        const one = await joined(world, 'sbone', endpoint('dd0', 0, 2));
        const two = await joined(world, 'sbtwo', endpoint('dd0', 0, 3));
        const far = await joined(world, 'sbfar', endpoint('dd1', 1, 2));
        const host = await world.probe(undefined);
        await one.serve(80, 'one');
        expect(await two.fetch('172.30.0.2', 80)).toBe('one');
        expect(await host.fetch('172.30.0.2', 80)).toBe('one');
        expect(await failure(two.fetch('172.30.0.2', 81))).toBe('ECONNREFUSED');
        expect(await failure(far.fetch('172.30.0.2', 80))).not.toBe('ok');
      }),
    );

    it(
      'connects and disconnects while it runs',
      test(async (world) => {
        await world.network.createBridge(bridge('dd0', 0));
        await world.network.createBridge(bridge('dd1', 1));
        const one = await joined(world, 'sbone', endpoint('dd0', 0, 2));
        await world.network.connect('sbone', endpoint('dd1', 1, 2, { interfaceName: 'eth1', gateway: undefined }));
        expect(await one.addresses()).toEqual(['eth0 172.30.0.2/24', 'eth1 172.30.1.2/24']);
        await world.network.disconnect('sbone', 'dd0');
        await world.network.disconnect('sbone', 'dd0');
        expect(await one.addresses()).toEqual(['eth1 172.30.1.2/24']);
      }),
    );

    it(
      'refuses a bridge that is there; removals may be repeated',
      test(async (world) => {
        const { network } = world;
        await network.createBridge(bridge('dd0', 0));
        expect(await failure(network.createBridge(bridge('dd0', 0)))).toBe('EEXIST');
        await joined(world, 'sbone', endpoint('dd0', 0, 2));
        for (let i = 0; i < 2; i++) {
          await network.disconnect('sbone', 'dd0');
          await network.deleteSandbox('sbone');
          await network.deleteBridge('dd0');
          await network.unpublish(binding('sbone', 18080, '172.30.0.2'));
        }
        await network.createBridge(bridge('dd0', 0));
      }),
    );

    needs('publish')(
      'publishes a port, not twice, and takes it back',
      test(async (world) => {
        const { network } = world;
        await network.createBridge(bridge('dd0', 0));
        const one = await joined(world, 'sbone', endpoint('dd0', 0, 2));
        const host = await world.probe(undefined);
        await one.serve(80, 'published');
        await network.publish(binding('sbone', 18080, '172.30.0.2'));
        expect(await host.fetch('127.0.0.1', 18080)).toBe('published');
        expect(await failure(network.publish(binding('sbone', 18080, '172.30.0.2', '127.0.0.1')))).toBe('EADDRINUSE');
        await network.unpublish(binding('sbone', 18080, '172.30.0.2'));
        expect(await failure(host.fetch('127.0.0.1', 18080))).toBe('ECONNREFUSED');
      }),
    );

    needs('publish')(
      'does not reach a server that listens on the loopback of its sandbox',
      test(async (world) => {
        await world.network.createBridge(bridge('dd0', 0));
        const one = await joined(world, 'sbone', endpoint('dd0', 0, 2));
        const host = await world.probe(undefined);
        await one.serve(80, 'hidden', '127.0.0.1');
        await world.network.publish(binding('sbone', 18081, '172.30.0.2'));
        expect(await failure(host.fetch('127.0.0.1', 18081))).not.toBe('ok');
      }),
    );

    it(
      'knows which ports of the host are taken',
      test(async (world) => {
        const host = await world.probe(undefined);
        expect(await world.network.hostPortTaken('tcp', '0.0.0.0', 18090)).toBe(false);
        const end = await host.serve(18090, 'x', '127.0.0.1');
        expect(await world.network.hostPortTaken('tcp', '0.0.0.0', 18090)).toBe(true);
        expect(await world.network.hostPortTaken('tcp', '127.0.0.1', 18090)).toBe(true);
        await end();
      }),
    );

    needs('names')(
      'answers names of a shared network alone',
      test(async (world) => {
        await world.network.createBridge(bridge('dd0', 0));
        await world.network.createBridge(bridge('dd1', 1));
        const named = { resolver: true };
        await joined(world, 'sbweb', endpoint('dd0', 0, 2, { ...named, names: ['web', 'www'] }));
        const cli = await joined(world, 'sbcli', endpoint('dd0', 0, 3, { ...named, names: ['cli'] }));
        const far = await joined(world, 'sbfar', endpoint('dd1', 1, 2, { ...named, names: ['far'] }));
        expect(await cli.resolve('web')).toEqual(['172.30.0.2']);
        expect(await cli.resolve('WWW')).toEqual(['172.30.0.2']);
        expect(await far.resolve('web')).toEqual([]);
        await world.network.deleteSandbox('sbweb');
        expect(await cli.resolve('web')).toEqual([]);
      }),
    );
  });
}
