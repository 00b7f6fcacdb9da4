import type { Clock } from '../port/index.ts';
import { compareTime, type EventMessage, type Filters, parseRfc3339, type Timespec } from '../spec/index.ts';

type EventType = EventMessage['Type'];

/** How many past events the daemon keeps (moby daemon/events: eventsLimit). */
const limit = 256;

/** The events of the daemon: the last ones, and those to come for whoever listens. */
export class EventLog {
  private past: EventMessage[] = [];
  private listeners = new Set<(event: EventMessage) => void>();
  constructor(private readonly clock: Clock) {}

  emit(type: EventType, action: string, id: string, attributes: Record<string, string>): void {
    const event = this.message(type, action, id, attributes);
    this.past.push(event);
    if (this.past.length > limit) this.past.shift();
    for (const listener of this.listeners) listener(event);
  }

  listen(listener: (event: EventMessage) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  get listenerCount(): number {
    return this.listeners.size;
  }

  since(since: Timespec, until?: Timespec): EventMessage[] {
    return this.past.filter((event) => {
      const time = eventTime(event);
      return compareTime(time, since) >= 0 && (!until || compareTime(time, until) <= 0);
    });
  }

  // Containers and images carry the fields of the API before 1.22 too.
  private message(type: EventType, action: string, id: string, attributes: Record<string, string>): EventMessage {
    const now = this.clock.now();
    const sorted = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
    const old =
      type === 'container' || type === 'image'
        ? { status: action, id, ...(type === 'container' ? { from: attributes.image ?? '' } : {}) }
        : {};
    return {
      ...old,
      Type: type,
      Action: action,
      Actor: { ID: id, Attributes: sorted },
      scope: 'local',
      time: now.sec,
      timeNano: BigInt(now.sec) * 1_000_000_000n + BigInt(now.nsec),
    };
  }
}

export const eventTime = (event: EventMessage): Timespec => ({
  sec: event.time,
  nsec: Number(event.timeNano % 1_000_000_000n),
});

/** moby daemon/events/filter.go: every named filter must match; of one filter's values, any. Unknown names are ignored. */
export function eventMatches(event: EventMessage, filters: Filters): boolean {
  const any = (name: string, test: (value: string) => boolean): boolean => {
    const values = filters[name];
    return !values?.length || values.some(test);
  };
  const { ID, Attributes } = event.Actor;
  // Of any type of event: the filters tell kinds of names apart, not of events.
  const named = (value: string): boolean => ID.startsWith(value) || (Attributes.name?.startsWith(value) ?? false);
  const bare = filters.event?.some((value) => ['health_status', 'exec_create', 'exec_start'].includes(value));
  return (
    any('event', (value) => (bare ? event.Action.startsWith(value) : event.Action === value)) &&
    any('type', (value) => event.Type === value) &&
    any('scope', (value) => event.scope === value) &&
    any('daemon', named) &&
    any('container', named) &&
    any('volume', named) &&
    any('network', named) &&
    any('plugin', named) &&
    any('image', (value) => imageMatches(event, value)) &&
    labelsMatch(Attributes, filters.label)
  );
}

function imageMatches(event: EventMessage, value: string): boolean {
  const { ID, Attributes } = event.Actor;
  const name = (event.Type === 'image' ? Attributes.name : Attributes.image) ?? '';
  const stripped = name.replace(/:[^:/]*$/, '');
  return event.Type === 'image' || event.Type === 'container'
    ? (event.Type === 'image' && ID === value) || name === value || stripped === value
    : false;
}

export const labelsMatch = (labels: Record<string, string> | null | undefined, wanted?: readonly string[]): boolean =>
  (wanted ?? []).every((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? labels?.[pair] !== undefined : labels?.[pair.slice(0, at)] === pair.slice(at + 1);
  });

/** `1136073845`, `1136073845.000000001` or RFC 3339. Undefined for ''. Throws on anything else. */
export function parseTimestamp(text: string): Timespec | undefined {
  if (text === '') return undefined;
  const match = /^(-?\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (match) return { sec: Number(match[1]), nsec: Number((match[2] ?? '').padEnd(9, '0')) };
  const parsed = parseRfc3339(text);
  if (!parsed) throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return parsed;
}
