/** linux: the ports on real Linux: overlayfs, runc, network namespaces, a store on disk. Knows Node. */
export { MemoryBacking as DiskBlobBacking, MemoryRecords as DiskRecordStore } from '../content/index.ts';
export { DiskContent } from './disk-content.ts';
