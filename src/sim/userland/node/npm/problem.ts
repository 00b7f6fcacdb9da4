/** What goes wrong, in npm's words. */
import type { FetchFailure } from '../../packages/http-get.ts';

/** Lines after `npm error`. */
export class NpmProblem extends Error {
  constructor(
    readonly lines: readonly string[],
    readonly exitCode = 1,
  ) {
    super(lines[0]);
  }
}

export const notInRegistry = (url: string, spec: string): NpmProblem =>
  new NpmProblem([
    'code E404',
    `404 Not Found - GET ${url} - Not found`,
    '404',
    `404  '${spec}' is not in this registry.`,
    '404',
    '404 Note that you can also install from a',
    '404 tarball, folder, http url, or git folder.',
  ]);

export const noVersion = (spec: string): NpmProblem =>
  new NpmProblem([
    'code ETARGET',
    `notarget No matching version found for ${spec}.`,
    'notarget In most cases you or one of your dependencies are requesting',
    "notarget a package version that doesn't exist.",
  ]);

export const noManifest = (path: string): NpmProblem =>
  new NpmProblem(
    [
      'code ENOENT',
      'syscall open',
      `path ${path}`,
      'errno -2',
      `enoent Could not read package.json: Error: ENOENT: no such file or directory, open '${path}'`,
      'enoent This is related to npm not being able to find a file.',
      'enoent',
    ],
    254,
  );

export function unreachable(url: string, failure: FetchFailure): NpmProblem {
  const code = failure.kind === 'resolve' ? (failure.temporary ? 'EAI_AGAIN' : 'ENOTFOUND') : failure.code;
  const syscall = failure.kind === 'resolve' ? 'getaddrinfo' : 'connect';
  const reason =
    failure.kind === 'resolve'
      ? `getaddrinfo ${code} ${failure.host}`
      : `connect ${code} ${failure.address}:${failure.port}`;
  if (code === 'EAI_AGAIN') {
    return new NpmProblem([
      `code ${code}`,
      `syscall ${syscall}`,
      `errno ${code}`,
      `request to ${url} failed, reason: ${reason}`,
    ]);
  }
  return new NpmProblem([
    `code ${code}`,
    `syscall ${syscall}`,
    `errno ${code}`,
    `network request to ${url} failed, reason: ${reason}`,
    'network This is a problem related to network connectivity.',
    'network In most cases you are behind a proxy or have bad network settings.',
    'network',
    'network If you are behind a proxy, please make sure that the',
    "network 'proxy' config is set properly.  See: 'npm help config'",
  ]);
}
