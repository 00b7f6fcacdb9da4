/**
 * Webhooks: what a registry tells others (Docker registry notifications, "Events"). `notifying` is a Registry around
 * another that sees what succeeds; `webhook` posts it.
 */
import {
  type Content,
  type Descriptor,
  type Digest,
  type Fetch,
  jsonBody,
  rfc3339Nano,
  type Timespec,
} from '../spec/index.ts';
import type { Registry } from './registry.ts';

export interface RegistryEvent {
  action: 'push' | 'pull' | 'mount' | 'delete';
  repository: string;
  /** Absent when a tag was deleted. */
  target?: Descriptor;
  tag?: string;
  /** Of a mount. */
  fromRepository?: string;
}

export type RegistryListener = (event: RegistryEvent) => void;

/** The same registry; every push, pull, mount and delete that succeeded is told. */
export function notifying(registry: Registry, tell: RegistryListener): Registry {
  const tagOf = (reference: string) => (reference.includes(':') ? {} : { tag: reference });
  const pushed = (repository: string, target: Descriptor): Descriptor => {
    tell({ action: 'push', repository, target });
    return target;
  };
  return {
    headBlob: (...args) => registry.headBlob(...args),
    async getBlob(repository: string, digest: Digest): Promise<Content> {
      const content = await registry.getBlob(repository, digest);
      const mediaType = 'application/octet-stream';
      tell({ action: 'pull', repository, target: { mediaType, digest, size: content.size } });
      return content;
    },
    async deleteBlob(repository, digest) {
      const target = await registry.headBlob(repository, digest);
      await registry.deleteBlob(repository, digest);
      tell({ action: 'delete', repository, target });
    },
    startUpload: (...args) => registry.startUpload(...args),
    uploadStatus: (...args) => registry.uploadStatus(...args),
    uploadChunk: (...args) => registry.uploadChunk(...args),
    cancelUpload: (...args) => registry.cancelUpload(...args),
    finishUpload: async (repository, ...args) => pushed(repository, await registry.finishUpload(repository, ...args)),
    pushBlob: async (repository, ...args) => pushed(repository, await registry.pushBlob(repository, ...args)),
    async mountBlob(repository, digest, from) {
      const result = await registry.mountBlob(repository, digest, from);
      if ('mounted' in result) tell({ action: 'mount', repository, target: result.mounted, fromRepository: from });
      return result;
    },
    headManifest: (...args) => registry.headManifest(...args),
    async getManifest(repository, reference) {
      const manifest = await registry.getManifest(repository, reference);
      tell({ action: 'pull', repository, target: manifest.descriptor, ...tagOf(reference) });
      return manifest;
    },
    async putManifest(repository, reference, ...args) {
      const target = await registry.putManifest(repository, reference, ...args);
      tell({ action: 'push', repository, target, ...tagOf(reference) });
      return target;
    },
    async deleteManifest(repository, reference) {
      const target = reference.includes(':') ? await registry.headManifest(repository, reference) : undefined;
      await registry.deleteManifest(repository, reference);
      tell({ action: 'delete', repository, ...(target && { target }), ...tagOf(reference) });
    },
    listTags: (...args) => registry.listTags(...args),
    listRepositories: (...args) => registry.listRepositories(...args),
    referrers: (...args) => registry.referrers(...args),
  };
}

export interface WebhookOptions {
  url: string;
  fetch: Fetch;
  now: () => Timespec;
  /** Of the registry, as events name it. */
  host: string;
  /** Tells of a delivery that failed; the registry goes on. */
  failed?: (error: Error) => void;
}

const eventsType = 'application/vnd.docker.distribution.events.v2+json';

/** A listener that posts each event as an envelope, one after the other. */
export function webhook(options: WebhookOptions): RegistryListener {
  let count = 0;
  let queue: Promise<void> = Promise.resolve();
  return (event) => {
    const body = jsonBody({ events: [envelope(event, String(++count), options)] });
    const headers = [
      ['Content-Type', eventsType],
      ['Content-Length', String(body.size)],
    ] as const;
    queue = queue
      .then(async () => {
        const { status } = await options.fetch(options.url, { method: 'POST', headers, body });
        if (status >= 400) throw new Error(`${options.url} response status ${status} unaccepted`);
      })
      .catch((error: Error) => options.failed?.(error));
  };
}

function envelope(event: RegistryEvent, id: string, { host, now }: WebhookOptions): object {
  const { action, repository, target, tag, fromRepository } = event;
  return {
    id,
    timestamp: rfc3339Nano(now()),
    action,
    target: {
      ...target,
      ...(target && { length: target.size }),
      repository,
      ...(fromRepository && { fromRepository }),
      ...(tag && { tag }),
    },
    request: { host },
  };
}
