/**
 * linux: the ports on real Linux, as root: overlayfs, runc, network namespaces, blobs and records on disk.
 *
 * The other half of `sim`: what is a simulated call there is the kernel's here. Knows nothing of Docker.
 */
export * from './clock.ts';
export * from './disk-blobs.ts';
export { DiskContent } from './disk-content.ts';
export * from './disk-records.ts';
export * from './entropy.ts';
export * from './facts.ts';
export * from './mounter.ts';
export * from './network.ts';
export * from './runtime.ts';
export * from './snapshotter.ts';
export * from './tree.ts';
