/** A package by URL, as rpm and yum localinstall take them. */
import type { Content } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { FetchError, httpGet } from '../http-get.ts';

/** The content, or rpm's words on why there is none. */
export async function fetchRpm(sys: Sys, url: string): Promise<Content | string> {
  const skipped = `error: skipping ${url} - transfer failed`;
  try {
    const { status, body } = await httpGet(sys, url);
    return status === 200
      ? body
      : `curl: (22) The requested URL returned error: ${status} ${status === 404 ? 'Not Found' : ''}\n${skipped}`;
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    const { failure } = error;
    const why =
      failure.kind === 'resolve'
        ? `(6) Could not resolve host: ${failure.host}; Unknown error`
        : `(7) Failed connect to ${failure.host}:${failure.port}; ${failure.reason}`;
    return `curl: ${why}\n${skipped}`;
  }
}
