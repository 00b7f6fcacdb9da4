import type { OutlineItem } from '../outline.ts';
import { shortDigest } from '../text.ts';
import type { ManifestPart, RegistryPart, RegistryPicture } from './picture.ts';
import type { RegistryWords } from './words.ts';

/** The text twin: registries, repositories, manifests and what they name; then the last push or pull. */
export function registryOutline(picture: RegistryPicture, words: RegistryWords): OutlineItem {
  const leaf = (id: string, text: string): OutlineItem => ({ id, text, children: [] });
  const manifest = (registry: RegistryPart, id: string, part: ManifestPart): OutlineItem => ({
    id,
    text: [
      part.tags.join(', ') || words.untagged,
      words.manifest(part),
      part.here.length > 0 ? words.here(part.here) : words.notHere,
    ].join('; '),
    children: [...(part.info.config ? [part.info.config] : []), ...part.info.layers].map(({ digest }) => {
      const blob = registry.blobs.find((one) => one.digest === digest);
      return leaf(`${id}:${digest}`, blob ? `${words.blob(blob)}, ${words.blobNote(blob)}` : digest);
    }),
  });
  const registry = (part: RegistryPart): OutlineItem => {
    const loose = part.blobs.filter(({ users }) => users === 0);
    return {
      id: `registry:${part.host}`,
      text: words.registry(part),
      children: [
        ...part.repositories.map(({ name, manifests }) => ({
          id: `repository:${part.host}/${name}`,
          text: name,
          children: manifests.map((one) => manifest(part, `repository:${part.host}/${name}@${one.info.digest}`, one)),
        })),
        ...loose.map((blob) =>
          leaf(`blob:${part.host}:${blob.digest}`, `${words.blob(blob)}, ${words.blobNote(blob)}`),
        ),
        ...(part.others > 0 ? [leaf(`others:${part.host}`, words.others(part.others))] : []),
        leaf(`garbage:${part.host}`, words.garbage(part.garbage).join(' ')),
      ],
    };
  };
  const { transfer } = picture;
  return {
    id: 'registries',
    text: words.picture,
    children: [
      {
        id: 'local',
        text: words.host,
        children: picture.local.map(({ id, name, pushed }) => leaf(`local:${id}`, words.local(name, pushed))),
      },
      ...picture.registries.map(registry),
      {
        id: 'transfer',
        text: transfer ? words.transfer(transfer) : words.noTransfer,
        children: [
          ...(transfer?.blobs ?? []).map((blob) =>
            leaf(`moved:${blob.digest}`, `${shortDigest(blob.digest)}: ${words.moved(blob, transfer!.direction)}`),
          ),
          ...(transfer?.calls ?? []).map((call) =>
            leaf(
              `call:${call.id}`,
              `${call.method} ${call.target} ${call.status ?? ''} ${words.call(call.kind)}`.trim(),
            ),
          ),
        ],
      },
    ],
  };
}
