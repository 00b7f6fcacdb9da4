/** Carries a plan out: says it, asks, fetches the archives, and runs dpkg over them. */
import { TarError } from '../../../../archive/index.ts';
import type { Content } from '../../../../spec/index.ts';
import { DpkgSession } from '../dpkg/session.ts';
import {
  exists,
  listNames,
  makeDirectories,
  readContent,
  readText,
  removeQuietly,
  writeContent,
} from '../sys-files.ts';
import { Acquire } from './acquire.ts';
import { type AptCache, type Candidate, field } from './cache.ts';
import type { AptConfig } from './config.ts';
import type { Plan } from './resolve.ts';
import { shownUri } from './sources.ts';
import { type AptTerminal, shortSize } from './terminal.ts';
import { runHooks } from './update.ts';

export interface TransactionOptions {
  yes: boolean;
  downloadOnly?: boolean;
  simulate?: boolean;
  reinstall?: boolean;
  purge?: boolean;
  /** Show "Need to get" even when nothing that was not named comes along. */
  always?: boolean;
  upgradableKept: number;
}

const archives = '/var/cache/apt/archives';

export class Transaction {
  private readonly installing: Candidate[];
  private readonly upgraded: string[];
  private readonly fresh: string[];

  constructor(
    private readonly terminal: AptTerminal,
    private readonly config: AptConfig,
    private readonly cache: AptCache,
    private readonly plan: Plan,
    private readonly options: TransactionOptions,
  ) {
    this.installing = plan.install;
    const names = plan.install.map((one) => field(one, 'Package'));
    this.upgraded = names.filter((name) => cache.db.installed(name)).sort();
    this.fresh = names.filter((name) => !cache.db.installed(name)).sort();
  }

  /** Exit status. */
  async run(named: ReadonlySet<string>): Promise<number> {
    await this.announce(named);
    if (this.installing.length === 0 && this.plan.remove.length === 0) return 0;
    if (this.options.simulate) return this.simulate();
    await this.sizes();
    if (this.needsConsent(named) && !(await this.terminal.confirm('Do you want to continue?'))) return 1;
    const files = await this.fetch();
    if (!files) return 100;
    if (this.options.downloadOnly) {
      await this.terminal.say('Download complete and in download only mode\n');
      return 0;
    }
    return this.dpkg(files);
  }

  private async announce(named: ReadonlySet<string>): Promise<void> {
    const { terminal, plan, options } = this;
    const extra = this.fresh.filter((name) => !named.has(name));
    await terminal.names('The following additional packages will be installed:', extra);
    await terminal.names('Suggested packages:', plan.suggested);
    await terminal.names('Recommended packages:', plan.recommended);
    await terminal.names(
      'The following packages will be REMOVED:',
      plan.remove.map((name) => (options.purge ? `${name}*` : name)),
    );
    await terminal.names('The following NEW packages will be installed:', this.fresh);
    await terminal.names('The following packages will be upgraded:', options.reinstall ? [] : this.upgraded);
    const again = options.reinstall ? `${this.upgraded.length} reinstalled, ` : '';
    const upgraded = options.reinstall ? 0 : this.upgraded.length;
    await terminal.say(
      `${upgraded} upgraded, ${this.fresh.length} newly installed, ${again}${plan.remove.length} to remove and ${options.upgradableKept} not upgraded.\n`,
    );
  }

  private async sizes(): Promise<void> {
    const wanted = this.installing.filter((one) => !exists(this.terminal.sys, this.archivePath(one)));
    const all = this.installing.reduce((sum, one) => sum + Number(field(one, 'Size')), 0);
    const left = wanted.reduce((sum, one) => sum + Number(field(one, 'Size')), 0);
    if (left !== all) await this.terminal.say(`Need to get ${shortSize(left)}B/${shortSize(all)}B of archives.\n`);
    else if (all > 0) await this.terminal.say(`Need to get ${shortSize(all)}B of archives.\n`);
    const { db } = this.cache;
    const kib = (text: string): number => Number(text || 0) * 1024;
    let change = 0;
    for (const one of this.installing) {
      change +=
        kib(field(one, 'Installed-Size')) - kib(db.installed(field(one, 'Package'))?.field('Installed-Size') ?? '');
    }
    for (const name of this.plan.remove) change -= kib(db.installed(name)!.field('Installed-Size'));
    await this.terminal.say(
      change >= 0
        ? `After this operation, ${shortSize(change)}B of additional disk space will be used.\n`
        : `After this operation, ${shortSize(-change)}B disk space will be freed.\n`,
    );
  }

  private needsConsent(named: ReadonlySet<string>): boolean {
    if (this.options.yes || this.terminal.quiet >= 2) return false;
    const onlyNamed = this.fresh.every((name) => named.has(name)) && this.upgraded.every((name) => named.has(name));
    return this.plan.remove.length > 0 || !onlyNamed || this.options.always === true;
  }

  private archivePath(one: Candidate): string {
    // apt keeps the epoch in the name, its colon escaped.
    const version = field(one, 'Version').replace(':', '%3a');
    return `${archives}/${field(one, 'Package')}_${version}_${field(one, 'Architecture')}.deb`;
  }

  /** Undefined when something could not be had. */
  private async fetch(): Promise<Map<Candidate, Content> | undefined> {
    const { sys } = this.terminal;
    makeDirectories(sys, `${archives}/partial`, 0o700);
    const acquire = new Acquire(this.terminal);
    const files = new Map<Candidate, Content>();
    for (const one of this.installing) {
      const path = this.archivePath(one);
      const cached = readContent(sys, path);
      if (cached) {
        files.set(one, cached);
        continue;
      }
      const url = `${one.source.uri}${field(one, 'Filename')}`;
      const words = `${one.source.suite}/${one.component} amd64 ${field(one, 'Package')} ${field(one, 'Architecture')} ${field(one, 'Version')}`;
      const got = await acquire.get(url, `${shownUri(one.source)} ${words}`, { size: Number(field(one, 'Size')) });
      if (got.kind !== 'got') continue;
      writeContent(sys, path, got.content);
      files.set(one, got.content);
    }
    if (acquire.failures.length > 0) {
      for (const { url, message } of acquire.failures) await this.terminal.error(`Failed to fetch ${url}  ${message}`);
      await this.terminal.error('Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?');
      return undefined;
    }
    await acquire.summary();
    return files;
  }

  private async dpkg(files: ReadonlyMap<Candidate, Content>): Promise<number> {
    const { sys } = this.terminal;
    if (this.installing.length > 0) await this.preconfigure();
    const force = new Set(this.config.list('DPkg::Options').flatMap((one) => /^--force-(.+)$/.exec(one)?.[1] ?? []));
    const session = new DpkgSession(sys, { progress: this.terminal.quiet < 2, force });
    for (const name of this.plan.remove) await session.remove(name, this.options.purge ?? false);
    let number = 0;
    for (const one of this.installing) {
      try {
        await session.unpack(files.get(one)!, this.shownArchive(one, number++));
      } catch (error) {
        if (!(error instanceof TarError)) throw error;
        await sys.write(2, `dpkg-deb: error: ${this.archivePath(one)}: ${error.message}\n`);
        session.failed.push(this.archivePath(one));
      }
    }
    for (const one of this.installing) await session.configure(field(one, 'Package'));
    await session.triggers();
    this.recordAutomatic();
    const status = await session.finish();
    await runHooks(this.terminal, this.config, 'DPkg::Post-Invoke');
    if (status === 0) return 0;
    await this.terminal.error('Sub-process /usr/bin/dpkg returned an error code (1)');
    return 100;
  }

  /** apt gives dpkg a directory of numbered links when there are five archives or more. */
  private shownArchive(one: Candidate, number: number): string {
    const name = this.archivePath(one).slice(archives.length + 1);
    const count = this.installing.length;
    if (count < 5) return `.../${name}`;
    return `.../${String(number).padStart(String(count - 1).length, '0')}-${name}`;
  }

  /** 70debconf's hook: dpkg-preconfigure needs apt-extracttemplates, which is in apt-utils. */
  private async preconfigure(): Promise<void> {
    const { sys } = this.terminal;
    if (readText(sys, '/etc/apt/apt.conf.d/70debconf') === undefined) return;
    if (exists(sys, '/usr/bin/apt-extracttemplates')) return;
    await sys.write(2, 'debconf: delaying package configuration, since apt-utils is not installed\n');
  }

  private recordAutomatic(): void {
    for (const name of this.plan.automatic) this.cache.automatic.add(name);
    for (const name of this.plan.remove) this.cache.automatic.delete(name);
    this.cache.saveAutomatic();
  }

  private async simulate(): Promise<number> {
    const origin = (one: Candidate): string => `${one.archive} [${field(one, 'Architecture')}]`;
    for (const name of this.plan.remove) {
      await this.terminal.print(`Remv ${name} [${this.cache.installedVersion(name)}]\n`);
    }
    for (const one of this.installing)
      await this.terminal.print(`Inst ${field(one, 'Package')} (${field(one, 'Version')} ${origin(one)})\n`);
    for (const one of this.installing)
      await this.terminal.print(`Conf ${field(one, 'Package')} (${field(one, 'Version')} ${origin(one)})\n`);
    return 0;
  }
}

/** apt-get clean. */
export function clean({ sys }: AptTerminal): void {
  for (const directory of [archives, `${archives}/partial`]) {
    for (const name of listNames(sys, directory)) if (name.endsWith('.deb')) removeQuietly(sys, `${directory}/${name}`);
  }
  for (const name of ['pkgcache.bin', 'srcpkgcache.bin']) removeQuietly(sys, `/var/cache/apt/${name}`);
}
