import { tarEntry } from '../../archive/index.ts';
import { BytesContent, bodyBytes, fromUtf8, header, timespecFromMs } from '../../spec/index.ts';
import { type Backend, BuildError } from '../backend.ts';
import { base } from '../paths.ts';
import { BuildContext } from './context.ts';
import { sourceHash } from './copy-hash.ts';
import type { CopySource } from './sources.ts';

export const isUrl = (word: string): boolean => /^https?:\/\//.test(word);

/** Downloads what ADD names by URL: one file, mode 0600, with the server's Last-Modified as its time. */
export async function download(url: string, destination: string, backend: Backend): Promise<CopySource> {
  const path = /^https?:\/\/[^/]*([^?#]*)/.exec(url)![1]!;
  const name = path.endsWith('/') || path === '' ? '' : base(path);
  if (name === '' && destination.endsWith('/')) throw new BuildError(`cannot determine filename from url: ${url}`);
  const response = await backend
    .fetch(url, { method: 'GET', headers: [['User-Agent', 'Go-http-client/1.1']] })
    .catch((error: Error) => {
      throw new BuildError(`Get "${url}": ${error.message}`);
    });
  const bytes = await bodyBytes(response.body);
  if (response.status >= 400) {
    throw new BuildError(`failed to GET ${url} with status ${response.status}: ${fromUtf8(bytes).slice(0, 1024)}`);
  }
  const modified = Date.parse(header(response, 'Last-Modified') ?? '');
  const mtime = Number.isNaN(modified) ? { sec: 0, nsec: 0 } : timespecFromMs(modified);
  const file = name || 'download';
  const tree = new BuildContext([tarEntry({ name: file, mode: 0o600, mtime, content: new BytesContent(bytes) })]);
  return { tree, path: file, hash: sourceHash(tree, file), plain: true };
}
