/**
 * sim/vfs: the simulated kernel's files. Inodes (memory trees with the face of ext4 and tmpfs, overlay), mounts and
 * namespaces of mounts, path walk with permissions, and a process's file calls by path.
 *
 * Knows nothing of processes, open file descriptors, devices or Docker.
 */

export { ChunkedContent } from './file-data.ts';
export * from './inode.ts';
export * from './lineage.ts';
export * from './memtree.ts';
export * from './memtree-data.ts';
export * from './memtree-fork.ts';
export type { InodeState, MemInode } from './memtree-inode.ts';
export * from './mount-overlay.ts';
export * from './mount-table.ts';
export * from './overlay.ts';
export * from './path-context.ts';
export * from './path-operations.ts';
export * from './permission.ts';
export * from './propagation.ts';
export * from './tree-image.ts';
export * from './vfs-tree.ts';
export { child, pathOf, typeOf } from './walk.ts';
