import { type Advisories, type Advisory, type AffectedRange, openAdvisories } from '../../catalog/index.ts';
import { compareVersionsOf, parsePurl } from '../../sbom/index.ts';
import type { Finding, Matched } from '../../spec/index.ts';

/** Looks packages up in the advisories; of several that are built of one source package, the last by name stands for all. */
export class Matcher {
  private readonly byPackage = new Map<string, Advisory[]>();

  constructor(readonly known: Advisories) {
    for (const advisory of known.advisories)
      for (const name of advisory.names) {
        const key = `${advisory.type} ${name}`;
        this.byPackage.set(key, [...(this.byPackage.get(key) ?? []), advisory]);
      }
  }

  match(purls: readonly string[]): Matched {
    const matched = [...new Set(purls)].sort().map((purl) => ({ purl, found: this.lookUp(purl) }));
    const speaker = new Map(
      matched.flatMap(({ purl, found }) => found.map(({ advisory }) => [sourceKey(advisory, purl), purl])),
    );
    return matched.flatMap(({ purl, found }) => {
      const findings = found.filter(({ advisory }) => speaker.get(sourceKey(advisory, purl)) === purl);
      return findings.length > 0 ? [{ purl, findings: findings.map(({ finding }) => finding).sort(byWeight) }] : [];
    });
  }

  private lookUp(purl: string): { advisory: Advisory; finding: Finding }[] {
    const { type, namespace, name, version, distribution } = parsePurl(purl);
    // What is known of Debian is known of bookworm.
    if (type === 'deb' && distribution !== undefined && distribution !== 'debian-12') return [];
    const key = `${type} ${type === 'npm' && namespace ? `${namespace}/${name}` : name}`;
    return (this.byPackage.get(key) ?? []).flatMap((advisory) => {
      const range = advisory.ranges.find((one) => within(type, version, one));
      return range ? [{ advisory, finding: this.finding(advisory, range, version) }] : [];
    });
  }

  private finding({ id, severity, score, vector, cwe }: Advisory, range: AffectedRange, version: string): Finding {
    const [from, fixed, end] = range;
    const last = fixed.startsWith('=') ? fixed.slice(1) : undefined;
    const bounds = [from && `>=${from}`, last ? `<=${last}` : fixed ? `<${fixed}` : end && `<${end}`];
    const shown = bounds.filter((bound) => bound !== undefined && bound !== '') as string[];
    return {
      id,
      severity,
      ...(score !== undefined && { score }),
      ...(vector && { vector }),
      ...(cwe && this.known.weaknesses[cwe] && { weakness: this.known.weaknesses[cwe] }),
      range: shown.length > 0 ? shown : [`>=${version}`],
      ...(fixed && !last && { fixed }),
    };
  }
}

let opened: Promise<Matcher> | undefined;

/** Over the catalogue's advisories; the same one each time. */
export function openMatcher(): Promise<Matcher> {
  opened ??= openAdvisories().then((known) => new Matcher(known));
  return opened;
}

const sourceKey = ({ id, type, source, names }: Advisory, purl: string): string =>
  source && type === 'deb' ? `${id} ${source}` : `${id} ${names[0]} ${purl}`;

function within(type: string, version: string, [from, fixed, end]: AffectedRange): boolean {
  if (from && compareVersionsOf(type, version, from) < 0) return false;
  if (fixed.startsWith('=')) return compareVersionsOf(type, version, fixed.slice(1)) <= 0;
  const below = fixed || end;
  return !below || compareVersionsOf(type, version, below) < 0;
}

const weights = 'CHMLU';
/** The gravest first, then the newest. */
const byWeight = (a: Finding, b: Finding): number =>
  weights.indexOf(a.severity) - weights.indexOf(b.severity) ||
  (b.score ?? 0) - (a.score ?? 0) ||
  (a.id < b.id ? 1 : -1);
