import { describe } from 'vitest';
import { has, isRoot } from '../scripts/tools.mjs';

/** A suite that needs programs of this machine: skipped by name, with the reason, where one is missing. */
export function describeWith(needs: { programs?: string[]; root?: boolean }, name: string, suite: () => void): void {
  const lacking = (needs.programs ?? []).filter((program) => !has(program));
  const reasons = [...lacking.map((program) => `no ${program}`), ...(needs.root && !isRoot() ? ['not root'] : [])];
  if (reasons.length === 0) describe(name, suite);
  else describe.skip(`${name} (skipped: ${reasons.join(', ')})`, suite);
}
