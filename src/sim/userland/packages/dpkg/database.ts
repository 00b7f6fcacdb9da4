/** dpkg's database: /var/lib/dpkg/status, info/*, triggers. Loaded whole, saved whole. */
import type { Sys } from '../../../kernel/sys.ts';
import { formatStanza, parseStanzas, type Stanza } from '../deb822.ts';
import { makeDirectories, readText, removeQuietly, writeText } from '../sys-files.ts';

const root = '/var/lib/dpkg';

/** dpkg(1), "Package states". */
export type PackageState =
  | 'not-installed'
  | 'config-files'
  | 'half-installed'
  | 'unpacked'
  | 'half-configured'
  | 'triggers-pending'
  | 'installed';

export class InstalledPackage {
  constructor(readonly stanza: Stanza) {}
  get name(): string {
    return this.field('Package');
  }
  get version(): string {
    return this.field('Version');
  }
  get architecture(): string {
    return this.field('Architecture');
  }
  get state(): PackageState {
    return (this.field('Status').split(' ')[2] || 'not-installed') as PackageState;
  }
  get want(): string {
    return this.field('Status').split(' ')[0] || 'unknown';
  }
  /** Its files are there, configured or not. */
  get present(): boolean {
    return this.state !== 'config-files' && this.state !== 'not-installed';
  }
  field(name: string): string {
    return this.stanza.get(name) ?? '';
  }
  setState(want: string, state: PackageState): void {
    this.stanza.set('Status', `${want} ok ${state}`);
  }
}

export class Database {
  readonly packages = new Map<string, InstalledPackage>();
  private readonly lists = new Map<string, string[]>();
  /** Trigger -> package; forgotten when any info file changes. */
  private interests: [string, string][] | undefined;

  constructor(private readonly sys: Sys) {
    for (const stanza of parseStanzas(readText(sys, `${root}/status`) ?? '')) {
      const installed = new InstalledPackage(stanza);
      this.packages.set(installed.name, installed);
    }
  }

  /** Undefined when it is not there, or only its configuration is. */
  installed(name: string): InstalledPackage | undefined {
    const found = this.packages.get(name);
    return found?.present ? found : undefined;
  }

  save(): void {
    const names = [...this.packages.keys()].sort();
    const text = names.map((name) => formatStanza(this.packages.get(name)!.stanza)).join('\n');
    makeDirectories(this.sys, `${root}/info`);
    writeText(this.sys, `${root}/status-new`, `${text}\n`);
    if (readText(this.sys, `${root}/status`) !== undefined) {
      removeQuietly(this.sys, `${root}/status-old`);
      this.sys.link(`${root}/status`, `${root}/status-old`);
    }
    this.sys.rename(`${root}/status-new`, `${root}/status`);
  }

  infoPath(name: string, kind: string): string {
    return `${root}/info/${name}.${kind}`;
  }
  info(name: string, kind: string): string | undefined {
    return readText(this.sys, this.infoPath(name, kind));
  }
  setInfo(name: string, kind: string, text: string, mode = 0o644): void {
    if (kind === 'triggers') this.interests = undefined;
    makeDirectories(this.sys, `${root}/info`);
    writeText(this.sys, this.infoPath(name, kind), text, mode);
  }
  removeInfo(name: string, kinds: readonly string[]): void {
    for (const kind of kinds) removeQuietly(this.sys, this.infoPath(name, kind));
    this.lists.delete(name);
  }

  /** Absolute paths of a package's files, as its .list has them; `/.` first. */
  files(name: string): string[] {
    let list = this.lists.get(name);
    if (!list) {
      list = (this.info(name, 'list') ?? '').split('\n').filter(Boolean);
      this.lists.set(name, list);
    }
    return list;
  }
  setFiles(name: string, paths: readonly string[]): void {
    this.lists.set(name, [...paths]);
    this.setInfo(name, 'list', paths.length > 0 ? `${paths.join('\n')}\n` : '');
  }

  conffiles(name: string): string[] {
    return (this.info(name, 'conffiles') ?? '').split('\n').filter(Boolean);
  }

  /** How many files and directories all packages have, shared ones counted once. */
  countFiles(): number {
    const all = new Set<string>();
    for (const name of this.packages.keys()) for (const path of this.files(name)) all.add(path);
    return all.size;
  }

  /** Other packages that own a path. */
  owners(path: string, except?: string): string[] {
    return [...this.packages.keys()].filter((name) => name !== except && this.files(name).includes(path));
  }

  /** Packages interested in a trigger name, or (names that begin with /) in the files below a directory. */
  interested(event: string): string[] {
    this.interests ??= [...this.packages.keys()].flatMap((name) => {
      const text = this.installed(name) && this.info(name, 'triggers');
      const found = text ? [...text.matchAll(/^interest(?:-\w+)?\s+(\S+)/gm)] : [];
      return found.map(([, wanted]): [string, string] => [wanted!, name]);
    });
    return this.interests
      .filter(([wanted]) => (wanted.startsWith('/') ? event.startsWith(`${wanted}/`) : wanted === event))
      .map(([, name]) => name);
  }
}
