import { tarEntry } from '../../archive/index.ts';
import { digestOfBytes } from '../../content/index.ts';
import { BytesContent, bodyBytes, fromUtf8, header, httpStatusText, timespecFromMs } from '../../spec/index.ts';
import { type Backend, BuildError } from '../backend.ts';
import { base } from '../paths.ts';
import { BuildContext } from './context.ts';
import { sourceHash } from './copy-hash.ts';
import type { CopySource } from './sources.ts';

export const isUrl = (word: string): boolean => /^https?:\/\//.test(word);

/** BuildKit clones what ADD names like this; `--keep-git-dir` is of no other source. */
export function refuseGit(word: string): void {
  const git = /^(git@|git:\/\/|ssh:\/\/)/.test(word) || /^https?:\/\/[^?#]*\.git(?:#|$)/.test(word);
  if (git) throw new BuildError('drydock: ADD of a git repository is not simulated');
}

/**
 * Downloads what ADD names by URL: one file, mode 0600, with the server's Last-Modified as its time. `checksum` is
 * what `ADD --checksum` wants the bytes to have, '' for anything.
 */
export async function download(url: string, destination: string, backend: Backend, checksum = ''): Promise<CopySource> {
  const path = /^https?:\/\/[^/]*([^?#]*)/.exec(url)![1]!;
  const name = path.endsWith('/') || path === '' ? '' : base(path);
  const response = await backend
    .fetch(url, { method: 'GET', headers: [['User-Agent', 'Go-http-client/1.1']] })
    .catch((error: Error) => {
      throw new BuildError(`Get "${url}": ${error.message}`);
    });
  const bytes = await bodyBytes(response.body);
  if (response.status >= 400) {
    throw new BuildError(
      `failed to GET ${url} with status ${httpStatusText(response.status)}: ${fromUtf8(bytes).trim()}`,
    );
  }
  if (name === '' && destination.endsWith('/')) throw new BuildError(`cannot determine filename from url: ${url}`);
  const digest = digestOfBytes(bytes);
  if (checksum && checksum !== digest) throw new BuildError(`digest mismatch ${digest}: ${checksum}`);
  const modified = Date.parse(header(response, 'Last-Modified') ?? '');
  const mtime = Number.isNaN(modified) ? { sec: 0, nsec: 0 } : timespecFromMs(modified);
  const file = name || 'download';
  const tree = new BuildContext([tarEntry({ name: file, mode: 0o600, mtime, content: new BytesContent(bytes) })]);
  // The history tells it without the kind.
  return { tree, path: file, hash: sourceHash(tree, file).replace(/^file:/, ''), plain: true };
}
