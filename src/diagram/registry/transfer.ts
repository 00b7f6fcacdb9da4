import type { TraceEvent, TraceEventOf } from '../../trace/index.ts';

/** One push or pull, as its command made it. */
export interface BlobTransfer {
  direction: 'push' | 'pull';
  registry: string;
  repository: string;
  blobs: TransferredBlob[];
  calls: Call[];
  /** Calls that are not told. */
  more: number;
}

export interface TransferredBlob {
  digest: string;
  size: number;
  state: TraceEventOf<'blob'>['state'];
  /** The repository that it was mounted from. */
  from: string | undefined;
}

/** What an HTTP call to a registry is for (distribution-spec, "Endpoints"). */
export type CallKind =
  | 'ping'
  | 'token'
  | 'blobHead'
  | 'blobGet'
  | 'uploadStart'
  | 'mount'
  | 'uploadChunk'
  | 'uploadFinish'
  | 'uploadCancel'
  | 'manifestHead'
  | 'manifestGet'
  | 'manifestPut'
  | 'delete'
  | 'list'
  | 'other';

export interface Call {
  id: number;
  to: string;
  method: string;
  target: string;
  kind: CallKind;
  /** Undefined: no answer came (yet). */
  status: number | undefined;
}

const mostCalls = 80;

/** The last push or pull among the events; undefined when no registry was asked. */
export function transferOf(events: readonly TraceEvent[]): BlobTransfer | undefined {
  const requests = events.filter(
    (one): one is TraceEventOf<'http.request'> => one.type === 'http.request' && one.from === 'engine',
  );
  const moved = events.filter((one): one is TraceEventOf<'blob'> => one.type === 'blob');
  const last = moved.at(-1);
  const asked = requests.findLast(({ target }) => /^\/v2\/.+\/(manifests|blobs)\//.test(target));
  if (!last && !asked) return undefined;
  const status = new Map(events.flatMap((one) => (one.type === 'http.response' ? [[one.id, one.status]] : [])));
  const calls = requests.map(({ id, to, method, target }) => ({
    id,
    to,
    method,
    target,
    kind: kindOf(method, target),
    status: status.get(id),
  }));
  const repository = last?.repository ?? /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(asked!.target)![1]!;
  return {
    direction: last?.direction ?? (calls.some(({ method }) => method === 'POST' || method === 'PUT') ? 'push' : 'pull'),
    registry: last?.registry ?? asked!.to,
    repository,
    blobs: fold(moved.filter((one) => one.repository === repository)),
    calls: calls.slice(0, mostCalls),
    more: Math.max(0, calls.length - mostCalls),
  };
}

/** Each blob once, in the order they came, in the state that it reached. */
function fold(events: readonly TraceEventOf<'blob'>[]): TransferredBlob[] {
  const blobs = new Map<string, TransferredBlob>();
  for (const { digest, size = 0, state, from } of events) blobs.set(digest, { digest, size, state, from });
  return [...blobs.values()];
}

const kinds: readonly [RegExp, CallKind][] = [
  [/^\w+ \/v2\/(\?.*)?$/, 'ping'],
  [/^\w+ \/token/, 'token'],
  [/^HEAD \S+\/blobs\/sha256:/, 'blobHead'],
  [/^GET \S+\/blobs\/sha256:/, 'blobGet'],
  [/^POST \S+\/blobs\/uploads\/\?.*mount=/, 'mount'],
  [/^POST \S+\/blobs\/uploads\/\?.*digest=/, 'uploadFinish'],
  [/^POST \S+\/blobs\/uploads\//, 'uploadStart'],
  [/^PATCH /, 'uploadChunk'],
  [/^PUT \S+\/blobs\/uploads\//, 'uploadFinish'],
  [/^DELETE \S+\/blobs\/uploads\//, 'uploadCancel'],
  [/^HEAD \S+\/manifests\//, 'manifestHead'],
  [/^GET \S+\/manifests\//, 'manifestGet'],
  [/^PUT \S+\/manifests\//, 'manifestPut'],
  [/^DELETE /, 'delete'],
  [/\/tags\/list|\/_catalog/, 'list'],
];

const kindOf = (method: string, target: string): CallKind =>
  kinds.find(([form]) => form.test(`${method} ${target}`))?.[1] ?? 'other';
