import { type Handler, header, jsonBody } from '../spec/index.ts';
import { type Accounts, hubPolicy, type TokenOptions, tokenGuard, tokenService } from './auth.ts';
import { registryError } from './error.ts';
import type { Registry } from './registry.ts';
import { registryServer } from './server.ts';

/** What Docker Hub shows of a repository in a search. */
export interface SearchEntry {
  name: string;
  description: string;
  is_official: boolean;
  is_automated: boolean;
  star_count: number;
}

export interface HubOptions {
  accounts: Accounts;
  secret: TokenOptions['secret'];
  now: TokenOptions['now'];
  /** Descriptions and stars; a repository without an entry is found as well. */
  entries: () => readonly SearchEntry[];
  /** What to say of a repository that is not here but is on the real Hub; undefined of any other. */
  absent?: (repository: string) => Promise<string | undefined>;
  /** The index knows its entries alone, by name, and always gives all that it finds. */
  fixedIndex?: boolean;
}

export const hubHosts = { registry: 'registry-1.docker.io', auth: 'auth.docker.io', index: 'index.docker.io' } as const;

/** Docker Hub's face on a registry: one handler per host. Tokens, its rules of who may what, and search. */
export function dockerHub(registry: Registry, options: HubOptions): Record<string, Handler> {
  const token = {
    realm: `https://${hubHosts.auth}/token`,
    service: 'registry.docker.io',
    secret: options.secret,
    now: options.now,
  };
  const exists = async (repository: string): Promise<boolean> =>
    (await registry.listRepositories()).names.includes(repository);
  return {
    [hubHosts.registry]: sayingAbsent(registryServer(registry, { guard: tokenGuard(token) }), exists, options.absent),
    [hubHosts.auth]: tokenService(options.accounts, hubPolicy(exists), token),
    [hubHosts.index]: searchIndex(registry, options),
  };
}

/** Before it asks who one is: whoever pulls should not look for a mistake of theirs. */
const sayingAbsent =
  (serve: Handler, exists: (repository: string) => Promise<boolean>, absent: HubOptions['absent']): Handler =>
  async (request, context) => {
    const [, repository] = /^\/v2\/(.+)\/manifests\//.exec(request.target) ?? [];
    const message = repository && request.method !== 'PUT' ? await absent?.(repository) : undefined;
    if (!message || (await exists(repository!))) return serve(request, context);
    return json(404, { errors: [{ code: 'DRYDOCK', message }] });
  };

/** `GET /v1/search?q=&n=`: names and descriptions that contain the term, official ones and those with most stars first. */
function searchIndex(registry: Registry, { entries, fixedIndex }: HubOptions): Handler {
  return async (request) => {
    const url = new URL(request.target, `https://${header(request, 'Host') ?? hubHosts.index}`);
    if (url.pathname === '/v1/_ping') return json(200, true);
    if (url.pathname !== '/v1/search') return json(404, { errors: registryError('UNSUPPORTED').items });
    const query = url.searchParams.get('q') ?? '';
    const size = Math.min(100, Math.max(1, Number(url.searchParams.get('n') ?? 25) || 25));
    const found = fixedIndex
      ? entries().filter(({ name }) => name.includes(query))
      : matching(await known(registry, entries()), query);
    return json(200, {
      num_pages: Math.ceil(found.length / size),
      num_results: found.length,
      page_size: size,
      page: 1,
      query,
      results: fixedIndex ? found : found.slice(0, size),
    });
  };
}

/** Described repositories, then those that were only pushed. Official ones go by their short name. */
async function known(registry: Registry, entries: readonly SearchEntry[]): Promise<SearchEntry[]> {
  const named = new Set(entries.map(({ name }) => name));
  const { names } = await registry.listRepositories();
  const pushed = names
    .map((name) => name.replace(/^library\//, ''))
    .filter((name) => !named.has(name))
    .map((name) => ({ name, description: '', is_official: !name.includes('/'), is_automated: false, star_count: 0 }));
  return [...entries, ...pushed];
}

function matching(entries: readonly SearchEntry[], query: string): SearchEntry[] {
  const term = query.toLowerCase().replace(/^library\//, '');
  return entries
    .filter(({ name, description }) => name.includes(term) || description.toLowerCase().includes(term))
    .sort(
      (a, b) =>
        Number(b.is_official) - Number(a.is_official) || b.star_count - a.star_count || (a.name < b.name ? -1 : 1),
    );
}

const json = (status: number, value: unknown) => {
  const body = jsonBody(value);
  return {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ['Content-Length', String(body.size)],
    ] as const,
    body,
  };
};
