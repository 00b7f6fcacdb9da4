/**
 * registry.npmjs.org: packuments and tarballs. The packages are real ones and the tarballs theirs, byte for byte (their
 * licences are inside): so integrity and sizes are those of a real package-lock.json. One archive holds them all
 * (scripts/pack-npm.mjs).
 *
 * Differs from npm: it holds what students use most, at the versions of June 2025; anything else is not in this registry.
 */
import { readTar } from '../archive/index.ts';
import type { Assets } from '../port/index.ts';
import {
  BytesContent,
  type Content,
  contentText,
  type Handler,
  type HttpResponse,
  textContent,
} from '../spec/index.ts';

type Index = Record<string, { 'dist-tags': Record<string, string>; versions: Record<string, unknown> }>;

interface Shelf {
  index: Index;
  tarballs: ReadonlyMap<string, Content>;
}

async function openShelf(assets: Assets): Promise<Shelf> {
  const entries = readTar(new BytesContent(await assets.load('npm-packages.tar')));
  const tarballs = new Map(entries.map(({ name, content }) => [name, content]));
  return { index: JSON.parse(await contentText(tarballs.get('index.json')!)) as Index, tarballs };
}

const json = (status: number, value: unknown): HttpResponse => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: textContent(JSON.stringify(value)),
});

export function npmRegistry(assets: Assets | undefined): Record<string, Handler> {
  let shelf: Promise<Shelf> | undefined;
  return {
    'registry.npmjs.org': async ({ target, method }) => {
      if (!assets) return json(503, { error: 'drydock: this host was started without its assets' });
      shelf ??= openShelf(assets);
      const { index, tarballs } = await shelf;
      const path = decodeURIComponent(target.replace(/\?.*/s, '').slice(1));
      if (method === 'POST' && path.startsWith('-/npm/v1/security/')) return json(200, {});
      const tarball = tarballs.get(path);
      if (tarball && path !== 'index.json') {
        return { status: 200, headers: [['Content-Type', 'application/octet-stream']], body: tarball };
      }
      const [, name = '', version] = /^((?:@[^/]+\/)?[^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
      const found = Object.hasOwn(index, name) ? index[name] : undefined;
      if (!found) return json(404, { error: 'Not found' });
      if (version === undefined) return json(200, { name, ...found });
      const one = found.versions[found['dist-tags'][version] ?? version];
      return one ? json(200, one) : json(404, `version not found: ${version}`);
    },
  };
}
