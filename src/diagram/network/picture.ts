import type {
  ContainerInfo,
  Inspection,
  ListenInfo,
  NetLinkInfo,
  NetNamespaceInfo,
  NetworkInfo,
  TraceEvent,
} from '../../trace/index.ts';
import { type Story, storiesOf } from './stories.ts';

/** A network namespace: the host's, a container's, or what `unshare`, `ip netns` made. */
export interface Station {
  /** `host`, a container's id, `net-INODE`. */
  id: string;
  /** `gone`: the last command made it and it has ended. */
  kind: 'host' | 'container' | 'unshared' | 'gone';
  /** '' for the host. */
  name: string;
  namespace: number;
  links: NetLinkInfo[];
  listening: Listening[];
  /** Other containers in the same namespace (`--network host`, `--network container:`). */
  guests: string[];
  /** 127.0.0.11 answers here. */
  resolver: boolean;
  container?: ContainerInfo;
}

/** `trap`: bound to 127.0.0.1 in a container, so that nobody outside it gets there. */
export type Listening = ListenInfo & { trap: boolean };

/** A bridge and who is on it. */
export interface Segment {
  /** Its interface on the host. */
  bridge: string;
  addresses: string[];
  network: NetworkInfo | undefined;
  members: Member[];
}

export interface Member {
  station: Station;
  link: NetLinkInfo;
  /** What 127.0.0.11 calls it on this network. */
  names: string[];
  /** The station is drawn here; on its other networks it is only named. */
  first: boolean;
}

export interface Published {
  protocol: string;
  host: string;
  to: string;
  /** Name of the container; '' when none has the address. */
  name: string;
}

export interface NetworkPicture {
  host: Station;
  uplink: NetLinkInfo | undefined;
  published: Published[];
  segments: Segment[];
  /** On no bridge: `--network none`, or plugged together by hand. */
  alone: Station[];
  stories: Story[];
}

/** `events`: of the command that is told about. */
export function networkPicture(inspection: Inspection, events: readonly TraceEvent[] = []): NetworkPicture | undefined {
  const [first, ...rest] = inspection.netNamespaces;
  if (!first) return undefined;
  const host = stationOf(first, inspection, 'host');
  const stations = rest.map((namespace) => stationOf(namespace, inspection, 'unshared'));
  const segments = segmentsOf(first, stations, inspection);
  const stories = storiesOf(events, [host, ...stations], inspection);
  addGone(stories, segments, stations, events);
  const placed = new Set(segments.flatMap(({ members }) => members.map(({ station }) => station)));
  return {
    host,
    uplink: first.links.find(({ kind }) => kind === 'ethernet'),
    published: first.nat.map((rule) => ({ ...rule, name: ownerOf(rule.to, stations)?.name ?? '' })),
    segments,
    alone: stations.filter((station) => !placed.has(station)),
    stories,
  };
}

function stationOf(namespace: NetNamespaceInfo, inspection: Inspection, otherwise: 'host' | 'unshared'): Station {
  const inside = containersIn(namespace.inode, inspection);
  const container = otherwise === 'host' ? undefined : inside[0];
  return {
    id: container?.id ?? (otherwise === 'host' ? 'host' : `net-${namespace.inode}`),
    kind: container ? 'container' : otherwise,
    name: container?.name ?? '',
    namespace: namespace.inode,
    links: namespace.links,
    listening: namespace.listening.map((one) => ({
      ...one,
      trap: otherwise !== 'host' && one.address.startsWith('127.'),
    })),
    guests: inside.filter((one) => one !== container).map(({ name }) => name),
    resolver: namespace.resolver,
    ...(container && { container }),
  };
}

/** The one that owns it first, then those that joined it. */
function containersIn(inode: number, { processes, containers }: Inspection): ContainerInfo[] {
  const pids = new Set(processes.filter(({ namespaces }) => namespaces.net === inode).map(({ pid }) => pid));
  const joined = ({ networkMode }: ContainerInfo) => (networkMode.startsWith('container:') ? 1 : 0);
  return containers.filter(({ pid }) => pids.has(pid)).sort((a, b) => joined(a) - joined(b));
}

/** Bridges with somebody on them, docker0, and every user-defined network. */
function segmentsOf(host: NetNamespaceInfo, stations: readonly Station[], { networks }: Inspection): Segment[] {
  const placed = new Set<Station>();
  return host.links
    .filter(({ kind }) => kind === 'bridge')
    .map(({ name, addresses }) => {
      const network = networks.find(({ bridge }) => bridge === name);
      const ports = host.links.filter(({ master }) => master === name);
      const members = stations.flatMap((station) =>
        station.links
          .filter(({ peer }) => peer?.namespace === host.inode && ports.some((port) => port.name === peer.link))
          .map((link) => {
            const first = !placed.has(station);
            placed.add(station);
            return { station, link, names: namesOn(station, network), first };
          }),
      );
      return { bridge: name, addresses, network, members };
    });
}

const namesOn = ({ container }: Station, network: NetworkInfo | undefined): string[] =>
  container?.networks.find(({ name }) => name === network?.name)?.names ?? [];

const plain = (cidr: string): string => cidr.split('/')[0]!;

export const hasAddress = ({ links }: Station, address: string): boolean =>
  links.some(({ addresses }) => addresses.some((cidr) => plain(cidr) === address));

const ownerOf = (to: string, stations: readonly Station[]): Station | undefined =>
  stations.find((station) => hasAddress(station, to.slice(0, to.lastIndexOf(':'))));

/** A client that has ended (`docker run --rm`) is still drawn where it was, for as long as its command is told about. */
function addGone(
  stories: readonly Story[],
  segments: readonly Segment[],
  stations: Station[],
  events: readonly TraceEvent[],
): void {
  for (const { client, from, via, pid } of stories) {
    if (client.kind !== 'gone' || stations.some(({ id }) => id === client.id)) continue;
    const name = nameOf(pid, events);
    const link: NetLinkInfo = {
      name: via[0]?.split('/')[1] ?? 'eth0',
      kind: 'veth',
      mac: '',
      up: false,
      addresses: from ? [from] : [],
    };
    Object.assign(client, { name, links: [link] });
    stations.push(client);
    const segment = segments.find(({ addresses }) => addresses.some((cidr) => sameSubnet(cidr, from)));
    segment?.members.push({ station: client, link, names: [], first: true });
  }
}

/** The container whose first process is this one or an ancestor of it. */
function nameOf(pid: number, events: readonly TraceEvent[]): string {
  const parents = new Map(events.flatMap((one) => (one.type === 'process.start' ? [[one.pid, one.ppid]] : [])));
  for (let at: number | undefined = pid; at; at = parents.get(at)) {
    const state = events.find((one) => one.type === 'container.state' && one.pid === at);
    if (state?.type === 'container.state') return state.name;
  }
  return '';
}

function sameSubnet(cidr: string, address: string): boolean {
  const [own = '', bits = '32'] = cidr.split('/');
  const number = (text: string) => text.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(bits));
  return address !== '' && Math.floor(number(own) / size) === Math.floor(number(address) / size);
}
