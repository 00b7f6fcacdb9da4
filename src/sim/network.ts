/** Port Network over the simulated kernel: what libnetwork does with netlink, iptables and its resolver. */
import type { Bridge, Endpoint, Network, PortBinding, Protocol } from '../port/index.ts';
import { Errno } from '../spec/index.ts';
import { SandboxResolver } from './container/sandbox-resolver.ts';
import { type BootedKernel, makeDirectories } from './kernel/boot.ts';
import type { NetNamespace } from './kernel/namespaces.ts';
import { anyAddress, plainAddress } from './net/ip.ts';
import type { Netlink } from './net/netlink.ts';
import { setInternal } from './net/routing.ts';
import type { NatRule, NetStack } from './net/stack.ts';
import { MountedFilesystem } from './vfs/mount-table.ts';

const sandboxDirectory = '/var/run/docker/netns';

interface Sandbox {
  namespace: NetNamespace;
  path: string;
  endpoints: Map<string, { endpoint: Endpoint; hostLink: string }>;
}

export class SimNetwork implements Network {
  private readonly bridges = new Map<string, string>();
  private readonly sandboxes = new Map<string, Sandbox>();

  constructor(private readonly kernel: BootedKernel) {}

  private get host(): NetStack {
    return this.kernel.kernelTask.ns.net.stack;
  }
  private get hostLinks() {
    return this.host.netlinkFor(this.kernel.kernelTask);
  }
  private linksOf(sandbox: Sandbox) {
    return sandbox.namespace.stack.netlinkFor(this.kernel.kernelTask);
  }

  async createBridge({ networkId, name, subnet, gateway, internal }: Bridge): Promise<void> {
    this.hostLinks.addLink({ name, kind: 'bridge' });
    this.hostLinks.addAddress(name, `${gateway}/${subnet.split('/')[1]}`);
    this.hostLinks.setLink(name, { up: true });
    if (internal) setInternal(this.host.link(name));
    this.bridges.set(networkId, name);
  }

  async deleteBridge(networkId: string): Promise<void> {
    const name = this.bridges.get(networkId);
    if (name === undefined) return;
    this.bridges.delete(networkId);
    if (this.hostLinks.links().some((link) => link.name === name)) this.hostLinks.deleteLink(name);
  }

  async createSandbox(id: string): Promise<{ path: string }> {
    const { core, kernelTask } = this.kernel;
    const path = `${sandboxDirectory}/${id.slice(0, 12)}`;
    const namespace = core.newNetNamespace();
    makeDirectories(kernelTask.paths, sandboxDirectory);
    const { location } = kernelTask.paths.open(path, { create: true, write: true, mode: 0o444 });
    const mount = new MountedFilesystem(core.nsfs.inodeOf(namespace), 'nsfs');
    kernelTask.ns.mnt.table.attach(mount, location);
    const sandbox = { namespace, path, endpoints: new Map() };
    this.sandboxes.set(id, sandbox);
    this.linksOf(sandbox).setLink('lo', { up: true });
    return { path };
  }

  async deleteSandbox(id: string): Promise<void> {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox) return;
    for (const networkId of [...sandbox.endpoints.keys()]) await this.disconnect(id, networkId);
    this.sandboxes.delete(id);
    const { kernelTask } = this.kernel;
    const at = kernelTask.paths.resolve(sandbox.path);
    kernelTask.ns.mnt.table.umount(at.mount, true);
    kernelTask.paths.unlink(sandbox.path);
  }

  async connect(sandboxId: string, endpoint: Endpoint): Promise<void> {
    const sandbox = this.sandbox(sandboxId);
    const bridge = this.bridges.get(endpoint.networkId);
    if (bridge === undefined) throw new Errno('ENODEV', endpoint.networkId);
    const hostLink = `veth${this.hexName()}`;
    const inner = `veth${this.hexName()}`;
    this.hostLinks.addLink({ name: hostLink, kind: 'veth', peer: inner });
    this.hostLinks.setLink(inner, { netnsPath: sandbox.path });
    this.hostLinks.setLink(hostLink, { master: bridge, up: true });
    const links = this.linksOf(sandbox);
    links.setLink(inner, { rename: endpoint.interfaceName, mac: endpoint.macAddress });
    links.addAddress(endpoint.interfaceName, endpoint.address);
    links.setLink(endpoint.interfaceName, { up: true, ...(endpoint.mtu ? { mtu: endpoint.mtu } : {}) });
    if (endpoint.gateway) replaceDefault(links, endpoint.gateway);
    sandbox.endpoints.set(endpoint.networkId, { endpoint, hostLink });
    if (endpoint.resolver) this.serveNames(sandbox);
  }

  async routeBy(sandboxId: string, gateway: string): Promise<void> {
    const sandbox = this.sandboxes.get(sandboxId);
    if (sandbox) replaceDefault(this.linksOf(sandbox), gateway);
  }

  async rename(sandboxId: string, networkId: string, names: string[]): Promise<void> {
    const joined = this.sandboxes.get(sandboxId)?.endpoints.get(networkId);
    if (joined) joined.endpoint = { ...joined.endpoint, names };
  }

  /** 127.0.0.11: names of all endpoints that share a network with this sandbox, else the host's way out. */
  private serveNames(sandbox: Sandbox): void {
    const resolver = new SandboxResolver(
      () => this.namesFor(sandbox),
      (query) => this.kernel.internet.resolve(query),
    );
    sandbox.namespace.stack.resolver = (query) => resolver.answer(query);
  }

  private namesFor(sandbox: Sandbox): { name: string; address: string; network: string }[] {
    const shared = [...this.sandboxes.values()].flatMap((other) =>
      [...other.endpoints.values()]
        .filter(({ endpoint }) => sandbox.endpoints.has(endpoint.networkId))
        .flatMap(({ endpoint }) =>
          endpoint.names.map((name) => ({
            name,
            address: endpoint.address.split('/')[0]!,
            network: endpoint.networkId,
          })),
        ),
    );
    const linked = [...sandbox.endpoints.values()].flatMap(({ endpoint }) =>
      Object.entries(endpoint.links ?? {}).flatMap(([alias, target]) =>
        shared
          .filter(({ name, network }) => name === target && network === endpoint.networkId)
          .map((entry) => ({ ...entry, name: alias })),
      ),
    );
    return [...shared, ...linked];
  }

  async disconnect(sandboxId: string, networkId: string): Promise<void> {
    const sandbox = this.sandboxes.get(sandboxId);
    const joined = sandbox?.endpoints.get(networkId);
    if (!sandbox || !joined) return;
    sandbox.endpoints.delete(networkId);
    if (this.hostLinks.links().some((link) => link.name === joined.hostLink)) {
      this.hostLinks.deleteLink(joined.hostLink);
    }
  }

  async publish(binding: PortBinding): Promise<void> {
    const rules = this.host.natRules;
    const address = plainAddress(binding.hostIp);
    if (address !== anyAddress && !this.host.owns(address)) throw new Errno('EADDRNOTAVAIL');
    if (rules.some((rule) => covers(rule, binding.protocol, address, binding.hostPort))) throw new Errno('EADDRINUSE');
    if (await this.hostPortTaken(binding.protocol, address, binding.hostPort)) throw new Errno('EADDRINUSE');
    rules.push(ruleOf(binding));
  }

  async unpublish(binding: PortBinding): Promise<void> {
    const gone = ruleOf(binding);
    this.host.natRules = this.host.natRules.filter(
      (rule) => !Object.entries(gone).every(([key, value]) => rule[key as keyof NatRule] === value),
    );
  }

  async hostPortTaken(protocol: Protocol, given: string, port: number): Promise<boolean> {
    const ip = plainAddress(given);
    const table = protocol === 'udp' ? this.host.datagrams : this.host.listeners;
    return [...table.keys()].some((key) => {
      const at = key.lastIndexOf(':');
      const address = key.slice(0, at);
      return key.slice(at + 1) === String(port) && (ip === anyAddress || address === anyAddress || address === ip);
    });
  }

  private sandbox(id: string): Sandbox {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox) throw new Errno('ENOENT', id);
    return sandbox;
  }

  private hexName(): string {
    return [...this.kernel.core.entropy.bytes(4)]
      .map((b) => b.toString(16).padStart(2, '0'))
      .join('')
      .slice(0, 7);
  }
}

const ruleOf = (binding: PortBinding): NatRule => ({
  protocol: binding.protocol,
  hostIp: plainAddress(binding.hostIp),
  hostPort: binding.hostPort,
  toIp: binding.containerIp,
  toPort: binding.containerPort,
});

const covers = (rule: NatRule, protocol: string, ip: string, port: number): boolean =>
  rule.protocol === protocol &&
  rule.hostPort === port &&
  (rule.hostIp === ip || rule.hostIp === anyAddress || ip === anyAddress);

/** A namespace has one way out. */
function replaceDefault(links: Pick<Netlink, 'routes' | 'addRoute' | 'deleteRoute'>, gateway: string): void {
  for (const route of links.routes()) if (route.destination === 'default') links.deleteRoute('default');
  links.addRoute({ destination: 'default', gateway });
}
