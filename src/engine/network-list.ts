import type { Filters, NetworkContainer, NetworkResource } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { badRequest } from './errors.ts';
import { labelsMatch } from './event-log.ts';
import { boolFilter, matchesAny, requireFilters } from './filters.ts';
import { endpointsOn } from './network-attachment.ts';
import type { NetworkRecord } from './network-record.ts';

/** GET /networks: who is connected is told by inspect only. */
export async function networkList(daemon: Daemon, filters: Filters): Promise<NetworkResource[]> {
  requireFilters(filters, ['dangling', 'driver', 'id', 'label', 'name', 'scope', 'type']);
  for (const type of filters.type ?? []) {
    if (type !== 'custom' && type !== 'builtin') throw badRequest(`invalid filter: 'type'='${type}'`);
  }
  if ((filters.dangling ?? []).some((value) => !/^(1|0|t|f|true|false)$/i.test(value))) {
    throw badRequest(`invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`);
  }
  const dangling = boolFilter(filters, 'dangling');
  const idle = (network: NetworkRecord): boolean => !network.predefined && endpointsOn(daemon, network).length === 0;
  return daemon.networks
    .all()
    .filter((network) => !filters.driver?.length || filters.driver.includes(network.driver))
    .filter((network) => matchesAny(filters.name, network.name) && matchesAny(filters.id, network.id))
    .filter((network) => labelsMatch(network.labels, filters.label))
    .filter(() => !filters.scope?.length || filters.scope.includes('local'))
    .filter((network) => !filters.type?.length || filters.type.includes(network.predefined ? 'builtin' : 'custom'))
    .filter((network) => dangling === undefined || idle(network) === dangling)
    .map((network) => networkJson(network, {}));
}

/** GET /networks/{id} */
export async function networkInspect(daemon: Daemon, name: string): Promise<NetworkResource> {
  const network = daemon.networks.find(name);
  const containers: Record<string, NetworkContainer> = {};
  for (const { container, endpoint } of endpointsOn(daemon, network)) {
    containers[container.id] = {
      Name: container.name,
      EndpointID: endpoint.endpointId,
      MacAddress: endpoint.macAddress,
      IPv4Address: endpoint.address ? `${endpoint.address}/${endpoint.prefixLength}` : '',
      IPv6Address: '',
    };
  }
  return networkJson(network, containers);
}

const networkJson = (network: NetworkRecord, containers: Record<string, NetworkContainer>): NetworkResource => ({
  Name: network.name,
  Id: network.id,
  Created: network.created,
  Scope: 'local',
  Driver: network.driver,
  EnableIPv6: network.enableIPv6,
  IPAM: { Driver: network.ipamDriver, Options: network.ipamOptions, Config: network.ipamConfig },
  Internal: network.internal,
  Attachable: network.attachable,
  Ingress: false,
  ConfigFrom: { Network: network.configFrom ?? '' },
  ConfigOnly: network.configOnly ?? false,
  Containers: containers,
  Options: network.options,
  Labels: network.labels,
});
