import type { ContainerInspect, EndpointSettings, MountPoint } from '../spec/index.ts';
import type { Container, MountRecord } from './container.ts';
import type { Daemon } from './daemon.ts';
import { containerDir, logPathOf } from './host-paths.ts';
import { sandboxPath } from './network-attachment.ts';
import type { EndpointRecord } from './network-record.ts';

/** GET /containers/{id}/json */
export async function containerInspect(daemon: Daemon, name: string, size = false): Promise<ContainerInspect> {
  const container = daemon.containers.find(name);
  const { record } = container;
  const { state } = record;
  const dir = containerDir(record.id);
  const ran = state.startedAt !== '0001-01-01T00:00:00Z';
  const sizes = size ? await containerSizes(daemon, container) : undefined;
  return {
    Id: record.id,
    Created: record.created,
    Path: record.path,
    Args: record.args,
    State: {
      Status: container.status,
      Running: state.running,
      Paused: state.paused,
      Restarting: state.restarting,
      OOMKilled: state.oomKilled,
      Dead: state.dead,
      Pid: state.pid,
      ExitCode: state.exitCode,
      Error: state.error,
      StartedAt: state.startedAt,
      FinishedAt: state.finishedAt,
      ...(state.health ? { Health: state.health } : {}),
    },
    Image: record.imageId,
    ResolvConfPath: ran ? `${dir}/resolv.conf` : '',
    HostnamePath: ran ? `${dir}/hostname` : '',
    HostsPath: ran ? `${dir}/hosts` : '',
    LogPath: ran && record.hostConfig.LogConfig.Type === 'json-file' ? logPathOf(record.id) : '',
    Name: `/${record.name}`,
    RestartCount: record.restartCount,
    Driver: 'overlay2',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: '',
    ExecIDs: container.execs.size > 0 ? [...container.execs.keys()] : null,
    HostConfig: record.hostConfig,
    GraphDriver: await daemon.layers.containerGraph(record.id),
    ...(sizes ? { SizeRw: sizes.rw, SizeRootFs: sizes.rootFs } : {}),
    Mounts: mountPoints(record.mounts),
    Config: record.config,
    NetworkSettings: networkSettings(container),
  };
}

export async function containerSizes(daemon: Daemon, container: Container): Promise<{ rw: number; rootFs: number }> {
  const rw = (await daemon.layers.usage(container.id)) ?? 0;
  const { imageId } = container.record;
  const image = imageId ? daemon.images.get(imageId) : undefined;
  return { rw, rootFs: rw + (image ? await daemon.layers.imageSize(image) : 0) };
}

export const mountPoints = (mounts: MountRecord[]): MountPoint[] =>
  mounts
    .filter((mount) => mount.Type !== 'tmpfs' || mount.fromSpec !== false)
    .map(({ noCopy: _n, tmpfsOptions: _t, anonymous: _a, mustExist: _m, fromSpec: _f, ...point }) => point);

export function endpointJson(endpoint: EndpointRecord): EndpointSettings {
  return {
    IPAMConfig: endpoint.ipamConfig,
    Links: endpoint.links,
    Aliases: endpoint.aliases,
    NetworkID: endpoint.networkId,
    EndpointID: endpoint.endpointId,
    Gateway: endpoint.gateway,
    IPAddress: endpoint.address,
    IPPrefixLen: endpoint.prefixLength,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    MacAddress: endpoint.macAddress,
    DriverOpts: endpoint.driverOpts,
  };
}

export const networksJson = (container: Container): Record<string, EndpointSettings> =>
  Object.fromEntries(
    Object.entries(container.record.networks)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, endpoint]) => [name, endpointJson(endpoint)]),
  );

// The address fields of the top level are those on the default bridge.
function networkSettings(container: Container): ContainerInspect['NetworkSettings'] {
  const { record } = container;
  const bridge = record.networks.bridge;
  return {
    Bridge: '',
    SandboxID: record.sandboxId,
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    Ports: record.ports,
    SandboxKey: record.sandboxId ? sandboxPath(record) : '',
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: bridge?.endpointId ?? '',
    Gateway: bridge?.gateway ?? '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    IPAddress: bridge?.address ?? '',
    IPPrefixLen: bridge?.prefixLength ?? 0,
    IPv6Gateway: '',
    MacAddress: bridge?.macAddress ?? '',
    Networks: networksJson(container),
  };
}
