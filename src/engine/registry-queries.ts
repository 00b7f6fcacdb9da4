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
  const { index, name } = await indexOf(daemon, term);
  const url = `${index}search?q=${encodeURIComponent(name)}&n=${limit}`;
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

/** Whose index a term means, and what of it that index is asked (registry.splitReposSearchTerm). */
async function indexOf(daemon: Daemon, term: string): Promise<{ index: string; name: string }> {
  const slash = term.indexOf('/');
  const first = term.slice(0, Math.max(0, slash));
  if (!/[.:]/.test(first) && first !== 'localhost') return { index: hubAddress, name: term };
  const name = term.slice(slash + 1);
  if (/^(index\.)?docker\.io$/.test(first)) return { index: hubAddress, name: name.replace(/^library\//, '') };
  return { index: await pingIndex(daemon, first), name };
}

/** The old API's endpoint: by TLS, and in plain where that is allowed (registry/endpoint_v1.go). */
async function pingIndex(daemon: Daemon, host: string): Promise<string> {
  const plain = originOf(host).startsWith('http:');
  const failures: string[] = [];
  for (const scheme of plain ? ['https', 'http'] : ['https']) {
    const url = `${scheme}://${host}/v1/_ping`;
    try {
      await daemon.ports.fetch(url, { method: 'GET', headers: [] });
      return `${scheme}://${host}/v1/`;
    } catch (error) {
      failures.push(`Get "${url}": ${messageOf(error)}`);
    }
  }
  const [secure, insecure] = failures;
  throw serverError(
    insecure
      ? `invalid registry endpoint "http://${host}/v1/". HTTPS attempt: ${secure}. HTTP attempt: ${insecure}`
      : `invalid registry endpoint https://${host}/v1/: ${secure}. If this private registry supports only HTTP or HTTPS with an unknown CA certificate, please add \`--insecure-registry ${host}\` to the daemon's arguments. In the case of HTTPS, if you have access to the registry's CA certificate, no need for the flag; simply place the CA certificate at /etc/docker/certs.d/${host}/ca.crt`,
  );
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
