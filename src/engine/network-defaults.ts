import type { Daemon } from './daemon.ts';
import type { NetworkRecord } from './network-record.ts';

/** The three networks that every daemon has: none, host and bridge (docker0). Idempotent. */
export async function ensureDefaultNetworks(daemon: Daemon): Promise<void> {
  const make = (name: string, driver: string, fields: Partial<NetworkRecord> = {}): void => {
    if (daemon.networks.byName(name)) return;
    daemon.networks.add({
      id: daemon.newId(),
      name,
      created: daemon.now(),
      driver,
      enableIPv6: false,
      internal: false,
      attachable: false,
      ipamDriver: 'default',
      ipamOptions: null,
      ipamConfig: [],
      options: {},
      labels: {},
      subnet: '',
      gateway: '',
      userSubnet: false,
      bridgeName: '',
      predefined: true,
      ...fields,
    });
  };
  make('none', 'null');
  make('host', 'host');
  make('bridge', 'bridge', {
    // Of a bridge that the daemon has just made it names no gateway.
    ipamConfig: [{ Subnet: '172.17.0.0/16' }],
    subnet: '172.17.0.0/16',
    gateway: '172.17.0.1',
    bridgeName: 'docker0',
    options: {
      'com.docker.network.bridge.default_bridge': 'true',
      'com.docker.network.bridge.enable_icc': 'true',
      'com.docker.network.bridge.enable_ip_masquerade': 'true',
      'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
      'com.docker.network.bridge.name': 'docker0',
      'com.docker.network.driver.mtu': '1500',
    },
  });
}

/** Bridges are the kernel's: they are made again when the daemon starts. */
export async function restoreBridges(daemon: Daemon): Promise<void> {
  for (const network of daemon.networks.all()) {
    if (network.driver !== 'bridge') continue;
    await createBridge(daemon, network).catch(() => {});
  }
}

export const createBridge = (daemon: Daemon, network: NetworkRecord): Promise<void> =>
  daemon.ports.network.createBridge({
    networkId: network.id,
    name: network.bridgeName,
    subnet: network.subnet,
    gateway: network.gateway,
    internal: network.internal,
  });
