/**
 * archive: tar and gzip streams, ar, and rpm. A tar is a `Content` made of entries (`TarContent`): its size is known and any range of
 * it readable without ever serialising the whole; its bytes are Go's archive/tar's, so diffIDs are Docker's.
 *
 * Stands on spec alone. Does not know what a layer, an image or a whiteout is.
 */
export * from './ar.ts';
export * from './byte-reader.ts';
export * from './compression.ts';
export * from './entry.ts';
export * from './gunzip.ts';
export * from './gzip.ts';
export * from './inflate-stream.ts';
export * from './rpm.ts';
export * from './tar-content.ts';
export { encodeHeader } from './tar-header.ts';
export * from './tar-reader.ts';
export * from './tar-stream.ts';
export * from './tar-walk.ts';
