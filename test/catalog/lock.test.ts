import { describe, expect, it } from 'vitest';
import { TarContent } from '../../src/archive/index.ts';
import locks from '../../src/catalog/data/lock.json' with { type: 'json' };
import { fingerprint, type LayerLock } from '../../src/catalog/index.ts';
import { otherPythons } from '../../src/catalog/python-images.ts';
import type { Recipe } from '../../src/catalog/recipe.ts';
import { digestOf } from '../../src/content/index.ts';
import { openUnlockedCatalog, userland } from '../../src/machine/boot-engine.ts';
import { pythonVersions } from '../../src/sim/userland/python/versions.ts';

const known = locks as Record<string, LayerLock[]>;
const catalog = openUnlockedCatalog();
const tags = catalog.repositories.flatMap(({ name, tags: all }) =>
  Object.entries(all).map(([tag, make]) => ({ name: `${name}:${tag}`, make })),
);

const fingerprints = ({ tree }: Recipe['steps'][number]): string[] =>
  tree ? [fingerprint(new TarContent(tree.toEntries()).entries)] : [];

it('every python has an interpreter', () => {
  const versions = Object.values(otherPythons).map(({ version }) => version);
  expect(pythonVersions).toEqual(expect.arrayContaining(versions));
});

describe('the locked digests', () => {
  it.each(['hello-world:latest', 'busybox:latest', 'alpine:latest'])('of %s are those of the bytes', async (name) => {
    const [repository = '', tag = ''] = name.split(':');
    const { layers } = (await catalog.image(repository, tag))!;
    const computed = layers.map((layer) => ({
      recipe: fingerprint((layer.inner as TarContent).entries),
      diffId: digestOf(layer.inner),
      digest: digestOf(layer),
      size: layer.size,
    }));
    expect(known[name]).toEqual(computed);
  });

  // A stale lock costs time only: `node scripts/lock-catalog.mjs` computes it anew.
  it('are there for every tag, of the recipe as it is', async () => {
    const stale: string[] = [];
    const made = new Map<unknown, string[]>();
    for (const { name, make } of tags) {
      const wanted = made.get(make) ?? (await make(userland())).steps.flatMap(fingerprints);
      made.set(make, wanted);
      const have = (known[name] ?? []).map(({ recipe }) => recipe);
      if (have.join() !== wanted.join()) stale.push(name);
    }
    expect(stale).toEqual([]);
  }, 60_000);
});
