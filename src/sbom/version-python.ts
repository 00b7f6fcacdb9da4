/** By PEP 440: release, then a pre-release before it, a post-release after it. */
export function comparePythonVersions(a: string, b: string): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  for (let i = 0; i < Math.max(left.release.length, right.release.length); i++) {
    const difference = (left.release[i] ?? 0) - (right.release[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.pre - right.pre || left.post - right.post;
}

const stages: Readonly<Record<string, number>> = { dev: -4e6, a: -3e6, b: -2e6, rc: -1e6 };

function sortKey(version: string): { release: number[]; pre: number; post: number } {
  const [, release = '', rest = ''] = /^v?([\d.]*\d)?(.*)$/.exec(version.toLowerCase()) ?? [];
  const [, stage, count] = /(dev|rc|a|b)\.?(\d*)/.exec(rest) ?? [];
  const post = /post\.?(\d+)/.exec(rest)?.[1];
  return {
    release: release.split('.').map(Number),
    pre: stage === undefined ? 0 : stages[stage]! + Number(count),
    post: post === undefined ? 0 : Number(post) + 1,
  };
}
