import type { Inspection, NetworkInfo, TraceEvent, TraceEventOf } from '../../trace/index.ts';
import type { Station } from './picture.ts';

/** Why a connection, a packet or a question ended as it did. */
export type Outcome =
  /** It got there. */
  | 'connected'
  | 'published'
  | 'internet'
  /** Nobody listens at that port. */
  | 'nobody'
  /** Nobody listened then; since, somebody does. */
  | 'early'
  /** Somebody listens there, but on other addresses. */
  | 'bound'
  /** 127.0.0.1 of a container is the container itself. */
  | 'self'
  /** docker-proxy accepted it; nobody listens behind it, or only on 127.0.0.1. */
  | 'proxyNobody'
  | 'proxyBound'
  | 'noRoute'
  | 'noHost'
  /** Between two bridges, or out of an internal network. */
  | 'isolated'
  | 'silent'
  | 'failed'
  | 'nameFound'
  /** 127.0.0.11 knows no such name here. */
  | 'nameUnknown'
  /** A container is called so, but is on no network with this one. */
  | 'nameElsewhere'
  /** A container is called so, but the default bridge has no names. */
  | 'nameDefault'
  | 'nameSilent'
  | 'packet'
  | 'packetRefused';

export interface Story {
  /** `c0`, `c1` ... in order. */
  id: string;
  outcome: Outcome;
  ok: boolean;
  client: Station;
  /** The station that it reached, or was refused by. */
  server: Station | undefined;
  /** Address of the client; '' of a question for a name. */
  from: string;
  /** What was asked for: address:port, an address, or a name. */
  to: string;
  /** After NAT. */
  reached: string;
  /** Addresses on which the port is open all the same. */
  bound: string[];
  /** Of a name: its addresses. Of a failure: the errno. */
  answers: string[];
  via: string[];
  pid: number;
  protocol: string;
  /** How often, one after another. */
  times: number;
}

type NetEvent = TraceEventOf<'net.connect' | 'net.lookup' | 'net.packet'>;

/** More are not told: the last count. */
export const mostStories = 8;

export function storiesOf(events: readonly TraceEvent[], stations: Station[], inspection: Inspection): Story[] {
  const told: Story[] = [];
  const gone = new Map<number, Station>();
  const at = (namespace: number): Station => {
    const found = stations.find((one) => one.namespace === namespace) ?? gone.get(namespace) ?? goneStation(namespace);
    if (found.kind === 'gone') gone.set(namespace, found);
    return found;
  };
  for (const event of events) {
    if (event.type !== 'net.connect' && event.type !== 'net.lookup' && event.type !== 'net.packet') continue;
    const story = { ...tell(event, at, inspection), id: '', times: 1 };
    const same = told.find((one) => keyOf(one) === keyOf(story));
    if (same) same.times += 1;
    else told.push(story);
  }
  return told.slice(-mostStories).map((story, index) => ({ ...story, id: `c${index}` }));
}

const keyOf = ({ client, outcome, to, reached }: Story): string => [client.namespace, outcome, to, reached].join(' ');

const goneStation = (namespace: number): Station => ({
  id: `net-${namespace}`,
  kind: 'gone',
  name: '',
  namespace,
  links: [],
  listening: [],
  guests: [],
  resolver: false,
});

type Told = Omit<Story, 'id' | 'times'>;

function tell(event: NetEvent, at: (namespace: number) => Station, inspection: Inspection): Told {
  const client = at(event.namespace);
  const common = { client, server: undefined, from: '', reached: '', bound: [], answers: [], via: [], pid: event.pid };
  if (event.type === 'net.lookup') {
    const outcome = lookupOutcome(event, client, inspection);
    const { name, addresses, server } = event;
    return {
      ...common,
      outcome,
      ok: outcome === 'nameFound',
      to: name,
      answers: addresses,
      reached: server,
      protocol: 'dns',
    };
  }
  const { from, to, via } = event;
  if (event.type === 'net.packet') {
    const outcome = packetOutcome(event);
    return { ...common, outcome, ok: outcome === 'packet', from, to, via, protocol: event.protocol };
  }
  const server = event.target === undefined ? undefined : at(event.target);
  const outcome = connectOutcome(event, client, server);
  const { reached = '', bound = [], result } = event;
  const ok = result === 'connected';
  return { ...common, outcome, ok, server, from, to, reached, bound, answers: [result], via, protocol: 'tcp' };
}

const crosses = (via: readonly string[]): boolean => via.length > 1;

function packetOutcome({ result, via }: TraceEventOf<'net.packet'>): Outcome {
  if (result === 'delivered') return 'packet';
  if (result === 'unreachable') return 'noRoute';
  return result === 'refused' ? 'packetRefused' : crosses(via) ? 'isolated' : 'silent';
}

function connectOutcome(
  { result, to, reached, bound = [], via }: TraceEventOf<'net.connect'>,
  client: Station,
  server: Station | undefined,
): Outcome {
  const natted = reached !== undefined && reached !== to;
  switch (result) {
    case 'connected':
      return natted ? 'published' : server ? 'connected' : 'internet';
    case 'reset':
      if (opened(server, reached ?? to)) return 'early';
      return bound.length > 0 ? 'proxyBound' : 'proxyNobody';
    case 'ECONNREFUSED':
      if (opened(server, reached ?? to)) return 'early';
      if (bound.length > 0) return 'bound';
      return to.startsWith('127.') && client.kind !== 'host' ? 'self' : 'nobody';
    case 'ENETUNREACH':
      return 'noRoute';
    case 'EHOSTUNREACH':
      return 'noHost';
    case 'dropped':
      return via.length > 1 && !endsOutside(via) ? 'isolated' : 'silent';
    default:
      return 'failed';
  }
}

/** The port is open by now, at an address that would have been reached. */
const opened = (server: Station | undefined, reached: string): boolean =>
  (server?.listening ?? []).some(
    ({ protocol, address, port }) =>
      protocol === 'tcp' &&
      [`0.0.0.0:${port}`, `:::${port}`, reached].includes(`${address}:${port}`) &&
      reached.endsWith(`:${port}`),
  );

/** The last interface is the host's way out. */
const endsOutside = (via: readonly string[]): boolean => via.at(-1)?.endsWith('/eth0') ?? false;

function lookupOutcome(
  { result, server, name }: TraceEventOf<'net.lookup'>,
  client: Station,
  { containers, networks }: Inspection,
): Outcome {
  if (result === 'ok') return 'nameFound';
  if (result !== 'nxdomain') return 'nameSilent';
  const named = containers.some((one) => one.name === name || one.networks.some(({ names }) => names.includes(name)));
  if (!named) return 'nameUnknown';
  const user = (network: NetworkInfo) => network.driver === 'bridge' && network.name !== 'bridge';
  return server === '127.0.0.11' && client.kind !== 'host' && networks.some(user) ? 'nameElsewhere' : 'nameDefault';
}
