/** What apt knows: the lists that `update` fetched, dpkg's status, and what was installed automatically. */
import type { Sys } from '../../../kernel/sys.ts';
import { formatStanza, parseStanzas, type Stanza } from '../deb822.ts';
import { Database } from '../dpkg/database.ts';
import { type Dependency, fulfils } from '../relation.ts';
import { makeDirectories, readText, writeText } from '../sys-files.ts';
import { compareVersions } from '../version.ts';
import { listFile, packagesUrl, readSources, releaseUrl, type Source } from './sources.ts';

const extendedStates = '/var/lib/apt/extended_states';

/** A version that can be had. */
export interface Candidate {
  stanza: Stanza;
  source: Source;
  component: string;
  /** As in `apt list`: noble, stable. */
  archive: string;
}

export const field = (candidate: Candidate, name: string): string => candidate.stanza.get(name) ?? '';

export class AptCache {
  readonly db: Database;
  /** Best version first. */
  readonly available = new Map<string, Candidate[]>();
  readonly automatic: Set<string>;
  private providers: Map<string, string[]> | undefined;

  constructor(private readonly sys: Sys) {
    this.db = new Database(sys);
    for (const source of readSources(sys)) this.addSource(source);
    this.automatic = new Set(
      parseStanzas(readText(sys, extendedStates) ?? '')
        .filter((stanza) => stanza.get('Auto-Installed') === '1')
        .map((stanza) => stanza.get('Package')!),
    );
  }

  private addSource(source: Source): void {
    const release = readText(this.sys, listFile(releaseUrl(source)));
    const archive = /^Suite: (.*)$/m.exec(release ?? '')?.[1] ?? source.suite;
    for (const component of source.components) {
      const text = readText(this.sys, listFile(packagesUrl(source, component)));
      for (const stanza of parseStanzas(text ?? '')) this.add({ stanza, source, component, archive });
    }
  }

  private add(candidate: Candidate): void {
    const name = field(candidate, 'Package');
    const known = this.available.get(name);
    if (!known) this.available.set(name, [candidate]);
    else {
      known.push(candidate);
      known.sort((a, b) => compareVersions(field(b, 'Version'), field(a, 'Version')));
    }
  }

  candidate(name: string): Candidate | undefined {
    return this.available.get(name)?.[0];
  }
  installedVersion(name: string): string | undefined {
    return this.db.installed(name)?.version;
  }
  /** Known at all: installed or in a list. */
  knows(name: string): boolean {
    return this.available.has(name) || this.db.packages.has(name);
  }

  /** Names of packages whose candidate provides a name. */
  providing(name: string): string[] {
    if (!this.providers) {
      this.providers = new Map();
      for (const [own, [candidate]] of this.available) {
        for (const [, provided] of field(candidate!, 'Provides').matchAll(/(?:^|,)\s*([a-z0-9][a-z0-9+.-]*)/g)) {
          this.providers.set(provided!, [...(this.providers.get(provided!) ?? []), own]);
        }
      }
    }
    return this.providers.get(name) ?? [];
  }

  fulfilledByInstalled(wanted: Dependency, without: ReadonlySet<string> = new Set()): boolean {
    for (const one of this.db.packages.values()) {
      if (!one.present || without.has(one.name)) continue;
      if (fulfils(one.name, one.version, one.field('Provides'), wanted)) return true;
    }
    return false;
  }

  /** Installed packages that a list has a newer version of. */
  upgradable(): string[] {
    return [...this.db.packages.values()]
      .filter((one) => {
        const candidate = one.present && this.candidate(one.name);
        return candidate && compareVersions(field(candidate, 'Version'), one.version) > 0;
      })
      .map((one) => one.name)
      .sort();
  }

  saveAutomatic(): void {
    makeDirectories(this.sys, '/var/lib/apt');
    const text = [...this.automatic]
      .sort()
      .map((name) =>
        formatStanza(
          new Map([
            ['Package', name],
            ['Architecture', this.db.packages.get(name)?.architecture ?? 'amd64'],
            ['Auto-Installed', '1'],
          ]),
        ),
      )
      .join('\n');
    writeText(this.sys, extendedStates, text === '' ? '' : `${text}\n`);
  }
}
