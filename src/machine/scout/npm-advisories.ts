import { bodyText, type HttpRequest, type HttpResponse, textContent } from '../../spec/index.ts';
import { openMatcher } from './match.ts';

const severities = { C: 'critical', H: 'high', M: 'moderate', L: 'low', U: 'info' } as const;

/**
 * `POST /-/npm/v1/security/advisories/bulk`: versions by name in, advisories by name out.
 *
 * Differs from npm: a selection (of the same facts as Docker Scout's here), named by CVE, titled by the weakness.
 */
export async function bulkAdvisories(request: HttpRequest): Promise<HttpResponse> {
  const matcher = await openMatcher();
  const asked = JSON.parse(await bodyText(request.body)) as Record<string, string[]>;
  const answer: Record<string, object[]> = {};
  for (const [name, versions] of Object.entries(asked)) {
    const purls = versions.map((version) => `pkg:npm/${name.replace('@', '%40')}@${version}`);
    const found = new Map(matcher.match(purls).flatMap(({ findings }) => findings.map((one) => [one.id, one])));
    if (found.size === 0) continue;
    answer[name] = [...found.values()].map(({ id, severity, weakness, range, score = 0, vector = null }) => ({
      id,
      url: `https://nvd.nist.gov/vuln/detail/${id}`,
      title: `${name}: ${weakness ?? id}`,
      severity: severities[severity],
      vulnerable_versions: range.join(' '),
      cvss: { score, vectorString: vector },
    }));
  }
  const body = textContent(JSON.stringify(answer));
  return { status: 200, headers: [['Content-Type', 'application/json']], body };
}
