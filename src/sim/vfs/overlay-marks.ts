/** What overlayfs writes into its upper directory: whiteouts, opaque directories, origins (overlayfs.rst). */
import { utf8 } from '../../spec/index.ts';
import { type Inode, S_IFCHR, S_IFMT } from './inode.ts';

const PRIVATE = 'trusted.overlay.';
export const OPAQUE = 'trusted.overlay.opaque';
const ORIGIN = 'trusted.overlay.origin';
const IMPURE = 'trusted.overlay.impure';
const YES = utf8('y');
const VERSION_MAGIC = [0, 0xfb];
const HANDLE_LENGTH = 29;

const ESCAPED = 'trusted.overlay.overlay.';

/** Of a layer's file: set by overlayfs for itself, never seen through the mount, never copied up. */
export const isPrivateXattr = (name: string): boolean => name.startsWith(PRIVATE) && !name.startsWith(ESCAPED);

/** A nested overlay's own xattrs are kept under an escaped name (since Linux 6.8). */
export const nameInLayer = (name: string): string =>
  name.startsWith(PRIVATE) ? ESCAPED + name.slice(PRIVATE.length) : name;

export const nameInMount = (name: string): string =>
  name.startsWith(ESCAPED) ? PRIVATE + name.slice(ESCAPED.length) : name;

/** A character device 0:0. */
export function isWhiteout(inode: Inode): boolean {
  if (inode.isDirectory) return false;
  const { mode, rdev } = inode.getattr();
  return (mode & S_IFMT) === S_IFCHR && rdev === 0;
}

export function isOpaque(directory: Inode): boolean {
  const value = directory.getxattr(OPAQUE);
  return value?.length === 1 && value[0] === YES[0];
}

export const markOpaque = (directory: Inode): void => directory.setxattr(OPAQUE, YES);

/** The parent of something that was copied up holds inode numbers that are not its own. */
export function markImpure(directory: Inode): void {
  if (!directory.getxattr(IMPURE)) directory.setxattr(IMPURE, YES);
}

/**
 * trusted.overlay.origin: the file handle of the lower inode, so that st_ino survives copy-up and remount.
 *
 *   version 0 | magic 0xfb | length | flags | type | uuid (16) | ino (4, LE) | generation (4)
 */
export function setOrigin(upper: Inode, lower: Inode): void {
  const handle = new Uint8Array(HANDLE_LENGTH);
  handle.set([...VERSION_MAGIC, HANDLE_LENGTH, 0, 1]);
  new DataView(handle.buffer).setUint32(21, lower.ino, true);
  upper.setxattr(ORIGIN, handle);
}

/** Inode number of the lower file this upper file was copied from. */
export function originOf(upper: Inode): number | undefined {
  const handle = upper.getxattr(ORIGIN);
  if (handle?.length !== HANDLE_LENGTH) return undefined;
  return new DataView(handle.buffer, handle.byteOffset).getUint32(21, true);
}
