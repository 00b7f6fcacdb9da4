import type { EndpointSettings, Filters } from '../spec/index.ts';
import { writeContainerFiles } from './container-files.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, forbidden, notFound } from './errors.ts';
import { pruneMatches, requireFilters } from './filters.ts';
import {
  checkWanted,
  connectEndpoint,
  disconnectEndpoint,
  emptyEndpoint,
  endpointsOn,
  networkAliases,
} from './network-attachment.ts';
import type { NetworkRecord } from './network-record.ts';

/** POST /networks/{id}/connect */
export async function networkConnect(
  daemon: Daemon,
  name: string,
  reference: string,
  settings?: Partial<EndpointSettings> | null,
): Promise<void> {
  const container = daemon.containers.find(reference);
  const network = daemon.networks.find(name);
  const { record } = container;
  refuseMix(network, record.hostConfig.NetworkMode, Object.keys(record.networks));
  if (network.predefined && settings?.Aliases?.length) {
    throw badRequest('network-scoped alias is supported only for containers in user defined networks');
  }
  if (record.networks[network.name]) {
    throw forbidden(`endpoint with name ${record.name} already exists in network ${network.name}`);
  }
  const address = settings?.IPAMConfig?.IPv4Address;
  if (address && network.predefined) {
    throw badRequest('user specified IP address is supported on user defined networks only');
  }
  if (address) checkWanted(network, address);
  const endpoint = emptyEndpoint(network.id, settings);
  if (!network.predefined) endpoint.aliases = networkAliases(record, settings);
  record.networks[network.name] = endpoint;
  try {
    if (container.isRunning) {
      await connectEndpoint(daemon, container, network.name);
      writeContainerFiles(daemon, container);
    }
  } catch (error) {
    delete record.networks[network.name];
    throw error;
  }
  daemon.save(container);
}

/** The host's network and none stand alone; none only as long as the container is on it. */
function refuseMix(network: NetworkRecord, mode: string, present: readonly string[]): void {
  if (network.name === 'host') {
    throw forbidden('container cannot be disconnected from host network or connected to host network');
  }
  if (mode === 'host' || mode.startsWith('container:')) {
    throw forbidden(
      'container sharing network namespace with another container or host cannot be connected to any other network',
    );
  }
  if (network.name === 'none' || present.includes('none')) {
    throw forbidden(
      'container cannot be connected to multiple networks with one of the networks in private (none) mode',
    );
  }
}

/** POST /networks/{id}/disconnect */
export async function networkDisconnect(
  daemon: Daemon,
  name: string,
  reference: string,
  force: boolean,
): Promise<void> {
  const container = daemon.containers.lookup(reference);
  if (!container && !force) throw notFound(`No such container: ${reference}`);
  const network = daemon.networks.find(name);
  if (!container) throw notFound(`endpoint ${reference} not found`);
  const { record } = container;
  if (network.name === 'host') {
    throw forbidden('container cannot be disconnected from host network or connected to host network');
  }
  if (!record.networks[network.name]) {
    throw forbidden(`container ${record.id} is not connected to network ${network.name}`);
  }
  await disconnectEndpoint(daemon, container, network.name);
  // Told once by the sandbox and once by whoever asked.
  if (container.isRunning) daemon.networkEvent('disconnect', network, container.id);
  delete record.networks[network.name];
  if (container.isRunning) writeContainerFiles(daemon, container);
  daemon.save(container);
}

/** DELETE /networks/{id} */
export async function networkDelete(daemon: Daemon, name: string): Promise<void> {
  const network = daemon.networks.find(name);
  if (network.predefined) throw forbidden(`${network.name} is a pre-defined network and cannot be removed`);
  if (endpointsOn(daemon, network).length > 0) {
    throw forbidden(`error while removing network: network ${network.name} id ${network.id} has active endpoints`);
  }
  if (daemon.networks.all().some(({ configFrom }) => configFrom === network.name)) {
    const name = JSON.stringify(network.name);
    throw forbidden(`error while removing network: configuration network ${name} is in use`);
  }
  await remove(daemon, network);
}

async function remove(daemon: Daemon, network: NetworkRecord): Promise<void> {
  await daemon.ports.network.deleteBridge(network.id);
  daemon.networks.delete(network);
  daemon.networkEvent('destroy', network);
}

/** POST /networks/prune */
export async function networkPrune(daemon: Daemon, filters: Filters): Promise<{ NetworksDeleted: string[] | null }> {
  requireFilters(filters, ['label', 'label!', 'until']);
  const deleted: string[] = [];
  for (const network of daemon.networks.all()) {
    if (network.predefined || network.configOnly || endpointsOn(daemon, network).length > 0) continue;
    if (!pruneMatches(daemon, filters, network.created, network.labels)) continue;
    await remove(daemon, network);
    deleted.push(network.name);
  }
  daemon.events.emit('network', 'prune', '', { reclaimed: '0' });
  return { NetworksDeleted: deleted.length > 0 ? deleted : null };
}
