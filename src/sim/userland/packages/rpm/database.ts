/**
 * /var/lib/rpm/Packages: the headers of what is installed.
 *
 * Differs from RPM: the file is one header after the other, as `rpm --exportdb` writes them, not a Berkeley DB, and
 * there are no indices beside it.
 */
import { type RpmCapability, type RpmHeader, readRpmHeader, rpmHeaderBytes } from '../../../../archive/index.ts';
import { BytesContent, contentBytes, joinContents } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { makeDirectories, readContent, writeContent } from '../sys-files.ts';
import { satisfies } from './version.ts';

const path = '/var/lib/rpm/Packages';

/** usr-merge: /bin/sh and /usr/bin/sh are the same file. */
export const mergedPath = (file: string): string => file.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/');

export class RpmDatabase {
  /** Sorted by name. */
  packages: RpmHeader[] = [];

  constructor(
    private readonly sys: Sys,
    private readonly root = '',
  ) {
    const content = readContent(sys, root + path);
    const bytes = content ? contentBytes(content) : new Uint8Array(0);
    for (let at = 0; at < bytes.length; ) {
      const { header, end } = readRpmHeader(bytes, at);
      this.packages.push(header);
      at = end;
    }
  }

  save(): void {
    makeDirectories(this.sys, `${this.root}/var/lib/rpm`);
    const all = joinContents(this.packages.map((header) => new BytesContent(rpmHeaderBytes(header))));
    writeContent(this.sys, this.root + path, new BytesContent(contentBytes(all)));
  }

  add(header: RpmHeader): void {
    this.packages.push(header);
    this.packages.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  remove(header: RpmHeader): void {
    this.packages = this.packages.filter((one) => one !== header);
  }

  named = (name: string): RpmHeader[] => this.packages.filter((one) => one.name === name);

  /** `name`, `name.arch`, `name-version`, `name-version-release`, `name-version-release.arch`. */
  labelled(label: string): RpmHeader[] {
    const plain = label.replace(/^\d+:/, '');
    return this.packages.filter((one) => labels(one).includes(plain));
  }

  owners(file: string): RpmHeader[] {
    const wanted = mergedPath(file);
    return this.packages.filter(({ files }) => files.some((one) => one.path === wanted));
  }

  /** Those that meet a requirement. */
  providers = (wanted: RpmCapability): RpmHeader[] => this.packages.filter((one) => provides(one, wanted));

  /** What of the installed requires something that only these give, and what it is. */
  brokenWithout(gone: ReadonlySet<RpmHeader>, added: readonly RpmHeader[] = []): [RpmHeader, RpmCapability][] {
    const rest = this.packages.filter((one) => !gone.has(one));
    return rest.flatMap((one) =>
      one.requires
        .filter(
          (wanted) =>
            [...gone].some((header) => provides(header, wanted)) &&
            ![...rest, ...added].some((header) => provides(header, wanted)),
        )
        .map((wanted): [RpmHeader, RpmCapability] => [one, wanted]),
    );
  }
}

export const labels = ({ name, version, release, arch }: RpmHeader): string[] => [
  name,
  `${name}.${arch}`,
  `${name}-${version}`,
  `${name}-${version}-${release}`,
  `${name}-${version}-${release}.${arch}`,
];

export function provides(header: RpmHeader, wanted: RpmCapability): boolean {
  if (header.provides.some((given) => satisfies(given, wanted))) return true;
  if (!wanted.name.startsWith('/')) return false;
  const path = mergedPath(wanted.name);
  return header.files.some((file) => file.path === path);
}
