import type { CliHost } from '../../src/cli/index.ts';
import {
  BytesContent,
  type Content,
  fromUtf8,
  type Handler,
  type HttpRequest,
  jsonBody,
  textContent,
} from '../../src/spec/index.ts';

/** Answers by `METHOD /path` (version and query cut off); a function sees the request. */
export type Answers = Record<string, unknown | ((request: HttpRequest) => unknown)>;

export interface FakeHost extends CliHost {
  readonly out: { stdout: string; stderr: string };
  readonly requests: HttpRequest[];
  readonly written: Map<string, Content>;
}

/** A host with scripted answers, a few files, and outputs that are kept. */
export function fakeHost(
  argv: string[],
  answers: Answers = {},
  options: { env?: Record<string, string>; files?: Record<string, string>; stdin?: string } = {},
): FakeHost {
  const out = { stdout: '', stderr: '' };
  const requests: HttpRequest[] = [];
  const written = new Map<string, Content>(
    Object.entries(options.files ?? {}).map(([path, text]) => [path, textContent(text)]),
  );
  const handler: Handler = async (request) => {
    requests.push(request);
    if (request.target === '/_ping')
      return {
        status: 200,
        headers: [
          ['Api-Version', '1.41'],
          ['Ostype', 'linux'],
        ],
      };
    const key = `${request.method} ${request.target.replace(/^\/v[\d.]+/, '').replace(/\?.*$/, '')}`;
    const json = [['Content-Type', 'application/json']] as const;
    if (!(key in answers)) return { status: 404, headers: json, body: jsonBody({ message: `no answer for ${key}` }) };
    const answer = answers[key];
    if (answer instanceof BytesContent) return { status: 200, headers: [], body: answer };
    return { status: 200, headers: json, body: jsonBody(typeof answer === 'function' ? answer(request) : answer) };
  };
  const sink = (name: 'stdout' | 'stderr') => ({
    isTty: false,
    write: async (bytes: Uint8Array) => void (out[name] += fromUtf8(bytes)),
  });
  let input = options.stdin;
  const stat = (path: string) =>
    written.has(path)
      ? {
          type: 'file' as const,
          mode: 0o644,
          uid: 0,
          gid: 0,
          size: written.get(path)!.size,
          mtime: { sec: 0, nsec: 0 },
          dev: 1,
          ino: 1,
          nlink: 1,
          rdev: { major: 0, minor: 0 },
        }
      : undefined;
  const nothing = (): never => {
    throw Object.assign(new Error('not here'), { code: 'ENOENT' });
  };
  return {
    argv,
    env: { HOME: '/nonexistent', ...options.env },
    cwd: '/root/app',
    out,
    requests,
    written,
    stdin: {
      isTty: false,
      read: async () => {
        const bytes = input === undefined ? null : new TextEncoder().encode(input);
        input = undefined;
        return bytes;
      },
      cancel: () => undefined,
    },
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    windowSize: () => undefined,
    onResize: () => () => undefined,
    setRaw: () => undefined,
    setEcho: () => undefined,
    onSignal: () => () => undefined,
    files: {
      lstat: stat,
      stat,
      content: (path: string) => written.get(path) ?? nothing(),
      drain: async () => nothing(),
      writeFile: (path: string, content: Content) => void written.set(path, content),
      mkdir: () => undefined,
      chmod: () => undefined,
      rename: (from: string, to: string) => {
        written.set(to, written.get(from)!);
        written.delete(from);
      },
      readdir: () => [],
      readlink: nothing,
      create: nothing,
      symlink: nothing,
      link: nothing,
      remove: (path: string) => void written.delete(path),
      chown: () => undefined,
      utimes: () => undefined,
    },
    connect: () => handler,
    now: () => ({ sec: 1_795_309_478, nsec: 0 }),
    sleep: async () => undefined,
    timezone: () => ({ offset: 0, name: 'UTC' }),
  };
}
