import { coerce, compare, valid } from 'semver';
import { compareAlpineVersions } from './version-apk.ts';
import { compareDebianVersions } from './version-deb.ts';
import { comparePythonVersions } from './version-python.ts';

const semantic = (version: string): string => valid(version, true) ?? coerce(version)?.version ?? '0.0.0';

const orders: Readonly<Record<string, (a: string, b: string) => number>> = {
  apk: compareAlpineVersions,
  deb: compareDebianVersions,
  pypi: comparePythonVersions,
};

/** Negative when `a` is older, by the rule of the package's kind; semver where it has none of its own. */
export const compareVersionsOf = (type: string, a: string, b: string): number =>
  orders[type]?.(a, b) ?? compare(semantic(a), semantic(b));
