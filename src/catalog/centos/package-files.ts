/** A CentOS package as its facts tell: header and contents. */
import { type RpmFile, type RpmHeader, rpmFileFlag } from '../../archive/index.ts';
import { digestOf } from '../../content/index.ts';
import { type Content, emptyContent, programFile, textContent } from '../../spec/index.ts';
import { fileContent, seedOf } from '../file-content.ts';
import type { FactFile, PackageFacts } from './package-facts.ts';
import { centosScripts, centosTexts } from './texts.ts';

export interface RpmParts {
  header: RpmHeader;
  /** One for each of the header's files; undefined for what has no bytes. */
  contents: (Content | undefined)[];
}

const modes: Readonly<Record<string, number>> = {
  'etc/shadow': 0o000,
  'etc/gshadow': 0o000,
  'etc/sudoers': 0o440,
  'usr/bin/su': 0o4755,
  'usr/bin/sudo': 0o4111,
  'usr/bin/passwd': 0o4755,
  'usr/bin/mount': 0o4755,
  'usr/bin/umount': 0o4755,
  'usr/bin/chage': 0o4755,
  'usr/bin/gpasswd': 0o4755,
  'usr/bin/newgrp': 0o4755,
  'usr/bin/write': 0o2755,
};

/** Small texts get a digest in the header, as rpm -V compares them; nobody reads the rest. */
const digested = 16_384;

/** `scale` stretches what is made up, so that an image weighs what the real one does. */
export function rpmParts(facts: PackageFacts, mtime: number, scale = 1): RpmParts {
  const contents = contentsOf(facts, scale);
  const files = facts.files.map((file, i) => rpmFile(file, contents[i], mtime));
  const order = files.map((_, i) => i).sort((a, b) => (files[a]!.path < files[b]!.path ? -1 : 1));
  return {
    contents: order.map((i) => contents[i]),
    header: {
      name: facts.name,
      epoch: facts.epoch,
      version: facts.version,
      release: facts.release,
      arch: facts.arch,
      summary: facts.summary,
      description: `${facts.summary}.`,
      license: facts.license,
      group: 'Unspecified',
      url: '',
      vendor: facts.repository === 'epel' ? 'Fedora Project' : 'CentOS',
      sourceRpm: `${facts.name}-${facts.version}-${facts.release}.src.rpm`,
      buildHost: 'drydock',
      buildTime: mtime,
      installTime: undefined,
      size: facts.installed,
      requires: facts.requires,
      provides: facts.provides,
      conflicts: [],
      obsoletes: [],
      scripts: centosScripts[facts.name] ?? {},
      files: order.map((i) => files[i]!),
    },
  };
}

function contentsOf(facts: PackageFacts, scale: number): (Content | undefined)[] {
  const texts = facts.files.map(({ path }) => centosTexts.get(path));
  const written = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  const blank = facts.files.filter(({ kind }, i) => kind === 'file' && texts[i] === undefined);
  const small = blank.filter((file) => isSmall(file));
  const large = blank.filter((file) => !isSmall(file));
  const bulk = large.find(({ bulk }) => bulk);
  const left = Math.max(0, facts.installed - written - small.length * smallSize) * scale;
  const share = bulk ? Math.min(48_000, left / (2 * large.length)) : left / Math.max(1, large.length);
  return facts.files.map((file, i) => {
    if (file.kind !== 'file') return undefined;
    const text = texts[i];
    if (text !== undefined) return text === '' ? emptyContent : textContent(text);
    const size = isSmall(file) ? smallSize : file === bulk ? left - share * (large.length - 1) : share;
    return made(file, Math.round(size));
  });
}

/** A file of a few lines: configuration, and what no machine runs. */
const smallSize = 480;
const isSmall = (file: FactFile): boolean =>
  !file.bulk && !file.executable && /^etc\/|\.(service|preset|h|py|pm|conf|repo|html|png|jpg|gif|o)$/.test(file.path);

function made(file: FactFile, size: number): Content {
  if (file.program) return programFile(file.program, size, seedOf(`centos/${file.path}`));
  return fileContent(file.path, size, centosTexts, () => undefined, file.executable ? 0o755 : 0o644);
}

function rpmFile(file: FactFile, content: Content | undefined, mtime: number): RpmFile {
  const bits = { file: 0o100000, directory: 0o040000, symlink: 0o120000 }[file.kind];
  const permissions =
    file.kind === 'symlink'
      ? 0o777
      : (modes[file.path] ??
        (file.kind === 'directory' || file.executable || file.path === 'usr/sbin/apachectl' ? 0o755 : 0o644));
  return {
    path: `/${file.path}`,
    mode: bits | permissions,
    size: content?.size ?? (file.kind === 'symlink' ? file.link.length : 4096),
    mtime,
    user: 'root',
    group: 'root',
    flags: file.config ? rpmFileFlag.config | rpmFileFlag.noreplace : 0,
    link: file.link,
    digest: content && file.config && content.size <= digested ? digestOf(content).slice('sha256:'.length) : '',
  };
}

/** `name-version-release.arch`, as the package's file is called. */
export const rpmName = ({ name, version, release, arch }: PackageFacts): string =>
  `${name}-${version}-${release}.${arch}`;

/** `[epoch:]version-release` */
export const evrOf = ({ epoch, version, release }: Pick<PackageFacts, 'epoch' | 'version' | 'release'>): string =>
  `${epoch === undefined ? '' : `${epoch}:`}${version}-${release}`;
