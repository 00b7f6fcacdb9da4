/**
 * layer: changesets, by image-spec layer.md and Docker's own habits. A layer is a list of tar entries (`TarEntry`) that
 * says what to add, change and hide in a tree:
 *
 *   compareUpper   an overlay's upper directory -> entries, byte for byte what dockerd's overlay2 diff writes
 *   compareTrees   any two trees -> entries
 *   applyLayer     entries -> a tree
 *   changes        two trees -> the list of `docker diff`
 *   chainId        the name of a stack of layers
 *   OverlaySnapshotter   where layers lie and how they are mounted: Docker's overlay2 directories, in any world
 *
 * Stands on `Tree` and on archive's entries. Does not know what a mount does, nor images.
 */
export * from './apply.ts';
export * from './chain-id.ts';
export * from './changes.ts';
export * from './compare-trees.ts';
export * from './compare-upper.ts';
export * from './layer.ts';
export * from './lookup-below.ts';
export * from './overlay-snapshotter.ts';
export { isWhiteoutName, OPAQUE_NAME, WHITEOUT_PREFIX, whiteoutName } from './whiteout.ts';
