import type { Severity } from '../../../spec/index.ts';
import type { Analysis, Vulnerable } from './analysis.ts';
import { countOf, severities, severityNames } from './counts.ts';
import { megabytes } from './cves.ts';
import type { Counts } from './service.ts';

const colours: Record<Severity, string> = { C: '8b1924', H: 'e25d68', M: 'fbb552', L: 'fce1a9', U: 'lightgrey' };

/** A badge of shields.io for each severity. */
const shields = (counts: Counts, named: boolean): string =>
  `${severities
    .filter((one) => one !== 'U')
    .map((one) => {
      const name = severityNames[one].toLowerCase();
      const colour = counts[one] > 0 ? colours[one] : 'lightgrey';
      return `<img alt="${name}: ${counts[one]}" src="https://img.shields.io/badge/${named ? name : one}-${counts[one]}-${colour}"/>`;
    })
    .join(' ')} <!-- unspecified: ${counts.U} -->`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function markdownReport({ artifact, vulnerable }: Analysis): string {
  const counts = countOf(vulnerable.flatMap(({ findings }) => findings));
  const facts = [
    ['digest', `<code>${artifact.digest}</code>`],
    ['vulnerabilities', shields(counts, true)],
    ['size', megabytes(artifact.size)],
    ['packages', String(artifact.packages.length)],
  ].map(([name, value]) => `<tr><td>${name}</td><td>${value}</td></tr>`);
  return `<h2>:mag: Vulnerabilities of <code>${artifact.target}</code></h2>

<details open="true"><summary>:package: Image Reference</strong> <code>${artifact.target}</code></summary>
<table>
${facts.join('\n')}
</table>
</details></table>
</details>

<table>
${vulnerable.map(row).join('\n\n')}
</table>

`;
}

function row({ package: found, purl, findings }: Vulnerable): string {
  const head = `${shields(countOf(findings), false)}<strong>${found.name}</strong> <code>${found.version}</code> (${found.type})`;
  const details = findings.map(({ id, severity, score, vector, weakness, range, fixed }) => {
    const label = `${severityNames[severity].toLowerCase()} ${score ?? ''}`;
    const badge = `https://img.shields.io/badge/${id.replaceAll('-', '--')}-lightgrey?label=${encodeURIComponent(label)}&labelColor=${colours[severity]}`;
    const facts = [
      ['Affected range', range.map(escaped).join('<br/>')],
      ['Fixed version', fixed ? escaped(fixed) : '<strong>Not Fixed</strong>'],
      ...(score === undefined ? [] : [['CVSS Score', String(score)]]),
      ...(vector ? [['CVSS Vector', vector]] : []),
    ].map(([name, value]) => `<tr><td>${name}</td><td><code>${value}</code></td></tr>`);
    const title = `<a href="https://scout.docker.com/v/${id}"><img alt="${label}: ${id}" src="${badge}"/></a> ${weakness ? `<i>${escaped(weakness)}</i>` : ''}`;
    return `${title}\n\n<table>\n${facts.join('\n')}\n</table>\n`;
  });
  return `<tr><td valign="top">
<details><summary>${head}</summary>

<small><code>${purl}</code></small><br/>
${details.join('\n')}</details></td></tr>`;
}
