#!/usr/bin/env node
// record-advisories.mjs --osv DIR --pypa DIR --node DIR --cve DIR --secdb DIR --debian DIR: writes src/catalog/data/advisories.json,
// what the simulated Docker Scout knows of vulnerabilities: facts (identifiers, versions, severities, scores), no texts.
//   --osv     GHSA-*.json of github.com/github/advisory-database (npm)
//   --pypa    a checkout of github.com/pypa/advisory-database (PyPI)
//   --node    vuln/core of github.com/nodejs/security-wg (Node.js itself)
//   --cve     CVE-*.json of github.com/CVEProject/cvelistV5 (npm and Python packages; releases of Node.js past their end of life)
//   --secdb   files of Alpine's security database, one a source package
//   --debian  CVE-*.json of Debian's security tracker as github.com/aquasecurity/vuln-list-debian holds it: those that
//             bookworm leaves unfixed
// Only what the catalogue's images and mirrors can hold is kept.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';

const names = ['osv', 'pypa', 'node', 'cve', 'secdb', 'debian'];
const { values } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) });
const data = new URL('../src/catalog/data/', import.meta.url);
const files = (directory) => (directory && existsSync(directory) ? readdirSync(directory).sort() : []);
const read = (...path) => readFileSync(join(...path), 'utf8');

/** CVSS 3.x base score (first.org/cvss/v3-1/specification-document, 7.1). */
function score3(vector) {
  const m = Object.fromEntries(vector.split('/').map((part) => part.split(':')));
  const changed = m.S === 'C';
  const cia = { H: 0.56, L: 0.22, N: 0 };
  const iss = 1 - (1 - cia[m.C]) * (1 - cia[m.I]) * (1 - cia[m.A]);
  const impact = changed ? 7.52 * (iss - 0.029) - 3.25 * (iss - 0.02) ** 15 : 6.42 * iss;
  const privileges = { N: 0.85, L: changed ? 0.68 : 0.62, H: changed ? 0.5 : 0.27 };
  const reach = { N: 0.85, A: 0.62, L: 0.55, P: 0.2 };
  const ease = 8.22 * reach[m.AV] * { L: 0.77, H: 0.44 }[m.AC] * privileges[m.PR] * { N: 0.85, R: 0.62 }[m.UI];
  if (impact <= 0) return 0;
  return Math.ceil(Math.min(changed ? 1.08 * (impact + ease) : impact + ease, 10) * 10 - 1e-9) / 10;
}
/** CVSS 4.0 scores are looked up in a table of 270; these are the ones that occur, as the advisories show them. */
const score4 = {
  'AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N': 8.7,
  'AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N/E:P': 7.7,
  'AV:N/AC:L/AT:P/PR:N/UI:P/VC:N/VI:N/VA:N/SC:L/SI:L/SA:L': 2.3,
};
const words = { CRITICAL: 'C', HIGH: 'H', MODERATE: 'M', MEDIUM: 'M', LOW: 'L' };
const rating = (score) => (score >= 9 ? 'C' : score >= 7 ? 'H' : score >= 4 ? 'M' : score > 0 ? 'L' : 'U');

/** The newer scale counts where an advisory has both. */
function scored(severity, word) {
  const vectors = (severity ?? []).map(({ score }) => score);
  const v4 = vectors.find((vector) => vector.startsWith('CVSS:4.0/') && score4[vector.slice(9)] !== undefined);
  const vector = v4 ?? vectors.find((one) => one.startsWith('CVSS:3'));
  if (!vector) return { severity: words[word] ?? 'U' };
  const score = v4 ? score4[v4.slice(9)] : score3(vector.slice(9));
  return { severity: rating(score), score, vector };
}

const pairs = (events) => {
  const found = [];
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined) found.push([String(introduced) === '0' ? '' : String(introduced), '']);
    else if (found.length > 0) found[found.length - 1][1] = fixed === undefined ? `=${last}` : String(fixed);
  }
  return found;
};
const cveOf = ({ id, aliases = [] }) => [id, ...aliases].find((one) => one.startsWith('CVE-')) ?? id;
const rangesOf = (affected) =>
  (affected.ranges ?? []).filter(({ type }) => type !== 'GIT').flatMap(({ events }) => pairs(events));

const advisories = [];
const npm = new Set(Object.keys(JSON.parse(read(new URL('../public/npm/index.json', import.meta.url).pathname))));
for (const file of files(values.osv)) {
  const osv = JSON.parse(read(values.osv, file));
  for (const name of new Set(osv.affected.map((one) => one.package.name))) {
    const affected = osv.affected.filter((one) => one.package.name === name);
    if (!npm.has(name)) continue;
    const { cwe_ids: [cwe] = [], severity } = osv.database_specific ?? {};
    const facts = scored(osv.severity, severity);
    advisories.push({ id: cveOf(osv), type: 'npm', names: [name], ranges: affected.flatMap(rangesOf), ...facts, cwe });
  }
}
const distributions = JSON.parse(read(new URL('python-releases.json', data).pathname));
const pypi = new Set([...Object.keys(distributions), 'pip', 'setuptools', 'wheel', 'numpy', 'pandas', 'gunicorn']);
for (const more of ['django', 'sqlparse', 'fastapi', 'starlette', 'uvicorn', 'sqlalchemy', 'pydantic']) pypi.add(more);
for (const name of values.pypa ? [...pypi].sort() : []) {
  const seen = new Set();
  for (const file of files(join(values.pypa, 'vulns', name))) {
    const osv = parseYaml(read(values.pypa, 'vulns', name, file));
    if (osv.withdrawn || seen.has(cveOf(osv))) continue;
    seen.add(cveOf(osv));
    const ranges = osv.affected.filter((one) => one.package.name.toLowerCase() === name).flatMap(rangesOf);
    if (ranges.length > 0)
      advisories.push({ id: cveOf(osv), type: 'pypi', names: [name], ranges, ...scored(osv.severity) });
  }
}
for (const file of files(values.node)) {
  const { cve, vulnerable, patched, severity } = JSON.parse(read(values.node, file));
  const majors = [...(vulnerable ?? '').matchAll(/(\d+)\.x/g)].map(([, major]) => major);
  const ranges = majors.flatMap((major) => {
    const fixed = new RegExp(`\\^(${major}\\.[\\d.]+)`).exec(patched ?? '')?.[1];
    return fixed && Number(major) >= 18 ? [[`${major}.0.0`, fixed]] : [];
  });
  if (ranges.length === 0 || !cve?.[0]) continue;
  advisories.push({
    id: cve[0],
    type: 'github',
    names: ['node'],
    ranges,
    severity: words[severity?.toUpperCase()] ?? 'U',
  });
}
/** `{version: '0', lessThan: '1.1.0'}`, or GitHub's `{version: '>= 1.24, < 2.6.0'}`. */
function boundsOf({ version, lessThan, fixed }) {
  const [, from = '', below] = /^(?:>= ([^,]+), )?< (\S+)$/.exec(version) ?? [];
  return below ? [from, below] : [version === '0' ? '' : version, lessThan ?? fixed];
}

/** What CVE records add: packages that no other list has, scores, and releases that get no fix any more. */
for (const file of files(values.cve)) {
  const { cveMetadata, containers } = JSON.parse(read(values.cve, file));
  const { affected, metrics = [], problemTypes = [] } = containers.cna;
  const rated = metrics.map((one) => one.cvssV4_0 ?? one.cvssV3_1 ?? one.cvssV3_0).find(Boolean);
  const score = rated && { severity: rating(rated.baseScore), score: rated.baseScore, vector: rated.vectorString };
  const cwe = problemTypes[0]?.descriptions[0]?.cweId;
  for (const { product, versions } of affected) {
    const known = advisories.find(({ id, names }) => id === cveMetadata.cveId && names.includes(product));
    if (known) {
      const ended = versions
        .filter(({ lessThan }) => lessThan?.endsWith('.*'))
        .map(({ version }) => Number.parseInt(version, 10));
      known.ranges.push(
        ...ended.filter((major) => major >= 18).map((major) => [`${major}.0.0`, '', `${major + 1}.0.0`]),
      );
      Object.assign(known, score, cwe && { cwe });
    } else {
      const name = product === 'jinja' ? 'jinja2' : product;
      const type = npm.has(name) ? 'npm' : pypi.has(name) ? 'pypi' : undefined;
      if (type)
        advisories.push({ id: cveMetadata.cveId, type, names: [name], ranges: versions.map(boundsOf), ...score, cwe });
    }
  }
}
/** Source package -> the binary packages of it that the catalogue has under other names. */
const binaries = {
  openssl: 'libcrypto3 libssl3 openssl',
  busybox: 'busybox busybox-binsh ssl_client',
  musl: 'musl musl-utils',
  expat: 'libexpat',
  curl: 'curl libcurl',
  glibc: 'libc-bin libc6 libc6-dev libc-dev-bin locales',
  'gcc-12': 'gcc-12-base libgcc-s1 libstdc++6 g++-12 gcc-12 cpp-12',
  perl: 'perl-base perl perl-modules-5.36 libperl5.36',
  systemd: 'libsystemd0 libudev1',
  gnutls28: 'libgnutls30',
  apt: 'apt libapt-pkg6.0',
  shadow: 'login passwd',
  'util-linux': 'libblkid1 libmount1 libsmartcols1 libuuid1 mount util-linux util-linux-extra',
  gnupg2: 'gpgv gnupg gpg gpg-agent',
};
const builtOf = (source) => ({ source, names: (binaries[source] ?? source).split(' ') });
for (const file of files(values.secdb)) {
  const { name, secfixes } = JSON.parse(read(values.secdb, file));
  for (const [fixed, ids] of Object.entries(secfixes))
    for (const id of ids)
      if (fixed !== '0' && /^CVE-/.test(id))
        advisories.push({ id, type: 'apk', ...builtOf(name), ranges: [['', fixed]], severity: 'U' });
}
for (const file of files(values.debian)) {
  const { Header, Annotations } = JSON.parse(read(values.debian, file));
  for (const { Package, Kind, Severity } of Annotations)
    if (Kind === 'unfixed')
      advisories.push({
        id: Header.ID,
        type: 'deb',
        ...builtOf(Package),
        ranges: [['', '']],
        severity: Severity === 'unimportant' ? 'L' : 'U',
      });
}

/** What is said of a weakness by its number (cwe.mitre.org). */
const weaknesses = {
  'CWE-20': 'Improper Input Validation',
  'CWE-22': "Improper Limitation of a Pathname to a Restricted Directory ('Path Traversal')",
  'CWE-67': 'Improper Handling of Windows Device Names',
  'CWE-74': "Improper Neutralization of Special Elements in Output Used by a Downstream Component ('Injection')",
  'CWE-79': "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')",
  'CWE-241': 'Improper Handling of Unexpected Data Type',
  'CWE-248': 'Uncaught Exception',
  'CWE-400': 'Uncontrolled Resource Consumption',
  'CWE-405': 'Asymmetric Resource Consumption (Amplification)',
  'CWE-522': 'Insufficiently Protected Credentials',
  'CWE-601': "URL Redirection to Untrusted Site ('Open Redirect')",
  'CWE-770': 'Allocation of Resources Without Limits or Throttling',
  'CWE-1286': 'Improper Validation of Syntactic Correctness of Input',
  'CWE-1321': "Improperly Controlled Modification of Object Prototype Attributes ('Prototype Pollution')",
  'CWE-1336': 'Improper Neutralization of Special Elements Used in a Template Engine',
  'CWE-1333': 'Inefficient Regular Expression Complexity',
};
const sources = [
  ['npm', 'GitHub Advisory Database and CVE records', '2026-03-26'],
  ['pypi', 'PyPI Advisory Database (to 2024-10-10) and CVE records', '2026-02-02'],
  ['github', 'Node.js security working group and CVE records', '2026-04-08'],
  ['apk', 'Alpine security database (3.22)', '2026'],
  ['deb', 'Debian security tracker (12)', '2025-02-23'],
];
const rows = advisories.map((one) => JSON.stringify(one));
const head = JSON.stringify({ sources, weaknesses }).slice(0, -1);
writeFileSync(new URL('advisories.json', data), `${head},"advisories":[\n${rows.join(',\n')}\n]}\n`);
console.log(`${rows.length} advisories`);
