import {
  type ByteReader,
  beginsTar,
  inflateStream,
  joinBytes,
  remaining,
  StreamReader,
  walkTar,
} from '../../../archive/index.ts';
import { type LayerFiles, layerFiles } from '../../../sbom/index.ts';
import { fromUtf8, type ImageConfig } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';

/** An image of a `docker save` archive: what of it tells of packages. */
export interface ArchivedImage {
  /** Names of its config, without the algorithm: the image's ID. */
  id: string;
  names: string[];
  config: ImageConfig;
  /** Base first. */
  layers: LayerFiles[];
  /** Of the layers' tars. */
  size: number;
}

interface Listed {
  Config: string;
  RepoTags: string[] | null;
  Layers: string[];
}

/** What is neither a layer nor as small as this is not looked at. */
const largestText = 4 << 20;

/** Reads the archive once from front to back. `reference` chooses one of several images. */
export async function readDockerArchive(reader: ByteReader, reference?: string): Promise<ArchivedImage> {
  const texts = new Map<string, string>();
  const layers = new Map<string, { files: LayerFiles; size: number }>();
  const links = new Map<string, string>();
  for await (const { entry, size, body } of walkTar(reader)) {
    const name = entry.name.replace(/^\.\//, '');
    if (entry.type === 'symlink') links.set(name, entry.linkname.replace(/^\.\.\//, ''));
    if (entry.type !== 'file' || size === 0) continue;
    const head = await body.peek(512);
    if (beginsTar(head)) layers.set(name, { files: await layerFiles(body), size });
    else if (head[0] === 0x1f && head[1] === 0x8b)
      layers.set(name, {
        files: await layerFiles(new StreamReader(inflateStream(remaining(body)), true)),
        size,
      });
    else if (size <= largestText) texts.set(name, fromUtf8(joinBytes(await body.take(size))));
  }
  const listed = JSON.parse(texts.get('manifest.json') ?? '[]') as Listed[];
  const chosen = reference ? listed.find(({ RepoTags }) => RepoTags?.includes(reference)) : listed[0];
  if (!chosen) throw new StatusError(1, 'ERROR   failed to read archive: no image found in it');
  const found = chosen.Layers.map((path) => layers.get(links.get(path) ?? path));
  if (found.some((one) => one === undefined))
    throw new StatusError(1, 'ERROR   failed to read archive: a layer is missing');
  return {
    id: chosen.Config.replace(/^.*\//, '').replace(/\.json$/, ''),
    names: chosen.RepoTags ?? [],
    config: JSON.parse(texts.get(chosen.Config) ?? '{}') as ImageConfig,
    layers: found.map((one) => one!.files),
    size: found.reduce((sum, one) => sum + one!.size, 0),
  };
}
