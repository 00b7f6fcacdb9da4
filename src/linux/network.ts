/** Port Network by `ip` and iptables: bridges, veth pairs, namespaces kept by a file; published ports by a proxy. */
import { execFile } from 'node:child_process';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial, type Server } from 'node:net';
import type { Bridge, Endpoint, Network, PortBinding, Protocol } from '../port/index.ts';
import { Errno } from '../spec/index.ts';
import { asErrno } from './errno.ts';
import { unmount } from './mounter.ts';
import { Resolver } from './resolver.ts';

interface Sandbox {
  /** A file on which the namespace is mounted. */
  path: string;
  endpoints: Map<string, Endpoint>;
  resolver?: Resolver;
}

interface HostBridge {
  /** On this machine: not always the name that was asked for. */
  name: string;
  subnet: string;
}

/**
 * Differs from Docker: published ports are always served by a proxy (dockerd's docker-proxy), so a container sees the
 * bridge's address as its peer.
 */
export class LinuxNetwork implements Network {
  private readonly bridges = new Map<string, HostBridge>();
  private readonly sandboxes = new Map<string, Sandbox>();
  private readonly proxies = new Map<string, { close(): void }>();
  private links = 0;

  /** `directory` holds the namespaces' files and notes of what is to be taken down. */
  constructor(private readonly directory: string) {
    mkdirSync(`${directory}/netns`, { recursive: true });
    mkdirSync(`${directory}/bridges`, { recursive: true });
  }

  /** A dockerd that runs here has docker0 and its subnet: then ours has another name, and no way out of the host. */
  async createBridge({ networkId, name: wanted, subnet, gateway, internal }: Bridge): Promise<void> {
    if (this.bridges.has(networkId)) throw new Errno('EEXIST', wanted);
    const name = existsSync(`/sys/class/net/${wanted}`) ? `dd-${networkId.slice(0, 12)}` : wanted;
    const taken = (await run('ip', ['-o', 'route', 'show', subnet])).trim() !== '';
    writeFileSync(`${this.directory}/bridges/${name}`, subnet);
    await ip([
      `link add name ${name} type bridge`,
      ...(taken ? [] : [`addr add ${gateway}/${subnet.split('/')[1]} broadcast + dev ${name}`]),
      `link set dev ${name} up`,
    ]);
    this.bridges.set(networkId, { name, subnet });
    if (internal || taken) return;
    writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
    await run('iptables', ['-w', '-N', apart]).catch(() => {}); // another bridge has made it
    for (const rule of outwardRules(name, subnet)) await run('iptables', ['-w', rule.table, '-I', ...rule.words]);
  }

  async deleteBridge(networkId: string): Promise<void> {
    const bridge = this.bridges.get(networkId);
    if (!bridge) return;
    this.bridges.delete(networkId);
    await this.takeDown(bridge);
  }

  async createSandbox(id: string): Promise<{ path: string }> {
    const path = `${this.directory}/netns/${id.slice(0, 12)}`;
    writeFileSync(path, '');
    await run('unshare', [`--net=${path}`, 'ip', 'link', 'set', 'lo', 'up']);
    this.sandboxes.set(id, { path, endpoints: new Map() });
    return { path };
  }

  async deleteSandbox(id: string): Promise<void> {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox) return;
    for (const networkId of [...sandbox.endpoints.keys()]) await this.disconnect(id, networkId);
    this.sandboxes.delete(id);
    sandbox.resolver?.close();
    unmount(sandbox.path);
    rmSync(sandbox.path);
  }

  async connect(sandboxId: string, endpoint: Endpoint): Promise<void> {
    const sandbox = this.sandboxes.get(sandboxId);
    const bridge = this.bridges.get(endpoint.networkId);
    if (!sandbox) throw new Errno('ENOENT', sandboxId);
    if (!bridge) throw new Errno('ENODEV', endpoint.networkId);
    const outside = `dd${process.pid.toString(36)}v${(this.links++).toString(36)}`;
    const inside = `${outside}c`;
    const { interfaceName, macAddress, address, gateway } = endpoint;
    await ip([
      `link add ${outside} type veth peer name ${inside}`,
      `link set ${inside} netns ${sandbox.path}`,
      `link set ${outside} master ${bridge.name} up`,
    ]);
    await ip(
      [
        `link set ${inside} name ${interfaceName} address ${macAddress}`,
        `addr add ${address} broadcast + dev ${interfaceName}`,
        `link set ${interfaceName}${endpoint.mtu ? ` mtu ${endpoint.mtu}` : ''} up`,
        ...(gateway ? [`route replace default via ${gateway}`] : []),
      ],
      sandbox.path,
    );
    sandbox.endpoints.set(endpoint.networkId, endpoint);
    if (endpoint.resolver) sandbox.resolver ??= new Resolver(sandbox.path);
    this.tellNames();
  }

  async routeBy(sandboxId: string, gateway: string): Promise<void> {
    const sandbox = this.sandboxes.get(sandboxId);
    if (sandbox) await ip([`route replace default via ${gateway}`], sandbox.path);
  }

  async rename(sandboxId: string, networkId: string, names: string[]): Promise<void> {
    const endpoints = this.sandboxes.get(sandboxId)?.endpoints;
    const endpoint = endpoints?.get(networkId);
    if (endpoint) endpoints!.set(networkId, { ...endpoint, names });
    this.tellNames();
  }

  async disconnect(sandboxId: string, networkId: string): Promise<void> {
    const sandbox = this.sandboxes.get(sandboxId);
    const endpoint = sandbox?.endpoints.get(networkId);
    if (!sandbox || !endpoint) return;
    sandbox.endpoints.delete(networkId);
    await ip([`link delete ${endpoint.interfaceName}`], sandbox.path);
    this.tellNames();
  }

  async publish(binding: PortBinding): Promise<void> {
    if (binding.protocol === 'sctp') throw new Errno('EPROTONOSUPPORT');
    const proxy = binding.protocol === 'tcp' ? await tcpProxy(binding) : await udpProxy(binding);
    this.proxies.set(keyOf(binding), proxy);
  }

  async unpublish(binding: PortBinding): Promise<void> {
    this.proxies.get(keyOf(binding))?.close();
    this.proxies.delete(keyOf(binding));
  }

  async hostPortTaken(protocol: Protocol, address: string, port: number): Promise<boolean> {
    if (protocol === 'sctp') return false;
    return ['', '6'].some((version) => listens(`/proc/net/${protocol}${version}`, protocol, address, port));
  }

  async close(): Promise<void> {
    for (const proxy of this.proxies.values()) proxy.close();
    for (const id of [...this.sandboxes.keys()]) await this.deleteSandbox(id);
    for (const networkId of [...this.bridges.keys()]) await this.deleteBridge(networkId);
  }

  /** Removes what an engine that crashed has left. */
  async sweep(): Promise<void> {
    for (const name of readdirSync(`${this.directory}/bridges`)) {
      await this.takeDown({ name, subnet: readFileSync(`${this.directory}/bridges/${name}`, 'utf8') });
    }
    for (const name of readdirSync(`${this.directory}/netns`)) {
      try {
        unmount(`${this.directory}/netns/${name}`);
      } catch {
        // Its mount went with the engine's mount namespace.
      }
      rmSync(`${this.directory}/netns/${name}`);
    }
  }

  private async takeDown({ name, subnet }: HostBridge): Promise<void> {
    for (const { table, words } of outwardRules(name, subnet)) {
      await run('iptables', ['-w', table, '-D', ...words]).catch(() => {}); // an internal bridge has none
    }
    await run('iptables', ['-w', '-X', apart]).catch(() => {}); // other bridges need it
    if (existsSync(`/sys/class/net/${name}`)) await ip([`link delete ${name}`]);
    rmSync(`${this.directory}/bridges/${name}`, { force: true });
  }

  /** Every resolver knows the names on the networks that its sandbox is on. */
  private tellNames(): void {
    for (const { resolver, endpoints } of this.sandboxes.values()) {
      resolver?.setNames(
        [...this.sandboxes.values()].flatMap((other) =>
          [...other.endpoints.values()]
            .filter(({ networkId }) => endpoints.has(networkId))
            .flatMap(({ names, address }) => names.map((name) => ({ name, address: address.split('/')[0]! }))),
        ),
      );
    }
  }
}

/** A chain through which goes what leaves one of our bridges; it drops what would enter another. */
const apart = 'DRYDOCK-ISOLATION';

/** What lets containers out, and keeps bridges apart (libnetwork's rules for a bridge), in the order of insertion. */
const outwardRules = (name: string, subnet: string): { table: string; words: string[] }[] => [
  { table: '--table=nat', words: ['POSTROUTING', '-s', subnet, '!', '-o', name, '-j', 'MASQUERADE'] },
  { table: '--table=filter', words: ['FORWARD', '-i', name, '-j', 'ACCEPT'] },
  { table: '--table=filter', words: ['FORWARD', '-o', name, '-j', 'ACCEPT'] },
  { table: '--table=filter', words: ['FORWARD', '-i', name, '!', '-o', name, '-j', apart] },
  { table: '--table=filter', words: [apart, '-o', name, '-j', 'DROP'] },
];

function run(program: string, args: string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { encoding: 'utf8' }, (error, stdout, stderr) =>
      error ? reject(new Error(`${program} ${args.join(' ')}: ${stderr.trim() || error.message}`)) : resolve(stdout),
    );
    child.stdin?.on('error', () => {}); // it ended without reading
    child.stdin?.end(input);
  });
}

/** Several `ip` commands at once, in this namespace or in that of a file. */
async function ip(lines: string[], netns?: string): Promise<void> {
  const [program = '', ...args] = [...(netns ? ['nsenter', `--net=${netns}`] : []), 'ip', '-batch', '-'];
  await run(program, args, `${lines.join('\n')}\n`);
}

const keyOf = ({ protocol, hostIp, hostPort }: PortBinding): string => `${protocol}:${hostIp}:${hostPort}`;

function tcpProxy({ hostIp, hostPort, containerIp, containerPort }: PortBinding): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const target = dial({ host: containerIp, port: containerPort, allowHalfOpen: true });
    for (const [from, to] of [[client, target] as const, [target, client] as const]) {
      // Nobody listens there: who asked is to see a reset, not an empty answer.
      from.on('error', () => to.resetAndDestroy());
      from.pipe(to);
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(asErrno(error)));
    server.listen({ host: hostIp, port: hostPort }, () => resolve(server));
  });
}

/** One socket towards the container for each client, so that answers find their way. */
function udpProxy({ hostIp, hostPort, containerIp, containerPort }: PortBinding): Promise<{ close(): void }> {
  const socket = createSocket('udp4');
  const clients = new Map<string, UdpSocket>();
  socket.on('message', (message, from) => {
    const key = `${from.address}:${from.port}`;
    let towards = clients.get(key);
    if (!towards) {
      towards = createSocket('udp4');
      towards.on('error', () => {}); // refused: the client hears nothing, as of any lost datagram
      towards.on('message', (answer) => socket.send(answer, from.port, from.address));
      clients.set(key, towards);
    }
    towards.send(message, containerPort, containerIp);
  });
  const close = (): void => {
    socket.close();
    for (const client of clients.values()) client.close();
  };
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => reject(asErrno(error)));
    socket.bind(hostPort, hostIp, () => resolve({ close }));
  });
}

/** Whether /proc/net/tcp and its like show a listener there (state 0A; 07 for a bound UDP socket). */
function listens(file: string, protocol: Protocol, address: string, port: number): boolean {
  if (!existsSync(file)) return false;
  const state = protocol === 'tcp' ? '0A' : '07';
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync(file, 'utf8').split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .some(
      ([, local = '', , now]) => now === state && local.endsWith(suffix) && overlaps(local.split(':')[0]!, address),
    );
}

/** The kernel writes addresses as 32-bit words of this machine's byte order. */
function overlaps(hex: string, address: string): boolean {
  if (address === '0.0.0.0' || /^0+$/.test(hex)) return true;
  const octets = hex
    .slice(-8)
    .match(/../g)!
    .map((part) => Number.parseInt(part, 16));
  return octets.reverse().join('.') === address;
}
