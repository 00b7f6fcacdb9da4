/** How an overlay mount answers for one path, layer by layer: what lies where, and what of it is seen. */
export interface LookThrough {
  /** Container name. */
  container: string;
  path: string;
  merged: FileKind | 'absent';
  /** As the kernel asks them: upperdir first, then lowerdir from the top down. */
  layers: LookLayer[];
  workdir: string;
  mergeddir: string;
  /** Of a directory: the merged listing, by name; at most {@link mostEntries}. */
  entries: MergedEntry[];
  /** Entries that are not listed. */
  more: number;
}

export const mostEntries = 400;

export type FileKind = 'file' | 'directory' | 'symlink' | 'other';

export interface LookLayer {
  /** The directory on the host. */
  dir: string;
  /** `init`: what the engine puts between image and container (/etc/hosts, /dev ...). */
  role: 'upper' | 'init' | 'lower';
  /** chainID of the image layer that it holds. */
  chainId?: string;
  createdBy: string;
  /** The lowest image layer: the root filesystem. */
  base?: boolean;
  /**
   * `hit`: it serves the path, or its part of a merged directory. `miss`: not here, the next is asked. `whiteout`: it
   * says that the path is gone. `covered`: stored here, but something above hides it.
   */
  found: 'hit' | 'miss' | 'whiteout' | 'covered';
  /** Of a hit that is a directory: it hides the same directory below (trusted.overlay.opaque). */
  opaque: boolean;
  /** Where the whiteout stands, or what hides: the path itself or a directory above it. */
  at?: string;
  kind?: FileKind;
  size?: number;
  mode?: number;
}

export interface MergedEntry {
  name: string;
  kind: FileKind;
  /** Index into `layers` of the one that serves it. */
  layer: number;
  /** Gone from the merged view, but stored in some layer. */
  hidden: boolean;
}
