/** The simulated Docker Hub: the catalogue's library, and what students push. */
import type { Catalog } from '../catalog/index.ts';
import { ContentStore, digestOf, digestOfBytes } from '../content/index.ts';
import type { BlobBacking, RecordStore } from '../port/index.ts';
import {
  type Accounts,
  accountsOf,
  dockerHub,
  type Registry,
  registryServer,
  type SearchEntry,
  StoredRegistry,
  tokenGuard,
  tokenService,
} from '../registry/index.ts';
import { MemoryBlobBacking, MemoryRecordStore } from '../sim/index.ts';
import { type Handler, type Timespec, utf8 } from '../spec/index.ts';

export interface HubSettings {
  /** Passwords by user name; undefined: whoever logs in first with a name gets the account. */
  accounts?: Readonly<Record<string, string>>;
  /** What searches find; undefined: the catalogue's repositories. */
  entries?: readonly SearchEntry[];
  /** Searches find the entries alone. */
  fixedIndex?: boolean;
  /** Absent: the Hub holds only what is pushed to it. */
  catalog?: Catalog;
  now(): Timespec;
  stores: HubStores;
}

/** Where the Hub keeps what was pushed to it, and its accounts. */
export interface HubStores {
  blobs: BlobBacking;
  records: RecordStore;
}

export interface Hub {
  registry: Registry;
  /** Where what was pushed and what was asked for is kept. */
  stored: StoredRegistry;
  /** Repositories of the library. */
  library: number;
  /** Host name -> who answers there. */
  hosts: Record<string, Handler>;
  /** The registry without its guard. */
  open: Handler;
}

export function openHub(settings: HubSettings): Hub {
  const { blobs, records } = settings.stores;
  const stored = new StoredRegistry(new ContentStore(blobs), records);
  const registry = settings.catalog ? withCatalog(stored, settings.catalog, inHub) : stored;
  const entries = settings.entries ?? catalogEntries(settings.catalog);
  const accounts = settings.accounts ? accountsOf(settings.accounts) : openAccounts(records);
  return {
    registry,
    stored,
    library: settings.catalog?.repositories.filter(({ name }) => inHub(name)).length ?? 0,
    open: registryServer(registry),
    hosts: {
      ...dockerHub(registry, {
        accounts,
        secret,
        now: settings.now,
        entries: () => entries,
        fixedIndex: settings.fixedIndex,
        absent: settings.catalog && absentFrom(settings.catalog),
      }),
      ...(settings.catalog && {
        [hardened]: hardenedRegistry(settings.catalog, accounts, settings.now),
        'api.scout.docker.com': scoutHost(settings.catalog),
      }),
    },
  };
}

/**
 * Differs from Docker: the Hub of a fresh host has no accounts that a student could know, so a name belongs to whoever
 * logs in with it first; from then on it wants that password.
 */
function openAccounts(records: RecordStore): Accounts {
  return {
    check({ username, password }) {
      if (!username || !password) return false;
      const digest = digestOfBytes(utf8(`${username}:${password}`));
      if (records.get('accounts', username) === undefined) records.put('accounts', username, digest);
      return records.get('accounts', username) === digest;
    },
  };
}

/** Differs from Docker: most of the real Hub's images are not here. Of the official ones that is said by name. */
const absentFrom =
  (catalog: Catalog) =>
  async (repository: string): Promise<string | undefined> => {
    const [, name] = /^library\/([^/]+)$/.exec(repository) ?? [];
    if (!name || !(await catalog.isOfficial(name))) return undefined;
    return `the official image ${name} is not simulated`;
  };

const catalogEntries = (catalog: Catalog | undefined): SearchEntry[] =>
  (catalog?.repositories ?? [])
    .filter(({ name }) => inHub(name))
    .map(({ name, description, stars }) => ({
      name,
      description,
      is_official: !name.includes('/'),
      is_automated: false,
      star_count: stars,
    }));

/** Without an owner's name before it, a repository belongs to the library. */
const inHub = (name: string): string | undefined =>
  name.startsWith(`${hardened}/`) ? undefined : name.includes('/') ? name : `library/${name}`;

const secret = utf8('drydock-hub');

/** Docker's hardened images have a registry of their own, for those who have an account of the Hub. */
const hardened = 'dhi.io';

function hardenedRegistry(catalog: Catalog, accounts: Accounts, now: HubSettings['now']): Handler {
  const stored = new StoredRegistry(new ContentStore(new MemoryBlobBacking()), new MemoryRecordStore());
  const own = (name: string) => (name.startsWith(`${hardened}/`) ? name.slice(hardened.length + 1) : undefined);
  const token = { realm: `https://${hardened}/token`, service: hardened, secret, now };
  const server = registryServer(withCatalog(stored, catalog, own), { guard: tokenGuard(token) });
  const tokens = tokenService(accounts, async (user, _access, action) => user !== '' && action === 'pull', token);
  return (request, context) => (request.target.startsWith('/token') ? tokens : server)(request, context);
}

/** Docker Scout's service, loaded with the first question. */
function scoutHost(catalog: Catalog): Handler {
  let opened: Promise<Handler> | undefined;
  return async (request, context) => {
    opened ??= import('./scout/service.ts').then(({ scoutService }) => scoutService(catalog));
    return (await opened)(request, context);
  };
}

/** A registry of which a part comes from the catalogue, image by image as it is asked for: under the names of `within`. */
function withCatalog(stored: Registry, catalog: Catalog, within: (name: string) => string | undefined): Registry {
  const sold = (repository: string) => catalog.repositories.find(({ name }) => within(name) === repository);
  const filled = new Map<string, Promise<void>>();
  const fill = (repository: string, tag: string): Promise<void> => {
    const repo = sold(repository);
    if (!repo?.tags[tag] && !repo?.release?.(tag)) return Promise.resolve();
    const key = `${repository}:${tag}`;
    const filling = filled.get(key) ?? put(stored, repository, tag, catalog.image(repo.name, tag));
    filled.set(key, filling);
    return filling;
  };
  const overrides: Partial<Registry> = {
    async headManifest(repository, reference) {
      await fill(repository, reference);
      return stored.headManifest(repository, reference);
    },
    async getManifest(repository, reference) {
      await fill(repository, reference);
      return stored.getManifest(repository, reference);
    },
    async listTags(repository, page) {
      for (const tag of Object.keys(sold(repository)?.tags ?? {})) await fill(repository, tag);
      return stored.listTags(repository, page);
    },
    async listRepositories(page) {
      const pushed = await stored.listRepositories();
      const names = [
        ...new Set([...pushed.names, ...catalog.repositories.flatMap(({ name }) => within(name) ?? [])]),
      ].sort();
      const rest = page?.last === undefined ? names : names.filter((name) => name > page.last!);
      return { names: rest.slice(0, page?.n), more: page?.n !== undefined && rest.length > page.n };
    },
  };
  return Object.assign(Object.create(stored) as Registry, overrides);
}

async function put(
  stored: Registry,
  repository: string,
  tag: string,
  published: ReturnType<Catalog['image']>,
): Promise<void> {
  const image = await published;
  if (!image) return;
  for (const blob of [image.config, ...image.layers]) await stored.pushBlob(repository, digestOf(blob), blob);
  await stored.putManifest(repository, tag, image.mediaType, image.manifest);
}
