import type { Finding, Severity } from '../../../spec/index.ts';
import type { Counts } from './service.ts';

export const severities: readonly Severity[] = ['C', 'H', 'M', 'L', 'U'];
export const severityNames: Readonly<Record<Severity, string>> = {
  C: 'CRITICAL',
  H: 'HIGH',
  M: 'MEDIUM',
  L: 'LOW',
  U: 'UNSPECIFIED',
};

export function countOf(findings: readonly Finding[]): Counts {
  const counts: Counts = { C: 0, H: 0, M: 0, L: 0, U: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

export const total = (counts: Counts): number => severities.reduce((sum, one) => sum + counts[one], 0);

const cells = (texts: readonly string[]): string => texts.map((text) => `${text.padStart(6)} `).join('');

/** `    0C     3H     2M     1L `, and what has no severity where there is any. */
export const badges = (counts: Counts): string =>
  cells(
    severities.flatMap((one) => (one === 'U' && counts.U === 0 ? [] : [`${counts[one]}${one === 'U' ? '?' : one}`])),
  );

/** What the second has more or less, where it is not the same. */
export const difference = (from: Counts, to: Counts): string =>
  cells(
    severities.map((one) => {
      const more = to[one] - from[one];
      return more === 0 ? '' : `${more > 0 ? '+' : ''}${more}`;
    }),
  ).trimEnd();

/** What nobody has rated may be anything: it counts for more than what is known to be of little weight. */
const gravest: readonly Severity[] = ['C', 'H', 'M', 'U', 'L'];

/** Fewer of the graver ones come first. */
export function byGravity(a: Counts, b: Counts): number {
  const graver = gravest.find((one) => a[one] !== b[one]);
  return graver ? a[graver] - b[graver] : 0;
}
