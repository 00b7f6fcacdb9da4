/** Releases of a branch before its newest one, which texts pin: `alpine:3.9.3`, `python:3.9.2-alpine`. */

export interface Patch {
  branch: string;
  version: string;
  /** What follows the version, without the dash. */
  variant: string;
}

/** The release that a tag names, of the branches whose newest releases `newest` tells; undefined when there was none. */
export function patchOf(tag: string, newest: Readonly<Record<string, string>>): Patch | undefined {
  const [, version = '', variant = ''] = /^(\d+(?:\.\d+){0,2})(?:-([\w.-]+))?$/.exec(tag) ?? [];
  const branch = Object.keys(newest).find((one) => version === one || version.startsWith(`${one}.`));
  if (branch === undefined) return undefined;
  if (version === branch) return { branch, version: newest[branch]!, variant };
  const [given, last] = [version, newest[branch]!].map((text) => text.split('.').map(Number));
  if (given!.length !== last!.length) return undefined;
  const differing = given!.findIndex((part, at) => part !== last![at]);
  return differing < 0 || given![differing]! < last![differing]! ? { branch, version, variant } : undefined;
}

/** What a variant stands on: of `slim-bullseye` the release of Debian and whether it is slim; of `alpine3.18` that branch. */
export function baseOf(variant: string): { debian: string; slim: boolean } | { alpine: string } | undefined {
  const alpine = /^alpine(3\.\d+)?$/.exec(variant);
  if (alpine) return { alpine: alpine[1] ?? '' };
  const parts = variant === '' ? [] : variant.split('-');
  const debian = parts.filter((part) => part !== 'slim');
  if (debian.length > 1 || parts.length - debian.length > 1) return undefined;
  if (debian[0] !== undefined && !['bookworm', 'bullseye', 'buster'].includes(debian[0])) return undefined;
  return { debian: debian[0] ?? 'bookworm', slim: parts.includes('slim') };
}
