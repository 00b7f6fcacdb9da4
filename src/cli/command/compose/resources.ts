import { type NetworkSpec, networkHash, type VolumeSpec, volumeHash } from '../../../compose/index.ts';
import type { NetworkResource, SystemInfo, Volume } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';
import { isTrue } from './compose.ts';
import { listContainers } from './containers.ts';

import { isNotFound, settled } from './images.ts';
import { composeVersion, label } from './labels.ts';
import { stopProject } from './lifecycle.ts';
import { happens, type ProgressWriter } from './progress.ts';
import type { ActiveProject } from './project.ts';

const setNote = 'Set `external: true` to use an existing network';

/** Makes the networks that are missing; ids by key. */
export async function ensureNetworks(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const [key, network] of Object.entries(project.networks)) {
    ids[key] = network.external
      ? await externalNetwork(compose, network)
      : await ensureNetwork(compose, writer, project, key, network);
  }
  return ids;
}

async function inspectNetwork({ client }: Compose, name: string): Promise<NetworkResource | undefined> {
  try {
    return await client.json<NetworkResource>('GET', `/networks/${name}`);
  } catch {
    return undefined;
  }
}

async function ensureNetwork(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  key: string,
  network: NetworkSpec,
): Promise<string> {
  const { name } = network;
  const found = await inspectNetwork(compose, name);
  if (found && (found.Name === name || found.Id === name)) {
    const { [label.project]: owner, [label.network]: ownKey = '', [label.configHash]: hash } = found.Labels ?? {};
    if (owner === undefined)
      await compose.warn(`a network with name ${name} exists but was not created by compose.\n${setNote}`);
    else if (owner !== project.name) {
      await compose.warn(
        `a network with name ${name} exists but was not created for project ${JSON.stringify(project.name)}.\n${setNote}`,
      );
    }
    if (ownKey !== key) {
      throw new StatusError(
        1,
        `network ${name} was found but has incorrect label ${label.network} set to ${JSON.stringify(ownKey)} (expected: ${JSON.stringify(key)})`,
      );
    }
    if (!hash || hash === networkHash(network)) return found.Id;
    await removeDivergedNetwork(compose, writer, project, key, name);
  }
  return createNetwork(compose, writer, project, key, network);
}

async function createNetwork(
  { client }: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  key: string,
  network: NetworkSpec,
): Promise<string> {
  const { name, ipam } = network;
  const id = `Network ${name}`;
  writer.event(happens(id, 'Creating'));
  try {
    const { Id } = await client.json<{ Id: string }>('POST', '/networks/create', {
      json: {
        Name: name,
        CheckDuplicate: true,
        Driver: network.driver ?? '',
        Options: network.driver_opts ?? null,
        Internal: network.internal ?? false,
        Attachable: network.attachable ?? false,
        EnableIPv6: network.enable_ipv6 ?? false,
        ...(ipam?.driver || ipam?.config?.length ? { IPAM: ipamRequest(ipam) } : {}),
        Labels: {
          ...network.labels,
          [label.network]: key,
          [label.project]: project.name,
          [label.version]: composeVersion,
          [label.configHash]: networkHash(network),
        },
      },
    });
    writer.event(happens(id, 'Created'));
    return Id;
  } catch (error) {
    writer.event(happens(id, 'Error'));
    throw new StatusError(1, `failed to create network ${name}: ${(error as Error).message}`);
  }
}

const ipamRequest = ({ driver = '', config = [] }: NetworkSpec['ipam']) => ({
  Driver: driver,
  Config: config.map(({ subnet, ip_range, gateway, aux_addresses }) => ({
    ...(subnet ? { Subnet: subnet } : {}),
    ...(ip_range ? { IPRange: ip_range } : {}),
    ...(gateway ? { Gateway: gateway } : {}),
    ...(aux_addresses ? { AuxiliaryAddresses: aux_addresses } : {}),
  })),
});

async function removeDivergedNetwork(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  key: string,
  name: string,
): Promise<void> {
  const services = Object.values(project.services)
    .filter(({ networks }) => networks && key in networks)
    .map((service) => service.name);
  await stopProject(compose, writer, project.name, { project, services });
  const removed = compose.client.done('DELETE', `/networks/${name}`);
  await removed.finally(() => writer.event(happens(`Network ${name}`, 'Removed')));
}

async function externalNetwork(compose: Compose, { name }: NetworkSpec): Promise<string> {
  const { client } = compose;
  const listed = await client.json<NetworkResource[]>('GET', '/networks', {
    query: { filters: JSON.stringify({ name: [name] }) },
  });
  const one = listed.length ? undefined : await inspectNetwork(compose, name);
  const found = [...listed, ...(one ? [one] : [])].filter(({ Name, Id }) => Name === name || Id === name);
  if (found.length > 1) {
    throw new StatusError(
      1,
      `multiple networks with name ${JSON.stringify(name)} were found. Use network ID as \`name\` to avoid ambiguity`,
    );
  }
  if (found[0]) return found[0].Id;
  const { Swarm } = await client.json<SystemInfo & { Swarm?: { LocalNodeState?: string } }>('GET', '/info');
  if (Swarm?.LocalNodeState === 'active') return 'swarm';
  throw new StatusError(1, `network ${name} declared as external, but could not be found`);
}

/** Makes the volumes that are missing; names by key. */
export async function ensureVolumes(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  assumeYes: boolean,
): Promise<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const [key, volume] of Object.entries(project.volumes))
    names[key] = await ensureVolume(compose, writer, project, key, volume, assumeYes);
  return names;
}

async function ensureVolume(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  key: string,
  volume: VolumeSpec,
  assumeYes: boolean,
): Promise<string> {
  const { name, external } = volume;
  const found = await compose.client.json<Volume>('GET', `/volumes/${name}`).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (external && !found) throw new StatusError(1, `external volume ${JSON.stringify(name)} not found`);
  if (external) return name;
  if (!found) return createVolume(compose, writer, project, key, volume);
  const { [label.project]: owner, [label.configHash]: hash } = found.Labels ?? {};
  const quoted = JSON.stringify(name);
  const note = 'Use `external: true` to use an existing volume';
  if (owner === undefined)
    await compose.warn(`volume ${quoted} already exists but was not created by Docker Compose. ${note}`);
  else if (owner !== project.name) {
    await compose.warn(
      `volume ${quoted} already exists but was created for project ${JSON.stringify(owner)} (expected ${JSON.stringify(project.name)}). ${note}`,
    );
  }
  const question = `Volume ${quoted} exists but doesn't match configuration in compose file. Recreate (data will be lost)?`;
  if (hash === undefined || hash === volumeHash(volume)) return found.Name;
  if (!assumeYes && !(await confirm(compose, question))) return found.Name;
  await removeDivergedVolume(compose, writer, project, key, name);
  return createVolume(compose, writer, project, key, volume);
}

async function createVolume(
  { client }: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  key: string,
  volume: VolumeSpec,
): Promise<string> {
  const id = `Volume ${JSON.stringify(volume.name)}`;
  writer.event(happens(id, 'Creating'));
  try {
    await client.done('POST', '/volumes/create', {
      json: {
        Name: volume.name,
        Driver: volume.driver ?? '',
        DriverOpts: volume.driver_opts ?? null,
        Labels: {
          ...volume.labels,
          [label.volume]: key,
          [label.project]: project.name,
          [label.version]: composeVersion,
          [label.configHash]: volumeHash(volume),
        },
      },
    });
  } catch (error) {
    writer.event(happens(id, 'Error'));
    throw error;
  }
  writer.event(happens(id, 'Created'));
  return volume.name;
}

async function removeDivergedVolume(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  key: string,
  name: string,
): Promise<void> {
  const services = Object.values(project.services)
    .filter(({ volumes }) => volumes?.some(({ source }) => source === key))
    .map((service) => service.name);
  await stopProject(compose, writer, project.name, { project, services });
  const containers = await listContainers(compose, project.name, { oneOff: 'exclude', all: true, services });
  await settled(containers.map(({ Id }) => compose.client.done('DELETE', `/containers/${Id}`)));
  await compose.client.done('DELETE', `/volumes/${name}`, { query: { force: true } });
}

/**
 * A question on stdout that is answered by a line of stdin.
 * Differs from Docker: on a terminal, too, it is asked plainly, without the survey's colours.
 */
export async function confirm({ cli }: Compose, message: string): Promise<boolean> {
  const terminal = cli.host.stdin.isTty;
  await cli.out(terminal ? `? ${message} (y/N) ` : message);
  return isTrue((await cli.answer()) ?? '');
}
