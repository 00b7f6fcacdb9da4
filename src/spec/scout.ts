import type { Digest } from './oci.ts';

/** What Docker Scout's client and its service say to one another; the service's own form, see `scoutService`. */

/** Critical, high, medium, low, unspecified. */
export type Severity = 'C' | 'H' | 'M' | 'L' | 'U';

/** One vulnerability of one package. */
export interface Finding {
  id: string;
  severity: Severity;
  /** CVSS. */
  score?: number;
  vector?: string;
  /** Name of its CWE. */
  weakness?: string;
  /** `>=8.0.0`, `<8.0.3`. */
  range: string[];
  /** Absent: there is no fix. */
  fixed?: string;
}

export type Matched = { purl: string; findings: Finding[] }[];

/** Kind of package, whose advisories, until when. */
export type AdvisorySource = [type: string, name: string, date: string];

export interface Vulnerabilities {
  sources: AdvisorySource[];
  matched: Matched;
}

/** An image of the Hub as the service has indexed it. */
export interface IndexedImage<Package> {
  repository: string;
  tag: string;
  /** Other tags of the same image. */
  aliases: string[];
  /** Of its manifest. */
  digest: Digest;
  /** diffIDs. */
  layers: readonly Digest[];
  /** Compressed. */
  size: number;
  /** RFC 3339. */
  created: string;
  platform: string;
  /** Version of the interpreter that it brings. */
  runtime?: string;
  packages: Package[];
  counts: Record<Severity, number>;
  /** `CVE package`. */
  vulnerabilities: string[];
}
