/** apt-get update. */
import { sha256 } from '@noble/hashes/sha2.js';
import { decompress } from '../../../../archive/index.ts';
import { type Content, chunks } from '../../../../spec/index.ts';
import { listNames, makeDirectories, readText, removeQuietly, writeContent } from '../sys-files.ts';
import { Acquire } from './acquire.ts';
import type { AptConfig } from './config.ts';
import { listFile, listsDirectory, packagesUrl, readSources, releaseUrl, type Source, shownUri } from './sources.ts';
import type { AptTerminal } from './terminal.ts';

/** Exit status. Sources that fail leave a warning, as in life; what they had before stays. */
export async function update(terminal: AptTerminal, config: AptConfig): Promise<number> {
  const { sys } = terminal;
  makeDirectories(sys, `${listsDirectory}/partial`, 0o700);
  const acquire = new Acquire(terminal);
  const sources = readSources(sys);
  const fresh: Source[] = [];
  const missing: Source[] = [];
  for (const source of sources) {
    const outcome = await fetchRelease(acquire, terminal, source);
    if (outcome === 'new') fresh.push(source);
    else if (outcome === 'none') missing.push(source);
  }
  for (const source of fresh) await fetchIndices(acquire, terminal, source);
  await acquire.summary();
  dropForeignLists(terminal, sources);
  await runHooks(terminal, config, 'APT::Update::Post-Invoke');
  await terminal.progress('Reading package lists');
  return report(terminal, acquire, missing);
}

type Outcome = 'new' | 'same' | 'failed' | 'none';

async function fetchRelease(acquire: Acquire, terminal: AptTerminal, source: Source): Promise<Outcome> {
  const file = listFile(releaseUrl(source));
  const old = readText(terminal.sys, file);
  const modifiedSince = old && httpDate(/^Date: (.*)$/m.exec(old)?.[1]);
  const shown = `${shownUri(source)} ${source.suite} InRelease`;
  const got = await acquire.get(releaseUrl(source), shown, modifiedSince ? { modifiedSince } : {});
  if (got.kind === 'hit') return 'same';
  if (got.kind === 'failed') return got.failure.message.startsWith('404') ? 'none' : 'failed';
  writeContent(terminal.sys, file, got.content);
  return 'new';
}

const httpDate = (date: string | undefined): string | undefined => date?.replace(/UTC$/, 'GMT');

async function fetchIndices(acquire: Acquire, { sys }: AptTerminal, source: Source): Promise<void> {
  const release = readText(sys, listFile(releaseUrl(source)))!;
  const sums = new Map(
    [...release.matchAll(/^ ([0-9a-f]{64}) +(\d+) (\S+)$/gm)].map(([, sum, size, path]) => [path!, { sum, size }]),
  );
  for (const component of source.components) {
    const plain = `${component}/binary-amd64/Packages`;
    // An empty index is not worth a request.
    if (!sums.has(plain) || sums.get(plain)!.size === '0') continue;
    const shown = `${shownUri(source)} ${source.suite}/${component} amd64 Packages`;
    const url = `${packagesUrl(source, component)}.gz`;
    const got = await acquire.get(url, shown);
    if (got.kind !== 'got') continue;
    if (digest(got.content) !== sums.get(`${plain}.gz`)?.sum) {
      acquire.failures.push({ url, message: 'Hash Sum mismatch' });
      continue;
    }
    writeContent(sys, listFile(packagesUrl(source, component)), decompress(got.content));
  }
}

function digest(content: Content): string {
  const hash = sha256.create();
  for (const chunk of chunks(content)) hash.update(chunk);
  return [...hash.digest()].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Lists of sources that are no longer named go away. */
function dropForeignLists({ sys }: AptTerminal, sources: readonly Source[]): void {
  const wanted = sources.flatMap((source) => [
    releaseUrl(source),
    ...source.components.map((one) => packagesUrl(source, one)),
  ]);
  const files = new Set([...wanted.map(listFile), `${listsDirectory}/partial`, `${listsDirectory}/lock`]);
  for (const name of listNames(sys, listsDirectory)) {
    if (!files.has(`${listsDirectory}/${name}`)) removeQuietly(sys, `${listsDirectory}/${name}`);
  }
}

async function report(terminal: AptTerminal, acquire: Acquire, missing: readonly Source[]): Promise<number> {
  if (missing.length > 0) {
    for (const source of missing) {
      const failed = acquire.failures.find(({ url }) => url === releaseUrl(source));
      if (!failed) continue;
      const name = `${shownUri(source)} ${source.suite}`;
      await terminal.error(`The repository '${name} Release' does not have a Release file.`);
      if (terminal.quiet > 1) continue;
      await terminal.sys.write(
        2,
        `N: Updating from such a repository can't be done securely, and is therefore disabled by default.\nN: See apt-secure(8) manpage for repository creation and user configuration details.\n`,
      );
    }
    return 100;
  }
  for (const { url, message } of acquire.failures) await terminal.warn(`Failed to fetch ${url}  ${message}`);
  if (acquire.failures.length > 0) {
    await terminal.warn('Some index files failed to download. They have been ignored, or old ones used instead.');
  }
  return 0;
}

/** DPkg::Post-Invoke and its like: commands for /bin/sh. */
export async function runHooks({ sys }: AptTerminal, config: AptConfig, key: string): Promise<void> {
  for (const command of config.list(key)) {
    const pid = await sys.spawn('/bin/sh', ['sh', '-c', command]);
    await sys.wait(pid);
  }
}
