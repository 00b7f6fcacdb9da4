/** The distribution API over HTTP: any Registry as a Handler. */
import { collectBody } from '../content/index.ts';
import {
  type Content,
  type Descriptor,
  emptyContent,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  header,
  jsonBody,
  SliceContent,
  textContent,
} from '../spec/index.ts';
import { type Access, accessFor, type Guard } from './access.ts';
import { RegistryError, registryError } from './error.ts';
import type { Listing, Page, Registry, Upload } from './registry.ts';
import { constructRequest, parseRequest, type RegistryRequest, type RequestKind } from './routes.ts';

export interface ServerOptions {
  /** Who may do what; absent: anyone everything. */
  guard?: Guard;
}

/** Bytes of a manifest that are accepted. */
const manifestLimit = 4 << 20;
const apiVersion = ['Docker-Distribution-Api-Version', 'registry/2.0'] as const;
const jsonType = ['Content-Type', 'application/json; charset=utf-8'] as const;

export function registryServer(registry: Registry, options: ServerOptions = {}): Handler {
  return async (message) => {
    try {
      const request = parseRequest(message.method, message.target);
      if (!request) return notRouted(message.target);
      const refusal = await options.guard?.(accessFor(request), header(message, 'Authorization'));
      if (refusal) return errorResponse(refusal.error, [['Www-Authenticate', refusal.challenge]]);
      const allowed = await withoutForbiddenMount(request, message, options.guard);
      const answer = await (answers[allowed.kind] as Answer)(registry, allowed, message);
      return message.method === 'HEAD' ? { ...answer, body: undefined } : answer;
    } catch (error) {
      if (error instanceof RegistryError) return errorResponse(error);
      throw error;
    }
  };
}

/** Outside the API: the root answers for health checks, the rest is Go's `404 page not found`. */
function notRouted(target: string): HttpResponse {
  if (target === '/') return { status: 200, headers: [['Cache-Control', 'no-cache']], body: emptyContent };
  return {
    status: 404,
    headers: [['Content-Type', 'text/plain; charset=utf-8'], apiVersion, ['X-Content-Type-Options', 'nosniff']],
    body: textContent('404 page not found\n'),
  };
}

/** Who may not read the source of a mount gets an upload instead (distribution-spec end-11). */
async function withoutForbiddenMount(request: RegistryRequest, message: HttpRequest, guard?: Guard) {
  if (request.kind !== 'blobMount' || !guard) return request;
  const source: Access = { type: 'repository', name: request.from, actions: ['pull'] };
  const refusal = await guard([source], header(message, 'Authorization'));
  return refusal ? { kind: 'uploadStart' as const, repository: request.repository } : request;
}

type Headers = readonly (readonly [string, string])[];
type Answer = (registry: Registry, request: RegistryRequest, message: HttpRequest) => Promise<HttpResponse>;
type Answers = {
  [K in RequestKind]: (
    registry: Registry,
    request: Extract<RegistryRequest, { kind: K }>,
    message: HttpRequest,
  ) => Promise<HttpResponse>;
};

function respond(status: number, headers: Headers = [], body: Content = emptyContent): HttpResponse {
  return { status, headers: [apiVersion, ['Content-Length', String(body.size)], ...headers], body };
}

function errorResponse(error: RegistryError, headers: Headers = []): HttpResponse {
  return listed(error.status, { errors: error.items }, headers);
}

/** What Go's json.Encoder writes: a line, whose length net/http finds out at the end. */
function listed(status: number, value: unknown, headers: Headers = []): HttpResponse {
  return { status, headers: [jsonType, apiVersion, ...headers], body: textContent(`${JSON.stringify(value)}\n`) };
}

const answers: Answers = {
  ping: async () => respond(200, [jsonType], jsonBody({})),
  blobGet: blob,
  blobHead: blob,
  blobDelete: async (registry, { repository, digest }) => {
    await registry.deleteBlob(repository, digest);
    return respond(202);
  },
  uploadStart: async (registry, { repository }) =>
    uploadResponse(202, repository, await registry.startUpload(repository)),
  uploadStatus: async (registry, { repository, upload }) =>
    uploadResponse(204, repository, await registry.uploadStatus(repository, upload)),
  uploadChunk: async (registry, { repository, upload }, message) => {
    const chunk = message.body ?? emptyContent;
    return uploadResponse(202, repository, await registry.uploadChunk(repository, upload, chunk, chunkOffset(message)));
  },
  uploadFinish: async (registry, { repository, upload, digest }, message) =>
    blobCreated(repository, await registry.finishUpload(repository, upload, digest, message.body)),
  uploadCancel: async (registry, { repository, upload }) => {
    await registry.cancelUpload(repository, upload);
    return respond(204);
  },
  blobPush: async (registry, { repository, digest }, message) =>
    blobCreated(repository, await registry.pushBlob(repository, digest, message.body ?? emptyContent)),
  blobMount: async (registry, { repository, digest, from }) => {
    const result = await registry.mountBlob(repository, digest, from);
    if ('mounted' in result) return blobCreated(repository, result.mounted);
    return uploadResponse(202, repository, result.upload);
  },
  manifestGet: manifest,
  manifestHead: manifest,
  manifestPut: async (registry, { repository, reference }, message) => {
    const content = await collectBody(message.body ?? emptyContent, manifestLimit);
    const mediaType = (header(message, 'Content-Type') ?? '').split(';')[0]!.trim();
    const descriptor = await registry.putManifest(repository, reference, mediaType, content);
    return created(
      constructRequest({ kind: 'manifestGet', repository, reference: descriptor.digest }).target,
      descriptor,
    );
  },
  manifestDelete: async (registry, { repository, reference }) => {
    await registry.deleteManifest(repository, reference);
    return respond(202);
  },
  tagsList: async (registry, { repository, page }) => {
    const listing = await registry.listTags(repository, page);
    const next = (page: Page) => constructRequest({ kind: 'tagsList', repository, page }).target;
    return listed(200, { name: repository, tags: listing.names }, link(listing, page, next));
  },
  catalog: async (registry, { page }) => {
    const listing = await registry.listRepositories({ n: 100, ...page });
    const next = (page: Page) => constructRequest({ kind: 'catalog', page }).target;
    return listed(200, { repositories: listing.names }, link(listing, page, next));
  },
  referrers: async (registry, { repository, digest, artifactType }) => {
    const index = await registry.referrers(repository, digest, artifactType);
    const filters: Headers = artifactType ? [['OCI-Filters-Applied', 'artifactType']] : [];
    return respond(200, [['Content-Type', index.mediaType!], ...filters], jsonBody(index));
  },
};

/** end-2, with a single byte range (RFC 9110 14.2); anything else in Range is passed over. */
async function blob(
  registry: Registry,
  { repository, digest }: { repository: string; digest: Descriptor['digest'] },
  message: HttpRequest,
): Promise<HttpResponse> {
  const content = await registry.getBlob(repository, digest);
  const headers: Headers = [
    ['Content-Type', 'application/octet-stream'],
    ['Docker-Content-Digest', digest],
    ['Etag', `"${digest}"`],
    ['Accept-Ranges', 'bytes'],
    ['Cache-Control', 'max-age=31536000'],
  ];
  if (header(message, 'If-None-Match') === `"${digest}"`) return respond(304, headers);
  const range = parseRange(header(message, 'Range'), content.size);
  if (!range) return respond(200, headers, content);
  if (range.start >= content.size) return respond(416, [['Content-Range', `bytes */${content.size}`]]);
  return respond(
    206,
    [...headers, ['Content-Range', `bytes ${range.start}-${range.end - 1}/${content.size}`]],
    new SliceContent(content, range.start, range.end - range.start),
  );
}

function parseRange(value: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(value ?? '');
  if (!match || (!match[1] && !match[2])) return undefined;
  if (!match[1]) return { start: Math.max(0, size - Number(match[2])), end: size };
  return { start: Number(match[1]), end: match[2] ? Math.min(size, Number(match[2]) + 1) : size };
}

async function manifest(
  registry: Registry,
  { repository, reference }: { repository: string; reference: string },
  message: HttpRequest,
): Promise<HttpResponse> {
  const { descriptor, content } = await registry.getManifest(repository, reference);
  const headers: Headers = [
    ['Content-Type', descriptor.mediaType],
    ['Docker-Content-Digest', descriptor.digest],
    ['Etag', `"${descriptor.digest}"`],
  ];
  if (header(message, 'If-None-Match') === `"${descriptor.digest}"`) return respond(304, headers);
  return respond(200, headers, content);
}

function uploadResponse(status: number, repository: string, upload: Upload): HttpResponse {
  return respond(status, [
    ['Location', constructRequest({ kind: 'uploadStatus', repository, upload: upload.id }).target],
    // The last byte received, of an empty upload too (as Docker's registry says it).
    ['Range', `0-${Math.max(0, upload.size - 1)}`],
    ['Docker-Upload-Uuid', upload.id],
  ]);
}

const blobCreated = (repository: string, descriptor: Descriptor): HttpResponse =>
  created(constructRequest({ kind: 'blobGet', repository, digest: descriptor.digest }).target, descriptor);

const created = (location: string, { digest }: Descriptor): HttpResponse =>
  respond(201, [
    ['Location', location],
    ['Docker-Content-Digest', digest],
  ]);

/** `Content-Range: <start>-<end>`, with or without a unit. A range that is not the body's length is refused. */
function chunkOffset(message: HttpRequest): number | undefined {
  const value = header(message, 'Content-Range');
  if (value === undefined) return undefined;
  const match = /^(?:bytes[ =])?(\d+)-(\d+)/.exec(value);
  const length = Number(header(message, 'Content-Length') ?? Number.NaN);
  if (!match || Number(match[2]) < Number(match[1])) throw registryError('RANGE_INVALID');
  if (!Number.isNaN(length) && length !== Number(match[2]) - Number(match[1]) + 1) throw registryError('SIZE_INVALID');
  return Number(match[1]);
}

function link(listing: Listing, page: Page, next: (page: Page) => string): Headers {
  const last = listing.names.at(-1);
  if (!listing.more || last === undefined) return [];
  return [['Link', `<${next({ n: page.n ?? listing.names.length, last })}>; rel="next"`]];
}
