/** yum's dependency solving: rounds over what was added, each requirement that nothing meets brings its best provider. */
import type { RpmCapability, RpmHeader } from '../../../../archive/index.ts';
import { provides, type RpmDatabase } from '../rpm/database.ts';
import { compareHeaders, epochNevra, formatCapability } from '../rpm/version.ts';
import { type AvailablePackage, gives, type Sack } from './available.ts';

/** One package that changes. */
export interface Member {
  kind: 'install' | 'update' | 'reinstall' | 'erase';
  /** What comes; undefined when erased. */
  next: AvailablePackage | undefined;
  /** What goes: of the same name, or the one erased. */
  old: RpmHeader | undefined;
  /** Not asked for: something needs it (or needed what goes). */
  dependency: boolean;
  checked: boolean;
}

export class DependencyError extends Error {}

type Identity = Pick<AvailablePackage, 'name' | 'arch' | 'epoch' | 'version' | 'release'>;
/** name.arch epoch:version-release */
export const longName = ({ name, arch, epoch, version, release }: Identity): string =>
  `${name}.${arch} ${epoch ?? 0}:${version}-${release}`;

export class Depsolver {
  readonly members = new Map<string, Member>();

  constructor(
    private readonly db: RpmDatabase,
    private readonly sack: Sack,
    private readonly say: (text: string) => Promise<void>,
  ) {}

  bring(next: AvailablePackage, dependency: boolean, reinstall = false): void {
    if (this.members.has(next.name)) return;
    const old = this.db.named(next.name)[0];
    const kind = reinstall ? 'reinstall' : old ? 'update' : 'install';
    this.members.set(next.name, { kind, next, old, dependency, checked: false });
  }

  take(old: RpmHeader, dependency: boolean): void {
    if (this.members.has(old.name)) return;
    this.members.set(old.name, { kind: 'erase', next: undefined, old, dependency, checked: false });
  }

  /** Throws {@link DependencyError} with all that is wrong. */
  async resolve(): Promise<void> {
    await this.say('Resolving Dependencies\n');
    const problems: string[] = [];
    for (;;) {
      const open = [...this.members.values()]
        .filter(({ checked }) => !checked)
        .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
      if (open.length === 0) break;
      await this.say('--> Running transaction check\n');
      for (const member of open) await this.check(member, problems);
    }
    await this.say('--> Finished Dependency Resolution\n');
    if (problems.length > 0) throw new DependencyError(problems.join(''));
  }

  private async check(member: Member, problems: string[]): Promise<void> {
    member.checked = true;
    const { kind, next, old } = member;
    if (kind === 'erase') await this.say(`---> Package ${longName(old!)} will be erased\n`);
    else if (kind === 'install') await this.say(`---> Package ${longName(next!)} will be installed\n`);
    else {
      if (kind === 'update') await this.say(`---> Package ${longName(old!)} will be updated\n`);
      await this.say(`---> Package ${longName(next!)} will be ${kind === 'update' ? 'an update' : 'reinstalled'}\n`);
    }
    if (next) await this.meetRequirements(next, problems);
    if (old && kind !== 'reinstall') await this.mendDependents(member, problems);
  }

  private async meetRequirements(next: AvailablePackage, problems: string[]): Promise<void> {
    const missing = next.requires.filter((wanted) => !this.met(wanted));
    for (const wanted of missing) {
      await this.say(`--> Processing Dependency: ${formatCapability(wanted)} for package: ${epochNevra(next)}\n`);
      const provider = this.choose(wanted);
      if (provider) this.bring(provider, true);
      else problems.push(problem(next, next.repository, wanted));
    }
  }

  /** What is installed and needs what goes follows it, or goes too. */
  private async mendDependents(member: Member, problems: string[]): Promise<void> {
    const { kind, next, old } = member;
    const coming = [...this.members.values()].flatMap((one) => (one.next ? [one.next] : []));
    const going = new Set([...this.members.values()].flatMap((one) => (one.old ? [one.old] : [])));
    for (const header of this.db.packages) {
      if (going.has(header)) continue;
      for (const wanted of header.requires) {
        if (!provides(old!, wanted) || (next && gives(next, wanted))) continue;
        if (coming.some((one) => gives(one, wanted)) || this.metByInstalled(wanted, going)) continue;
        await this.say(`--> Processing Dependency: ${formatCapability(wanted)} for package: ${epochNevra(header)}\n`);
        const successor = kind === 'erase' ? undefined : this.newer(header);
        if (kind === 'erase') this.take(header, true);
        else if (successor) this.bring(successor, true);
        else problems.push(problem(header, 'installed', wanted));
        break;
      }
    }
  }

  private newer(header: RpmHeader): AvailablePackage | undefined {
    const found = this.sack.named(header.name);
    return found && compareHeaders(found, header) > 0 ? found : undefined;
  }

  private met(wanted: RpmCapability): boolean {
    const members = [...this.members.values()];
    if (members.some(({ next }) => next && gives(next, wanted))) return true;
    return this.metByInstalled(wanted, new Set(members.flatMap(({ old }) => (old ? [old] : []))));
  }

  private metByInstalled = (wanted: RpmCapability, going: ReadonlySet<RpmHeader>): boolean =>
    this.db.packages.some((header) => !going.has(header) && provides(header, wanted));

  /** That of the very name; else an update of what is installed; else the shortest name. */
  private choose(wanted: RpmCapability): AvailablePackage | undefined {
    const rank = (one: AvailablePackage): number =>
      one.name === wanted.name ? 0 : this.db.named(one.name).length > 0 ? 1 : 2;
    return this.sack
      .providers(wanted)
      .sort((a, b) => rank(a) - rank(b) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))[0];
  }
}

const nameOf = ({ next, old }: Member): string => (next ?? old)!.name;

const problem = (one: Identity, repository: string, wanted: RpmCapability): string =>
  `Error: Package: ${epochNevra(one)} (${repository})\n           Requires: ${formatCapability(wanted)}\n`;

/** What comes, each after what it requires. */
export function installOrder(members: readonly Member[]): Member[] {
  const coming = members.filter(({ next }) => next).sort((a, b) => (a.next!.name < b.next!.name ? -1 : 1));
  const order: Member[] = [];
  const seen = new Set<Member>();
  const visit = (member: Member): void => {
    if (seen.has(member)) return;
    seen.add(member);
    for (const wanted of member.next!.requires) {
      const provider = coming.find((one) => one !== member && gives(one.next!, wanted));
      if (provider) visit(provider);
    }
    order.push(member);
  };
  coming.forEach(visit);
  return order;
}
