import type { Digest } from '../spec/index.ts';
import locks from './data/lock.json' with { type: 'json' };
import { library, type Repository, type Userland } from './images.ts';
import { type LayerLock, type PublishedImage, publish } from './recipe.ts';

/** What the simulated Docker Hub sells in its library. */
export interface Catalog {
  readonly repositories: readonly Repository[];
  /** Undefined when there is no such repository or tag. The same object each time. */
  image(repository: string, tag: string): Promise<PublishedImage | undefined>;
  /** Whether the real Hub has an official image of that name. */
  isOfficial(name: string): Promise<boolean>;
  /** The diffIDs of its layers as they are locked, base first, without making it. */
  layers(repository: string, tag: string): readonly Digest[] | undefined;
}

const known = locks as Record<string, LayerLock[]>;

/** `lock: false` computes every digest from the bytes. */
export function openCatalog(userland: Userland, options: { lock?: boolean } = {}): Catalog {
  const made = new Map<unknown, Promise<PublishedImage>>();
  return {
    repositories: library,
    isOfficial: async (name) => (await import('./official-images.ts')).officialImages.has(name),
    layers: (repository, tag) => known[`${repository}:${tag}`]?.map(({ diffId }) => diffId),
    async image(repository, tag) {
      const found = library.find(({ name }) => name === repository);
      const make = found?.tags[tag] ?? found?.release?.(tag);
      if (!make) return undefined;
      const key = found!.tags[tag] ?? `${repository}:${tag}`;
      let image = made.get(key);
      if (!image) {
        image = make(userland).then((recipe) =>
          publish(recipe, options.lock === false ? [] : known[`${repository}:${tag}`]),
        );
        made.set(key, image);
      }
      return image;
    },
  };
}
