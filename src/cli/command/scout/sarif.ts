/** SARIF 2.1.0: a rule for each vulnerability, a result for each package that has it. */
import type { Analysis } from './analysis.ts';
import { severityNames } from './counts.ts';
import { scoutVersion } from './version.ts';

const levels = { C: 'error', H: 'error', M: 'warning', L: 'note', U: 'none' } as const;

export function sarifReport({ artifact, vulnerable }: Analysis): string {
  const rules = new Map<string, unknown>();
  const results = vulnerable.flatMap(({ package: found, purl, findings }) =>
    findings.map((finding) => {
      const { id, severity, score, range, fixed, weakness } = finding;
      rules.set(id, {
        id,
        name: `Os${found.type === 'deb' || found.type === 'apk' ? '' : 'Not'}Package`,
        shortDescription: { text: `${id}: ${weakness ?? found.name}` },
        helpUri: `https://scout.docker.com/v/${id}`,
        properties: {
          affected_version: range.join(' '),
          fixed_version: fixed ?? 'not fixed',
          purls: [purl],
          ...(score !== undefined && { 'security-severity': score.toFixed(1) }),
          tags: [severityNames[severity]],
        },
      });
      return {
        ruleId: id,
        ruleIndex: [...rules.keys()].indexOf(id),
        kind: 'fail',
        level: levels[severity],
        message: {
          text: `  Vulnerability   : ${id}\n  Severity        : ${severityNames[severity]}\n  Package         : ${purl}\n  Affected range  : ${range.join(' ')}\n  Fixed version   : ${fixed ?? 'not fixed'}\n`,
        },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: found.path },
              region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
            },
          },
        ],
      };
    }),
  );
  const driver = {
    fullName: 'Docker Scout',
    informationUri: 'https://docker.com/products/docker-scout',
    name: 'docker scout',
    rules: [...rules.values()],
    version: scoutVersion,
  };
  const runs = [{ tool: { driver }, results, properties: { imageID: artifact.digest, imageName: artifact.name } }];
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return `${JSON.stringify({ version: '2.1.0', $schema: schema, runs }, null, 2)}\n`;
}
