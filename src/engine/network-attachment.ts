import type { Protocol } from '../port/index.ts';
import {
  type EndpointSettings,
  EngineError,
  type HostConfig,
  isErrno,
  type NetworkingConfig,
  type PortHost,
  type PortMap,
} from '../spec/index.ts';
import type { Container, ContainerRecord } from './container.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, forbidden, messageOf, notFound, serverError } from './errors.ts';
import { allocateAddress, contains, formatIp, macOf, parseIp, parseSubnet } from './ipam.ts';
import type { EndpointRecord, NetworkRecord } from './network-record.ts';

export const isUserNetwork = (mode: string): boolean =>
  !['default', 'bridge', 'host', 'none', ''].includes(mode) && !mode.startsWith('container:');

/** `default` is the bridge. */
export const networkNameOf = (mode: string): string => (mode === 'default' || mode === '' ? 'bridge' : mode);

export function emptyEndpoint(networkId: string, settings: Partial<EndpointSettings> | null = {}): EndpointRecord {
  const ipam = settings?.IPAMConfig;
  return {
    networkId,
    ipamConfig: ipam && Object.keys(ipam).length > 0 ? ipam : ipam ? {} : null,
    links: settings?.Links?.length ? settings.Links : null,
    aliases: settings?.Aliases ?? null,
    driverOpts: settings?.DriverOpts ?? null,
    endpointId: '',
    gateway: '',
    address: '',
    prefixLength: 0,
    macAddress: '',
  };
}

/** What a container asks of networks when it is created; addresses come when it starts. */
export function requestedEndpoints(
  daemon: Daemon,
  record: ContainerRecord,
  networking?: NetworkingConfig | null,
): Record<string, EndpointRecord> {
  const mode = record.hostConfig.NetworkMode;
  if (mode.startsWith('container:')) {
    const target = daemon.containers.find(mode.slice('container:'.length));
    record.hostConfig.NetworkMode = `container:${target.id}`;
    return {};
  }
  const name = networkNameOf(mode);
  const given = Object.entries(networking?.EndpointsConfig ?? {}).find(
    ([key]) => networkNameOf(key) === name || key === mode,
  )?.[1];
  const { IPv4Address: ip = '', IPv6Address: ip6 = '' } = given?.IPAMConfig ?? {};
  if (ip && parseIp(ip) === undefined) throw badRequest(`invalid IPv4 address: ${ip}`);
  if (ip6 && !isIp6(ip6)) throw badRequest(`invalid IPv6 address: ${ip6}`);
  const network = daemon.networks.byName(name);
  const endpoint = emptyEndpoint(network?.id ?? '', given);
  if (isUserNetwork(mode)) endpoint.aliases = networkAliases(record, given);
  return { [network?.name ?? name]: endpoint };
}

const isIp6 = (text: string): boolean => /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/.test(text) && text.split('::').length <= 2;

/** On a user-defined network it is also known by its short id and its hostname (moby updateNetworkConfig). */
export function networkAliases(record: ContainerRecord, given?: Partial<EndpointSettings> | null): string[] {
  const aliases = new Set([...(given?.Aliases ?? []), record.id.slice(0, 12)]);
  if (record.config.Hostname && record.name !== record.config.Hostname) aliases.add(record.config.Hostname);
  return [...aliases];
}

/** Links of the default bridge name containers that must be there (moby registerLinks). */
export async function linkTargets(daemon: Daemon, host: HostConfig): Promise<void> {
  for (const link of host.Links ?? []) {
    const [name = ''] = link.split(':');
    if (!name) throw badRequest('could not get container for : invalid name or ID supplied: ""');
    const target = daemon.containers.lookup(name);
    if (!target) throw badRequest(`could not get container for ${name}: No such container: ${name}`);
    if (!isUserNetwork(host.NetworkMode) && !target.record.networks.bridge) {
      throw badRequest(`Cannot link to /${target.name}, as it does not belong to the default network`);
    }
  }
}

/** Gives a container that is about to start its sandbox, its addresses and its ports. Undoes all of it on failure. */
export async function connectNetworks(daemon: Daemon, container: Container): Promise<string | undefined> {
  const { record } = container;
  const mode = record.hostConfig.NetworkMode;
  if (mode === 'host') return joinHost(daemon, container);
  if (mode.startsWith('container:')) return sharedSandbox(daemon, container);
  record.sandboxId = container.held?.sandboxId || daemon.newId();
  const { path } = await daemon.ports.network.createSandbox(record.sandboxId);
  try {
    container.interfaces = 0;
    for (const name of Object.keys(record.networks)) await connectEndpoint(daemon, container, name);
    await publishPorts(daemon, container);
    return path;
  } catch (error) {
    await disconnectNetworks(daemon, container);
    throw error;
  }
}

/** An endpoint without an address, in the host's own namespace. */
async function joinHost(daemon: Daemon, container: Container): Promise<undefined> {
  const { record, held } = container;
  record.sandboxId = held?.sandboxId || daemon.newId();
  for (const name of Object.keys(record.networks)) await connectEndpoint(daemon, container, name);
}

/** Path of a running container's network namespace. */
export const sandboxPath = ({ sandboxId, hostConfig }: ContainerRecord): string =>
  `/var/run/docker/netns/${hostConfig.NetworkMode === 'host' ? 'default' : sandboxId.slice(0, 12)}`;

async function sharedSandbox(daemon: Daemon, container: Container): Promise<string | undefined> {
  const target = daemon.containers.find(container.record.hostConfig.NetworkMode.slice('container:'.length));
  if (target.id === container.id) throw badRequest('cannot join own network');
  if (!target.isRunning) throw new EngineError(409, `cannot join network of a non running container: ${target.id}`);
  if (target.record.hostConfig.NetworkMode === 'host') return undefined;
  return `/proc/${target.state.pid}/ns/net`;
}

/** Networks that are always there give no address and no name on demand (moby validateEndpointSettings). */
function checkPlain({ ipamConfig, aliases }: EndpointRecord): void {
  if (ipamConfig?.IPv4Address || ipamConfig?.IPv6Address)
    throw badRequest('user specified IP address is supported on user defined networks only');
  if (aliases?.length)
    throw badRequest('network-scoped alias is supported only for containers in user defined networks');
}

/** One endpoint of a container that has a sandbox. */
export async function connectEndpoint(daemon: Daemon, container: Container, networkName: string): Promise<void> {
  const { record } = container;
  const endpoint = record.networks[networkName]!;
  const network = daemon.networks.all().find(({ id, name }) => id === endpoint.networkId || name === networkName);
  if (!network) throw notFound(`network ${networkName} not found`);
  if (network.configOnly) throw forbidden('cannot create endpoint on configuration-only network');
  if (!isUserNetwork(network.name)) checkPlain(endpoint);
  endpoint.networkId = network.id;
  endpoint.endpointId = container.held?.networks[networkName]?.endpointId || daemon.newId();
  if (network.driver === 'bridge') {
    allocate(daemon, container, network, endpoint, container.held?.networks[networkName]?.address);
    await daemon.ports.network.connect(record.sandboxId, {
      networkId: network.id,
      endpointId: endpoint.endpointId,
      interfaceName: `eth${container.interfaces++}`,
      macAddress: endpoint.macAddress,
      address: `${endpoint.address}/${endpoint.prefixLength}`,
      gateway: gatewayNetwork(daemon, record)?.id === network.id ? network.gateway : undefined,
      mtu: Number(network.options?.['com.docker.network.driver.mtu']) || undefined,
      names: network.predefined ? [] : endpointNames(record, endpoint),
      links: linkedNames(daemon, endpoint),
      resolver: !network.predefined,
    });
  }
  daemon.networkEvent('connect', network, record.id);
}

/** Whose gateway is the way out: of the networks that have one, the first by name (libnetwork getGatewayEndpoint). */
const gatewayNetwork = (daemon: Daemon, record: ContainerRecord): NetworkRecord | undefined =>
  daemon.networks
    .all()
    .filter(({ name, driver, internal }) => driver === 'bridge' && !internal && record.networks[name]?.endpointId)
    .sort((a, b) => (a.name < b.name ? -1 : 1))[0];

/** `--link NAME:ALIAS` on a user-defined network: what this container alone calls another. */
const linkedNames = (daemon: Daemon, endpoint: EndpointRecord): Record<string, string> =>
  Object.fromEntries(
    (endpoint.links ?? []).map((link) => {
      const [name = '', alias = name] = link.split(':');
      return [alias, daemon.containers.lookup(name)?.name ?? name];
    }),
  );

/** What 127.0.0.11 answers for it on a user-defined network. */
export const endpointNames = (record: ContainerRecord, endpoint: EndpointRecord): string[] => [
  ...new Set([record.name, ...(endpoint.aliases ?? []), record.id.slice(0, 12)]),
];

/** A container that runs answers to its new name, and no more to the old one. */
export async function renameEndpoints(daemon: Daemon, { record }: Container): Promise<void> {
  for (const [name, endpoint] of Object.entries(record.networks)) {
    if (endpoint.endpointId === '' || !isUserNetwork(name)) continue;
    await daemon.ports.network.rename(record.sandboxId, endpoint.networkId, endpointNames(record, endpoint));
  }
}

function allocate(
  daemon: Daemon,
  container: Container,
  network: NetworkRecord,
  endpoint: EndpointRecord,
  held: string | undefined,
): void {
  const subnet = parseSubnet(network.subnet)!;
  const wanted = endpoint.ipamConfig?.IPv4Address;
  if (wanted) checkWanted(network, wanted);
  const range = parseSubnet(network.ipamConfig[0]?.IPRange ?? '');
  const ip = allocateAddress(subnet, takenAddresses(daemon, network), {
    wanted: wanted || held,
    range,
    of: `${network.name} (${network.id})`,
  });
  endpoint.address = formatIp(ip);
  endpoint.prefixLength = subnet.length;
  endpoint.gateway = network.internal ? '' : network.gateway;
  endpoint.macAddress = container.record.config.MacAddress || macOf(ip);
}

export function checkWanted(network: NetworkRecord, wanted: string): void {
  if (!network.userSubnet) {
    throw badRequest(
      'user specified IP address is supported only when connecting to networks with user configured subnets',
    );
  }
  const ip = parseIp(wanted);
  if (ip === undefined) throw badRequest(`Invalid IPv4 address: ${wanted})`);
  if (!contains(parseSubnet(network.subnet)!, ip)) {
    throw badRequest(`Invalid address ${wanted}: It does not belong to any of this network's subnets`);
  }
}

function takenAddresses(daemon: Daemon, network: NetworkRecord): Set<number> {
  const taken = new Set<number>([parseIp(network.gateway) ?? 0, ...daemon.stepAddresses]);
  for (const address of Object.values(network.ipamConfig[0]?.AuxiliaryAddresses ?? {}))
    taken.add(parseIp(address) ?? 0);
  for (const { endpoint } of endpointsOn(daemon, network)) taken.add(parseIp(endpoint.address) ?? 0);
  return taken;
}

/** Connects the sandbox of a build step to the default bridge; resolves to what takes it off again. */
export async function joinBridge(daemon: Daemon, sandboxId: string): Promise<() => Promise<void>> {
  const bridge = daemon.networks.byName('bridge')!;
  const subnet = parseSubnet(bridge.subnet)!;
  const ip = allocateAddress(subnet, takenAddresses(daemon, bridge));
  daemon.stepAddresses.add(ip);
  await daemon.ports.network.connect(sandboxId, {
    networkId: bridge.id,
    endpointId: daemon.newId(),
    interfaceName: 'eth0',
    macAddress: macOf(ip),
    address: `${formatIp(ip)}/${subnet.length}`,
    gateway: bridge.gateway,
    names: [],
    resolver: false,
  });
  return async () => {
    await daemon.ports.network.disconnect(sandboxId, bridge.id);
    daemon.stepAddresses.delete(ip);
  };
}

/** Live endpoints of a network. */
export function endpointsOn(
  daemon: Daemon,
  network: NetworkRecord,
): { container: Container; endpoint: EndpointRecord }[] {
  return daemon.containers.all().flatMap((container) =>
    Object.values(container.record.networks)
      .filter((endpoint) => endpoint.networkId === network.id && endpoint.endpointId !== '')
      .map((endpoint) => ({ container, endpoint })),
  );
}

export async function disconnectEndpoint(daemon: Daemon, container: Container, networkName: string): Promise<void> {
  const endpoint = container.record.networks[networkName]!;
  if (endpoint.endpointId === '') return;
  const network = daemon.networks.all().find(({ id }) => id === endpoint.networkId);
  if (container.record.hostConfig.NetworkMode !== 'host')
    await daemon.ports.network.disconnect(container.record.sandboxId, endpoint.networkId);
  Object.assign(endpoint, { endpointId: '', gateway: '', address: '', prefixLength: 0, macAddress: '' });
  const next = gatewayNetwork(daemon, container.record);
  if (next) await daemon.ports.network.routeBy(container.record.sandboxId, next.gateway);
  if (network) daemon.networkEvent('disconnect', network, container.id);
}

/** Everything that connectNetworks gave. Idempotent. */
export async function disconnectNetworks(daemon: Daemon, container: Container): Promise<void> {
  const { record } = container;
  await unpublishPorts(daemon, container);
  for (const name of Object.keys(record.networks)) await disconnectEndpoint(daemon, container, name);
  const own = record.sandboxId && record.hostConfig.NetworkMode !== 'host';
  if (own) await daemon.ports.network.deleteSandbox(record.sandboxId);
  record.sandboxId = '';
}

/** Every exposed port (null when nothing is published on it), sorted as Docker sorts them. */
function wantedPorts(record: ContainerRecord): [string, PortHost[] | null][] {
  const { PortBindings, PublishAllPorts } = record.hostConfig;
  const ports: PortMap = {};
  for (const port of Object.keys(record.config.ExposedPorts ?? {}))
    ports[port.includes('/') ? port : `${port}/tcp`] = PublishAllPorts ? [{ HostIp: '', HostPort: '' }] : null;
  for (const [key, bindings] of Object.entries(PortBindings ?? {}))
    ports[key] = bindings?.length ? bindings : [{ HostIp: '', HostPort: '' }];
  return Object.entries(ports).sort(([a], [b]) => parseInt(a, 10) - parseInt(b, 10) || (a < b ? -1 : 1));
}

async function publishPorts(daemon: Daemon, container: Container): Promise<void> {
  const { record } = container;
  record.ports = {};
  const bridged = Object.values(record.networks).find((endpoint) => endpoint.address !== '');
  for (const [key, bindings] of wantedPorts(record)) {
    if (!bindings || !bridged) {
      if (bridged) record.ports[key] = null;
      continue;
    }
    const published: PortHost[] = [];
    record.ports[key] = published;
    const held = container.held?.ports[key]?.filter(({ HostIp }) => HostIp !== '::');
    for (const [index, wanted] of bindings.entries()) {
      const binding = { ...wanted, HostPort: held?.[index]?.HostPort ?? wanted.HostPort };
      try {
        published.push(...(await publishOne(daemon, record, bridged, key, binding)));
      } catch (error) {
        const text = messageOf(error);
        throw serverError(
          `driver failed programming external connectivity on endpoint ${record.name} (${bridged.endpointId}): ${text}`,
        );
      }
    }
  }
}

/** bind(2)'s reasons in Go's words. */
const refusals = [
  ['EADDRINUSE', 'address already in use'],
  ['EADDRNOTAVAIL', 'cannot assign requested address'],
] as const;

async function publishOne(
  daemon: Daemon,
  record: ContainerRecord,
  endpoint: EndpointRecord,
  key: string,
  { HostIp, HostPort }: PortHost,
): Promise<PortHost[]> {
  const [port, protocol = 'tcp'] = key.split('/') as [string, Protocol?];
  const ip = HostIp || '0.0.0.0';
  const [from, to = from] = HostPort.split('-');
  const hostPort = allocateIn(daemon, protocol, ip, Number(from || 0), Number(to || 0));
  const listening = ip.includes(':') ? `${protocol}6 [${ip}]:${hostPort}` : `${protocol}4 ${ip}:${hostPort}`;
  try {
    if (await daemon.ports.network.hostPortTaken(protocol, ip, hostPort)) {
      throw serverError(`Error starting userland proxy: listen ${listening}: bind: address already in use`);
    }
    await daemon.ports.network.publish({
      protocol,
      hostIp: ip,
      hostPort,
      sandboxId: record.sandboxId,
      containerIp: endpoint.address,
      containerPort: Number(port),
    });
  } catch (error) {
    daemon.portAllocator.release(protocol, ip, hostPort);
    const why = refusals.find(([code]) => isErrno(error, code))?.[1];
    if (!why) throw error;
    throw serverError(`Error starting userland proxy: listen ${listening}: bind: ${why}`);
  }
  const both = HostIp === '' ? [{ HostIp: '::', HostPort: String(hostPort) }] : [];
  return [{ HostIp: ip, HostPort: String(hostPort) }, ...both];
}

function allocateIn(daemon: Daemon, protocol: Protocol, ip: string, from: number, to: number): number {
  for (let port = from; port < to; port++) {
    try {
      return daemon.portAllocator.allocate(protocol, ip, port);
    } catch {
      // The next one of the range.
    }
  }
  return daemon.portAllocator.allocate(protocol, ip, to);
}

async function unpublishPorts(daemon: Daemon, container: Container): Promise<void> {
  const { record } = container;
  const address = Object.values(record.networks).find((endpoint) => endpoint.address !== '')?.address ?? '';
  for (const [key, bindings] of Object.entries(record.ports)) {
    const [port, protocol = 'tcp'] = key.split('/') as [string, Protocol?];
    for (const { HostIp, HostPort } of bindings ?? []) {
      // Its twin holds it.
      if (HostIp === '::' && bindings?.some((one) => one.HostIp === '0.0.0.0' && one.HostPort === HostPort)) continue;
      daemon.portAllocator.release(protocol, HostIp, Number(HostPort));
      await daemon.ports.network.unpublish({
        protocol,
        hostIp: HostIp,
        hostPort: Number(HostPort),
        sandboxId: record.sandboxId,
        containerIp: address,
        containerPort: Number(port),
      });
    }
  }
  record.ports = {};
}
