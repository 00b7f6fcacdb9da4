#!/usr/bin/env node
// record-packages.mjs [OUT]: reads facts of Debian packages (names, versions, sizes, dependencies, file lists; no file
// contents) from the distribution's own repository by apt, and writes them to src/catalog/data/. Run on Debian 12 as
// root, after `apt-get update`; only needed when the catalogue is to know other packages.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const out = process.argv[2] ?? new URL('../src/catalog/data/', import.meta.url).pathname;

/** What students install; their dependencies come along. */
const wanted = `nginx apache2 curl wget vim vim-tiny nano git python3 python3-pip python3-venv redis-server redis-tools
  iputils-ping iproute2 net-tools procps dnsutils netcat-openbsd netcat-traditional telnet less tree htop make gcc g++
  build-essential ca-certificates gnupg unzip zip jq sqlite3 openssh-client openssh-server rsync sudo cron file tzdata
  locales lsb-release nodejs postgresql-client mariadb-client apt-transport-https bash-completion bc bzip2 xz-utils
  busybox dash lsof man-db psmisc socat strace tcpdump traceroute tini gosu dumb-init fortune-mod cowsay sl figlet
  software-properties-common supervisor screen tmux patch perl php-cli haproxy memcached iptables bind9-host whois
  lighttpd ruby default-jre-headless golang-go screenfetch neofetch stress httpie pv`
  .split(/\s+/)
  .filter(Boolean);

const apt = (...args) => execFileSync(args[0], args.slice(1), { encoding: 'utf8', maxBuffer: 1 << 28 });
const stanzas = (text) => text.split(/\n\n+/).filter((s) => s.startsWith('Package:'));
const fieldsOf = (stanza) => {
  const fields = {};
  for (const line of stanza.split('\n')) {
    const m = /^([A-Za-z-]+): ?(.*)$/.exec(line);
    if (m) fields[m[1]] = m[2];
  }
  return fields;
};

/** Newest stanza of each name. */
const known = new Map();
for (const fields of stanzas(apt('apt-cache', 'dumpavail')).map(fieldsOf))
  if (!/nodesource/.test(fields.Version)) known.set(fields.Package, fields);
const providers = new Map();
for (const fields of known.values())
  for (const p of (fields.Provides ?? '')
    .split(',')
    .map((s) => s.trim().split(' ')[0])
    .filter(Boolean))
    providers.set(p, [...(providers.get(p) ?? []), fields.Package]);

const base = [...known.values()]
  .filter((f) => f.Essential === 'yes' || f.Priority === 'required' || f.Package === 'apt')
  .map((f) => f.Package);
// Far larger than what they teach; apt says they cannot be installed, as for any package a repository lacks.
const tooLarge = /^(linux-headers|libllvm|openjdk-.*-jre$|fonts-|libgl1|mesa|libx11-.*-dev|golang-1\.\d+-doc)/;

const chosen = new Set();
const visit = (name, depth) => {
  const real = known.has(name) ? name : providers.get(name)?.[0];
  if (!real || chosen.has(real) || tooLarge.test(real)) return;
  chosen.add(real);
  const fields = known.get(real);
  const names = (list) =>
    (list ?? '')
      .split(',')
      .map((alt) => alt.trim().split('|')[0].trim().split(/[ :(]/)[0])
      .filter(Boolean);
  for (const dep of [...names(fields['Pre-Depends']), ...names(fields.Depends)]) visit(dep, depth + 1);
  if (depth === 0) for (const dep of names(fields.Recommends)) visit(dep, depth + 1);
};
for (const name of base) visit(name, 1);
for (const name of wanted) visit(name, 0);

const work = mkdtempSync(join(tmpdir(), 'packages-'));
spawnSync('chown', ['_apt', work]);
const names = [...chosen].sort();
console.log(`${names.length} packages`);
const download = (some) =>
  spawnSync('apt-get', ['download', '-qq', ...some.map((n) => `${n}=${known.get(n).Version}`)], {
    cwd: work,
    stdio: 'inherit',
  }).status === 0;
// apt downloads all or nothing: one name it cannot get must not cost its neighbours.
for (let i = 0; i < names.length; i += 40) {
  const some = names.slice(i, i + 40);
  if (!download(some)) for (const name of some) download([name]);
}

/** mode (octal), size, path, link: one line a file, the path's common beginning with the line before counted. */
function fileList(deb) {
  const lines = apt('dpkg-deb', '-c', deb).split('\n').filter(Boolean);
  const files = lines.map((line) => {
    const m = /^(\S{10}) (\S+)\/(\S+) +(\d+) \S+ \S+ \.\/(.*?)(?: (?:->|link to) (.*))?$/.exec(line);
    if (!m) return undefined;
    const bits = [...m[1].slice(1)].map((c) => ({ r: 4, w: 2, x: 1, s: 1, t: 1 })[c] ?? 0);
    const special = (/[sS]/.test(m[1][3]) ? 4 : 0) + (/[sS]/.test(m[1][6]) ? 2 : 0) + (/[tT]/.test(m[1][9]) ? 1 : 0);
    const mode = `${special || ''}${[0, 3, 6].map((at) => bits[at] + bits[at + 1] + bits[at + 2]).join('')}`;
    const owner = m[2] === 'root' && m[3] === 'root' ? '' : `${m[2]}:${m[3]}`;
    return { type: m[1][0], mode, owner, size: Number(m[4]), path: m[5].replace(/\/$/, ''), link: m[6] ?? '' };
  });
  return files
    .filter((f) => f?.path && !/^usr\/share\/(man|locale|info|lintian|doc-base|bug|help)\//.test(f.path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function encode(files) {
  let before = '';
  return files
    .map(({ type, mode, owner, size, path, link }) => {
      let same = 0;
      while (same < path.length && path[same] === before[same]) same++;
      before = path;
      const hard = type === 'h' ? 'h' : type;
      return [`${hard}${mode}${owner && `@${owner}`}`, hard === '-' ? size : '', `${same}:${path.slice(same)}`, link]
        .join('\t')
        .replace(/\t$/, '');
    })
    .join('\n');
}

const keep = [
  'Version',
  'Priority',
  'Section',
  'Essential',
  'Installed-Size',
  'Size',
  'Pre-Depends',
  'Depends',
  'Recommends',
  'Suggests',
  'Provides',
  'Conflicts',
  'Breaks',
  'Replaces',
  'Description',
];
const packages = {};
const lists = {};
for (const deb of readdirSync(work)
  .filter((f) => f.endsWith('.deb'))
  .sort()) {
  const fields = fieldsOf(
    apt('dpkg-deb', '-I', join(work, deb))
      .split('\n')
      .map((l) => l.replace(/^ /, ''))
      .join('\n'),
  );
  const size = known.get(fields.Package)?.Size;
  packages[fields.Package] = Object.fromEntries(
    [['Architecture', fields.Architecture], ...keep.map((k) => [k, k === 'Size' ? size : fields[k]])].filter(
      ([, v]) => v !== undefined,
    ),
  );
  lists[fields.Package] = encode(fileList(join(work, deb)));
  const conf = spawnSync('dpkg-deb', ['-I', join(work, deb), 'conffiles'], { encoding: 'utf8' }).stdout;
  if (conf)
    packages[fields.Package].Conffiles = conf
      .trim()
      .split('\n')
      .map((l) => l.trim())
      .join(' ');
}
rmSync(work, { recursive: true });
mkdirSync(out, { recursive: true });
const isBase = new Set();
const closure = (name) => {
  const real = packages[name] ? name : providers.get(name)?.find((p) => packages[p]);
  if (!real || isBase.has(real)) return;
  isBase.add(real);
  for (const dep of `${packages[real]['Pre-Depends'] ?? ''},${packages[real].Depends ?? ''}`.split(','))
    closure(dep.trim().split('|')[0].trim().split(/[ :(]/)[0]);
};
base.forEach(closure);
const write = (file, value) => writeFileSync(join(out, file), `${JSON.stringify(value)}\n`);
write('debian-packages.json', packages);
write('debian-base-files.json', Object.fromEntries(Object.entries(lists).filter(([n]) => isBase.has(n))));
for (const [name, list] of Object.entries(lists))
  if (!isBase.has(name)) {
    mkdirSync(join(out, 'files'), { recursive: true });
    writeFileSync(join(out, 'files', `${name}.txt`), `${list}\n`);
  }
console.log(`${Object.keys(packages).length} written, ${isBase.size} of the base system`);
