/** One run of dpkg: unpacks, configures, removes; prints what dpkg prints. apt runs it in process. */
import { type Content, isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { formatDependency, fulfils, parseRelations } from '../relation.ts';
import { removeQuietly } from '../sys-files.ts';
import { compareVersions } from '../version.ts';
import { type DebArchive, openDeb } from './archive.ts';
import { Database, InstalledPackage } from './database.ts';
import { Extractor } from './extract.ts';

const scriptKinds = [
  'preinst',
  'postinst',
  'prerm',
  'postrm',
  'config',
  'templates',
  'triggers',
  'shlibs',
  'symbols',
  'md5sums',
  'conffiles',
];

export interface SessionOptions {
  /** Show the percentages of reading the database (dpkg on a terminal, or under apt's pseudo terminal). */
  progress?: boolean;
  /** DEBIAN_FRONTEND and so on for scripts. */
  env?: Record<string, string>;
  force?: ReadonlySet<string>;
}

export class DpkgSession {
  readonly db: Database;
  readonly failed: string[] = [];
  private readonly pending = new Set<string>();
  private readonly extractor: Extractor;
  private counted = false;

  constructor(
    readonly sys: Sys,
    private readonly options: SessionOptions = {},
  ) {
    this.db = new Database(sys);
    this.extractor = new Extractor(sys);
  }

  private out(text: string): Promise<void> {
    return this.sys.write(1, text);
  }
  private err(text: string): Promise<void> {
    return this.sys.write(2, text);
  }

  /** "(Reading database ...", once. */
  private async readDatabase(): Promise<void> {
    if (this.counted) return;
    this.counted = true;
    const steps = this.options.progress
      ? Array.from({ length: 20 }, (_, i) => `\r(Reading database ... ${(i + 1) * 5}%`).join('')
      : '';
    const again = this.options.progress ? '\r(Reading database ... ' : '';
    const total = this.db.countFiles();
    await this.out(`(Reading database ... ${steps}${again}${total} files and directories currently installed.)\n`);
  }

  /** Unpacks an archive; `shown` is its path in the message. Throws TarError on what is none. */
  async unpack(content: Content, shown: string): Promise<InstalledPackage | undefined> {
    const deb = openDeb(content);
    const name = deb.stanza.get('Package')!;
    const version = deb.stanza.get('Version')!;
    const old = this.db.packages.get(name);
    if (!old?.present) await this.out(`Selecting previously ${old ? 'deselected' : 'unselected'} package ${name}.\n`);
    await this.readDatabase();
    await this.out(`Preparing to unpack ${shown} ...\n`);
    if (old?.present) {
      if ((await this.script(name, 'prerm', ['upgrade', version])) !== 0) return this.fail(name, 'pre-removal');
      const kind = compareVersions(version, old.version) < 0 ? 'Downgrading' : 'Unpacking';
      if (kind === 'Downgrading') {
        await this.err(`dpkg: warning: downgrading ${name} from ${old.version} to ${version}\n`);
      }
      await this.out(`Unpacking ${name} (${version}) over (${old.version}) ...\n`);
    } else await this.out(`Unpacking ${name} (${version}) ...\n`);
    return this.place(name, deb, old);
  }

  private place(name: string, deb: DebArchive, old: InstalledPackage | undefined): InstalledPackage {
    const before = old?.present ? this.db.files(name) : [];
    const conffiles = new Set((deb.scripts.get('conffiles')?.text ?? '').split('\n').filter(Boolean));
    const paths: string[] = [];
    for (const entry of deb.entries) {
      const path = entry.name.replace(/^\.\/?/, '/').replace(/\/$/, '') || '/.';
      paths.push(path);
      if (this.extractor.excluded(path) && entry.type !== 'directory') continue;
      if (path !== '/.') this.extractor.extract(entry, conffiles.has(path) ? '.dpkg-new' : undefined);
    }
    const now = new Set(paths);
    for (const path of before.toReversed()) if (!now.has(path) && !conffiles.has(path)) this.removePath(name, path);
    this.db.setFiles(name, paths);
    this.db.removeInfo(name, scriptKinds);
    for (const [kind, { text, mode }] of deb.scripts) if (kind !== 'control') this.db.setInfo(name, kind, text, mode);
    const stanza = new Map<string, string>([['Package', name]]);
    stanza.set('Status', 'install ok unpacked');
    for (const [field, value] of deb.stanza) if (field !== 'Package') stanza.set(field, value);
    if (old?.field('Config-Version') || old?.present) stanza.set('Config-Version', old.version);
    const installed = new InstalledPackage(stanza);
    this.db.packages.set(name, installed);
    this.db.save();
    this.activate(name, deb, paths);
    return installed;
  }

  /** Notes the triggers that a package sets off, by name and by its files. */
  private activate(name: string, deb: DebArchive, paths: readonly string[]): void {
    const named = [...(deb.scripts.get('triggers')?.text ?? '').matchAll(/^activate(?:-\w+)?\s+(\S+)/gm)];
    for (const [, event] of named) for (const other of this.db.interested(event!)) this.pending.add(other);
    this.activatePaths(name, paths);
  }

  private activatePaths(name: string, paths: readonly string[]): void {
    for (const path of paths) {
      if (!/^\/usr\/share\/(man|icons|mime|dbus-1)\//.test(path)) continue;
      for (const other of this.db.interested(path)) if (other !== name) this.pending.add(other);
    }
  }

  /** False when it failed. */
  async configure(name: string): Promise<boolean> {
    const installed = this.db.installed(name);
    if (!installed || installed.state === 'installed') return true;
    const unmet = this.unmet(installed);
    if (unmet.length > 0 && !this.options.force?.has('depends')) {
      await this.err(
        `dpkg: dependency problems prevent configuration of ${name}:\n${unmet.join('')}\ndpkg: error processing package ${name} (--configure):\n dependency problems - leaving unconfigured\n`,
      );
      this.failed.push(name);
      return false;
    }
    await this.out(`Setting up ${name} (${installed.version}) ...\n`);
    await this.placeConffiles(name);
    installed.setState('install', 'half-configured');
    const status = await this.script(name, 'postinst', ['configure', installed.field('Config-Version')]);
    if (status !== 0) {
      this.db.save();
      await this.err(
        `dpkg: error processing package ${name} (--configure):\n installed ${name} package post-installation script subprocess returned error exit status ${status}\n`,
      );
      this.failed.push(name);
      return false;
    }
    installed.setState('install', 'installed');
    installed.stanza.delete('Config-Version');
    this.db.save();
    return true;
  }

  /** Lines that name what a package lacks. */
  private unmet(installed: InstalledPackage): string[] {
    const present = [...this.db.packages.values()].filter((other) => other.present);
    return parseRelations(installed.field('Depends'))
      .filter((group) =>
        group.every((one) => !present.some((p) => fulfils(p.name, p.version, p.field('Provides'), one))),
      )
      .map((group) => {
        const wanted = group.map(formatDependency).join(' | ');
        const found = this.db.installed(group[0]!.name);
        const why = found
          ? `Version of ${found.name} on system is ${found.version}.`
          : `Package ${group[0]!.name} is not installed.`;
        return ` ${installed.name} depends on ${wanted}; however:\n  ${why}\n`;
      });
  }

  /** A configuration file that was changed by hand stays (the new one is put aside as .dpkg-dist). */
  private async placeConffiles(name: string): Promise<void> {
    for (const path of this.db.conffiles(name)) {
      const fresh = `${path}.dpkg-new`;
      try {
        this.sys.lstat(fresh);
      } catch (error) {
        if (isErrno(error)) continue;
        throw error;
      }
      const exists = this.isFile(path);
      // Differs from Debian: no record of the file's old digest is kept, so a file that is there counts as changed.
      if (exists && !this.options.force?.has('confnew')) {
        if (this.sameFile(path, fresh)) this.sys.unlink(fresh);
        else this.sys.rename(fresh, `${path}.dpkg-dist`);
      } else this.sys.rename(fresh, path);
    }
  }

  private isFile(path: string): boolean {
    try {
      this.sys.lstat(path);
      return true;
    } catch (error) {
      if (isErrno(error)) return false;
      throw error;
    }
  }

  private sameFile(a: string, b: string): boolean {
    const read = (path: string): string => {
      const fd = this.sys.openSync(path);
      try {
        return this.sys.pread(fd, 0, this.sys.fstat(fd).size).join();
      } finally {
        this.sys.close(fd);
      }
    };
    return read(a) === read(b);
  }

  /** Runs the triggers that are pending. */
  async triggers(): Promise<void> {
    for (const name of [...this.pending]) {
      const installed = this.db.installed(name);
      this.pending.delete(name);
      if (installed?.state !== 'installed') continue;
      await this.out(`Processing triggers for ${name} (${installed.version}) ...\n`);
      await this.script(name, 'postinst', ['triggered', '']);
    }
  }

  /** Takes the files away; with `purge` the configuration too. */
  async remove(name: string, purge: boolean): Promise<boolean> {
    const installed = this.db.packages.get(name);
    if (!installed || installed.state === 'not-installed') {
      await this.err(`dpkg: warning: ignoring request to remove ${name} which isn't installed\n`);
      return true;
    }
    await this.readDatabase();
    if (installed.present) await this.removeFiles(installed);
    if (purge) await this.purge(installed);
    return true;
  }

  private async removeFiles(installed: InstalledPackage): Promise<void> {
    const { name } = installed;
    await this.out(`Removing ${name} (${installed.version}) ...\n`);
    await this.script(name, 'prerm', ['remove']);
    const conffiles = new Set(this.db.conffiles(name));
    const files = this.db.files(name);
    this.activatePaths(name, files);
    const kept: string[] = [];
    for (const path of files.toReversed()) {
      if (conffiles.has(path) || !this.removePath(name, path)) {
        if (conffiles.has(path) || [...conffiles].some((conf) => conf.startsWith(`${path}/`))) kept.push(path);
      }
    }
    await this.script(name, 'postrm', ['remove']);
    if (conffiles.size > 0) {
      installed.setState('deinstall', 'config-files');
      this.db.setFiles(name, ['/.', ...kept.filter((path) => path !== '/.').toReversed()]);
      this.db.removeInfo(name, ['preinst', 'postinst', 'prerm', 'triggers', 'shlibs', 'symbols', 'md5sums']);
    } else this.forget(name);
    this.db.save();
  }

  private async purge(installed: InstalledPackage): Promise<void> {
    const { name } = installed;
    if (!this.db.packages.has(name)) return;
    await this.out(`Purging configuration files for ${name} (${installed.version}) ...\n`);
    const files = this.db.files(name);
    for (const path of this.db.conffiles(name)) removeQuietly(this.sys, path);
    for (const path of files.toReversed()) this.removePath(name, path);
    await this.script(name, 'postrm', ['purge']);
    this.forget(name);
    this.db.save();
  }

  private forget(name: string): void {
    this.db.removeInfo(name, ['list', ...scriptKinds]);
    this.db.packages.delete(name);
  }

  /** True when it is gone. Directories stay while they hold anything or others have them too. */
  private removePath(name: string, path: string): boolean {
    if (path === '/.' || this.db.owners(path, name).length > 0) return false;
    try {
      const directory = (this.sys.lstat(path).mode & 0o170000) === 0o040000;
      if (directory) this.sys.rmdir(path);
      else this.sys.unlink(path);
      return true;
    } catch (error) {
      if (isErrno(error)) return error.code === 'ENOENT';
      throw error;
    }
  }

  private async fail(name: string, which: string): Promise<undefined> {
    await this.err(
      `dpkg: error processing package ${name} (--unpack):\n old ${name} package ${which} script subprocess returned an error\n`,
    );
    this.failed.push(name);
    return undefined;
  }

  /** Exit status of a maintainer script; 0 when there is none. */
  private async script(name: string, kind: string, args: readonly string[]): Promise<number> {
    const path = this.db.infoPath(name, kind);
    if (!this.isFile(path)) return 0;
    const env = { ...this.sys.env, ...this.options.env, DPKG_MAINTSCRIPT_PACKAGE: name, DPKG_MAINTSCRIPT_NAME: kind };
    try {
      const pid = await this.sys.spawn(path, [path, ...args.filter((arg, i) => i === 0 || arg !== '')], { env });
      const result = await this.sys.wait(pid);
      return result?.signal ? 128 + result.signal : (result?.code ?? 0);
    } catch (error) {
      if (!isErrno(error)) throw error;
      await this.err(`dpkg (subprocess): unable to execute ${path}: ${error.message}\n`);
      return 2;
    }
  }

  /** "Errors were encountered while processing:"; the exit status. */
  async finish(): Promise<number> {
    if (this.failed.length === 0) return 0;
    await this.err(`Errors were encountered while processing:\n${this.failed.map((name) => ` ${name}\n`).join('')}`);
    return 1;
  }
}
