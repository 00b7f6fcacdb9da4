/** A transaction of yum: shown, confirmed, downloaded, run, told. */
import { type RpmHeader, readRpm } from '../../../../archive/index.ts';
import { digestOf } from '../../../../content/index.ts';
import { type Content, textContent } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import type { RpmDatabase } from '../rpm/database.ts';
import { type RpmPackage, RpmTransaction } from '../rpm/transaction.ts';
import { epochNevra, shortEvr } from '../rpm/version.ts';
import {
  appendText,
  exists,
  listNames,
  makeDirectories,
  readContent,
  readText,
  removeQuietly,
  writeContent,
  writeText,
} from '../sys-files.ts';
import type { AvailablePackage } from './available.ts';
import { installOrder, longName, type Member } from './depsolve.ts';
import {
  calculateColumns,
  columnsOf,
  countLengths,
  formatColumns,
  formatDone,
  formatNumber,
  totalLine,
} from './output.ts';
import type { Repositories } from './repositories.ts';

export interface TransactionOptions {
  yes: boolean;
  no: boolean;
  quiet: boolean;
  downloadOnly: boolean;
}

const actions = [
  ['install', false, 'Installing', 'Installed'],
  ['update', false, 'Updating', 'Updated'],
  ['reinstall', false, 'Reinstalling', 'Installed'],
  ['erase', false, 'Removing', 'Removed'],
  ['install', true, 'Installing for dependencies', 'Dependency Installed'],
  ['update', true, 'Updating for dependencies', 'Dependency Updated'],
  ['reinstall', true, 'Reinstalling for dependencies', 'Dependency Installed'],
  ['erase', true, 'Removing for dependencies', 'Dependency Removed'],
] as const;

const changed = ({ next, old }: Member): AvailablePackage | RpmHeader => (next ?? old)!;

export class YumTransaction {
  private readonly members: Member[];
  private readonly columns: number;

  constructor(
    private readonly sys: Sys,
    private readonly db: RpmDatabase,
    private readonly repositories: Repositories,
    members: Iterable<Member>,
    /** Packages given as files: name -> what the file holds. */
    private readonly local: ReadonlyMap<string, RpmPackage>,
    private readonly options: TransactionOptions,
  ) {
    this.members = [...members].sort((a, b) => (changed(a).name < changed(b).name ? -1 : 1));
    this.columns = columnsOf(sys);
  }

  private say(text: string): Promise<void> {
    return this.options.quiet ? Promise.resolve() : this.sys.write(1, text);
  }

  async run(): Promise<number> {
    await this.say(this.table());
    if (!(await this.confirm())) {
      await this.sys.write(1, 'Exiting on user command\n');
      return 1;
    }
    const packages = await this.download();
    if (this.options.downloadOnly) {
      await this.say('exiting because "Download Only" specified\n');
      return 0;
    }
    await this.say(
      'Running transaction check\nRunning transaction test\nTransaction test succeeded\nRunning transaction\n',
    );
    await this.perform(packages);
    await this.say(this.told());
    return 0;
  }

  private select = (kind: Member['kind'], dependency: boolean): Member[] =>
    this.members.filter((one) => one.kind === kind && one.dependency === dependency);

  private table(): string {
    const rows = this.members.map((member) => this.row(member));
    const arch = Math.max(...rows.map((row) => row[1]!.length));
    const lengths = [0, 1, 2, 3, 4].map((i) =>
      i === 1 || i === 4 ? new Map<number, number>() : countLengths(rows.map((row) => row[i]!)),
    );
    const widths = calculateColumns(lengths, [1, arch, 1, 1, 5], 2, this.columns, 2);
    const line = (cells: readonly string[]): string =>
      formatColumns(
        cells.map((text, i): [string, number] => [text, i === 4 ? widths[i]! : -widths[i]!]),
        ' ',
        '\n',
      );
    const rule = `${'='.repeat(this.columns)}\n`;
    const parts = actions.map(([kind, dependency, title]) => {
      const some = this.select(kind, dependency);
      return some.length === 0 ? '' : `${title}:\n${some.map((member) => line(this.row(member))).join('')}`;
    });
    const head = line(['Package', 'Arch', 'Version', 'Repository', 'Size']);
    return `\nDependencies Resolved\n\n${rule}${head}${rule}${parts.join('')}\nTransaction Summary\n${rule}${this.summary()}\n`;
  }

  private row(member: Member): string[] {
    const one = changed(member);
    const repository =
      member.next?.repository ?? `@${fromRepository(this.sys, member.old!)}`.replace('@installed', 'installed');
    return [one.name, one.arch, shortEvr(one), repository, formatNumber(member.next?.packed ?? one.size)];
  }

  private summary(): string {
    const lines = (
      [
        ['Install', 'install'],
        ['Upgrade', 'update'],
        ['Remove', 'erase'],
        ['Reinstall', 'reinstall'],
      ] as const
    )
      .map(([title, kind]) => ({ title, count: this.select(kind, false).length, more: this.select(kind, true).length }))
      .filter(({ count, more }) => count > 0 || more > 0);
    const plural = (count: number, one: string): string => (count === 1 ? one : `${one}s`);
    const width = (of: (line: (typeof lines)[number]) => string): number =>
      Math.max(...lines.map((line) => of(line).length));
    const title = width((line) => line.title);
    const counts = width((line) => String(line.count));
    const packages = width((line) => plural(line.count, 'Package'));
    const mores = width((line) => (line.more > 0 ? String(line.more) : ''));
    return lines
      .map((line) => {
        const head = `${line.title.padEnd(title)}  ${(line.count > 0 ? String(line.count) : '').padStart(counts)}`;
        const name = line.count > 0 ? plural(line.count, 'Package') : '';
        if (line.more === 0) return `${head} ${name}\n`;
        const sign = line.count > 0 ? '+' : ' ';
        return `${head} ${name.padEnd(packages)} (${sign}${String(line.more).padStart(mores)} ${plural(line.more, 'Dependent package')})\n`;
      })
      .join('');
  }

  private get coming(): AvailablePackage[] {
    return this.members.flatMap(({ next }) => (next ? [next] : []));
  }

  private async confirm(): Promise<boolean> {
    const sum = (sizes: readonly number[]): string => formatNumber(sizes.reduce((all, one) => all + one, 0));
    const { coming } = this;
    if (coming.length === 0) await this.say(`Installed size: ${sum(this.members.map((one) => changed(one).size))}\n`);
    else {
      const far = coming.filter((one) => !this.local.has(one.name));
      await this.say(
        `${far.length > 0 ? 'Total download size' : 'Total size'}: ${sum(coming.map(({ packed }) => packed))}\n`,
      );
      if (this.members.every(({ kind }) => kind === 'install'))
        await this.say(`Installed size: ${sum(coming.map(({ size }) => size))}\n`);
    }
    if (this.options.yes) return true;
    if (this.options.no) return false;
    return this.ask();
  }

  private async ask(): Promise<boolean> {
    for (;;) {
      await this.sys.write(1, 'Is this ok [y/d/N]: ');
      let answer = '';
      for (;;) {
        const bytes = await this.sys.read(0, 1);
        if (bytes.length === 0 || bytes[0] === 10) break;
        answer += String.fromCharCode(bytes[0]!);
      }
      if (/^y(es)?$/i.test(answer)) return true;
      if (answer === '' || /^no?$/i.test(answer)) return false;
    }
  }

  private cacheOf = (one: AvailablePackage): string =>
    `${this.repositories.directory(one.repository)}/packages/${one.location.split('/').at(-1)}`;

  /** Name -> package, from the cache where it is there. */
  private async download(): Promise<Map<string, RpmPackage>> {
    const { sys, coming } = this;
    const packages = new Map<string, RpmPackage>(this.local);
    const far = coming.filter((one) => !this.local.has(one.name));
    if (coming.length > 0 || this.members.length > 0) await this.say('Downloading packages:\n');
    const missing = far.filter((one) => !exists(sys, this.cacheOf(one)));
    if (this.members.some(({ kind, next }) => kind === 'update' && next && missing.includes(next)))
      await this.say('Delta RPMs disabled because /usr/bin/applydeltarpm not installed.\n');
    const started = sys.monotonic();
    for (const [i, one] of missing.entries()) {
      const count = missing.length > 1 ? `(${i + 1}/${missing.length}): ` : '';
      const repository = this.repositories.enabled.find(({ id }) => id === one.repository)!;
      const content = await this.repositories.fetch(
        repository,
        one.location,
        `${count}${one.location.split('/').at(-1)}`,
      );
      if (content) this.keep(one, content);
    }
    if (missing.length > 1) {
      const bytes = missing.reduce((sum, { packed }) => sum + packed, 0);
      await this.say(
        `${'-'.repeat(this.columns)}\n${totalLine(bytes, (sys.monotonic() - started) / 1000, this.columns)}`,
      );
    }
    for (const one of far) packages.set(one.name, readRpm(readContent(sys, this.cacheOf(one))!));
    return packages;
  }

  private keep(one: AvailablePackage, content: Content): void {
    const path = this.cacheOf(one);
    makeDirectories(this.sys, path.slice(0, path.lastIndexOf('/')));
    writeContent(this.sys, path, content);
  }

  private async perform(packages: ReadonlyMap<string, RpmPackage>): Promise<void> {
    const order = installOrder(this.members);
    const replaced = order.filter(({ kind, old }) => kind !== 'install' && old);
    const erased = this.members.filter(({ kind }) => kind === 'erase').reverse();
    const total = order.length + replaced.length + erased.length;
    const transaction = new RpmTransaction(this.sys, this.db);
    let step = 0;
    for (const member of order) {
      const { next, old, kind } = member;
      await this.say(this.progress(kind === 'update' ? 'Updating' : 'Installing', next!, ++step, total));
      await transaction.install(packages.get(next!.name)!, old ? [old] : []);
    }
    for (const { old, next } of replaced) {
      await this.say(this.progress('Cleanup', old!, ++step, total));
      await transaction.erase(old!, packages.get(next!.name)!.header);
    }
    for (const { old } of erased) {
      await this.say(this.progress('Erasing', old!, ++step, total));
      await transaction.erase(old!);
    }
    this.db.save();
    this.record(packages);
    step = 0;
    for (const one of [
      ...order.map(({ next }) => next!),
      ...replaced.map(({ old }) => old!),
      ...erased.map(({ old }) => old!),
    ])
      await this.say(this.progress('Verifying', one, ++step, total));
    if (!this.repositories.config.keepcache) for (const one of this.coming) removeQuietly(this.sys, this.cacheOf(one));
  }

  private progress(action: string, one: AvailablePackage | RpmHeader, step: number, total: number): string {
    const digits = String(total).length;
    const done = `${String(step).padStart(digits)}/${total}`;
    const head = `  ${action.padEnd(10)} : `;
    return `${head}${epochNevra(one).padEnd(this.columns - 1 - head.length - done.length - 1)} ${done} \n`;
  }

  /** /var/lib/yum/yumdb and /var/log/yum.log. */
  private record(packages: ReadonlyMap<string, RpmPackage>): void {
    const { sys } = this;
    const now = new Date(sys.now().sec * 1000);
    const stamp = `${now.toUTCString().slice(8, 11)} ${String(now.getUTCDate()).padStart(2, '0')} ${now.toISOString().slice(11, 19)}`;
    let log = '';
    for (const member of this.members) {
      const { next, old, kind } = member;
      if (old) forget(sys, old);
      if (next) {
        const directory = yumdbDirectory(packages.get(next.name)!.header);
        makeDirectories(sys, directory);
        writeText(sys, `${directory}/from_repo`, next.repository);
        writeText(sys, `${directory}/reason`, member.dependency ? 'dep' : 'user');
      }
      const verb = { install: 'Installed', update: 'Updated', reinstall: 'Installed', erase: 'Erased' }[kind];
      log += `${stamp} ${verb}: ${epochNevra(changed(member))}\n`;
    }
    appendText(sys, '/var/log/yum.log', log);
  }

  private told(): string {
    const parts = actions.flatMap(([kind, dependency, , title]) => {
      const some = this.select(kind, dependency);
      return some.length === 0
        ? []
        : [
            `\n${title}:\n${formatDone(
              some.map((one) => longName(changed(one))),
              this.columns,
            )}`,
          ];
    });
    return `${parts.join('')}\nComplete!\n`;
  }
}

/** /var/lib/yum/yumdb/<letter>/<id>-name-version-release-arch: where a package came from, and why. */
function yumdbDirectory({ name, version, release, arch }: RpmHeader): string {
  const label = `${name}-${version}-${release}-${arch}`;
  return `/var/lib/yum/yumdb/${name[0]}/${digestOf(textContent(label)).slice(7, 47)}-${label}`;
}

export const fromRepository = (sys: Sys, header: RpmHeader): string =>
  readText(sys, `${yumdbDirectory(header)}/from_repo`) ?? 'installed';

export const reasonOf = (sys: Sys, header: RpmHeader): string =>
  readText(sys, `${yumdbDirectory(header)}/reason`) ?? 'user';

function forget(sys: Sys, header: RpmHeader): void {
  const directory = yumdbDirectory(header);
  if (!exists(sys, directory)) return;
  for (const name of listNames(sys, directory)) removeQuietly(sys, `${directory}/${name}`);
  sys.rmdir(directory);
}
