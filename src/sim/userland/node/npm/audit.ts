/** npm audit: what the registry knows of a tree's packages, who depends on them, and what would mend it. */
import { gt, major, maxSatisfying, satisfies } from 'semver';
import type { Sys } from '../../../kernel/sys.ts';
import { readLock, treeOf } from './lock.ts';
import { type Manifest, prefix, readManifest } from './manifest.ts';
import { NpmProblem } from './problem.ts';
import type { Advisory, Packument, Registry } from './registry.ts';
import type { Placed, Tree } from './tree.ts';

const severities = ['info', 'low', 'moderate', 'high', 'critical'];

/** `now`: within what package.json allows. */
export type Fix =
  | { kind: 'now' }
  | { kind: 'force'; name: string; version: string; breaking: boolean }
  | { kind: 'none' };

/** A package of a tree that has an advisory, or cannot but use one that has. */
export interface Vulnerable {
  name: string;
  severity: string;
  advisories: Advisory[];
  /** Names of what it depends on and of what depends on it, where they are vulnerable through each other. */
  via: Set<string>;
  effects: Set<string>;
  nodes: Placed[];
  fix: Fix;
}

export class Audit {
  readonly found = new Map<string, Vulnerable>();
  private known: Readonly<Record<string, Advisory[]>> = {};

  constructor(
    private readonly registry: Registry,
    private readonly manifest: Manifest,
    private readonly tree: Tree,
  ) {}

  async run(): Promise<this> {
    const asked: Record<string, string[]> = {};
    for (const { manifest } of this.tree.values())
      asked[manifest.name] = [...(asked[manifest.name] ?? []), manifest.version];
    this.known = await this.registry.advisories(asked);
    for (const placed of this.tree.values()) {
      const own = this.advisoriesOf(placed.manifest.name, placed.manifest.version);
      if (own.length > 0) this.entry(placed, own);
    }
    while (await this.spread());
    for (const one of this.found.values()) one.fix = await this.fixOf(one);
    return this;
  }

  private advisoriesOf(name: string, version: string): Advisory[] {
    const all = Object.hasOwn(this.known, name) ? this.known[name]! : [];
    return all.filter(({ vulnerable_versions }) =>
      satisfies(version, vulnerable_versions, { includePrerelease: true }),
    );
  }

  private entry(placed: Placed, own: readonly Advisory[]): Vulnerable {
    const { name } = placed.manifest;
    const found = this.found.get(name) ?? unknown(name);
    if (!found.nodes.includes(placed)) found.nodes.push(placed);
    for (const one of own) if (!found.advisories.some(({ id }) => id === one.id)) found.advisories.push(one);
    found.severity = worst([found.severity, ...own.map(({ severity }) => severity)]);
    this.found.set(name, found);
    return found;
  }

  /** One step up; false when nothing is new. A dependent is vulnerable when its range allows no better version. */
  private async spread(): Promise<boolean> {
    let more = false;
    for (const placed of this.tree.values()) {
      for (const [name, spec] of Object.entries(placed.manifest.dependencies ?? {})) {
        const below = this.found.get(name);
        if (!below || this.found.get(placed.manifest.name)?.via.has(name)) continue;
        const used = this.below(placed.path, name);
        if (!used || !below.nodes.includes(used) || !(await this.allBad(name, spec, used.manifest.version))) continue;
        const above = this.entry(placed, []);
        above.severity = worst([above.severity, below.severity]);
        above.via.add(name);
        below.effects.add(placed.manifest.name);
        more = true;
      }
    }
    return more;
  }

  private below(path: string, name: string): Placed | undefined {
    for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const found = this.tree.get(`${at ? `${at}/` : ''}node_modules/${name}`);
      if (found || at === '') return found;
    }
  }

  private async allBad(name: string, spec: string, used: string): Promise<boolean> {
    const versions = Object.keys((await this.registry.packument(name, spec)).versions);
    return versions
      .filter((version) => satisfies(version, spec))
      .every((version) => version === used || this.advisoriesOf(name, version).length > 0);
  }

  private async fixOf(one: Vulnerable): Promise<Fix> {
    const fixes: Fix[] = [];
    for (const name of this.tops(one)) fixes.push(await this.topFix(name));
    return fixes.find(({ kind }) => kind === 'none') ?? fixes.find(({ kind }) => kind === 'force') ?? { kind: 'now' };
  }

  /** What the project itself asks for, and through what this is vulnerable or makes vulnerable. */
  private tops({ name }: Vulnerable): Set<string> {
    const wanted = { ...this.manifest.dependencies, ...this.manifest.devDependencies };
    const seen = new Set<string>();
    const climb = (at: string): void => {
      if (seen.has(at)) return;
      seen.add(at);
      for (const above of this.found.get(at)?.effects ?? []) climb(above);
    };
    climb(name);
    return new Set([...seen].filter((at) => Object.hasOwn(wanted, at)));
  }

  private async topFix(name: string): Promise<Fix> {
    const wanted = { ...this.manifest.dependencies, ...this.manifest.devDependencies };
    const packument = await this.registry.packument(name, '');
    const used = this.tree.get(`node_modules/${name}`)?.manifest.version ?? '0.0.0';
    const good: string[] = [];
    for (const version of Object.keys(packument.versions))
      if (gt(version, used) && (await this.isGood(name, version, packument))) good.push(version);
    if (maxSatisfying(good, wanted[name]!)) return { kind: 'now' };
    const best = maxSatisfying(good, '*');
    return best ? { kind: 'force', name, version: best, breaking: major(best) !== major(used) } : { kind: 'none' };
  }

  private async isGood(name: string, version: string, packument: Packument): Promise<boolean> {
    if (this.advisoriesOf(name, version).length > 0) return false;
    for (const [below, spec] of Object.entries(packument.versions[version]!.dependencies ?? {})) {
      if (this.found.has(below) && (await this.allBad(below, spec, ''))) return false;
    }
    return true;
  }

  /** What `npm install` says below its counts. */
  summary(): string {
    const all = [...this.found.values()];
    if (all.length === 0) return 'found 0 vulnerabilities';
    const counts = severities
      .map((severity) => [severity, all.filter((one) => one.severity === severity).length] as const)
      .filter(([, count]) => count > 0);
    const plural = all.length === 1 ? 'vulnerability' : 'vulnerabilities';
    const first =
      counts.length > 1
        ? `${all.length} vulnerabilities (${counts.map(([severity, count]) => `${count} ${severity}`).join(', ')})`
        : `${all.length} ${counts[0]![0]} severity ${plural}`;
    return [first, ...this.advice(all)].join('\n\n');
  }

  private advice(all: readonly Vulnerable[]): string[] {
    const has = (kind: Fix['kind']): boolean => all.some(({ fix }) => fix.kind === kind);
    const breaking = all.some(({ fix }) => fix.kind === 'force' && fix.breaking) ? ' (including breaking changes)' : '';
    const rest = has('force') || has('none');
    return [
      ...(has('now')
        ? [`To address ${rest ? 'issues that do not require attention' : 'all issues'}, run:\n  npm audit fix`]
        : []),
      ...(has('force')
        ? [`To address all issues${has('none') ? ' possible' : ''}${breaking}, run:\n  npm audit fix --force`]
        : []),
      ...(has('none') ? ['Some issues need review, and may require choosing\na different dependency.'] : []),
    ];
  }

  /** `npm audit`. */
  report(): string {
    if (this.found.size === 0) return `${this.summary()}\n`;
    const shown = new Set<string>();
    const all = [...this.found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const blocks = all.filter(({ advisories }) => advisories.length > 0).map((one) => this.block(one, '', shown));
    return `# npm audit report\n\n${blocks.filter(Boolean).join('\n')}\n${this.summary()}\n`;
  }

  private block(one: Vulnerable, indent: string, shown: Set<string>): string {
    if (shown.has(one.name)) return '';
    shown.add(one.name);
    const ranges = one.advisories.map(({ vulnerable_versions }) => vulnerable_versions);
    const range = ranges.length > 0 ? [...new Set(ranges)].join(' || ') : one.nodes[0]!.manifest.version;
    const top = one.advisories.length > 0;
    const lines = [
      `${one.name}  ${range}`,
      ...(top ? [`Severity: ${one.severity}`] : []),
      ...one.advisories.map(({ title, url }) => `${title} - ${url}`),
      ...[...one.via].sort().map((name) => `Depends on vulnerable versions of ${name}`),
      ...(indent === '' ? fixText(one.fix) : []),
      ...one.nodes.map(({ path }) => path),
    ];
    const own = lines.map((line) => `${indent}${line}\n`).join('');
    const above = [...one.effects].sort().map((name) => this.block(this.found.get(name)!, `${indent}  `, shown));
    return own + above.join('');
  }
}

const unknown = (name: string): Vulnerable => ({
  name,
  severity: 'info',
  advisories: [],
  via: new Set(),
  effects: new Set(),
  nodes: [],
  fix: { kind: 'none' },
});

const worst = (all: readonly string[]): string => severities.findLast((severity) => all.includes(severity)) ?? 'info';

function fixText(fix: Fix): string[] {
  if (fix.kind === 'none') return ['No fix available'];
  if (fix.kind === 'now') return ['fix available via `npm audit fix`'];
  const which = fix.breaking ? 'a breaking change' : 'outside the stated dependency range';
  return ['fix available via `npm audit fix --force`', `Will install ${fix.name}@${fix.version}, which is ${which}`];
}

/** Exits 1 when something is found. */
export async function audit(sys: Sys, registry: Registry, words: readonly string[]): Promise<number> {
  if (words.length > 0) throw new NpmProblem([`drydock: npm audit ${words[0]} is not simulated`]);
  const directory = prefix(sys);
  const lock = readLock(sys, `${directory}/package-lock.json`);
  if (!lock)
    throw new NpmProblem([
      'code ENOLOCK',
      'audit This command requires an existing lockfile.',
      'audit Try creating one first with: npm i --package-lock-only',
      'audit Original error: loadVirtual requires existing shrinkwrap file',
    ]);
  const done = await new Audit(registry, readManifest(sys, directory), treeOf(lock)).run();
  await sys.write(1, done.report());
  return done.found.size > 0 ? 1 : 0;
}
