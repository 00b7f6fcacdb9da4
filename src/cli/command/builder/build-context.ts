import { sha256 } from '@noble/hashes/sha2.js';
import { TarContent, tarEntry } from '../../../archive/index.ts';
import {
  BytesContent,
  bodyBytes,
  type Content,
  createIgnore,
  fromUtf8,
  httpStatusText,
  PatternError,
  paced,
  parseIgnoreFile,
  textContent,
  utf8,
} from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { StatusError } from '../command.ts';
import { joinPath } from '../container/mount-option.ts';
import { treeEntries } from '../tree-entries.ts';

export interface BuildContext {
  /** A tar. */
  body: Content;
  /** Path of the Dockerfile inside the context. */
  dockerfile: string;
}

async function readAll(cli: DockerCli): Promise<Uint8Array> {
  const parts: number[] = [];
  for await (const bytes of cli.input()) for (const byte of bytes) parts.push(byte);
  return Uint8Array.from(parts);
}

/** The context of `docker build CONTEXT -f FILE`, as a tar with the files of an ordinary user given to root. */
export async function buildContext(
  cli: DockerCli,
  context: string,
  file: string,
  buildKit: boolean,
  /** The Dockerfile's text, when it is no file. */
  inline?: string,
): Promise<BuildContext> {
  const prefix = 'unable to prepare context: ';
  if (context === '-') {
    if (file === '-')
      throw new StatusError(1, "invalid argument: can't use stdin for both build context and dockerfile");
    return fromStdin(await readAll(cli), file, buildKit);
  }
  if (/^git:\/\/|^git@|^github\.com\/|^https?:\/\/[^?#]*\.git(?:#|$)/.test(context))
    throw new StatusError(1, prefix + gitRefusal(cli));
  if (/^https?:\/\//.test(context)) return fromStdin(await download(cli, context, prefix), file, buildKit);
  const { files, cwd } = cli.host;
  const root = joinPath(cwd, context);
  const stat = files.stat(root);
  if (!stat || context === '') throw new StatusError(1, `${prefix}path "${context}" not found`);
  if (stat.type !== 'directory') throw new StatusError(1, `${prefix}context must be a directory: ${root}`);
  const typed = inline !== undefined ? utf8(inline) : file === '-' ? await readAll(cli) : undefined;
  return fromDirectory(cli, root, file, typed, buildKit);
}

/** The client clones by the program git, where there is one. */
function gitRefusal({ host: { files, env } }: DockerCli): string {
  const found = (env.PATH ?? '').split(':').some((directory) => files.stat(`${directory}/git`));
  if (!found) return 'unable to find \'git\': exec: "git": executable file not found in $PATH';
  return 'drydock: a git repository as build context is not simulated';
}

function fromStdin(bytes: Uint8Array, file: string, buildKit: boolean): BuildContext {
  if (buildKit && bytes.length === 0) throw new StatusError(1, 'failed to peek context header from STDIN: EOF');
  const isTar =
    (bytes.length > 262 && String.fromCharCode(...bytes.subarray(257, 262)) === 'ustar') ||
    (bytes[0] === 0x1f && bytes[1] === 0x8b);
  if (isTar) return { body: new BytesContent(bytes), dockerfile: file || 'Dockerfile' };
  if (file) {
    const prefix = buildKit ? '' : 'unable to prepare context: ';
    throw new StatusError(1, `${prefix}ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles`);
  }
  return {
    body: new TarContent([
      tarEntry({ name: 'Dockerfile', type: 'file', mode: 0o644, size: bytes.length, content: new BytesContent(bytes) }),
    ]),
    dockerfile: 'Dockerfile',
  };
}

/** A remote context is fetched by the client: a tar, or the text of a Dockerfile. */
async function download(cli: DockerCli, url: string, prefix: string): Promise<Uint8Array> {
  const cannot = (why: string) => new StatusError(1, `${prefix}unable to download remote context ${url}: ${why}`);
  const { protocol, host, pathname, search, port } = new URL(url);
  const server = cli.host.connect(`tcp://${host}${port ? '' : protocol === 'https:' ? ':443' : ':80'}`);
  let answer: Awaited<ReturnType<typeof server>>;
  try {
    answer = await server({ method: 'GET', target: pathname + search, headers: [['Host', host]] });
  } catch (error) {
    const refused = (error as { code?: string }).code === 'ECONNREFUSED';
    const why = refused ? `dial tcp ${host}: connect: connection refused` : (error as Error).message;
    throw cannot(`Get "${url}": ${why}`);
  }
  const bytes = await bodyBytes(answer.body);
  if (answer.status >= 400)
    throw cannot(`failed to GET ${url} with status ${httpStatusText(answer.status)}: ${fromUtf8(bytes).trim()}`);
  return bytes;
}

/** Name under which a Dockerfile that is not in the context is carried along: one that no file of the context has. */
function strayName(cli: DockerCli, content: Content): string {
  const { sec, nsec } = cli.host.now();
  const seed = new Uint8Array([...utf8(`${sec}.${nsec} `), ...content.read(0, Math.min(content.size, 4096))]);
  const hex = [...sha256(seed)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `.dockerfile.${hex.slice(0, 20)}`;
}

/** Paths that `.dockerignore` leaves out. */
function ignored(text: string, buildKit: boolean): (path: string) => boolean {
  try {
    const ignore = createIgnore(parseIgnoreFile(text));
    if (ignore.patterns.length === 0) return () => false;
    if (buildKit) return (path) => ignore.excludes(path);
    // A directory left out is not entered, unless a `!` pattern begins with its very path.
    const exceptions = ignore.patterns.filter((text) => text.startsWith('!')).map((text) => `${text.slice(1)}/`);
    const closed = (directory: string): boolean =>
      ignore.excludes(directory) && !exceptions.some((text) => text.startsWith(`${directory}/`));
    const above = (path: string): string[] => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
    return (path) => ignore.excludes(path) || above(path).some(closed);
  } catch (error) {
    if (error instanceof PatternError) throw new StatusError(1, `error checking context: ${error.message}`);
    throw error;
  }
}

/** filepath.EvalSymlinks goes along the path and stops at the first name that is not there. */
function firstMissing(cli: DockerCli, path: string): string {
  const parts = path.split('/').filter(Boolean);
  const prefixes = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  return prefixes.find((prefix) => !cli.host.files.lstat(prefix)) ?? path;
}

async function fromDirectory(
  cli: DockerCli,
  root: string,
  file: string,
  typed: Uint8Array | undefined,
  buildKit: boolean,
): Promise<BuildContext> {
  const { files, cwd } = cli.host;
  let stray: Content | undefined = typed && new BytesContent(typed);
  let dockerfile = 'Dockerfile';
  if (!typed) {
    const usual = ['Dockerfile', 'dockerfile'].map((name) => `${root}/${name}`);
    const path = file ? joinPath(cwd, file) : (usual.find((name) => files.stat(name)) ?? usual[0]!);
    if (!files.stat(path))
      throw new StatusError(
        1,
        `unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat ${firstMissing(cli, path)}: no such file or directory`,
      );
    if (path.startsWith(root === '/' ? '/' : `${root}/`)) dockerfile = path.slice(root === '/' ? 1 : root.length + 1);
    else stray = cli.content(path);
  }
  const strayed = stray ? strayName(cli, stray) : '';
  if (stray) dockerfile = strayed;
  const own = `${root}/${dockerfile}.dockerignore`;
  const ignoreFile = buildKit && !stray && files.stat(own) ? own : `${root}/.dockerignore`;
  if (files.stat(ignoreFile)?.type === 'directory')
    throw new StatusError(1, `error reading .dockerignore: read ${ignoreFile}: is a directory`);
  const leavesOut = ignored(files.stat(ignoreFile) ? cli.readText(ignoreFile) : '', buildKit);
  // The daemon needs both whatever the patterns say; it applies them itself.
  const keep = (path: string): boolean => path === dockerfile || path === '.dockerignore' || !leavesOut(path);
  const entries = await paced(treeEntries(files, root, '', keep, { uid: 0, gid: 0 }), cli.host.pause);
  if (stray) {
    const patterns = files.stat(`${root}/.dockerignore`) ? cli.readText(`${root}/.dockerignore`) : '';
    const text = textContent(`${patterns || '.dockerignore'}\n${strayed}\n`);
    const kept = entries.filter(({ name }) => name !== '.dockerignore');
    kept.push(
      tarEntry({
        name: '.dockerignore',
        type: 'file',
        mode: 0o600,
        size: text.size,
        content: text,
      }),
    );
    kept.push(
      tarEntry({
        name: strayed,
        type: 'file',
        mode: 0o600,
        size: stray.size,
        content: stray,
      }),
    );
    return { body: new TarContent(kept), dockerfile };
  }
  return { body: new TarContent(entries), dockerfile };
}
