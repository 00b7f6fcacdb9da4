import { RegistryError } from '../registry/index.ts';
import {
  type AuthConfig,
  bodyText,
  contentText,
  type DistributionInspect,
  EngineError,
  type Filters,
  type ImageSearchResult,
  type Index,
  parseReference,
  withDefaultTag,
} from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, messageOf, serverError } from './errors.ts';
import { boolFilter, requireFilters } from './filters.ts';
import { connect, originOf } from './registry-access.ts';

const hubAddress = 'https://index.docker.io/v1/';

/** POST /auth: whether the registry takes these credentials. */
export async function systemAuth(daemon: Daemon, auth: AuthConfig): Promise<{ Status: string; IdentityToken: string }> {
  const address = auth.serveraddress || hubAddress;
  const domain = address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  const hub = /(^|\.)docker\.io$/.test(domain);
  const client = connect(daemon, hub ? 'docker.io' : domain, auth);
  const url = `${originOf(hub ? 'docker.io' : domain)}/v2/`;
  try {
    const { status } = await client.ping();
    if (status === 200) return { IdentityToken: '', Status: 'Login Succeeded' };
    if (status === 401) throw new RegistryError([{ code: 'UNAUTHORIZED', message: 'authentication required' }], 401);
    throw serverError(`login attempt to ${url} failed with status: ${status}`);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw error instanceof RegistryError
      ? new EngineError(
          error.status === 401 ? 401 : 500,
          `login attempt to ${url} failed with status: 401 Unauthorized`,
        )
      : new EngineError(/unauthorized/.test(messageOf(error)) ? 401 : 500, messageOf(error));
  }
}

/** GET /images/search: asks the index of the registry that the term names. */
export async function imageSearch(
  daemon: Daemon,
  term: string,
  limit: number,
  filters: Filters,
): Promise<ImageSearchResult[]> {
  requireFilters(filters, ['is-automated', 'is-official', 'stars']);
  const official = boolFilter(filters, 'is-official');
  const automated = boolFilter(filters, 'is-automated');
  const stars = Math.max(
    0,
    ...(filters.stars ?? []).map((text) => (/^\d+$/.test(text) ? Number(text) : invalidStars(text))),
  );
  const url = `https://index.docker.io/v1/search?q=${encodeURIComponent(term)}&n=${limit}`;
  let text: string;
  try {
    const response = await daemon.ports.fetch(url, { method: 'GET', headers: [] });
    if (response.status !== 200) throw serverError(`Unexpected status code ${response.status}`);
    text = await bodyText(response.body);
  } catch (error) {
    throw error instanceof EngineError ? error : serverError(`Get "${url}": ${messageOf(error)}`);
  }
  const { results } = JSON.parse(text) as { results: ImageSearchResult[] };
  return results
    .filter((result) => official === undefined || result.is_official === official)
    .filter((result) => automated === undefined || result.is_automated === automated)
    .filter((result) => result.star_count >= stars);
}

function invalidStars(text: string): never {
  throw badRequest(`Invalid filter 'stars=${text}'`);
}

/** GET /distribution/{name}/json */
export async function distributionInspect(
  daemon: Daemon,
  name: string,
  auth?: AuthConfig,
): Promise<DistributionInspect> {
  const reference = withDefaultTag(parseReference(name));
  const registry = connect(daemon, reference.domain, auth);
  try {
    const { descriptor, content } = await registry.getManifest(reference.path, reference.digest ?? reference.tag!);
    const { manifests } = JSON.parse(contentText(content)) as Partial<Index>;
    const { mediaType, digest, size } = descriptor;
    const platforms = manifests?.flatMap(({ platform }) => platform ?? []) ?? [{ architecture: 'amd64', os: 'linux' }];
    return { Descriptor: { mediaType, digest, size }, Platforms: platforms };
  } catch (error) {
    throw new EngineError(error instanceof RegistryError ? error.status : 500, messageOf(error));
  }
}
