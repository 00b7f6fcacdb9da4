/** The package index: PEP 691 JSON over the process's own sockets, and the names of its errors. */
import { type Content, contentText } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { FetchError, httpGet } from '../http-get.ts';
import { normalised } from './requirement.ts';

export interface IndexFile {
  filename: string;
  version: string;
  url: string;
}

export interface Index {
  url: string;
  /** Tells of a try that failed. */
  warn(text: string): Promise<void>;
}

const tries = 5;

/** Files of a project, empty when the index does not know it or cannot be reached. */
export async function projectFiles(sys: Sys, { url, warn }: Index, name: string): Promise<IndexFile[]> {
  const page = `${url.replace(/\/$/, '')}/${normalised(name)}/`;
  const body = await getRetrying(sys, page, new URL(page).pathname, warn);
  if (!body) return [];
  const { files } = JSON.parse(contentText(body)) as { files: Omit<IndexFile, 'version'>[] };
  return files.map((file) => ({ ...file, version: file.filename.split('-')[1] ?? '' }));
}

export const download = async (sys: Sys, { warn }: Index, url: string): Promise<Content | undefined> =>
  getRetrying(sys, url, new URL(url).pathname, warn);

async function getRetrying(
  sys: Sys,
  url: string,
  path: string,
  warn: (text: string) => Promise<void>,
): Promise<Content | undefined> {
  for (let left = tries; ; left--) {
    try {
      const { status, body } = await httpGet(sys, url, [['Accept', 'application/vnd.pypi.simple.v1+json']]);
      return status === 200 ? body : undefined;
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      if (left === 0) return undefined;
      await warn(
        `WARNING: Retrying (Retry(total=${left - 1}, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f${(sys.random(5).reduce((a, b) => a * 256 + b, 0) % 0x10000000000).toString(16).padStart(10, '0')}>: Failed to establish a new connection: ${reason(error)}')': ${path}\n`,
      );
      if (left > 1) await sys.sleep(Math.min(250 * 2 ** (tries - left), 4000));
    }
  }
}

const reason = ({ failure }: FetchError): string =>
  failure.kind === 'resolve'
    ? failure.temporary
      ? '[Errno -3] Temporary failure in name resolution'
      : '[Errno -2] Name or service not known'
    : `[Errno 111] ${failure.reason}`;
