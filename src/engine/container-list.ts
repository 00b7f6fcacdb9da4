import { type ContainerSummary, type Filters, type PortSummary, parseRfc3339 } from '../spec/index.ts';
import type { Container } from './container.ts';
import { containerSizes, mountPoints, networksJson } from './container-inspect.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, notFound } from './errors.ts';
import { labelsMatch } from './event-log.ts';
import { boolFilter, matchesAny, requireFilters } from './filters.ts';
import { humanDuration } from './human-duration.ts';
import { lookupImage } from './image-lookup.ts';

const known = [
  'ancestor',
  'before',
  'exited',
  'id',
  'isolation',
  'label',
  'name',
  'status',
  'health',
  'since',
  'volume',
  'network',
  'is-task',
  'publish',
  'expose',
];
const statuses = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'];

/** GET /containers/json, newest first. */
export async function containerList(
  daemon: Daemon,
  options: { all: boolean; size: boolean; limit: number; filters: Filters },
): Promise<ContainerSummary[]> {
  const { filters } = options;
  requireFilters(filters, known);
  const matches = filterOf(daemon, filters);
  const all =
    options.all ||
    options.limit > 0 ||
    filters.status?.length ||
    filters.exited?.length ||
    filters.since?.length ||
    filters.before?.length;
  const newest = daemon.containers.all().reverse();
  const found = newest.filter((container) => (all || container.isRunning) && matches(container));
  const limited = options.limit > 0 ? found.slice(0, options.limit) : found;
  return Promise.all(limited.map((container) => containerSummary(daemon, container, options.size)));
}

function filterOf(daemon: Daemon, filters: Filters): (container: Container) => boolean {
  for (const status of filters.status ?? []) {
    if (!statuses.includes(status)) throw badRequest(`Invalid filter 'status=${status}'`);
  }
  for (const code of filters.exited ?? []) {
    if (!/^-?\d+$/.test(code)) throw badRequest(`strconv.Atoi: parsing ${JSON.stringify(code)}: invalid syntax`);
  }
  for (const health of filters.health ?? []) {
    if (!['starting', 'healthy', 'unhealthy', 'none'].includes(health)) {
      throw badRequest(`Unrecognised filter value for health: ${health}`);
    }
  }
  // Tasks are a swarm's containers; there is no swarm.
  const tasks = boolFilter(filters, 'is-task') === true;
  const order = daemon.containers.all();
  const position = (name: string): number => {
    const found = daemon.containers.lookup(name);
    if (!found) throw notFound(`no such container ${name}`);
    return order.indexOf(found);
  };
  const before = filters.before?.map(position);
  const since = filters.since?.map(position);
  const publish = filters.publish?.map((text) => portRange(text, 'publish'));
  const expose = filters.expose?.map((text) => portRange(text, 'expose'));
  const ancestors = filters.ancestor?.map((name) => ancestorOf(daemon, name));
  return (container) => {
    const { record } = container;
    const at = order.indexOf(container);
    return (
      !tasks &&
      matchesAny(filters.id, record.id) &&
      nameMatches(filters.name, record.name) &&
      labelsMatch(record.config.Labels, filters.label) &&
      any(filters.status, (status) => container.status === status) &&
      any(filters.exited, (code) => container.status === 'exited' && record.state.exitCode === Number(code)) &&
      any(filters.health, (health) => (record.state.health?.Status ?? 'none') === health) &&
      any(filters.volume, (text) =>
        record.mounts.some(
          (m) => m.Type !== 'tmpfs' && (m.Name === text || m.Destination === text || m.Source === text),
        ),
      ) &&
      any(filters.network, (text) =>
        Object.entries(record.networks).some(([name, e]) => name === text || e.networkId === text),
      ) &&
      any(publish, (range) => portMatches(range, published(container))) &&
      any(expose, (range) => portMatches(range, Object.keys(record.config.ExposedPorts ?? {}))) &&
      (!before || before.every((limit) => at < limit)) &&
      (!since || since.every((limit) => at > limit)) &&
      (!ancestors || ancestors.some((matches) => matches(container)))
    );
  };
}

const any = <T>(values: readonly T[] | undefined, test: (value: T) => boolean): boolean =>
  !values?.length || values.some(test);

// Names match with or without their slash.
const nameMatches = (values: readonly string[] | undefined, name: string): boolean =>
  matchesAny(values, name) || matchesAny(values, `/${name}`);

const published = ({ record }: Container): string[] =>
  Object.entries(record.ports).flatMap(([key, hosts]) =>
    (hosts ?? []).map((host) => `${host.HostPort}/${key.split('/')[1]}`),
  );

interface PortRange {
  from: number;
  to: number;
  protocol: string;
}

/** `80`, `80/udp`, `8080-8090/tcp` */
function portRange(text: string, filter: string): PortRange {
  const fail = (why: string) => badRequest(`error while looking up for ${filter} ${text}: ${why}`);
  const [ports = '', protocol = 'tcp'] = text.split('/');
  const [from, to = from] = ports.split('-').map((part) => {
    const parsing = `strconv.ParseUint: parsing ${JSON.stringify(part)}`;
    if (!/^\d+$/.test(part)) throw fail(`${parsing}: invalid syntax`);
    if (Number(part) > 65535) throw fail(`${parsing}: value out of range`);
    return Number(part);
  });
  return { from: from!, to: to!, protocol };
}

const portMatches = ({ from, to, protocol }: PortRange, ports: string[]): boolean =>
  ports.some((port) => {
    const [number, kind] = port.split('/');
    return kind === protocol && Number(number) >= from && Number(number) <= to;
  });

/** Containers of an image or of one built on it: every layer of the named image below theirs. */
function ancestorOf(daemon: Daemon, name: string): (container: Container) => boolean {
  const image = lookupImage(daemon, name);
  if (!image) return () => false;
  const layers = image.config.rootfs.diff_ids;
  return ({ record }) => {
    if (record.imageId === image.id) return true;
    const own = record.imageId ? (daemon.images.get(record.imageId)?.config.rootfs.diff_ids ?? []) : [];
    return own.length > layers.length && layers.every((diffId, index) => own[index] === diffId);
  };
}

export async function containerSummary(daemon: Daemon, container: Container, size: boolean): Promise<ContainerSummary> {
  const { record } = container;
  const sizes = size ? await containerSizes(daemon, container) : undefined;
  return {
    Id: record.id,
    Names: [`/${record.name}`, ...linkedNames(daemon, container)],
    Image: imageName(daemon, container),
    ImageID: record.imageId,
    Command: commandText(record.path, record.args),
    Created: parseRfc3339(record.created)?.sec ?? 0,
    Ports: ports(container),
    ...(sizes ? { ...(sizes.rw ? { SizeRw: sizes.rw } : {}), SizeRootFs: sizes.rootFs } : {}),
    Labels: record.config.Labels ?? {},
    State: container.status,
    Status: statusText(daemon, container),
    HostConfig: { NetworkMode: record.hostConfig.NetworkMode },
    NetworkSettings: { Networks: networksJson(container) },
    Mounts: mountPoints(record.mounts),
  };
}

function linkedNames(daemon: Daemon, container: Container): string[] {
  return daemon.containers.all().flatMap((other) =>
    (other.record.hostConfig.Links ?? [])
      .map((link) => link.split(':'))
      .filter(([name]) => name === container.name)
      .map(([name, alias = name]) => `/${other.name}/${alias}`),
  );
}

// A name that now means another image (or nothing) is shown as the id.
function imageName(daemon: Daemon, { record }: Container): string {
  if (!record.config.Image) return record.imageId;
  const image = lookupImage(daemon, record.config.Image);
  return image?.id === record.imageId ? record.config.Image : record.imageId;
}

// moby container/view.go: arguments with blanks are shown in single quotes.
const commandText = (path: string, args: string[]): string =>
  args.length === 0 ? path : `${path} ${args.map((arg) => (arg.includes(' ') ? `'${arg}'` : arg)).join(' ')}`;

function ports({ record }: Container): PortSummary[] {
  return Object.entries(record.ports).flatMap(([key, hosts]): PortSummary[] => {
    const [port, type = 'tcp'] = key.split('/');
    const PrivatePort = Number(port);
    if (!hosts?.length) return [{ PrivatePort, Type: type }];
    return hosts.map((host) => ({ IP: host.HostIp, PrivatePort, PublicPort: Number(host.HostPort), Type: type }));
  });
}

/** As `docker ps` prints it (moby container/state.go String). */
export function statusText(daemon: Daemon, container: Container): string {
  const { state } = container.record;
  const since = (text: string): string => humanDuration(daemon.ports.clock.now(), parseRfc3339(text)!);
  if (state.running) {
    if (state.paused) return `Up ${since(state.startedAt)} (Paused)`;
    if (state.restarting) return `Restarting (${state.exitCode}) ${since(state.finishedAt)} ago`;
    const health = state.health && state.health.Status !== 'none' ? ` (${healthText(state.health.Status)})` : '';
    return `Up ${since(state.startedAt)}${health}`;
  }
  if (state.removing) return 'Removal In Progress';
  if (state.dead) return 'Dead';
  if (container.status === 'created') return 'Created';
  return `Exited (${state.exitCode}) ${since(state.finishedAt)} ago`;
}

const healthText = (status: string): string => (status === 'starting' ? 'health: starting' : status);
