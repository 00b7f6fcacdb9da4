import type { ContainerInfo, ImageInfo, Inspection, LayerInfo } from '../trace/index.ts';

/**
 * What stands on what: the host kernel carries base layers, a layer carries layers and containers.
 *
 *        [web]   [db]          containers (writable layers)
 *     [RUN …]  [RUN …]         image layers
 *     [FROM ubuntu   ]  [FROM alpine]
 *     [bootfs: the host kernel      ]
 */
export type StackNode =
  | { kind: 'kernel'; id: 'kernel'; children: StackNode[] }
  | { kind: 'base' | 'layer'; id: string; layer: LayerInfo; images: ImageInfo[]; from: string; children: StackNode[] }
  | { kind: 'writable'; id: string; container: ContainerInfo; children: [] };

/** The tree that is there now. Order: as layers came to be, containers of a layer before the layers on it. */
export function stackTree(inspection: Inspection): Extract<StackNode, { kind: 'kernel' }> {
  const tops = new Map<string, ImageInfo[]>();
  for (const image of inspection.images) {
    const top = image.layers.at(-1) ?? '';
    tops.set(top, [...(tops.get(top) ?? []), image]);
  }
  const [containers, layers] = [
    by(inspection.containers, ({ layer }) => layer),
    by(inspection.layers, ({ parent }) => parent),
  ];
  const onto = (parent: string): StackNode[] => [
    ...(containers.get(parent) ?? []).map(
      (container): StackNode => ({ kind: 'writable', id: container.id, container, children: [] }),
    ),
    ...(layers.get(parent) ?? []).map(
      (layer): StackNode => ({
        kind: parent === '' ? 'base' : 'layer',
        id: layer.chainId,
        layer,
        images: tops.get(layer.chainId) ?? [],
        from: parent === '' ? baseName(layer, inspection) : '',
        children: onto(layer.chainId),
      }),
    ),
  ];
  return { kind: 'kernel', id: 'kernel', children: onto('') };
}

/** Thousands of layers are looked up by what they stand on: once through the list, not once for each. */
function by<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const same = found.get(key(one));
    if (same) same.push(one);
    else found.set(key(one), [one]);
  }
  return found;
}

/** The name people know a base layer by: the tag of the smallest image that stands on it. */
export function baseName(layer: Pick<LayerInfo, 'chainId'>, inspection: Inspection): string {
  const named = inspection.images
    .filter((image) => image.layers[0] === layer.chainId && image.references.length > 0)
    .sort((a, b) => a.layers.length - b.layers.length || a.size - b.size);
  return named[0]?.references[0] ?? '';
}
