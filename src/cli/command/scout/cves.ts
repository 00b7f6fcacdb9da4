import { purlOf } from '../../../sbom/index.ts';
import type { Finding, Severity } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { type FlagSet, flag } from '../../flag/index.ts';
import { shortId } from '../../format/index.ts';
import { type Command, StatusError } from '../command.ts';
import { type Analysis, analyse, next, report, type Vulnerable } from './analysis.ts';
import { stepOf } from './attestation.ts';
import { badges, byGravity, countOf, severities, severityNames } from './counts.ts';
import { commonFlags, refuse } from './flags.ts';
import { markdownReport } from './markdown.ts';
import { sarifReport } from './sarif.ts';
import { table } from './table.ts';

const notHere = [
  'org',
  'env',
  'epss',
  'epss-score',
  'epss-percentile',
  'ignore-suppressed',
  'multi-stage',
  'only-cisa-kev',
  'only-stage',
  'only-vex-affected',
  'vex-author',
  'vex-location',
];

export const cves: Command = {
  name: 'cves',
  use: '[OPTIONS] [IMAGE|DIRECTORY|ARCHIVE]',
  short: 'Display CVEs identified in a software artifact',
  flags: [
    ...commonFlags,
    flag('details', '', 'bool', 'Print details on default text output'),
    flag('env', '', 'string', 'Name of environment'),
    flag('epss', '', 'bool', "Display the EPSS scores and organize the package's CVEs according to their EPSS score"),
    flag('epss-percentile', '', 'string', 'Exclude CVEs with EPSS scores less than the specified percentile (0 to 1)'),
    flag('epss-score', '', 'string', 'Exclude CVEs with EPSS scores less than the specified value (0 to 1)'),
    flag('exit-code', 'e', 'bool', "Return exit code '2' if vulnerabilities are detected"),
    flag(
      'format',
      '',
      'string',
      `Output format of the generated vulnerability report:
- packages: default output, plain text with vulnerabilities grouped by packages
- sarif: json Sarif output
- spdx: json SPDX output
- gitlab: json GitLab output
- markdown: markdown output (including some html tags like collapsible sections)
- sbom: json SBOM output`,
      { default: '"packages"' },
    ),
    flag('ignore-base', '', 'bool', 'Filter out CVEs introduced from base image'),
    flag(
      'ignore-suppressed',
      '',
      'bool',
      'Filter CVEs found in Scout exceptions based on the specified exception scope',
    ),
    flag('locations', '', 'bool', 'Print package locations including file paths and layer diff_id'),
    flag('multi-stage', '', 'bool', 'Show packages from multi-stage Docker builds'),
    flag('only-base', '', 'bool', 'Only show CVEs introduced by the base image'),
    flag('only-cisa-kev', '', 'bool', 'Filter to CVEs listed in the CISA KEV catalog'),
    flag('only-cve-id', '', 'strings', 'Comma separated list of CVE ids (like CVE-2021-45105) to search for'),
    flag('only-fixed', '', 'bool', 'Filter to fixable CVEs'),
    flag('only-metric', '', 'strings', 'Comma separated list of CVSS metrics (like AV:N or PR:L) to filter CVEs by'),
    flag('only-package', '', 'strings', 'Comma separated regular expressions to filter packages by'),
    flag(
      'only-package-type',
      '',
      'strings',
      'Comma separated list of package types (like apk, deb, rpm, npm, pypi, golang, etc)',
    ),
    flag(
      'only-severity',
      '',
      'strings',
      'Comma separated list of severities (critical, high, medium, low, unspecified) to filter CVEs by',
    ),
    flag('only-stage', '', 'strings', 'Comma separated list of multi-stage Docker build stage names'),
    flag('only-unfixed', '', 'bool', 'Filter to unfixed CVEs'),
    flag('only-vex-affected', '', 'bool', 'Filter CVEs by VEX statements with status not affected'),
    flag(
      'only-vuln-packages',
      '',
      'bool',
      'When used with --format=only-packages ignore packages with no vulnerabilities',
    ),
    flag('vex-author', '', 'strings', 'List of VEX statement authors to accept'),
    flag('vex-location', '', 'strings', 'File location of directory or file containing VEX statements'),
  ],
  args: { max: 1 },
  async run(cli, flags, args) {
    refuse(flags, notHere);
    const format = formatOf(flags);
    const analysis = await analyse(cli, flags, args);
    const vulnerable = filtered(flags, analysis);
    await conclude(cli, vulnerable);
    await report(cli, flags, format({ ...analysis, vulnerable }, flags));
    const { name } = analysis.artifact;
    if (format === packagesReport)
      await next(cli, [['View base image update recommendations', `docker scout recommendations ${name}`]]);
    return flags.bool('exit-code') && vulnerable.length > 0 ? 2 : 0;
  },
};

type Format = (analysis: Analysis, flags: FlagSet) => string;

function formatOf(flags: FlagSet): Format {
  const formats: Record<string, Format> = {
    packages: packagesReport,
    'only-packages': onlyPackages,
    markdown: markdownReport,
    sarif: sarifReport,
  };
  const name = flags.string('format') || 'packages';
  if (formats[name]) return formats[name];
  if (['spdx', 'gitlab', 'sbom'].includes(name))
    throw new StatusError(1, `drydock: docker scout cves --format ${name} is not simulated`);
  throw new StatusError(1, `ERROR   unsupported format: ${name}`);
}

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const vulnerabilities = (count: number): string => plural(count, 'vulnerability', 'vulnerabilities');
const sum = (vulnerable: readonly Vulnerable[]): number =>
  vulnerable.reduce((all, { findings }) => all + findings.length, 0);

function conclude(cli: DockerCli, vulnerable: readonly Vulnerable[]): Promise<void> {
  if (vulnerable.length === 0) return cli.err('    ✓ No vulnerable package detected\n');
  const packages = plural(vulnerable.length, 'vulnerable package');
  const all = vulnerabilities(sum(vulnerable));
  return cli.err(`    ✗ Detected ${packages} with ${vulnerable.length === 1 ? '' : 'a total of '}${all}\n`);
}

const list = (flags: FlagSet, name: string): string[] => flags.list(name).map((one) => one.toLowerCase());

/** What the flags leave of it, the gravest packages first. */
function filtered(flags: FlagSet, { vulnerable }: Analysis): Vulnerable[] {
  const wanted = list(flags, 'only-severity');
  const known = severities.map((one) => severityNames[one].toLowerCase());
  const unknown = wanted.find((one) => !known.includes(one));
  if (unknown) throw new StatusError(1, `ERROR   invalid severity: ${unknown}`);
  const types = list(flags, 'only-package-type');
  const ids = list(flags, 'only-cve-id');
  const metrics = flags.list('only-metric');
  const names = flags.list('only-package').map((text) => new RegExp(text));
  const keeps = ({ id, severity, fixed, vector }: Finding): boolean =>
    (wanted.length === 0 || wanted.includes(severityNames[severity].toLowerCase())) &&
    (ids.length === 0 || ids.includes(id.toLowerCase())) &&
    !(flags.bool('only-fixed') && fixed === undefined) &&
    !(flags.bool('only-unfixed') && fixed !== undefined) &&
    metrics.every((metric) => vector?.split('/').includes(metric));
  return vulnerable
    .filter(({ inBase }) => !(flags.bool('ignore-base') && inBase) && !(flags.bool('only-base') && !inBase))
    .filter(({ package: { type } }) => types.length === 0 || types.includes(type))
    .filter(({ package: { name } }) => names.length === 0 || names.some((one) => one.test(name)))
    .map((one) => ({ ...one, findings: one.findings.filter(keeps) }))
    .filter(({ findings }) => findings.length > 0)
    .sort((a, b) => byGravity(countOf(b.findings), countOf(a.findings)) || (a.purl < b.purl ? -1 : 1));
}

function packagesReport(analysis: Analysis, flags: FlagSet): string {
  const { vulnerable } = analysis;
  const head = `\n\n## Overview\n\n${overview(analysis)}\n\n## Packages and Vulnerabilities\n\n`;
  if (vulnerable.length === 0) return `${head}  No vulnerable packages detected\n`;
  return `${head}${vulnerable.map((one) => block(one, analysis, flags)).join('\n')}\n${summary(vulnerable)}`;
}

export const megabytes = (size: number): string => {
  const mb = size / 1e6;
  return mb >= 1000 ? `${(mb / 1000).toFixed(1)} GB` : `${mb >= 10 ? Math.round(mb) : mb.toFixed(1)} MB`;
};

function overview({ artifact, vulnerable, base }: Analysis): string {
  const counts = countOf(vulnerable.flatMap(({ findings }) => findings));
  const row = (label: string, text: string): string[] => [`  ${label} `, ` ${text}`];
  const rows = [
    row('Target', ` ${artifact.target}  `),
    row('  digest', ` ${shortId(artifact.digest)} `),
    row('  platform', `${artifact.platform} `),
    row('  vulnerabilities', `${badges(counts).slice(1)} `),
    row('  size', `${megabytes(artifact.size)} `),
    row('  packages', `${artifact.packages.length} `),
  ];
  if (base)
    rows.push(
      row('', ''),
      row('Base image', ` ${base.repository}:${base.tag}  `),
      row('', ` ${shortId(base.digest)} `),
    );
  return table(rows, ['', 'Analyzed Image']);
}

function block({ package: found, purl, findings }: Vulnerable, { artifact }: Analysis, flags: FlagSet): string {
  const name = found.namespace?.startsWith('@') ? `${found.namespace}/${found.name}` : found.name;
  const step = artifact.attested && stepOf(artifact.attested, artifact.layers, found.layer);
  const made = step ? `\n${step.file} (${step.start}:${step.end})\n${step.text}\n` : '';
  const where = flags.bool('locations') ? `\n${found.path} (${found.layer})\n` : '';
  const head = `${badges(countOf(findings)).slice(1)} ${name} ${found.version}\n${purl}\n${made}${where}\n`;
  return head + findings.map(finding).join('');
}

function finding({ id, severity, score, vector, weakness, range, fixed }: Finding): string {
  const facts: [string, string][] = [
    ...range.map((bound, at): [string, string] => [at === 0 ? 'Affected range' : '', bound]),
    ['Fixed version', fixed ?? 'not fixed'],
    ...(score === undefined ? [] : [['CVSS Score', String(score)] as [string, string]]),
    ...(vector ? [['CVSS Vector', vector] as [string, string]] : []),
  ];
  const [label, value] = [0, 1].map((at) => Math.max(...facts.map((one) => one[at]!.length)));
  const lines = facts.map((one) => `      ${one[0].padEnd(label!)} : ${one[1].padEnd(value! + 2)}\n`);
  const title = `    ✗ ${severityNames[severity]} ${id}${weakness ? ` [${weakness}]` : ''}\n`;
  return `${title}      https://scout.docker.com/v/${id}\n${lines.join('')}    \n`;
}

/** `26 vulnerabilities found in 14 packages`, and how many of each severity. */
function summary(vulnerable: readonly Vulnerable[]): string {
  const counts = countOf(vulnerable.flatMap(({ findings }) => findings));
  const shown = severities.filter((one): one is Severity => one !== 'U' || counts.U > 0);
  const [label, value] = [
    Math.max(...shown.map((one) => severityNames[one].length)),
    Math.max(...shown.map((one) => String(counts[one]).length)),
  ];
  const lines = shown.map((one) => `  ${severityNames[one].padEnd(label)}  ${String(counts[one]).padEnd(value)}  \n`);
  const found = `${vulnerabilities(sum(vulnerable))} found in ${plural(vulnerable.length, 'package')}`;
  return `\n${found}\n${lines.join('')}`;
}

/** Every package a line. */
function onlyPackages({ artifact, vulnerable }: Analysis, flags: FlagSet): string {
  const counts = new Map(vulnerable.map(({ purl, findings }) => [purl, countOf(findings)]));
  const types = list(flags, 'only-package-type');
  const rows = artifact.packages
    .filter(({ type }) => types.length === 0 || types.includes(type))
    .filter((one) => !flags.bool('only-vuln-packages') || counts.has(purlOf(one)))
    .map((one) => [one.name, one.version, one.type, badges(counts.get(purlOf(one)) ?? countOf([])).trimEnd()]);
  const heads = ['Name', 'Version', 'Type', 'Vulnerabilities'];
  const sizes = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, at) => cell.padEnd(sizes[at]!)).join('  ')}`.trimEnd();
  const rule = '─'.repeat(sizes.reduce((all, size) => all + size + 2, 0));
  return `\n${[line(heads), rule, ...rows.map(line)].join('\n')}\n`;
}
