/**
 * api.scout.docker.com: what Docker Scout asks about packages and images.
 *
 * Differs from Docker: the real service answers GraphQL queries for accounts of Docker; this one takes plain JSON from
 * anyone, knows the advisories of the catalogue and has indexed the catalogue's images alone.
 */
import type { Catalog } from '../../catalog/index.ts';
import { bodyText, type Digest, type Handler, type HttpResponse, textContent } from '../../spec/index.ts';
import { HubIndex } from './hub-index.ts';
import { openMatcher } from './match.ts';

interface Asked {
  purls?: string[];
  layers?: Digest[];
  repository?: string;
  tag?: string;
}

const json = (status: number, value: unknown): HttpResponse => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: textContent(JSON.stringify(value ?? null)),
});

export async function scoutService(catalog: Catalog): Promise<Handler> {
  const matcher = await openMatcher();
  const index = new HubIndex(catalog, matcher);
  const questions: Record<string, (asked: Asked) => Promise<unknown>> = {
    '/v1/vulnerabilities': async ({ purls = [] }) => ({
      sources: matcher.known.sources,
      matched: matcher.match(purls),
    }),
    '/v1/base-image': async ({ layers = [] }) => index.baseOf(layers),
    '/v1/image': async ({ repository = '', tag = 'latest' }) => index.image(repository, tag),
    '/v1/tags': async ({ repository = '' }) =>
      Promise.all(index.tags(repository).map(({ tag }) => index.image(repository, tag))),
  };
  return async ({ method, target, body }) => {
    const answer = questions[target];
    if (method !== 'POST' || !answer) return json(404, { message: 'not found' });
    return json(200, await answer(JSON.parse(await bodyText(body)) as Asked));
  };
}
