/** Comparison of Alpine's versions (apk-tools, version.c): `1.36.1-r29`, `6.5_p20250503-r0`, `9.20_rc1`. */

/** Suffixes in their order; what has none stands between `_rc` and `_cvs`. */
const suffixes = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const none = suffixes.indexOf('');

interface Parts {
  numbers: string[];
  letter: string;
  suffixes: [kind: number, number: number][];
  revision: number;
}

function partsOf(version: string): Parts {
  const [, numbers = '', letter = '', rest = '', revision = '0'] =
    /^(\d+(?:\.\d+)*)?([a-z])?((?:_[a-z]+\d*)*)(?:-r(\d+))?$/.exec(version) ?? [];
  const found = [...rest.matchAll(/_([a-z]+)(\d*)/g)].map(([, kind = '', number]): [number, number] => [
    suffixes.indexOf(kind),
    Number(number),
  ]);
  return { numbers: numbers.split('.'), letter, suffixes: found, revision: Number(revision) };
}

/** The first number counts as such; a later one that begins with 0 as a fraction. */
function compareNumbers(a: string, b: string, first: boolean): number {
  if (!first && (a.startsWith('0') || b.startsWith('0')) && a !== b) return a < b ? -1 : 1;
  return Number(a) - Number(b);
}

/** Negative when `a` is older. */
export function compareAlpineVersions(a: string, b: string): number {
  const [x, y] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.max(x.numbers.length, y.numbers.length); i++) {
    const [left, right] = [x.numbers[i], y.numbers[i]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const difference = compareNumbers(left, right, i === 0);
    if (difference !== 0) return difference;
  }
  if (x.letter !== y.letter) return x.letter < y.letter ? -1 : 1;
  for (let i = 0; i < Math.max(x.suffixes.length, y.suffixes.length); i++) {
    const [[kindX, numberX], [kindY, numberY]] = [x.suffixes[i] ?? [none, 0], y.suffixes[i] ?? [none, 0]];
    if (kindX !== kindY || numberX !== numberY) return kindX - kindY || numberX - numberY;
  }
  return x.revision - y.revision;
}
