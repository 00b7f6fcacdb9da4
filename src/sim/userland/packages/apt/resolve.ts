/** Which packages must come and go so that what was asked for is there and works. */
import { type Alternatives, type Dependency, formatDependency, fulfils, parseRelations } from '../relation.ts';
import { type AptCache, type Candidate, field } from './cache.ts';

export interface Plan {
  /** In an order in which each comes after what it needs. */
  install: Candidate[];
  /** Those of `install` that nobody named. */
  automatic: Set<string>;
  remove: string[];
  /** Names that are recommended or suggested by what is installed anew, and not installed. */
  recommended: string[];
  suggested: string[];
}

/** A dependency that nothing can fulfil. */
export interface Unmet {
  name: string;
  kind: string;
  wanted: string;
  why: string;
}

export class UnmetError extends Error {
  constructor(readonly unmet: readonly Unmet[]) {
    super('unmet dependencies');
  }
}

export class Resolver {
  private readonly chosen = new Map<string, Candidate>();
  private readonly order: Candidate[] = [];
  private readonly removed = new Set<string>();
  private readonly recommended = new Set<string>();
  private readonly suggested = new Set<string>();
  private readonly unmet: Unmet[] = [];

  constructor(
    private readonly cache: AptCache,
    private readonly options: { recommends: boolean; suggests?: boolean },
  ) {}

  install(candidate: Candidate): void {
    this.add(candidate);
  }

  /** Removes a package and everything that had it and cannot be without it. */
  remove(name: string): void {
    const going = this.cache.db.installed(name);
    if (!going || this.removed.has(name)) return;
    this.removed.add(name);
    const gave = (one: Dependency): boolean => fulfils(name, going.version, going.field('Provides'), one);
    for (const other of this.cache.db.packages.values()) {
      if (!other.present || this.removed.has(other.name)) continue;
      const groups = [other.field('Depends'), other.field('Pre-Depends')].flatMap(parseRelations);
      const broken = groups.some((group) => group.some(gave) && !group.some((one) => this.fulfilled(one)));
      if (broken) this.remove(other.name);
    }
  }

  /** Throws {@link UnmetError}. */
  plan(named: ReadonlySet<string>): Plan {
    if (this.unmet.length > 0) throw new UnmetError(this.unmet);
    const fresh = (names: Set<string>) =>
      [...names].filter((name) => !this.chosen.has(name) && !this.cache.db.installed(name)).sort();
    return {
      install: this.order,
      automatic: new Set([...this.chosen.keys()].filter((name) => !named.has(name) && !this.cache.db.installed(name))),
      remove: [...this.removed].sort(),
      recommended: fresh(this.recommended),
      suggested: fresh(this.suggested),
    };
  }

  private add(candidate: Candidate): void {
    const name = field(candidate, 'Package');
    if (this.chosen.has(name)) return;
    this.chosen.set(name, candidate);
    for (const kind of ['Pre-Depends', 'Depends']) {
      for (const group of parseRelations(field(candidate, kind))) {
        if (!this.satisfy(group)) this.report(name, kind === 'Depends' ? kind : 'PreDepends', group);
      }
    }
    this.conflicts(candidate);
    this.order.push(candidate);
    for (const group of parseRelations(field(candidate, 'Recommends'))) {
      if (!this.options.recommends || !this.satisfy(group)) this.note(this.recommended, group);
    }
    for (const group of parseRelations(field(candidate, 'Suggests'))) {
      if (!this.options.suggests || !this.satisfy(group)) this.note(this.suggested, group);
    }
  }

  private note(into: Set<string>, group: Alternatives): void {
    if (!group.some((one) => this.fulfilled(one))) for (const { name } of group) into.add(name);
  }

  private fulfilled(wanted: Dependency): boolean {
    for (const [name, candidate] of this.chosen) {
      if (fulfils(name, field(candidate, 'Version'), field(candidate, 'Provides'), wanted)) return true;
    }
    return this.cache.fulfilledByInstalled(wanted, this.removed);
  }

  private satisfy(group: Alternatives): boolean {
    if (group.some((one) => this.fulfilled(one))) return true;
    for (const one of group) {
      const found = this.find(one);
      if (!found) continue;
      this.add(found);
      return true;
    }
    return false;
  }

  private find(wanted: Dependency): Candidate | undefined {
    const own = this.cache.available.get(wanted.name) ?? [];
    const others = this.cache.providing(wanted.name).map((name) => this.cache.candidate(name)!);
    return [...own, ...others].find((one) =>
      fulfils(field(one, 'Package'), field(one, 'Version'), field(one, 'Provides'), wanted),
    );
  }

  private conflicts(candidate: Candidate): void {
    const name = field(candidate, 'Package');
    for (const kind of ['Conflicts', 'Breaks']) {
      for (const [one] of parseRelations(field(candidate, kind))) {
        if (!one || one.name === name) continue;
        for (const other of this.cache.db.packages.values()) {
          if (!other.present || other.name === name || this.chosen.has(other.name)) continue;
          if (kind === 'Breaks' && other.name !== one.name) continue;
          if (fulfils(other.name, other.version, other.field('Provides'), one)) this.remove(other.name);
        }
      }
    }
  }

  private report(name: string, kind: string, group: Alternatives): void {
    const first = group[0]!;
    const known = this.cache.candidate(first.name);
    const why = known
      ? `but ${field(known, 'Version')} is to be installed`
      : this.cache.providing(first.name).length > 0
        ? 'but it is a virtual package'
        : 'but it is not installable';
    this.unmet.push({ name, kind, wanted: group.map(formatDependency).join(' or '), why });
  }
}
