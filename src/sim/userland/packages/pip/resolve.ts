/** Which distributions `pip install` takes: one version of each that fits all that ask for it. */
import { contentText } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { download, type Index, type IndexFile, projectFiles } from './index-client.ts';
import { compareVersions, normalised, parseRequirement, type Requirement, satisfies } from './requirement.ts';
import { type Distribution, findDistribution, type Place, parseMetadata } from './site.ts';

/** Ends the command: its text goes to stderr. */
export class PipError extends Error {
  constructor(
    text: string,
    readonly code = 1,
  ) {
    super(text);
  }
}

export interface ResolveOptions {
  upgrade: boolean;
  noDependencies: boolean;
  reinstall: boolean;
  target: string | undefined;
  /** What `--constraint` files ask of those that are installed. */
  constraints: readonly Wanted[];
}

export interface Wanted {
  requirement: Requirement;
  /** `(from flask)`, `(from -r requirements.txt (line 1))`. */
  from: string;
  /** The distribution that depends on it; undefined when the user does. */
  by?: Chosen;
}

export interface Chosen {
  name: string;
  file: IndexFile;
  metadata: ReadonlyMap<string, string[]>;
  from: string;
}

interface Search {
  sys: Sys;
  place: Place;
  index: Index;
  options: ResolveOptions;
  wanted: readonly Wanted[];
  say(text: string): Promise<void>;
  /** Requirements that a failed try has taught, by name. */
  learned: Map<string, Wanted[]>;
  /** Versions that a failed try has ruled out, by name. */
  excluded: Map<string, Set<string>>;
  files: Map<string, IndexFile[]>;
  /** Metadata by file name. */
  metadata: Map<string, ReadonlyMap<string, string[]>>;
  collected: Set<string>;
}

/** A choice that does not go with what is asked for now. */
class Conflict extends Error {
  constructor(
    readonly asked: Wanted,
    readonly project: string,
    readonly others: readonly Wanted[],
  ) {
    super('conflict');
  }
}

export async function resolve(
  sys: Sys,
  place: Place,
  index: Index,
  wanted: readonly Wanted[],
  options: ResolveOptions,
  say: (text: string) => Promise<void>,
): Promise<Chosen[]> {
  const search: Search = {
    sys,
    place,
    index,
    options,
    wanted,
    say,
    learned: new Map(),
    excluded: new Map(),
    files: new Map(),
    metadata: new Map(),
    collected: new Set(),
  };
  for (const one of options.constraints) bound(search, one);
  for (;;) {
    try {
      return await attempt(search);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      await learn(search, error);
    }
  }
}

/** Breadth first, one version per name; one that is there and fits is kept. */
async function attempt(search: Search): Promise<Chosen[]> {
  const { sys, place, options, wanted, say } = search;
  const chosen = new Map<string, Chosen>();
  const asked: Wanted[] = [...wanted];
  const queue = [...wanted];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { requirement, from } = next;
    const key = normalised(requirement.name);
    const known = chosen.get(key);
    if (known) {
      if (!satisfies(known.file.version, requirement)) throw new Conflict(next, key, askers(asked, key, next));
      continue;
    }
    const bounds = [...askers(asked, key), ...(search.learned.get(key) ?? [])];
    const fits = (version: string) =>
      satisfies(version, requirement) && bounds.every((one) => satisfies(version, one.requirement));
    const there = options.target ? undefined : findDistribution(sys, place.sites, requirement.name);
    const top = wanted.includes(next);
    if (there && fits(there.version) && !options.reinstall && !(options.upgrade && top)) {
      await tellSatisfied(search, next, there);
      if (!options.noDependencies) add(dependencies(there.metadata, there.name, from));
      continue;
    }
    const file = await choose(search, next, bounds, fits);
    if (there && options.upgrade && there.version === file.version && !options.reinstall) {
      await tellSatisfied(search, next, there);
      continue;
    }
    if (!search.collected.has(key)) await say(`Collecting ${requirement.text}${from}\n`);
    search.collected.add(key);
    const one: Chosen = { name: key, file, metadata: await metadataOf(search, file), from };
    chosen.set(key, one);
    if (!options.noDependencies) add(dependencies(one.metadata, requirement.text, from, one));
  }
  return [...chosen.values()];

  function add(more: Wanted[]): void {
    queue.push(...more);
    asked.push(...more);
  }
}

const askers = (asked: readonly Wanted[], key: string, but?: Wanted): Wanted[] =>
  asked.filter((one) => one !== but && normalised(one.requirement.name) === key);

async function tellSatisfied({ say, collected }: Search, wanted: Wanted, there: Distribution): Promise<void> {
  const text = `Requirement already satisfied: ${wanted.requirement.text} in ${there.site}${wanted.from} (${there.version})\n`;
  if (!collected.has(text)) await say(text);
  collected.add(text);
}

/** The project is chosen again with what is known now; else who asks for it, at another version; else there is no way. */
async function learn(search: Search, { asked, project: name, others }: Conflict): Promise<void> {
  const files = await filesOf(search, name);
  const bounds = [...others, ...(search.learned.get(name) ?? []), asked];
  if (files.some(({ version }) => bounds.every((one) => satisfies(version, one.requirement)))) {
    bound(search, asked);
    return reject(search, name);
  }
  for (const by of [asked.by, ...others.map((one) => one.by)]) {
    if (!by) continue;
    const out = search.excluded.get(by.name) ?? new Set();
    search.excluded.set(by.name, out.add(by.file.version));
    const mine = search.wanted.filter((one) => normalised(one.requirement.name) === by.name);
    const left = (await filesOf(search, by.name)).some(
      ({ version }) => !out.has(version) && mine.every((one) => satisfies(version, one.requirement)),
    );
    if (left) return reject(search, by.name);
  }
  throw await impossible(search, asked, others);
}

function bound({ learned }: Search, wanted: Wanted): void {
  const name = normalised(wanted.requirement.name);
  learned.set(name, [...(learned.get(name) ?? []), wanted]);
}

/** What pip says before it tries other versions, by how many it has tried. */
async function reject({ say, excluded }: Search, name: string): Promise<void> {
  const tries = excluded.get(name)?.size ?? 1;
  if (tries !== 1 && tries !== 8) return;
  await say(
    `INFO: pip is ${tries === 8 ? 'still ' : ''}looking at multiple versions of ${name} to determine which version is compatible with other requirements. This could take a while.\n`,
  );
}

async function metadataOf(search: Search, file: IndexFile): Promise<ReadonlyMap<string, string[]>> {
  const { sys, place, index, say, metadata } = search;
  const known = metadata.get(file.filename);
  if (known) return known;
  const content = await download(sys, index, `${file.url}.metadata`);
  const size = sizeText(content?.size ?? 0);
  const suffix = compareVersions(place.pip, '22.3') >= 0 ? '.metadata' : '';
  await say(`  Downloading ${file.filename}${suffix} (${size})\n`);
  const parsed = parseMetadata(content ? contentText(content) : '');
  metadata.set(file.filename, parsed);
  return parsed;
}

export function dependencies(
  metadata: ReadonlyMap<string, string[]>,
  name: string,
  from: string,
  by?: Chosen,
): Wanted[] {
  const chain = from ? `${name}->${from.replace(/^ \(from |\)$/g, '')}` : name;
  return (metadata.get('Requires-Dist') ?? []).flatMap((text) => {
    const requirement = parseRequirement(text);
    return requirement ? [{ requirement, from: ` (from ${chain})`, ...(by && { by }) }] : [];
  });
}

async function filesOf({ sys, index, files }: Search, name: string): Promise<IndexFile[]> {
  const known = files.get(name);
  if (known) return known;
  const found = (await projectFiles(sys, index, name)).sort((a, b) => compareVersions(b.version, a.version));
  files.set(name, found);
  return found;
}

async function choose(
  search: Search,
  wanted: Wanted,
  bounds: readonly Wanted[],
  fits: (version: string) => boolean,
): Promise<IndexFile> {
  const { requirement } = wanted;
  const key = normalised(requirement.name);
  const files = await filesOf(search, key);
  const out = search.excluded.get(key);
  const file = files.find(({ version }) => fits(version) && !out?.has(version));
  if (file) return file;
  const alone = files.some(({ version }) => satisfies(version, requirement));
  if (alone)
    throw new Conflict(
      wanted,
      key,
      bounds.filter((one) => one !== wanted),
    );
  const versions = files.map(({ version }) => version).reverse();
  throw new PipError(
    `ERROR: Could not find a version that satisfies the requirement ${requirement.text}${wanted.by ? ` (from ${wanted.by.name})` : ''} (from versions: ${versions.join(', ') || 'none'})\nERROR: No matching distribution found for ${requirement.text}\n`,
  );
}

async function impossible({ sys, say }: Search, asked: Wanted, others: readonly Wanted[]): Promise<PipError> {
  const all = [...others, asked].sort((a, b) => Number(Boolean(a.by)) - Number(Boolean(b.by)));
  const shown = new Set(all.map(({ by, requirement }) => (by ? `${by.name}==${by.file.version}` : requirement.text)));
  const listed = [...shown]
    .sort()
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' and ');
  const causes = all.map(({ by, requirement }) =>
    by ? `${by.name} ${by.file.version} depends on ${requirement.text}` : `The user requested ${requirement.text}`,
  );
  await sys.write(2, `ERROR: Cannot install ${listed} because these package versions have conflicting dependencies.\n`);
  await say(
    `\nThe conflict is caused by:\n${causes.map((one) => `    ${one}\n`).join('')}\nTo fix this you could try to:\n1. loosen the range of package versions you've specified\n2. remove package versions to allow pip to attempt to solve the dependency conflict\n\n`,
  );
  return new PipError(
    'ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts\n',
  );
}

/** pip's format_size. */
export const sizeText = (bytes: number): string =>
  bytes > 1_000_000
    ? `${(bytes / 1e6).toFixed(1)} MB`
    : bytes > 10_000
      ? `${Math.floor(bytes / 1000)} kB`
      : bytes > 1000
        ? `${(bytes / 1000).toFixed(1)} kB`
        : `${bytes} bytes`;
