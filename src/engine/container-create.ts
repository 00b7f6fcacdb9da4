import type { Image } from '../image/index.ts';
import {
  type ContainerConfig,
  type ContainerCreateRequest,
  type ContainerCreateResponse,
  EngineError,
  type HostConfig,
  type NetworkingConfig,
} from '../spec/index.ts';
import { verifyCapabilities } from './capabilities.ts';
import { Container, type ContainerRecord, type MountRecord, zeroTime } from './container.ts';
import { commandOf, mergeConfig, requestedConfig, verifyConfig } from './container-config.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, messageOf, notFound, serverError } from './errors.ts';
import { completeHostConfig, verifyHostConfig } from './host-config.ts';
import { containerDir, hostExists, makeDirs } from './host-paths.ts';
import { findImage } from './image-lookup.ts';
import { prepareRootfs } from './init-layer.ts';
import { clean, type MountRequestParsed, mountRecord, requestedMounts } from './mount-spec.ts';
import { generateName } from './names.ts';
import { linkTargets, requestedEndpoints } from './network-attachment.ts';
import { copyUp } from './volume-copy-up.ts';
import { makeVolume } from './volume-create.ts';
import { mountpointOf } from './volume-store.ts';

/** POST /containers/create. */
export async function containerCreate(
  daemon: Daemon,
  name: string,
  request: ContainerCreateRequest,
  platform = '',
): Promise<ContainerCreateResponse> {
  const config = requestedConfig(request);
  const host = request.HostConfig ?? {};
  verify(daemon, config, host, request.NetworkingConfig);
  const image = config.Image ? findImage(daemon, config.Image, platform) : undefined;
  const merged = mergeConfig(config, image?.config.config);
  const command = commandOf(merged);
  if (command.path === '' && !merged.Cmd?.length && !merged.Entrypoint?.length) {
    throw badRequest('No command specified');
  }
  const container = await createContainer(daemon, name, merged, host, image, request.NetworkingConfig);
  return { Id: container.id, Warnings: warnings(host) };
}

function verify(
  daemon: Daemon,
  config: ContainerConfig,
  host: Partial<HostConfig>,
  networking?: NetworkingConfig | null,
) {
  verifyConfig(config);
  verifyNames(config, host);
  verifyHostConfig(host, daemon.ports.facts);
  verifyCapabilities(host);
  if (host.AutoRemove && host.RestartPolicy?.Name === 'always')
    throw badRequest("can't create 'AutoRemove' container with restart policy");
  const endpoints = Object.keys(networking?.EndpointsConfig ?? {});
  if (endpoints.length > 1) {
    throw badRequest(`Container cannot be connected to network endpoints: ${endpoints.join(', ')}`);
  }
  requestedMounts(host, (path) => hostExists(daemon, path));
}

// moby runconfig/config_unix.go validateNetMode: what config and host config say together.
function verifyNames(config: ContainerConfig, host: Partial<HostConfig>): void {
  const joined = host.NetworkMode?.startsWith('container:');
  if (joined && config.Hostname) throw badRequest('conflicting options: hostname and the network mode');
  if (host.UTSMode === 'host' && config.Hostname) throw badRequest('conflicting options: hostname and the UTS mode');
  const published = host.PublishAllPorts || Object.keys(host.PortBindings ?? {}).length > 0;
  if (joined && !published && Object.keys(config.ExposedPorts ?? {}).length > 0) {
    throw badRequest('conflicting options: port exposing and the container type network mode');
  }
}

function warnings(host: Partial<HostConfig>): string[] {
  const out: string[] = [];
  const published = host.PublishAllPorts || Object.keys(host.PortBindings ?? {}).length > 0;
  if (host.NetworkMode === 'host' && published) {
    out.push('Published ports are discarded when using host network mode');
  }
  if (host.OomKillDisable && !host.Memory) {
    out.push(
      'OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.',
    );
  }
  return [...out, ...resourceWarnings(host)];
}

export function resourceWarnings(host: Partial<HostConfig>): string[] {
  const out: string[] = [];
  if (host.KernelMemory) {
    out.push('Specifying a kernel memory limit is deprecated and will be removed in a future release.');
  }
  // The kernel's I/O scheduler weighs nothing here, as on most hosts today.
  if (host.BlkioWeight) {
    out.push('Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.');
  }
  return out;
}

/** The container itself; also what a build step runs in. All of it or nothing. */
export async function createContainer(
  daemon: Daemon,
  wantedName: string,
  config: ContainerConfig,
  host: Partial<HostConfig>,
  image: Image | undefined,
  networking?: NetworkingConfig | null,
): Promise<Container> {
  const id = daemon.newId();
  const name =
    wantedName.replace(/^\//, '') || generateName(daemon.ports.entropy, (taken) => daemon.containers.nameTaken(taken));
  daemon.containers.reserve(name, id, wantedName);
  try {
    return await build(daemon, id, name, config, host, image, networking);
  } catch (error) {
    daemon.containers.release(name);
    await daemon.layers.remove(id);
    await daemon.layers.remove(`${id}-init`);
    // Another container that is named and missing makes the request wrong; only what is 404 makes a client pull.
    if (error instanceof EngineError && /^No such container: /.test(error.message)) throw badRequest(error.message);
    throw error;
  }
}

async function build(
  daemon: Daemon,
  id: string,
  name: string,
  config: ContainerConfig,
  given: Partial<HostConfig>,
  image: Image | undefined,
  networking?: NetworkingConfig | null,
): Promise<Container> {
  const host = completeHostConfig(given, daemon.ports.facts);
  const chainId = image ? await daemon.layers.unpack(image.layers) : '';
  const record = newRecord(daemon, id, name, config, host, image, chainId);
  await prepareRootfs(daemon, id, chainId);
  await linkTargets(daemon, host);
  record.networks = requestedEndpoints(daemon, record, networking);
  const container = new Container(record);
  makeDirs(daemon.ports.hostTree, containerDir(id), 0o710);
  record.mounts = collectMounts(daemon, config, host);
  await setUpFilesystem(daemon, container);
  daemon.containers.add(container);
  daemon.save(container);
  daemon.containerEvent(container, 'create');
  daemon.ports.tracer.emit({ type: 'container.create', id, name, image: config.Image, snapshot: id });
  return container;
}

function newRecord(
  daemon: Daemon,
  id: string,
  name: string,
  config: ContainerConfig,
  hostConfig: HostConfig,
  image: Image | undefined,
  chainId: string,
): ContainerRecord {
  const { path, args } = commandOf(config);
  const hostname = config.Hostname || inheritedHostname(daemon, hostConfig) || id.slice(0, 12);
  return {
    id,
    name,
    created: daemon.now(),
    path,
    args,
    imageId: image?.id ?? '',
    chainId,
    config: { ...config, Hostname: hostname },
    hostConfig,
    state: {
      running: false,
      paused: false,
      restarting: false,
      removing: false,
      oomKilled: false,
      dead: false,
      pid: 0,
      exitCode: 0,
      error: '',
      startedAt: zeroTime,
      finishedAt: zeroTime,
    },
    restartCount: 0,
    mounts: [],
    networks: {},
    ports: {},
    sandboxId: '',
    manuallyStopped: false,
  };
}

/** Of the host, or of the container whose network is joined; undefined: its own. */
function inheritedHostname(daemon: Daemon, host: HostConfig): string | undefined {
  if (sharesHostname(host)) return daemon.ports.facts.hostname;
  const joined = /^container:(.*)$/.exec(host.NetworkMode)?.[1];
  return joined ? daemon.containers.lookup(joined)?.record.config.Hostname : undefined;
}

const sharesHostname = (host: HostConfig): boolean => host.NetworkMode === 'host' || host.UTSMode === 'host';

/** moby registerMountPoints: --volumes-from first, then binds and --mount over it, the image's volumes where nothing is. */
function collectMounts(daemon: Daemon, config: ContainerConfig, host: HostConfig): MountRecord[] {
  const byDestination = new Map<string, MountRecord>();
  for (const mount of inherited(daemon, host.VolumesFrom ?? [])) byDestination.set(mount.Destination, mount);
  for (const parsed of requestedMounts(host, (path) => hostExists(daemon, path))) {
    byDestination.set(parsed.destination, realise(daemon, parsed));
  }
  for (const [destination, options] of Object.entries(host.Tmpfs ?? {})) {
    byDestination.delete(clean(destination));
    byDestination.set(clean(destination), tmpfsMount(clean(destination), options));
  }
  for (const destination of Object.keys(config.Volumes ?? {}).sort()) {
    if (byDestination.has(clean(destination))) continue;
    byDestination.set(clean(destination), realise(daemon, anonymous(clean(destination))));
  }
  return [...byDestination.values()];
}

const anonymous = (destination: string): MountRequestParsed => ({
  type: 'volume',
  source: '',
  destination,
  mode: '',
  readWrite: true,
  propagation: '',
  noCopy: false,
  fromSpec: true,
  driver: 'local',
  labels: null,
  driverOptions: null,
  tmpfsOptions: [],
});

const tmpfsMount = (destination: string, options: string): MountRecord => ({
  Type: 'tmpfs',
  Source: '',
  Destination: destination,
  Mode: '',
  RW: !options.split(',').includes('ro'),
  Propagation: '',
  tmpfsOptions: options.split(',').filter(Boolean),
  fromSpec: false,
});

function realise(daemon: Daemon, parsed: MountRequestParsed): MountRecord {
  if (parsed.type === 'volume') {
    const volume = makeVolume(daemon, {
      Name: parsed.source,
      Driver: parsed.driver,
      Labels: parsed.labels,
      DriverOpts: parsed.driverOptions,
    });
    const record = mountRecord(parsed, mountpointOf(volume.name), volume.name);
    // Inspect shows no mode for a volume that no -v spelled.
    return parsed.fromSpec && parsed.source === '' ? { ...record, Mode: '' } : record;
  }
  if (parsed.type === 'bind' && !hostExists(daemon, parsed.source)) {
    // `-v /missing:/x` makes the directory; `--mount type=bind` was refused before.
    makeDirs(daemon.ports.hostTree, parsed.source);
  }
  return mountRecord(parsed, parsed.source, '');
}

/** `--volumes-from CONTAINER[:ro|rw]` */
function inherited(daemon: Daemon, sources: string[]): MountRecord[] {
  return sources.flatMap((source) => {
    if (source === '') throw badRequest('volumes-from specification cannot be an empty string');
    const [reference, mode = ''] = splitLast(source);
    if (!['', 'ro', 'rw', 'z', 'Z'].includes(mode)) throw badRequest(`invalid mode: ${mode}`);
    const from = daemon.containers.find(reference);
    // moby looks up a volume for a tmpfs of --mount, which has no name.
    if (from.record.mounts.some((mount) => mount.Type === 'tmpfs' && mount.fromSpec !== false)) {
      throw notFound('get : no such volume');
    }
    return from.record.mounts
      .filter((mount) => mount.Type !== 'tmpfs')
      .map((mount) => ({
        ...mount,
        RW: mount.RW && mode !== 'ro',
        Mode: mount.Type === 'volume' ? '' : mount.Mode,
        anonymous: false,
      }));
  });
}

function splitLast(text: string): [string, string?] {
  const at = text.lastIndexOf(':');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** moby createContainerOSSpecificSettings: the working directory, and volumes filled with what the image has there. */
async function setUpFilesystem(daemon: Daemon, container: Container): Promise<void> {
  const { snapshotter, mounter } = daemon.ports;
  const { config, mounts, id } = container.record;
  const volumes = mounts.filter((mount) => mount.Type === 'volume');
  if (!config.WorkingDir && volumes.length === 0) return;
  const rootfs = await snapshotter.mounts(id);
  await mounter.withTree(rootfs, (tree) => {
    if (config.WorkingDir) makeWorkingDir(tree, config.WorkingDir);
    for (const mount of volumes) copyUp(daemon, tree, mount);
  });
}

export function makeWorkingDir(tree: import('../port/index.ts').Tree, path: string): void {
  let at: string;
  try {
    at = tree.resolve(path, true);
  } catch (error) {
    throw serverError(messageOf(error));
  }
  const stat = tree.lstat(at);
  if (stat && stat.type !== 'directory') throw badRequest(`Cannot mkdir: ${path} is not a directory`);
  if (!stat) makeDirs(tree, at);
}
