/** Versions as RPM compares them, and capabilities (`name >= version`) with them. */
import type { RpmCapability, RpmHeader } from '../../../../archive/index.ts';

/** rpmvercmp: segments of digits and of letters; digits beat letters; `~` sorts before the end. */
export function compareSegments(a: string, b: string): number {
  const split = (text: string): string[] => text.match(/~|\d+|[A-Za-z]+/g) ?? [];
  const left = split(a);
  const right = split(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const x = left[i];
    const y = right[i];
    if (x === y) continue;
    if (x === '~' || y === '~') return x === '~' ? -1 : 1;
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const difference = compareSegment(x, y);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareSegment(a: string, b: string): number {
  const digits = [a, b].map((text) => /^\d/.test(text));
  if (digits[0] !== digits[1]) return digits[0] ? 1 : -1;
  if (!digits[0]) return a < b ? -1 : a > b ? 1 : 0;
  const [x = '', y = ''] = [a, b].map((text) => text.replace(/^0+(?=\d)/, ''));
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
}

export interface Evr {
  epoch: number;
  version: string;
  /** Undefined: any. */
  release: string | undefined;
}

export function parseEvr(text: string): Evr {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch: Number(epoch),
    version: dash < 0 ? rest : rest.slice(0, dash),
    release: dash < 0 ? undefined : rest.slice(dash + 1),
  };
}

export function compareEvr(a: Evr, b: Evr): number {
  return (
    a.epoch - b.epoch ||
    compareSegments(a.version, b.version) ||
    (a.release === undefined || b.release === undefined ? 0 : compareSegments(a.release, b.release))
  );
}

type Identity = Pick<RpmHeader, 'epoch' | 'version' | 'release'>;
export const evrOfHeader = ({ epoch, version, release }: Identity): Evr => ({ epoch: epoch ?? 0, version, release });
export const compareHeaders = (a: Identity, b: Identity): number => compareEvr(evrOfHeader(a), evrOfHeader(b));

/** Whether what is given meets what is wanted. */
export function satisfies(given: RpmCapability, wanted: RpmCapability): boolean {
  if (given.name !== wanted.name) return false;
  if (!wanted.relation || !given.relation) return true;
  const difference = compareEvr(parseEvr(given.version!), parseEvr(wanted.version!));
  switch (wanted.relation) {
    case '=':
      return difference === 0;
    case '>=':
      return difference >= 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    default:
      return difference < 0;
  }
}

export const formatCapability = ({ name, relation, version }: RpmCapability): string =>
  relation ? `${name} ${relation} ${version}` : name;

type Named = Identity & Pick<RpmHeader, 'name' | 'arch'>;

/** `name-version-release.arch`: as queries print it. */
export const nevra = ({ name, version, release, arch }: Named): string => `${name}-${version}-${release}.${arch}`;
/** With the epoch before the name, where there is one: as yum prints it. */
export const epochNevra = (one: Named): string => (one.epoch ? `${one.epoch}:` : '') + nevra(one);
/** `[epoch:]version-release` */
export const shortEvr = ({ epoch, version, release }: Identity): string =>
  `${epoch ? `${epoch}:` : ''}${version}-${release}`;
