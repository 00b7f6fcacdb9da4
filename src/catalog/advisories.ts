import type { AdvisorySource, Severity } from '../spec/index.ts';

/** What is known to be wrong with packages of the catalogue's images and mirrors. Loaded when first asked for. */

/** Affected versions: from one on, to below the fixed one; without a fix, to below `end`, or all. Empty: no bound. */
export type AffectedRange = [from: string, fixed: string, end?: string];

export interface Advisory {
  id: string;
  /** Kind of package, as package URLs have it. */
  type: string;
  /** Packages; for those of a distribution, what is built of `source`. */
  names: string[];
  source?: string;
  ranges: AffectedRange[];
  severity: Severity;
  score?: number;
  vector?: string;
  cwe?: string;
}

export interface Advisories {
  sources: AdvisorySource[];
  /** CWE number -> its name. */
  weaknesses: Record<string, string>;
  advisories: Advisory[];
}

/**
 * Facts of the public databases, as `scripts/record-advisories.mjs` wrote them. Differs from Docker: a selection, as old
 * as it says; what is not in it is not known.
 */
export const openAdvisories = async (): Promise<Advisories> =>
  (await import('./data/advisories.json')).default as unknown as Advisories;
