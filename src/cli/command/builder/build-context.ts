import { TarContent, tarEntry } from '../../../archive/index.ts';
import { BytesContent, type Content, textContent } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { StatusError } from '../command.ts';
import { joinPath } from '../container/mount-option.ts';
import { treeEntries } from '../tree-entries.ts';
import { IgnorePatterns } from './ignore.ts';

export interface BuildContext {
  /** A tar; undefined for a URL that the daemon fetches. */
  body?: Content;
  remote?: string;
  /** Path of the Dockerfile inside the context. */
  dockerfile: string;
}

async function readAll(cli: DockerCli): Promise<Uint8Array> {
  const parts: number[] = [];
  for await (const bytes of cli.input()) for (const byte of bytes) parts.push(byte);
  return Uint8Array.from(parts);
}

/** The context of `docker build CONTEXT -f FILE`, as a tar with the files of an ordinary user given to root. */
export async function buildContext(cli: DockerCli, context: string, file: string): Promise<BuildContext> {
  const prefix = 'unable to prepare context: ';
  if (context === '-') {
    if (file === '-')
      throw new StatusError(1, "invalid argument: can't use stdin for both build context and dockerfile");
    return fromStdin(await readAll(cli), file);
  }
  if (/^(https?|git):\/\/|^git@|^github\.com\//.test(context))
    return { remote: context, dockerfile: file || 'Dockerfile' };
  const { files, cwd } = cli.host;
  const root = joinPath(cwd, context);
  const stat = files.stat(root);
  if (!stat) throw new StatusError(1, `${prefix}path "${context}" not found`);
  if (stat.type !== 'directory') throw new StatusError(1, `${prefix}context must be a directory: ${root}`);
  return fromDirectory(cli, root, file, file === '-' ? await readAll(cli) : undefined, prefix);
}

function fromStdin(bytes: Uint8Array, file: string): BuildContext {
  if (bytes.length === 0) throw new StatusError(1, 'failed to peek context header from STDIN: EOF');
  const isTar =
    (bytes.length > 262 && String.fromCharCode(...bytes.subarray(257, 262)) === 'ustar') ||
    (bytes[0] === 0x1f && bytes[1] === 0x8b);
  if (isTar) return { body: new BytesContent(bytes), dockerfile: file || 'Dockerfile' };
  if (file) throw new StatusError(1, 'ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles');
  return {
    body: new TarContent([
      tarEntry({ name: 'Dockerfile', type: 'file', mode: 0o600, size: bytes.length, content: new BytesContent(bytes) }),
    ]),
    dockerfile: 'Dockerfile',
  };
}

/** Name of a Dockerfile that is not in the context and is carried along. */
const strayName = '.dockerfile.drydock';

function fromDirectory(
  cli: DockerCli,
  root: string,
  file: string,
  typed: Uint8Array | undefined,
  prefix: string,
): BuildContext {
  const { files, cwd } = cli.host;
  let stray: Content | undefined = typed && new BytesContent(typed);
  let dockerfile = 'Dockerfile';
  if (!typed) {
    const path = file ? joinPath(cwd, file) : `${root}/Dockerfile`;
    if (!files.stat(path))
      throw new StatusError(
        1,
        `${prefix}unable to evaluate symlinks in Dockerfile path: lstat ${path}: no such file or directory`,
      );
    if (path.startsWith(root === '/' ? '/' : `${root}/`)) dockerfile = path.slice(root === '/' ? 1 : root.length + 1);
    else stray = files.content(path);
  }
  if (stray) dockerfile = strayName;
  const own = `${root}/${dockerfile}.dockerignore`;
  const ignoreFile = !stray && files.stat(own) ? own : `${root}/.dockerignore`;
  const ignore = new IgnorePatterns(files.stat(ignoreFile) ? cli.readText(ignoreFile) : '');
  // The daemon needs both whatever the patterns say; it applies them itself.
  const keep = (path: string): boolean => path === dockerfile || path === '.dockerignore' || !ignore.ignores(path);
  const entries = treeEntries(files, root, '', keep).map((entry) => ({
    ...entry,
    uid: 0,
    gid: 0,
    uname: '',
    gname: '',
  }));
  if (stray) {
    const ignored = files.stat(`${root}/.dockerignore`) ? cli.readText(`${root}/.dockerignore`) : '';
    const text = textContent(`${ignored}\n${strayName}\n.dockerignore\n`);
    const kept = entries.filter(({ name }) => name !== '.dockerignore');
    kept.push(
      tarEntry({
        name: '.dockerignore',
        type: 'file',
        mode: 0o600,
        size: text.size,
        content: text,
      }) as (typeof entries)[number],
    );
    kept.push(
      tarEntry({
        name: strayName,
        type: 'file',
        mode: 0o600,
        size: stray.size,
        content: stray,
      }) as (typeof entries)[number],
    );
    return { body: new TarContent(kept), dockerfile };
  }
  return { body: new TarContent(entries), dockerfile };
}
