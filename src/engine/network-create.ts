import type { NetworkCreateRequest } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, conflict, forbidden, notFound, notSimulated, serverError } from './errors.ts';
import { contains, formatIp, formatSubnet, nextPool, overlaps, parseIp, parseSubnet, type Subnet } from './ipam.ts';
import { createBridge } from './network-defaults.ts';
import type { NetworkRecord } from './network-record.ts';

/** POST /networks/create */
export async function networkCreate(
  daemon: Daemon,
  request: NetworkCreateRequest,
): Promise<{ Id: string; Warning: string }> {
  const { Name: name } = request;
  const driver = request.Driver || 'bridge';
  if (['bridge', 'host', 'none', 'default'].includes(name)) {
    throw forbidden(`operation is not permitted on predefined ${name} network`);
  }
  // An empty name is found as the beginning of any id.
  if (!name?.trim() || daemon.networks.byName(name)) throw conflict(`network with name ${name} already exists`);
  checkDriver(driver);
  if (request.Ingress) throw forbidden('Ingress network can only be global scope network');
  const ipam = request.IPAM?.Driver || 'default';
  if (!['default', 'null'].includes(ipam)) throw notFound(`plugin ${JSON.stringify(ipam)} not found`);
  if (request.Scope === 'swarm') {
    throw forbidden('cannot create a swarm scoped network when swarm is not active');
  }
  if (request.Scope && request.Scope !== 'local') throw forbidden(notManager);
  const network = request.ConfigOnly ? settingsOnly(daemon, request) : configured(daemon, request, driver);
  if (!network.configOnly) await createBridge(daemon, network);
  daemon.networks.add(network);
  daemon.networkEvent('create', network);
  return { Id: network.id, Warning: '' };
}

const notManager =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';

/** `--config-only`: remembered, for networks that are made from it. */
function settingsOnly(daemon: Daemon, request: NetworkCreateRequest): NetworkRecord {
  const empty = record(daemon, { ...request, IPAM: undefined }, 'null');
  const [driver, config] = [request.IPAM?.Driver || 'default', request.IPAM?.Config ?? []];
  return {
    ...empty,
    ipamDriver: driver,
    ipamConfig: config,
    subnet: '',
    gateway: '',
    bridgeName: '',
    configOnly: true,
  };
}

/** By its own settings, or those of the network that `--config-from` names. */
function configured(daemon: Daemon, request: NetworkCreateRequest, driver: string): NetworkRecord {
  const from = request.ConfigFrom?.Network;
  if (!from) return record(daemon, request, driver);
  const source = daemon.networks.byName(from);
  if (!source?.configOnly) throw badRequest(`configuration network ${JSON.stringify(from)} does not exist`);
  const { ipamDriver: Driver, ipamOptions: Options, ipamConfig: Config, options } = source;
  const own = { ...request, Options: options ?? {}, IPAM: { Driver, Options, Config } };
  return { ...record(daemon, own, driver), configFrom: from };
}

function checkOptions(daemon: Daemon, options: Record<string, string>, id: string): void {
  const mtu = options['com.docker.network.driver.mtu'];
  if (mtu !== undefined && !/^[+-]?\d+$/.test(mtu)) {
    const why = `strconv.Atoi: parsing ${JSON.stringify(mtu)}: invalid syntax`;
    throw badRequest(`failed to parse com.docker.network.driver.mtu value: ${mtu} (${why})`);
  }
  const bridge = options['com.docker.network.bridge.name'];
  const other = bridge && daemon.networks.all().find(({ bridgeName }) => bridgeName === bridge);
  if (other) {
    const both = `network ${id} (${bridge}): conflicts with network ${other.id} (${bridge})`;
    throw forbidden(`cannot create ${both}: networks have same bridge name`);
  }
}

function checkDriver(driver: string): void {
  if (driver === 'bridge') return;
  if (driver === 'host' || driver === 'null') throw forbidden(`only one instance of "${driver}" network is allowed`);
  if (driver === 'overlay') {
    throw forbidden(notManager);
  }
  if (['macvlan', 'ipvlan'].includes(driver)) throw notSimulated(`network driver ${driver}`);
  throw notFound(`plugin ${JSON.stringify(driver)} not found`);
}

function record(daemon: Daemon, request: NetworkCreateRequest, driver: string): NetworkRecord {
  const taken = daemon.networks.all().flatMap((network) => parseSubnet(network.subnet) ?? []);
  const configs = (request.IPAM?.Config ?? []).filter((config) => !config.Subnet?.includes(':'));
  const [given] = configs;
  if (configs.length > 1) throw badRequest("bridge driver doesn't support multiple subnets");
  if (request.EnableIPv6 && !request.IPAM?.Config?.some((config) => config.Subnet?.includes(':'))) {
    throw serverError(
      'could not find an available, non-overlapping IPv6 address pool among the defaults to assign to the network',
    );
  }
  const subnet = given?.Subnet ? wantedSubnet(given.Subnet, taken) : nextPool(taken);
  const gateway = given?.Gateway || firstHost(subnet);
  // The first and the last address of a subnet are nobody's.
  if (!given?.Gateway && subnet.length > 30) {
    throw serverError('failed to allocate gateway (): No available addresses on this pool');
  }
  if (!contains(subnet, parseIp(gateway) ?? 0)) throw badRequest(`no matching subnet for gateway ${gateway}`);
  const id = daemon.newId();
  checkOptions(daemon, request.Options ?? {}, id);
  return {
    id,
    name: request.Name,
    created: daemon.now(),
    driver,
    enableIPv6: request.EnableIPv6 ?? false,
    internal: request.Internal ?? false,
    attachable: request.Attachable ?? false,
    ipamDriver: request.IPAM?.Driver || 'default',
    ipamOptions: request.IPAM?.Options ?? null,
    ipamConfig: [
      {
        Subnet: given?.Subnet || formatSubnet(subnet),
        ...(given?.IPRange ? { IPRange: given.IPRange } : {}),
        ...(given?.Gateway || !given ? { Gateway: gateway } : {}),
        ...(given?.AuxiliaryAddresses ? { AuxiliaryAddresses: given.AuxiliaryAddresses } : {}),
      },
      // Differs from Docker: an IPv6 subnet is remembered and shown, addresses are of IPv4 only.
      ...(request.IPAM?.Config ?? []).filter((config) => config.Subnet?.includes(':')),
    ],
    options: request.Options ?? {},
    labels: request.Labels ?? {},
    subnet: formatSubnet(subnet),
    gateway,
    userSubnet: given?.Subnet !== undefined,
    bridgeName: request.Options?.['com.docker.network.bridge.name'] || `br-${id.slice(0, 12)}`,
    predefined: false,
  };
}

function wantedSubnet(text: string, taken: Subnet[]): Subnet {
  const subnet = parseSubnet(text);
  if (!subnet) throw badRequest(`Invalid subnet ${text} : invalid CIDR address: ${text}`);
  if (taken.some((other) => overlaps(other, subnet))) {
    throw forbidden('Pool overlaps with other one on this address space');
  }
  return subnet;
}

const firstHost = (subnet: Subnet): string => formatIp(subnet.base + 1);
