import { collectBody, computeDigest, digestOf } from '../content/index.ts';
import {
  type Body,
  bodyBytes,
  type Content,
  type Descriptor,
  type Digest,
  emptyContent,
  type Fetch,
  type HttpResponse,
  header,
  type Index,
  isContent,
  type Timespec,
} from '../spec/index.ts';
import { type Access, accessFor } from './access.ts';
import { Authenticator } from './authenticator.ts';
import { type Challenge, type Credentials, challengesOf } from './challenge.ts';
import { registryError } from './error.ts';
import type { Listing, ManifestBlob, Page, Registry, Upload } from './registry.ts';
import { constructRequest, type RegistryRequest } from './routes.ts';
import { errorFrom, goFetch, onTheWay } from './transport.ts';

export interface ClientOptions {
  /** `https://registry-1.docker.io`, `http://localhost:5000`. */
  origin: string;
  fetch: Fetch;
  /** Absent: nobody in particular. */
  credentials?: Credentials;
  userAgent?: string;
  /** For the life of tokens; absent: they are kept as long as the client. */
  now?: () => Timespec;
  /** Bytes a blob that comes as a stream may have (default 4 GiB). */
  blobLimit?: number;
}

const manifestTypes = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  '*/*',
];

/**
 * A registry far away. Asks `/v2/` once to learn how it wants to be authenticated, then sends requests with tokens for
 * exactly their scope. What comes back is verified against its digest. A blob that is a Content in this process is
 * passed by reference both ways.
 *
 * Rejects with RegistryError for what the registry refuses, with Error in Go's words for what never reached it.
 * Upload ids are the sessions' locations.
 */
export class RegistryClient implements Registry {
  private readonly authenticator: Authenticator;
  private challenge: Promise<Challenge | undefined> | undefined;

  constructor(private readonly options: ClientOptions) {
    this.authenticator = new Authenticator(options.fetch, options.credentials, options.now);
  }

  /** end-1 without credentials: whether a registry answers, and how it wants to be authenticated. */
  async probe(): Promise<void> {
    await this.learnChallenge();
  }

  /** end-1 with credentials: what `docker login` tries. The registry's answer, whatever it is. */
  async ping(): Promise<HttpResponse> {
    const challenge = await this.learnChallenge();
    const url = `${this.options.origin}/v2/`;
    return this.fetch('GET', url, await this.authorize('GET', url, challenge, []));
  }

  async headBlob(repository: string, digest: Digest): Promise<Descriptor> {
    const response = await this.send({ kind: 'blobHead', repository, digest }, [200]);
    const mediaType = header(response, 'Content-Type') ?? 'application/octet-stream';
    return { mediaType, digest, size: Number(header(response, 'Content-Length') ?? 0) };
  }

  async getBlob(repository: string, digest: Digest): Promise<Content> {
    const response = await this.send({ kind: 'blobGet', repository, digest }, [200]);
    const content = await collectBody(response.body ?? emptyContent, this.options.blobLimit ?? 2 ** 32);
    if (digestOf(content) !== digest) {
      throw registryError('DIGEST_INVALID', undefined, `filesystem layer verification failed for digest ${digest}`);
    }
    return content;
  }

  async deleteBlob(repository: string, digest: Digest): Promise<void> {
    await this.send({ kind: 'blobDelete', repository, digest }, [202]);
  }

  async startUpload(repository: string): Promise<Upload> {
    return this.upload(await this.send({ kind: 'uploadStart', repository }, [202]));
  }

  async uploadStatus(repository: string, upload: string): Promise<Upload> {
    return this.upload(await this.send({ kind: 'uploadStatus', repository, upload }, [204]));
  }

  async uploadChunk(repository: string, upload: string, chunk: Body, offset?: number): Promise<Upload> {
    const size = isContent(chunk) ? chunk.size : 0;
    const range =
      offset !== undefined && size > 0 ? [['Content-Range', `${offset}-${offset + size - 1}`] as const] : [];
    return this.upload(await this.send({ kind: 'uploadChunk', repository, upload }, [202], chunk, range));
  }

  async finishUpload(repository: string, upload: string, digest: Digest, chunk?: Body): Promise<Descriptor> {
    await this.send({ kind: 'uploadFinish', repository, upload, digest }, [201], chunk);
    const size = chunk && isContent(chunk) ? chunk.size : (await this.headBlob(repository, digest)).size;
    return { mediaType: 'application/octet-stream', digest, size };
  }

  async cancelUpload(repository: string, upload: string): Promise<void> {
    await this.send({ kind: 'uploadCancel', repository, upload }, [204]);
  }

  /** By end-4a and end-6: not every registry takes a blob in one POST. */
  async pushBlob(repository: string, digest: Digest, blob: Body): Promise<Descriptor> {
    const { id } = await this.startUpload(repository);
    await this.send({ kind: 'uploadFinish', repository, upload: id, digest }, [201], blob);
    return isContent(blob)
      ? { mediaType: 'application/octet-stream', digest, size: blob.size }
      : this.headBlob(repository, digest);
  }

  async mountBlob(
    repository: string,
    digest: Digest,
    from: string,
  ): Promise<{ mounted: Descriptor } | { upload: Upload }> {
    const response = await this.send({ kind: 'blobMount', repository, digest, from }, [201, 202]);
    if (response.status === 202) return { upload: this.upload(response) };
    return { mounted: await this.headBlob(repository, digest) };
  }

  async headManifest(repository: string, reference: string): Promise<Descriptor> {
    const response = await this.send(
      { kind: 'manifestHead', repository, reference },
      [200],
      undefined,
      acceptManifests,
    );
    const digest = header(response, 'Docker-Content-Digest') as Digest | undefined;
    if (!digest) return (await this.getManifest(repository, reference)).descriptor;
    const size = Number(header(response, 'Content-Length') ?? 0);
    return { mediaType: header(response, 'Content-Type') ?? '', digest, size };
  }

  async getManifest(repository: string, reference: string): Promise<ManifestBlob> {
    const response = await this.send({ kind: 'manifestGet', repository, reference }, [200], undefined, acceptManifests);
    const content = await collectBody(response.body ?? emptyContent, 4 << 20);
    const digest = computeDigest(content);
    if (reference.includes(':') && reference !== digest) {
      throw registryError('DIGEST_INVALID', undefined, `manifest verification failed for digest ${reference}`);
    }
    return { content, descriptor: { mediaType: header(response, 'Content-Type') ?? '', digest, size: content.size } };
  }

  async putManifest(repository: string, reference: string, mediaType: string, content: Content): Promise<Descriptor> {
    await this.send({ kind: 'manifestPut', repository, reference }, [201], content, [['Content-Type', mediaType]]);
    return { mediaType, digest: digestOf(content), size: content.size };
  }

  async deleteManifest(repository: string, reference: string): Promise<void> {
    await this.send({ kind: 'manifestDelete', repository, reference }, [202]);
  }

  async listTags(repository: string, page: Page = {}): Promise<Listing> {
    const response = await this.send({ kind: 'tagsList', repository, page }, [200]);
    return { names: (await json<{ tags: string[] | null }>(response)).tags ?? [], more: hasNext(response) };
  }

  async listRepositories(page: Page = {}): Promise<Listing> {
    const response = await this.send({ kind: 'catalog', page }, [200]);
    return {
      names: (await json<{ repositories: string[] | null }>(response)).repositories ?? [],
      more: hasNext(response),
    };
  }

  async referrers(repository: string, digest: Digest, artifactType?: string): Promise<Index> {
    const response = await this.send({ kind: 'referrers', repository, digest, artifactType }, [200]);
    return json<Index>(response);
  }

  private async send(
    request: RegistryRequest,
    expected: readonly number[],
    body?: Body,
    headers: readonly (readonly [string, string])[] = [],
  ): Promise<HttpResponse> {
    const { method, target } = locate(request);
    const url = new URL(target, this.options.origin).href;
    const challenge = await this.learnChallenge();
    const authorization = await this.authorize(method, url, challenge, scopesFor(request));
    const response = await this.follow(method, url, authorization, body, headers);
    if (expected.includes(response.status)) return response;
    throw await errorFrom(response);
  }

  private async authorize(
    method: string,
    url: string,
    challenge: Challenge | undefined,
    access: readonly Access[],
  ): Promise<string | undefined> {
    return challenge && onTheWay(method, url, () => this.authenticator.authorize(challenge, access));
  }

  private learnChallenge(): Promise<Challenge | undefined> {
    this.challenge ??= this.fetch('GET', `${this.options.origin}/v2/`).then((response) => challengesOf(response)[0]);
    // A registry that could not be reached is asked again.
    this.challenge.catch(() => {
      this.challenge = undefined;
    });
    return this.challenge;
  }

  /** Blobs may rest elsewhere: a redirect is followed, without the credentials. */
  private async follow(
    method: string,
    url: string,
    authorization: string | undefined,
    body: Body | undefined,
    headers: readonly (readonly [string, string])[],
  ): Promise<HttpResponse> {
    const response = await this.fetch(method, url, authorization, body, headers);
    const location = header(response, 'Location');
    if (![301, 302, 303, 307, 308].includes(response.status) || !location) return response;
    return this.fetch(method, new URL(location, url).href, undefined, body, headers);
  }

  private fetch(
    method: string,
    url: string,
    authorization?: string,
    body?: Body,
    headers: readonly (readonly [string, string])[] = [],
  ): Promise<HttpResponse> {
    const length =
      method !== 'GET' && method !== 'HEAD' && (!body || isContent(body))
        ? [['Content-Length', String(body?.size ?? 0)] as const]
        : [];
    const all: (readonly [string, string])[] = [
      ['Host', new URL(url).host],
      ['User-Agent', this.options.userAgent ?? 'drydock'],
      ...(authorization ? [['Authorization', authorization] as const] : []),
      ...length,
      ...headers,
    ];
    return goFetch(this.options.fetch, url, { method, headers: all, ...(body && { body }) });
  }

  private upload(response: HttpResponse): Upload {
    const id = header(response, 'Location') ?? '';
    const last = Number(/^(?:bytes=)?0-(\d+)$/.exec(header(response, 'Range') ?? '')?.[1] ?? 0);
    // `0-0` is said of an empty upload and of one byte; nobody sends one byte.
    return { id, size: last === 0 ? 0 : last + 1 };
  }
}

const acceptManifests = manifestTypes.map((type) => ['Accept', type] as const);

/** Requests on an upload go to its location, wherever that is; the digest is added to what query it has. */
function locate(request: RegistryRequest): { method: string; target: string } {
  const constructed = constructRequest(request);
  if (!('upload' in request)) return constructed;
  if (request.kind !== 'uploadFinish') return { ...constructed, target: request.upload };
  const separator = request.upload.includes('?') ? '&' : '?';
  return { ...constructed, target: `${request.upload}${separator}digest=${encodeURIComponent(request.digest)}` };
}

/** A mount also asks for the right to read its source. */
function scopesFor(request: RegistryRequest): Access[] {
  const access = accessFor(request);
  return request.kind === 'blobMount'
    ? [...access, { type: 'repository', name: request.from, actions: ['pull'] }]
    : access;
}

const json = async <T>(response: HttpResponse): Promise<T> =>
  JSON.parse(new TextDecoder().decode(await bodyBytes(response.body, 16 << 20))) as T;

const hasNext = (response: HttpResponse): boolean => /rel="?next"?/.test(header(response, 'Link') ?? '');
