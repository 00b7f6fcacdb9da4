import { ApiError, bodyChunks } from '../../../api/index.ts';
import { readTar, TarContent, type TarEntry } from '../../../archive/index.ts';
import { BytesContent, bodyBytes, type Content, header, paced } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import { humanSize } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { treeEntries } from '../tree-entries.ts';
import { joinPath } from './mount-option.ts';

interface PathStat {
  name: string;
  size: number;
  /** Go's FileMode: bit 31 is a directory, bit 27 a symlink. */
  mode: number;
  linkTarget: string;
}
const isSymlink = (stat: PathStat | undefined): stat is PathStat =>
  stat !== undefined && (stat.mode & 0x08000000) !== 0;
const isDirectory = (stat: PathStat | undefined): boolean => stat !== undefined && (stat.mode & 0x80000000) !== 0;

export const cp: Command = {
  name: 'cp',
  use: `[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-
	docker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH`,
  short: 'Copy files/folders between a container and the local filesystem',
  long: `Copy files/folders between a container and the local filesystem

Use '-' as the source to read a tar archive from stdin
and extract it to a directory destination in a container.
Use '-' as the destination to stream a tar archive of a
container source to stdout.`,
  aliasText: 'docker container cp, docker cp',
  flags: [
    flag('archive', 'a', 'bool', 'Archive mode (copy all uid/gid information)'),
    flag('follow-link', 'L', 'bool', 'Always follow symbol link in SRC_PATH'),
    flag(
      'quiet',
      'q',
      'bool',
      'Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached',
    ),
  ],
  args: { exact: 2 },
  async run(cli, flags, [source, target]) {
    const [from, to] = [splitPath(source!), splitPath(target!)];
    if (from.container && to.container) throw new StatusError(1, 'copying between containers is not supported');
    if (!from.container && !to.container) throw new StatusError(1, 'must specify at least one container source');
    if (source === '') throw new StatusError(1, 'source can not be empty');
    if (target === '') throw new StatusError(1, 'destination can not be empty');
    const quiet = flags.bool('quiet') || !cli.host.stderr.isTty;
    const followLink = flags.bool('follow-link');
    return from.container
      ? copyFrom(cli, from.container, from.path, to.path, { quiet, followLink })
      : copyTo(cli, from.path, to.container, to.path, { quiet, followLink, keepOwner: flags.bool('archive') });
  },
};

/** `CONTAINER:PATH`; what begins with `/` or `.` is a local path, whatever it holds. */
function splitPath(text: string): { container: string; path: string } {
  const at = text.indexOf(':');
  if (text.startsWith('/') || text.startsWith('.') || at < 0) return { container: '', path: text };
  return { container: text.slice(0, at), path: text.slice(at + 1) };
}

const archive = (container: string): string => `/containers/${encodeURIComponent(container)}/archive`;
const baseName = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? '';
const parentOf = (path: string): string => joinPath('/', path).replace(/\/[^/]*$/, '') || '/';

async function statIn(cli: DockerCli, container: string, path: string): Promise<PathStat | undefined> {
  try {
    const response = await cli.client.call('HEAD', archive(container), { query: { path } });
    return JSON.parse(atob(header(response, 'X-Docker-Container-Path-Stat') ?? 'e30=')) as PathStat;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Where a copy goes; undefined for what cannot be looked at, as for what is not there: a file named with a slash. */
async function targetStat(cli: DockerCli, container: string, target: string): Promise<PathStat | undefined> {
  if (target === '') return undefined;
  try {
    return await statIn(cli, container, joinPath('/', target) + (/\/\.?$/.exec(target)?.[0] ?? ''));
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

async function copyFrom(
  cli: DockerCli,
  container: string,
  path: string,
  target: string,
  { quiet, followLink }: { quiet: boolean; followLink: boolean },
): Promise<number> {
  const { files, cwd } = cli.host;
  const absolute = joinPath(cwd, target);
  if (target !== '-' && !files.stat(parentOf(absolute)))
    throw new StatusError(1, `invalid output path: directory "${parentOf(absolute)}" does not exist`);
  const link = followLink ? await statIn(cli, container, joinPath('/', path)) : undefined;
  const real = isSymlink(link) ? joinPath(parentOf(path), link.linkTarget) : path;
  const response = await cli.client.call('GET', archive(container), {
    query: { path: real && joinPath('/', real) + (/\/\.?$/.exec(path)?.[0] ?? '') },
  });
  if (target === '-') {
    for await (const bytes of bodyChunks(response.body)) await cli.host.stdout.write(bytes);
    return 0;
  }
  const bytes = await bodyBytes(response.body, 2 ** 31);
  const entries = readTar(new BytesContent(bytes));
  const existing = files.stat(absolute);
  const rootName = entries[0]?.name.split('/').filter(Boolean)[0] ?? '';
  const contentsOnly = /(^|\/)\.$/.test(path);
  const directory = entries[0]?.type === 'directory';
  if (!existing && !directory && target.endsWith('/')) throw new StatusError(1, 'no such directory');
  if (existing && existing.type !== 'directory' && directory) throw new StatusError(1, 'cannot copy directory');
  // What was reached through a link keeps the link's name.
  const ownName = real === path ? rootName : baseName(path);
  const into = existing?.type === 'directory' && !contentsOnly ? `${absolute}/${ownName}` : absolute;
  for (const entry of entries) extract(cli, entry, into, (name) => rename(name, rootName, into));
  if (!quiet) await cli.err(`Successfully copied ${humanSize(bytes.length, 3)} to ${absolute}\n`);
  return 0;
}

const rename = (name: string, root: string, into: string): string =>
  joinPath('/', `${into}/${name.replace(/^\.?\//, '').slice(root === '.' ? 0 : root.length)}`);

/** The archive is the daemon's word: nothing in it may lead out of `into`, by `..` or through a link it made before. */
function checkInside(cli: DockerCli, into: string, path: string): void {
  if (path !== into && !path.startsWith(`${into}/`)) throw new StatusError(1, `"${path}" is outside of "${into}"`);
  for (let above = parentOf(path); above.length >= into.length && above !== '/'; above = parentOf(above)) {
    if (cli.host.files.lstat(above)?.type === 'symlink')
      throw new StatusError(1, `"${path}" is outside of "${into}": "${above}" is a symbolic link`);
  }
}

export function extract(cli: DockerCli, entry: TarEntry, into: string, place: (name: string) => string): void {
  const { files } = cli.host;
  const path = place(entry.name);
  checkInside(cli, into, path);
  const old = files.lstat(path);
  if (old && !(old.type === 'directory' && entry.type === 'directory')) files.remove(path);
  if (entry.type === 'directory') {
    if (old?.type !== 'directory') files.mkdir(path, entry.mode & 0o7777);
  } else if (entry.type === 'symlink') {
    files.symlink(path, entry.linkname);
    return;
  } else if (entry.type === 'link') {
    const existing = place(entry.linkname);
    checkInside(cli, into, existing);
    files.link(path, existing);
    return;
  } else if (entry.type === 'file') files.writeFile(path, entry.content, entry.mode & 0o7777);
  else throw new StatusError(1, `drydock: cp of a ${entry.type} is not simulated`);
  files.chmod(path, entry.mode & 0o7777);
  files.utimes(path, entry.mtime);
}

/** Where a chain of symlinks ends; the path itself when it is none. */
function linkEnd(cli: DockerCli, path: string): string {
  let end = path;
  for (let hops = 0; cli.host.files.lstat(end)?.type === 'symlink'; hops++) {
    if (hops === 255) throw new StatusError(1, 'EvalSymlinks: too many links');
    end = joinPath(parentOf(end), cli.host.files.readlink(end));
  }
  return end;
}

async function copyTo(
  cli: DockerCli,
  source: string,
  container: string,
  target: string,
  { quiet, followLink, keepOwner }: { quiet: boolean; followLink: boolean; keepOwner: boolean },
): Promise<number> {
  let stat = await targetStat(cli, container, target);
  let directory = joinPath('/', target);
  if (isSymlink(stat)) {
    directory = joinPath(parentOf(directory), stat.linkTarget);
    stat = await statIn(cli, container, directory);
  }
  let body: Content | AsyncIterable<Uint8Array>;
  if (source === '-') {
    if (!isDirectory(stat)) throw new StatusError(1, `destination "${container}:${target}" must be a directory`);
    body = cli.input();
  } else {
    const named = joinPath(cli.host.cwd, source);
    // A slash at the end, too, means what the link leads to.
    const path = followLink || /\/\.?$/.test(source) ? linkEnd(cli, named) : named;
    const info = cli.host.files.lstat(path);
    // The directory and the name are joined by a slash even when the directory is /.
    if (!info) throw new StatusError(1, `lstat ${parentOf(path)}/${baseName(path)}: no such file or directory`);
    const contentsOnly = /(^|\/)\.$/.test(source);
    let name = baseName(named);
    if (isDirectory(stat)) name = contentsOnly ? '.' : name;
    else {
      // A path that ends in a slash, in a dot or nowhere says that it is a directory.
      if (!stat && /(^|\/)\.?$/.test(target) && info.type !== 'directory')
        throw new StatusError(1, 'no such directory');
      if (stat && info.type === 'directory') throw new StatusError(1, 'cannot copy directory');
      name = baseName(directory);
      directory = parentOf(directory);
    }
    body = new TarContent(await paced(treeEntries(cli.host.files, path, name), cli.host.pause));
  }
  await cli.client.done('PUT', archive(container), {
    query: { path: directory, noOverwriteDirNonDir: true, copyUIDGID: keepOwner || undefined },
    body,
    headers: [['Content-Type', 'application/x-tar']],
  });
  if (!quiet)
    await cli.err(`Successfully copied ${humanSize('size' in body ? body.size : 0, 3)} to ${container}:${target}\n`);
  return 0;
}
