/**
 * The plumbing under container networks: namespaces, bridges, veth pairs, NAT and names. Which subnet, which address
 * and which host port is the engine's decision (its IPAM); this port carries it out.
 *
 *   createBridge(br)                    docker0, br-<12 of the network id>, with the gateway's address
 *   createSandbox(id)                   a network namespace with lo up; its path goes into the runtime spec
 *   connect(sandbox, endpoint)          veth pair, address, default route, names
 *   publish(binding)                    host port -> container
 *   ... and back: unpublish, disconnect, deleteSandbox, deleteBridge. All removals are idempotent.
 *
 * Errors are Errno (EADDRINUSE for a port that is taken, EADDRNOTAVAIL for an address that
 * the host has not, EEXIST for a bridge).
 */
export interface Network {
  createBridge(bridge: Bridge): Promise<void>;
  deleteBridge(networkId: string): Promise<void>;
  createSandbox(id: string): Promise<{ path: string }>;
  deleteSandbox(id: string): Promise<void>;
  connect(sandboxId: string, endpoint: Endpoint): Promise<void>;
  disconnect(sandboxId: string, networkId: string): Promise<void>;
  /** The default route goes by this gateway, wherever it went before. */
  routeBy(sandboxId: string, gateway: string): Promise<void>;
  /** The endpoint has other names from now on. */
  rename(sandboxId: string, networkId: string, names: string[]): Promise<void>;
  publish(binding: PortBinding): Promise<void>;
  unpublish(binding: PortBinding): Promise<void>;
  /** Whether something on the host (outside any container) listens there already. */
  hostPortTaken(protocol: Protocol, ip: string, port: number): Promise<boolean>;
}

export type Protocol = 'tcp' | 'udp' | 'sctp';

export interface Bridge {
  networkId: string;
  /** Interface name on the host. */
  name: string;
  /** CIDR of the network, e.g. 172.18.0.0/16. */
  subnet: string;
  gateway: string;
  internal: boolean;
}

export interface Endpoint {
  networkId: string;
  endpointId: string;
  /** In the container: eth0, eth1, ... */
  interfaceName: string;
  macAddress: string;
  /** Address with prefix length, e.g. 172.17.0.2/16. */
  address: string;
  /** Absent: no default route by this endpoint. It takes the place of another's. */
  gateway?: string;
  /** Absent: 1500. */
  mtu?: number;
  /** Names that 127.0.0.11 answers for this endpoint on this network; empty on the default bridge. */
  names: string[];
  /** Names that 127.0.0.11 answers to this sandbox alone: alias -> a name of another endpoint of the network. */
  links?: Readonly<Record<string, string>>;
  /** Whether 127.0.0.11 serves this sandbox (user-defined networks). */
  resolver: boolean;
}

export interface PortBinding {
  protocol: Protocol;
  /** '0.0.0.0' for any. */
  hostIp: string;
  hostPort: number;
  sandboxId: string;
  containerIp: string;
  containerPort: number;
}
