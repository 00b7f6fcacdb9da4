/** `pip install`: download, unpack wheels, record. What to install is decided in resolve.ts. */
import { unzipSync } from 'fflate';
import { BytesContent, type Content, fromUtf8, textContent } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { exists, isDirectory, makeDirectories, readContent, readText, writeContent, writeText } from '../sys-files.ts';
import { download, type Index } from './index-client.ts';
import { compareVersions, normalised, parseRequirement } from './requirement.ts';
import { type Chosen, dependencies, PipError, type ResolveOptions, resolve, sizeText, type Wanted } from './resolve.ts';
import { type Distribution, findDistribution, type Place, removeDistribution } from './site.ts';

export interface InstallOptions extends ResolveOptions {
  quiet: boolean;
  cacheDirectory: string | undefined;
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
  // The commands of pip stay: the new one brings the same.
  removeDistribution(sys, old, old.name === 'pip');
  await say(`      Successfully uninstalled ${old.name}-${old.version}\n`);
}

async function wheelOf(
  sys: Sys,
  index: Index,
  { file }: Chosen,
  { cacheDirectory }: InstallOptions,
  say: (text: string) => Promise<void>,
): Promise<Content> {
  const cached = cacheDirectory && `${cacheDirectory}/http-v2/${file.filename}`;
  const kept = cached ? readContent(sys, cached) : undefined;
  const content = kept ?? (await download(sys, index, file.url));
  if (!content) throw new PipError(`ERROR: HTTP error 404 while getting ${file.url}\n`);
  await say(`${kept ? 'Using cached' : 'Downloading'} ${file.filename} (${sizeText(content.size)})\n`);
  if (kept) return kept;
  if (cached) {
    makeDirectories(sys, `${cacheDirectory}/http-v2`, 0o700);
    writeContent(sys, cached, content, 0o600);
  }
  return content;
}

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
