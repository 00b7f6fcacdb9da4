import { SeekingReader } from '../../archive/index.ts';
import type { Catalog, PublishedImage } from '../../catalog/index.ts';
import { digestOf } from '../../content/index.ts';
import { type Package, purlOf, scanLayers } from '../../sbom/index.ts';
import {
  type Content,
  contentText,
  type Digest,
  type ImageConfig,
  type IndexedImage,
  type Severity,
} from '../../spec/index.ts';
import type { Matcher } from './match.ts';

type HubImage = IndexedImage<Package>;

const runtimeVariables = ['NODE_VERSION', 'PYTHON_VERSION', 'GOLANG_VERSION', 'NGINX_VERSION', 'REDIS_VERSION'];

/** What the Hub's images hold: each scanned when it is first asked for. */
export class HubIndex {
  private readonly scanned = new Map<Digest, Promise<Package[]>>();

  constructor(
    private readonly catalog: Catalog,
    private readonly matcher: Matcher,
  ) {}

  /** Images of a repository, each under its first tag. */
  tags(repository: string): { tag: string; aliases: string[] }[] {
    const tags = this.catalog.repositories.find(({ name }) => name === repository)?.tags ?? {};
    const byImage = new Map<unknown, string[]>();
    for (const [tag, make] of Object.entries(tags)) byImage.set(make, [...(byImage.get(make) ?? []), tag]);
    return [...byImage.values()].map(([tag, ...aliases]) => ({ tag: tag!, aliases }));
  }

  async image(repository: string, tag: string): Promise<HubImage | undefined> {
    const named = this.tags(repository).find((one) => one.tag === tag || one.aliases.includes(tag));
    const published = named && (await this.catalog.image(repository, tag));
    if (!published) return undefined;
    const others = [named.tag, ...named.aliases].filter((one) => one !== tag);
    return this.indexed(repository, tag, others, published);
  }

  private async indexed(
    repository: string,
    tag: string,
    aliases: string[],
    published: PublishedImage,
  ): Promise<HubImage> {
    const config = JSON.parse(contentText(published.config)) as ImageConfig;
    const digest = digestOf(published.manifest);
    let scanning = this.scanned.get(digest);
    if (!scanning) {
      scanning = scanLayers(
        config,
        published.layers.map(({ inner }) => new SeekingReader(source(inner))),
      );
      this.scanned.set(digest, scanning);
    }
    const packages = await scanning;
    const matched = this.matcher.match(packages.map(purlOf));
    const counts: Record<Severity, number> = { C: 0, H: 0, M: 0, L: 0, U: 0 };
    for (const { findings } of matched) for (const { severity } of findings) counts[severity]++;
    const runtime = (config.config?.Env ?? [])
      .map((one) => one.split('='))
      .find(([name]) => runtimeVariables.includes(name!))?.[1];
    return {
      repository,
      tag,
      aliases,
      digest,
      layers: config.rootfs.diff_ids,
      size: published.layers.reduce((sum, layer) => sum + layer.size, 0),
      created: config.created ?? '',
      platform: `${config.os}/${config.architecture}`,
      ...(runtime && { runtime }),
      packages,
      counts,
      vulnerabilities: matched.flatMap(({ purl, findings }) =>
        findings.map(({ id }) => `${id} ${purl.replace(/@[^@]*$/, '')}`),
      ),
    };
  }

  /** The image that these layers stand on: the one with most of them that is not all of them. */
  async baseOf(layers: readonly Digest[]): Promise<HubImage | undefined> {
    let best: { repository: string; tag: string; length: number } | undefined;
    for (const { name } of this.catalog.repositories)
      for (const { tag } of this.tags(name)) {
        const below = this.catalog.layers(name, tag) ?? [];
        const stands = below.length > 0 && below.length < layers.length && below.every((one, at) => one === layers[at]);
        if (stands && below.length > (best?.length ?? 0)) best = { repository: name, tag, length: below.length };
      }
    return best && this.image(best.repository, best.tag);
  }
}

const source = (content: Content) => ({
  size: content.size,
  read: async (offset: number, length: number) => content.read(offset, length),
});
