import { byGravity } from './counts.ts';
import type { HubImage } from './service.ts';

export interface Candidate {
  image: HubImage;
  /** Fewer vulnerabilities, or as many in a smaller image. */
  better: boolean;
}

const numbers = (version: string | undefined): number[] => (version ?? '').split('.').map(Number);

/** -1, 0, 1 by how the interpreters' series (`18`, `3.12`) compare; a runtime that is not told counts as the same. */
export function compareSeries(a: string | undefined, b: string | undefined, parts = 1): number {
  if (!a || !b) return 0;
  const [x, y] = [numbers(a), numbers(b)];
  for (let at = 0; at < parts; at++) if (x[at] !== y[at]) return Math.sign((x[at] ?? 0) - (y[at] ?? 0));
  return 0;
}

/**
 * Other images of the base image's repository that could take its place, as they are better or newer: the best first. Differs
 * from Docker: which tags its makers support and prefer is not known here; their scans alone decide.
 */
export function candidates(base: HubImage, tags: readonly HubImage[]): Candidate[] {
  return tags
    .filter(({ digest, runtime }) => digest !== base.digest && compareSeries(runtime, base.runtime, 2) >= 0)
    .map((image) => {
      const gravity = byGravity(image.counts, base.counts);
      return { image, better: gravity < 0 || (gravity === 0 && image.size < base.size) };
    })
    .filter(({ image, better }) => better || compareSeries(image.runtime, base.runtime, 2) > 0)
    .sort((a, b) => byGravity(a.image.counts, b.image.counts) || a.image.size - b.image.size);
}
