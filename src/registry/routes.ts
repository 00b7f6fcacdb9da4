/** Requests of the distribution API as values: parseRequest and constructRequest are inverses. */
import { type Digest, isRepositoryPath } from '../spec/index.ts';
import { registryError } from './error.ts';
import type { Page } from './registry.ts';

export type RegistryRequest =
  | { kind: 'ping' } // end-1
  | { kind: 'blobGet' | 'blobHead'; repository: string; digest: Digest } // end-2
  | { kind: 'manifestGet' | 'manifestHead'; repository: string; reference: string } // end-3
  | { kind: 'uploadStart'; repository: string } // end-4a
  | { kind: 'blobPush'; repository: string; digest: Digest } // end-4b
  | { kind: 'uploadChunk'; repository: string; upload: string } // end-5
  | { kind: 'uploadFinish'; repository: string; upload: string; digest: Digest } // end-6
  | { kind: 'manifestPut'; repository: string; reference: string } // end-7
  | { kind: 'tagsList'; repository: string; page: Page } // end-8
  | { kind: 'manifestDelete'; repository: string; reference: string } // end-9
  | { kind: 'blobDelete'; repository: string; digest: Digest } // end-10
  | { kind: 'blobMount'; repository: string; digest: Digest; from: string } // end-11
  | { kind: 'referrers'; repository: string; digest: Digest; artifactType?: string } // end-12
  | { kind: 'uploadStatus'; repository: string; upload: string } // end-13
  | { kind: 'uploadCancel'; repository: string; upload: string } // end-14
  | { kind: 'catalog'; page: Page };

export type RequestKind = RegistryRequest['kind'];

/** Undefined when the path is no end-point. Throws RegistryError for names, digests and page sizes that cannot be. */
export function parseRequest(method: string, target: string): RegistryRequest | undefined {
  const url = new URL(target, 'http://registry');
  const path = url.pathname;
  const query = url.searchParams;
  if (path === '/v2/' || path === '/v2') return reads(method) ? { kind: 'ping' } : unsupported();
  if (path === '/v2/_catalog') return reads(method) ? { kind: 'catalog', page: parsePage(query) } : unsupported();
  const match = /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests|tags|referrers)\/([^/]*)$/.exec(path);
  // The router's patterns: what cannot be a name or a digest has no page.
  if (!match || (match[2] === 'blobs' && !/^[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,}$/.test(match[3]!))) return undefined;
  const [, repository, resource, name] = match as unknown as [string, string, string, string];
  if (!isRepositoryPath(repository)) return undefined;
  if (repository.length > 255) throw registryError('NAME_INVALID', { name: repository });
  return parsers[resource]!(method, repository, decode(name), query);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

type Parser = (method: string, repository: string, name: string, query: URLSearchParams) => RegistryRequest | undefined;

const parsers: Record<string, Parser> = {
  'blobs/uploads': (method, repository, upload, query) => {
    if (!upload) return method === 'POST' ? parseUploadStart(repository, query) : unsupported();
    if (method === 'PATCH') return { kind: 'uploadChunk', repository, upload };
    if (method === 'PUT') return { kind: 'uploadFinish', repository, upload, digest: parseDigest(query.get('digest')) };
    if (reads(method)) return { kind: 'uploadStatus', repository, upload };
    return method === 'DELETE' ? { kind: 'uploadCancel', repository, upload } : unsupported();
  },
  blobs: (method, repository, name) => {
    const digest = parseDigest(name);
    if (method === 'DELETE') return { kind: 'blobDelete', repository, digest };
    return reads(method) ? { kind: method === 'HEAD' ? 'blobHead' : 'blobGet', repository, digest } : unsupported();
  },
  manifests: (method, repository, reference) => {
    if (method === 'PUT') return { kind: 'manifestPut', repository, reference };
    if (method === 'DELETE') return { kind: 'manifestDelete', repository, reference };
    return reads(method)
      ? { kind: method === 'HEAD' ? 'manifestHead' : 'manifestGet', repository, reference }
      : unsupported();
  },
  tags: (method, repository, name, query) => {
    if (name !== 'list') return undefined;
    return reads(method) ? { kind: 'tagsList', repository, page: parsePage(query) } : unsupported();
  },
  referrers: (method, repository, name, query) => {
    const artifactType = query.get('artifactType');
    const request = { kind: 'referrers' as const, repository, digest: parseDigest(name) };
    if (!reads(method)) return unsupported();
    return artifactType ? { ...request, artifactType } : request;
  },
};

function parseUploadStart(repository: string, query: URLSearchParams): RegistryRequest {
  const mount = query.get('mount');
  const from = query.get('from');
  if (mount && from) return { kind: 'blobMount', repository, digest: parseDigest(mount), from };
  const digest = query.get('digest');
  return digest ? { kind: 'blobPush', repository, digest: parseDigest(digest) } : { kind: 'uploadStart', repository };
}

const reads = (method: string): boolean => method === 'GET' || method === 'HEAD';

function unsupported(): never {
  throw registryError('UNSUPPORTED');
}

function parseDigest(text: string | null): Digest {
  if (text && /^sha256:[0-9a-f]{64}$/.test(text)) return text as Digest;
  throw registryError('DIGEST_INVALID', undefined, 'provided digest did not match uploaded content');
}

function parsePage(query: URLSearchParams): Page {
  const n = query.get('n');
  const last = query.get('last');
  if (n !== null && !/^\d{1,9}$/.test(n)) throw registryError('PAGINATION_NUMBER_INVALID', { n });
  return { ...(n !== null && { n: Number(n) }), ...(last !== null && { last }) };
}

const methods: Record<RequestKind, string> = {
  ping: 'GET',
  blobGet: 'GET',
  blobHead: 'HEAD',
  blobDelete: 'DELETE',
  blobPush: 'POST',
  blobMount: 'POST',
  uploadStart: 'POST',
  uploadChunk: 'PATCH',
  uploadFinish: 'PUT',
  uploadStatus: 'GET',
  uploadCancel: 'DELETE',
  manifestGet: 'GET',
  manifestHead: 'HEAD',
  manifestPut: 'PUT',
  manifestDelete: 'DELETE',
  tagsList: 'GET',
  referrers: 'GET',
  catalog: 'GET',
};

/** Method and target of a request. */
export function constructRequest(request: RegistryRequest): { method: string; target: string } {
  return { method: methods[request.kind], target: `/v2/${constructTarget(request)}` };
}

function constructTarget(request: RegistryRequest): string {
  if (request.kind === 'ping') return '';
  if (request.kind === 'catalog') return `_catalog${queryString({ last: request.page.last, n: request.page.n })}`;
  const { repository } = request;
  switch (request.kind) {
    case 'tagsList':
      return `${repository}/tags/list${queryString({ ...request.page })}`;
    case 'referrers':
      return `${repository}/referrers/${request.digest}${queryString({ artifactType: request.artifactType })}`;
    case 'uploadStart':
      return `${repository}/blobs/uploads/`;
    case 'blobPush':
      return `${repository}/blobs/uploads/${queryString({ digest: request.digest })}`;
    case 'blobMount':
      return `${repository}/blobs/uploads/${queryString({ mount: request.digest, from: request.from })}`;
    case 'uploadFinish':
      return `${repository}/blobs/uploads/${encodeURIComponent(request.upload)}${queryString({ digest: request.digest })}`;
    case 'uploadChunk':
    case 'uploadStatus':
    case 'uploadCancel':
      return `${repository}/blobs/uploads/${encodeURIComponent(request.upload)}`;
    case 'blobGet':
    case 'blobHead':
    case 'blobDelete':
      return `${repository}/blobs/${request.digest}`;
    default:
      return `${repository}/manifests/${request.reference}`;
  }
}

function queryString(values: Record<string, string | number | undefined>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined);
  return pairs.length ? `?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value!)}`).join('&')}` : '';
}
