/** `pip install`: resolve, download, unpack wheels, record. */
import { unzipSync } from 'fflate';
import { BytesContent, type Content, contentText, fromUtf8, textContent } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { exists, isDirectory, makeDirectories, readContent, readText, writeContent, writeText } from '../sys-files.ts';
import { download, type Index, type IndexFile, projectFiles } from './index-client.ts';
import { compareVersions, normalised, parseRequirement, type Requirement, satisfies } from './requirement.ts';
import { type Distribution, findDistribution, type Place, parseMetadata, removeDistribution } from './site.ts';

/** Ends the command: its text goes to stderr. */
export class PipError extends Error {
  constructor(
    text: string,
    readonly code = 1,
  ) {
    super(text);
  }
}

export interface InstallOptions {
  quiet: boolean;
  upgrade: boolean;
  noDependencies: boolean;
  /** --target, or a user's own directory. */
  target: string | undefined;
  cacheDirectory: string | undefined;
  reinstall: boolean;
}

interface Wanted {
  requirement: Requirement;
  /** `(from flask)`, `(from -r requirements.txt (line 1))`. */
  from: string;
}

interface Chosen {
  name: string;
  file: IndexFile;
  metadata: ReadonlyMap<string, string[]>;
  from: string;
}

export async function install(
  sys: Sys,
  place: Place,
  index: Index,
  wanted: Wanted[],
  options: InstallOptions,
): Promise<void> {
  const say = async (text: string) => {
    if (!options.quiet) await sys.write(1, text);
  };
  const chosen = await resolve(sys, place, index, wanted, options, say);
  if (chosen.length === 0) return;
  const modern = compareVersions(place.pip, '22.3') >= 0;
  const wheels: [Chosen, Content][] = [];
  for (const one of chosen) wheels.push([one, await wheelOf(sys, index, one, options, modern ? say : async () => {})]);
  const order = installOrder(chosen);
  await say(`Installing collected packages: ${order.map(({ name }) => name).join(', ')}\n`);
  for (const one of order) {
    const old = findDistribution(sys, place.sites, one.name);
    if (old) await replace(sys, old, say);
    unpack(sys, place, options.target ?? place.site, wheels.find(([other]) => other === one)![1]);
  }
  const done = order.map(({ metadata, file }) => `${metadata.get('Name')?.[0]}-${file.version}`);
  await say(`Successfully installed ${(modern ? done.sort() : done).join(' ')}\n`);
}

async function replace(sys: Sys, old: Distribution, say: (text: string) => Promise<void>): Promise<void> {
  await say(
    `  Attempting uninstall: ${normalised(old.name)}\n    Found existing installation: ${old.name} ${old.version}\n`,
  );
  await say(`    Uninstalling ${old.name}-${old.version}:\n`);
  removeDistribution(sys, old);
  await say(`      Successfully uninstalled ${old.name}-${old.version}\n`);
}

/** Breadth first, one version per name; one that is there and fits is kept. */
async function resolve(
  sys: Sys,
  place: Place,
  index: Index,
  wanted: Wanted[],
  options: InstallOptions,
  say: (text: string) => Promise<void>,
): Promise<Chosen[]> {
  const chosen = new Map<string, Chosen>();
  const queue = [...wanted];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { requirement, from } = next;
    const key = normalised(requirement.name);
    const known = chosen.get(key);
    if (known) {
      if (!satisfies(known.file.version, requirement)) throw conflict(requirement, known, from);
      continue;
    }
    const there = options.target ? undefined : findDistribution(sys, place.sites, requirement.name);
    const top = wanted.includes(next);
    if (there && satisfies(there.version, requirement) && !options.reinstall && !(options.upgrade && top)) {
      await say(
        `Requirement already satisfied: ${requirement.text} in ${shortSite(there)}${from} (${there.version})\n`,
      );
      if (!options.noDependencies) queue.push(...dependencies(there.metadata, there.name, from));
      continue;
    }
    const file = await choose(sys, index, requirement);
    if (there && options.upgrade && there.version === file.version && !options.reinstall) {
      await say(
        `Requirement already satisfied: ${requirement.text} in ${shortSite(there)}${from} (${there.version})\n`,
      );
      continue;
    }
    await say(`Collecting ${requirement.text}${from}\n`);
    const modern = compareVersions(place.pip, '22.3') >= 0;
    const content = await download(sys, index, `${file.url}.metadata`);
    if (modern) await say(`  Downloading ${file.filename}.metadata (${sizeText(content?.size ?? 0)})\n`);
    else await say(`  Downloading ${file.filename} (${sizeText(file.size)})\n`);
    const metadata = parseMetadata(content ? contentText(content) : '');
    const one = { name: key, file, metadata, from };
    chosen.set(key, one);
    if (!options.noDependencies) queue.push(...dependencies(metadata, requirement.text, from));
  }
  return [...chosen.values()];
}

const shortSite = ({ site }: Distribution): string => site.replace(/^\/usr\/local/, '/usr/local');

function dependencies(metadata: ReadonlyMap<string, string[]>, name: string, from: string): Wanted[] {
  const chain = from ? `${name}->${from.replace(/^ \(from |\)$/g, '')}` : name;
  return (metadata.get('Requires-Dist') ?? []).flatMap((text) => {
    const requirement = parseRequirement(text);
    return requirement ? [{ requirement, from: ` (from ${chain})` }] : [];
  });
}

async function choose(sys: Sys, index: Index, requirement: Requirement): Promise<IndexFile> {
  const files = (await projectFiles(sys, index, requirement.name)).sort((a, b) =>
    compareVersions(b.version, a.version),
  );
  const file = files.find((one) => satisfies(one.version, requirement));
  if (file) return file;
  const versions =
    files.length === 0
      ? 'none'
      : files
          .map(({ version }) => version)
          .reverse()
          .join(', ');
  throw new PipError(
    `ERROR: Could not find a version that satisfies the requirement ${requirement.text} (from versions: ${versions})\nERROR: No matching distribution found for ${requirement.text}\n`,
  );
}

const conflict = (requirement: Requirement, known: Chosen, from: string): PipError =>
  new PipError(
    `ERROR: Cannot install ${requirement.text}${from} and ${known.name}==${known.file.version} because these package versions have conflicting dependencies.\nERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts\n`,
  );

async function wheelOf(
  sys: Sys,
  index: Index,
  { file }: Chosen,
  { cacheDirectory }: InstallOptions,
  say: (text: string) => Promise<void>,
): Promise<Content> {
  const cached = cacheDirectory && `${cacheDirectory}/http-v2/${file.filename}`;
  const kept = cached ? readContent(sys, cached) : undefined;
  await say(`${kept ? 'Using cached' : 'Downloading'} ${file.filename} (${sizeText(file.size)})\n`);
  if (kept) return kept;
  const content = await download(sys, index, file.url);
  if (!content) throw new PipError(`ERROR: HTTP error 404 while getting ${file.url}\n`);
  if (cached) {
    makeDirectories(sys, `${cacheDirectory}/http-v2`, 0o700);
    writeContent(sys, cached, content, 0o600);
  }
  return content;
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

/** What others need comes first. */
function installOrder(chosen: readonly Chosen[]): Chosen[] {
  const done: Chosen[] = [];
  const visit = (one: Chosen, above: readonly Chosen[]): void => {
    if (done.includes(one) || above.includes(one)) return;
    for (const { requirement } of dependencies(one.metadata, one.name, '')) {
      const other = chosen.find(({ name }) => name === normalised(requirement.name));
      if (other) visit(other, [...above, one]);
    }
    done.push(one);
  };
  for (const one of [...chosen].sort((a, b) => (a.name < b.name ? -1 : 1))) visit(one, []);
  return done;
}

function unpack(sys: Sys, place: Place, site: string, wheel: Content): void {
  const files = unzipSync(wheel.read(0, wheel.size).slice());
  const info = Object.keys(files)
    .find((name) => name.endsWith('.dist-info/RECORD'))!
    .replace(/\/RECORD$/, '');
  const put = (path: string, content: Content, mode?: number) => {
    makeDirectories(sys, path.slice(0, path.lastIndexOf('/')));
    writeContent(sys, path, content, mode);
  };
  let record = fromUtf8(files[`${info}/RECORD`]!);
  for (const [name, bytes] of Object.entries(files)) {
    if (!name.endsWith('/') && name !== `${info}/RECORD`) put(`${site}/${name}`, new BytesContent(bytes));
  }
  put(`${site}/${info}/INSTALLER`, textContent('pip\n'));
  put(`${site}/${info}/REQUESTED`, textContent(''));
  record = `${record.trimEnd()}\n${info}/INSTALLER,sha256=zuuue4knoyJ-UwPPXg8fezS7VCrXJQrAP7zeNuwvFQg,4\n${info}/REQUESTED,,0\n`;
  for (const [name, target] of scripts(fromUtf8(files[`${info}/entry_points.txt`] ?? new Uint8Array()))) {
    put(`${place.bin}/${name}`, textContent(launcher(place, target)), 0o755);
    record += `../../../bin/${name},,\n`;
  }
  writeText(sys, `${site}/${info}/RECORD`, record);
}

function scripts(text: string): [name: string, target: string][] {
  const section = /\[console_scripts\]\n([^[]*)/.exec(text)?.[1] ?? '';
  return [...section.matchAll(/^([\w.-]+)\s*=\s*([\w.:]+)/gm)].map(([, name, target]) => [name!, target!]);
}

function launcher({ bin, python }: Place, target: string): string {
  const [module, name] = target.split(':');
  return `#!${bin}/python${python}\n# -*- coding: utf-8 -*-\nimport re\nimport sys\nfrom ${module} import ${name}\nif __name__ == '__main__':\n    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])\n    sys.exit(${name}())\n`;
}

/** The requirements of a file: `-r` in it is followed, options are skipped. */
export function readRequirements(sys: Sys, path: string): Wanted[] {
  const text = isDirectory(sys, path) ? undefined : readText(sys, path);
  if (text === undefined || !exists(sys, path)) {
    throw new PipError(`ERROR: Could not open requirements file: [Errno 2] No such file or directory: '${path}'\n`);
  }
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    const nested = /^(?:-r|--requirement)[ =]?(.+)$/.exec(line)?.[1];
    if (nested) return readRequirements(sys, nested.startsWith('/') ? nested : `${directoryOf(path)}${nested}`);
    if (line === '' || line.startsWith('-')) return [];
    return wantedOf(line, ` (from -r ${path} (line ${index + 1}))`);
  });
}

const directoryOf = (path: string): string => (path.includes('/') ? path.replace(/[^/]*$/, '') : '');

export function wantedOf(text: string, from = ''): Wanted[] {
  const requirement = parseRequirement(text);
  if (requirement === null) return [];
  if (requirement) return [{ requirement, from }];
  throw new PipError(`ERROR: Invalid requirement: '${text}'${from}\n`);
}
