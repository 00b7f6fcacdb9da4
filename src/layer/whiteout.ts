// image-spec layer.md#whiteouts (AUFS's spelling).
export const WHITEOUT_PREFIX = '.wh.';
export const OPAQUE_NAME = '.wh..wh..opq';
/** AUFS's own bookkeeping: .wh..wh.plnk, .wh..wh.aufs ... */
export const META_PREFIX = '.wh..wh.';

export const isWhiteoutName = (base: string): boolean => base.startsWith(WHITEOUT_PREFIX);

/** 'a/b' -> 'a/.wh.b' */
export function whiteoutName(path: string): string {
  const at = path.lastIndexOf('/') + 1;
  return path.slice(0, at) + WHITEOUT_PREFIX + path.slice(at);
}

/** A directory of overlayfs's upper that hides what is below. */
export const isOpaqueMark = (value: Uint8Array | undefined): boolean => value?.length === 1 && value[0] === 0x79;
