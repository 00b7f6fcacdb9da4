/**
 * registry.npmjs.org: packuments and tarballs. The packages are real ones and the tarballs theirs, byte for byte (their
 * licences are inside): so integrity and sizes are those of a real package-lock.json. Each is loaded when it is asked for
 * (scripts/pack-npm.mjs).
 *
 * Differs from npm: it holds what students use most, at a version or a few each; anything else is not in this registry.
 */
import type { Assets } from '../port/index.ts';
import { BytesContent, fromUtf8, type Handler, type HttpResponse, textContent } from '../spec/index.ts';

interface Version {
  dist: { tarball: string };
}
type Index = Record<string, { 'dist-tags': Record<string, string>; versions: Record<string, Version> }>;

interface Shelf {
  index: Index;
  /** Path of each tarball. */
  tarballs: ReadonlySet<string>;
}

async function openShelf(assets: Assets): Promise<Shelf> {
  const index = JSON.parse(fromUtf8(await assets.load('npm/index.json'))) as Index;
  const versions = Object.values(index).flatMap((one) => Object.values(one.versions));
  return { index, tarballs: new Set(versions.map(({ dist }) => new URL(dist.tarball).pathname.slice(1))) };
}

const json = (status: number, value: unknown): HttpResponse => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: textContent(JSON.stringify(value)),
});

export function npmRegistry(assets: Assets | undefined): Record<string, Handler> {
  let shelf: Promise<Shelf> | undefined;
  return {
    'registry.npmjs.org': async ({ target }) => {
      if (!assets) return json(503, { error: 'drydock: this host was started without its assets' });
      shelf ??= openShelf(assets);
      const { index, tarballs } = await shelf;
      const path = decodeURIComponent(target.replace(/\?.*/s, '').slice(1));
      if (tarballs.has(path)) {
        const body = new BytesContent(await assets.load(`npm/${path}`));
        return { status: 200, headers: [['Content-Type', 'application/octet-stream']], body };
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
