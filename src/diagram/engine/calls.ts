import {
  type NamespaceKind,
  namespaceKinds,
  type ProcessInfo,
  type TraceEvent,
  type TraceEventOf,
} from '../../trace/index.ts';

/** From left to right. */
export const engineLanes = ['client', 'api', 'engine', 'snapshotter', 'runtime', 'kernel', 'registry'] as const;
export type EngineLane = (typeof engineLanes)[number];

export interface EngineMessage {
  id: string;
  from: EngineLane;
  /** The same as `from`: something that happened there. */
  to: EngineLane;
  what: Happening;
  failed: boolean;
  /** How many like it came one after another. */
  count: number;
}

export type Happening =
  | { kind: 'request'; request: TraceEventOf<'http.request'>; response?: TraceEventOf<'http.response'> }
  | { kind: 'response'; request: TraceEventOf<'http.request'>; response: TraceEventOf<'http.response'> }
  | { kind: 'call'; call: TraceEventOf<'call'>; end?: TraceEventOf<'call.end'> }
  /** A run of the same call about one thing after another. */
  | { kind: 'run'; operation: string; calls: EngineMessage[] }
  | { kind: 'clone'; pid: number; namespaces: NamespaceKind[] }
  | { kind: 'exec'; pid: number; args: string[] }
  | { kind: 'signal'; pid: number; signal: number }
  | { kind: 'exit'; pid: number; code: number; signal?: number }
  | { kind: 'event'; event: NotedEvent };

const noted = [
  'container.create',
  'container.state',
  'container.remove',
  'layer.commit',
  'layer.remove',
  'image.create',
  'image.tag',
  'image.untag',
  'image.delete',
  'blob',
  'process.oom',
] as const;
type NotedEvent = TraceEventOf<(typeof noted)[number]>;
const isNoted = (event: TraceEvent): event is NotedEvent => (noted as readonly string[]).includes(event.type);

/** Whether a command called the engine at all. */
export const callsEngine = (events: readonly TraceEvent[]): boolean =>
  events.some(({ type }) => type === 'http.request' || type === 'call');

export interface CallOptions {
  /** Processes that were there before: what is not in the namespaces of the first of them was made by the runtime. */
  before?: readonly ProcessInfo[] | undefined;
  /** Only HTTP, or all there is. */
  depth?: 'http' | 'all';
  /** A run of calls, or a message of one, that is shown call by call. */
  unfolded?: string | undefined;
}

/** The messages of a command in order of time; repeated ones folded. */
export function engineMessages(
  events: readonly TraceEvent[],
  { before, depth = 'all', unfolded }: CallOptions = {},
): EngineMessage[] {
  const reading = new Reading(before);
  for (const event of events) reading.take(event);
  const { messages } = reading;
  if (depth === 'all') return foldRuns(fold(messages), unfolded);
  return fold(messages.filter(({ what }) => what.kind === 'request' || what.kind === 'response'));
}

class Reading {
  readonly messages: EngineMessage[] = [];
  private readonly requests = new Map<number, Extract<Happening, { kind: 'request' }>>();
  private readonly calls = new Map<number, EngineMessage & { what: Extract<Happening, { kind: 'call' }> }>();
  /** Calls of the runtime that have not ended, by operation. */
  private readonly running: string[] = [];
  private readonly contained = new Set<number>();
  private readonly ofRuntime = new Set<number>();

  private readonly host: Readonly<Record<NamespaceKind, number>> | undefined;

  constructor(before: readonly ProcessInfo[] = []) {
    this.host = before.find(({ pid }) => pid === 1)?.namespaces;
    for (const { pid, pids, namespaces } of before) {
      if (namespaces.pid === this.host?.pid) continue;
      this.contained.add(pid);
      if (pids.at(-1) === 1) this.ofRuntime.add(pid);
    }
  }

  take(event: TraceEvent): void {
    if (event.type === 'http.request') this.request(event);
    else if (event.type === 'http.response') this.response(event);
    else if (event.type === 'call') this.call(event);
    else if (event.type === 'call.end') this.callEnd(event);
    else if (isNoted(event)) this.note(event);
    else this.kernel(event);
  }

  private request(request: TraceEventOf<'http.request'>): void {
    const what = { kind: 'request' as const, request };
    this.requests.set(request.id, what);
    const [from, to] = ends(request);
    this.add(`q${request.id}`, from, to, what);
  }

  private response(response: TraceEventOf<'http.response'>): void {
    const asked = this.requests.get(response.id);
    if (!asked) return;
    Object.assign(asked, { response });
    const [from, to] = ends(asked.request);
    this.add(
      `r${response.id}`,
      to,
      from,
      { kind: 'response', request: asked.request, response },
      response.status >= 400,
    );
  }

  private call(call: TraceEventOf<'call'>): void {
    const what = { kind: 'call' as const, call };
    const message = this.add(`c${call.id}`, call.from, call.to, what);
    this.calls.set(call.id, message as EngineMessage & { what: typeof what });
    if (call.to === 'runtime') this.running.push(call.operation);
  }

  private callEnd(end: TraceEventOf<'call.end'>): void {
    const message = this.calls.get(end.id);
    if (!message) return;
    Object.assign(message.what, { end });
    message.failed = end.error !== undefined;
    const at = this.running.indexOf(message.what.call.operation);
    if (message.to === 'runtime' && at >= 0) this.running.splice(at, 1);
  }

  private note(event: NotedEvent): void {
    if (event.type === 'blob' && event.state === 'begin') return;
    const lane = event.type === 'process.oom' ? 'kernel' : 'engine';
    const failed = event.type === 'process.oom' || (event.type === 'blob' && event.state === 'failed');
    this.add(`e${this.messages.length}`, lane, lane, { kind: 'event', event }, failed);
  }

  private kernel(event: TraceEvent): void {
    if (event.type === 'process.start') this.started(event);
    if (!('pid' in event) || typeof event.pid !== 'number' || !this.contained.has(event.pid)) return;
    const id = `k${this.messages.length}`;
    const { pid } = event;
    const asked = this.running.some((operation) => ['start', 'exec', 'kill', 'create'].includes(operation));
    if (event.type === 'process.exec') {
      this.add(id, asked && this.ofRuntime.has(pid) ? 'runtime' : 'kernel', 'kernel', {
        kind: 'exec',
        pid,
        args: event.args,
      });
    } else if (event.type === 'process.signal' && this.running.includes('kill')) {
      this.add(id, 'runtime', 'kernel', { kind: 'signal', pid, signal: event.signal });
    } else if (event.type === 'process.exit' && this.ofRuntime.has(pid)) {
      const { code, signal } = event;
      this.add(
        id,
        'kernel',
        'runtime',
        { kind: 'exit', pid, code, ...(signal !== undefined && { signal }) },
        code !== 0,
      );
    }
  }

  /** A process in a PID namespace of its own: made by the runtime when that is at it, else a fork inside a container. */
  private started({ pid, ppid, namespaces }: TraceEventOf<'process.start'>): void {
    const { host } = this;
    if (!host || namespaces.pid === host.pid) return;
    const inside = this.contained.has(ppid);
    this.contained.add(pid);
    if (inside || this.running.length === 0) return;
    this.ofRuntime.add(pid);
    const kinds = namespaceKinds.filter((kind) => namespaces[kind] !== host[kind]);
    this.add(`k${this.messages.length}`, 'runtime', 'kernel', { kind: 'clone', pid, namespaces: kinds });
  }

  private readonly ids = new Map<string, number>();

  /** After an undo the engine counts from 1 again, and the page may still be at the same command. */
  private add(name: string, from: EngineLane, to: EngineLane, what: Happening, failed = false): EngineMessage {
    const taken = this.ids.get(name) ?? 0;
    this.ids.set(name, taken + 1);
    const id = taken === 0 ? name : `${name}x${taken}`;
    const message = { id, from, to, what, failed, count: 1 };
    this.messages.push(message);
    return message;
  }
}

/** The client's requests end at the API, the engine's at a registry. */
const ends = ({ from, to }: TraceEventOf<'http.request'>): [EngineLane, EngineLane] =>
  to === 'engine' ? ['client', 'api'] : [from === 'engine' ? 'engine' : 'client', 'registry'];

/** Exchanges and calls that follow one another and say the same are one, with a count. */
function fold(messages: readonly EngineMessage[]): EngineMessage[] {
  const folded: EngineMessage[] = [];
  let last: EngineMessage[] = [];
  for (const unit of unitsOf(messages)) {
    if (last.length === unit.length && unit.every((message, index) => same(message, last[index]!))) {
      for (const message of last) message.count++;
    } else {
      last = unit.map((message) => ({ ...message }));
      folded.push(...last);
    }
  }
  return folded;
}

const shortestRun = 4;

/** `stat(a)`, `stat(b)`, `stat(c)` ... in one; the one that is unfolded is followed by its calls. */
function foldRuns(messages: readonly EngineMessage[], unfolded: string | undefined): EngineMessage[] {
  const out: EngineMessage[] = [];
  for (let at = 0; at < messages.length; ) {
    const first = messages[at]!;
    let end = at + 1;
    while (messages[end] && sameCall(first, messages[end]!)) end++;
    const calls = messages.slice(at, end);
    at = end;
    if (calls.length < shortestRun || first.what.kind !== 'call') out.push(...calls);
    else {
      const { operation } = first.what.call;
      const run: EngineMessage = { ...first, id: `run${first.id}`, what: { kind: 'run', operation, calls }, count: 1 };
      const open = unfolded === run.id || calls.some(({ id }) => id === unfolded);
      out.push(run, ...(open ? calls : []));
    }
  }
  return out;
}

const sameCall = (a: EngineMessage, b: EngineMessage): boolean =>
  a.what.kind === 'call' &&
  b.what.kind === 'call' &&
  a.from === b.from &&
  a.to === b.to &&
  a.what.call.operation === b.what.call.operation &&
  !a.failed &&
  !b.failed;

/** A request and the response that comes right after it belong together. */
function unitsOf(messages: readonly EngineMessage[]): EngineMessage[][] {
  const units: EngineMessage[][] = [];
  for (const message of messages) {
    const before = units.at(-1);
    const answers =
      message.what.kind === 'response' &&
      before?.length === 1 &&
      before[0]!.what.kind === 'request' &&
      before[0]!.what.request.id === message.what.request.id;
    if (answers) before.push(message);
    else units.push([message]);
  }
  return units;
}

const same = (a: EngineMessage, b: EngineMessage): boolean =>
  a.from === b.from && a.to === b.to && a.failed === b.failed && signature(a.what) === signature(b.what);

function signature(what: Happening): string {
  switch (what.kind) {
    case 'request':
    case 'response':
      return `${what.kind} ${what.request.method} ${what.request.target} ${what.response?.status}`;
    case 'call':
      return `call ${what.call.operation} ${what.call.about} ${what.end?.error}`;
    case 'run':
    case 'clone':
    case 'exec':
    case 'exit':
    case 'signal':
    case 'event':
      return JSON.stringify(what);
  }
}
