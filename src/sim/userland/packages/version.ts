/** Relations of Debian versions: deb-version(7). */
import { compareDebianVersions } from '../../../sbom/index.ts';

export { compareDebianVersions as compareVersions } from '../../../sbom/index.ts';

export type Relation = '<<' | '<=' | '=' | '>=' | '>>';

const tests: Record<Relation, (difference: number) => boolean> = {
  '<<': (d) => d < 0,
  '<=': (d) => d <= 0,
  '=': (d) => d === 0,
  '>=': (d) => d >= 0,
  '>>': (d) => d > 0,
};

export const versionFits = (version: string, relation: Relation, wanted: string): boolean =>
  tests[relation](compareDebianVersions(version, wanted));
