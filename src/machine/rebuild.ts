/**
 * Builds once more what was built last, with another Dockerfile or after a change of one file, on a machine of its own
 * that begins where this one is: what a reorder would save is measured, not guessed.
 */
import { decompress, readTar, TarContent, tarEntry } from '../archive/index.ts';
import { bodyContent } from '../engine/index.ts';
import { bodyText, ConcatContent, type Content, type Handler, type HttpRequest, textContent } from '../spec/index.ts';
import type { TraceEventOf } from '../trace/index.ts';
import type { Machine } from './machine.ts';

/** A build as the Engine API was asked for it. */
export interface BuildRequest extends Omit<HttpRequest, 'body'> {
  body: Content;
}

export interface RebuiltStep {
  line: number;
  instruction: string;
  cache: 'hit' | 'miss';
  reason: string;
  ms: number;
}

export interface RebuildOutcome {
  steps: RebuiltStep[];
  /** Steps that were not taken from the cache. */
  rerun: number;
  /** Time of the machine that the steps took. */
  ms: number;
  /** Undefined when the image was built. */
  error?: string;
}

/** Remembers the last build that the API was asked for; contents are kept by reference. */
export class BuildWatch {
  last: BuildRequest | undefined;

  on(handler: Handler): Handler {
    return async (request, context) => {
      const { method, target, headers } = request;
      if (method !== 'POST' || !request.body || !/^(\/v[\d.]+)?\/build\?/.test(target))
        return handler(request, context);
      const body = await bodyContent(request.body);
      this.last = { method, target, headers, body };
      return handler({ ...request, body }, context);
    };
  }
}

/** Paths of the files of a build's context. */
export const contextFiles = (request: BuildRequest): string[] =>
  readTar(decompress(request.body)).flatMap(({ type, name }) => (type === 'file' ? [plain(name)] : []));

const plain = (name: string): string => name.replace(/^\.?\//, '');

export const dockerfileOf = ({ target }: BuildRequest): string =>
  plain(new URLSearchParams(target.slice(target.indexOf('?'))).get('dockerfile') || 'Dockerfile');

/** The same request with another Dockerfile, and with a byte more in one file. */
export function changedRequest(
  request: BuildRequest,
  { dockerfile, changed }: { dockerfile?: string | undefined; changed?: string | undefined },
): BuildRequest {
  const name = dockerfileOf(request);
  const entries = readTar(decompress(request.body)).map((entry) => {
    const path = plain(entry.name);
    if (dockerfile !== undefined && path === name) return tarEntry({ ...entry, content: textContent(dockerfile) });
    if (path === changed) return tarEntry({ ...entry, content: new ConcatContent([entry.content, textContent('\n')]) });
    return entry;
  });
  const headers = request.headers.filter(([header]) => header.toLowerCase() !== 'content-length');
  return { ...request, headers, body: new TarContent(entries) };
}

/**
 * What a change of one file makes a build do again: in the order that the Dockerfile has, or in that of another, which
 * is built once before the change. `fork` is used up.
 */
export async function afterChange(
  fork: Machine,
  request: BuildRequest,
  changed: string,
  dockerfile?: string,
): Promise<RebuildOutcome> {
  try {
    if (dockerfile !== undefined) {
      const first = await rebuild(fork, changedRequest(request, { dockerfile }));
      if (first.error !== undefined) return first;
    }
    return await rebuild(fork, changedRequest(request, { dockerfile, changed }));
  } finally {
    await fork.shutdown();
  }
}

/** Sends the build to a machine, and tells what its steps did. */
export async function rebuild(machine: Machine, request: BuildRequest): Promise<RebuildOutcome> {
  const steps = new Map<number, TraceEventOf<'build.step'>>();
  const times = new Map<number, number>();
  let error: string | undefined;
  const stop = machine.trace.on((event) => {
    if (event.type === 'build.step') steps.set(event.step, event);
    else if (event.type === 'build.step.end') times.set(event.step, event.ms);
    else if (event.type === 'build.end') error = event.error;
  });
  try {
    const response = await machine.engine(request);
    const answer = await bodyText(response.body);
    error ??= response.status >= 400 ? answer : errorIn(answer);
  } finally {
    stop();
  }
  const told = [...steps.values()].map(({ step, line, instruction, cache, reason }) => {
    return { line, instruction, cache, reason, ms: times.get(step) ?? 0 };
  });
  const ms = told.reduce((sum, step) => sum + step.ms, 0);
  const rerun = told.filter(({ cache }) => cache === 'miss').length;
  return { steps: told, rerun, ms, ...(error !== undefined && { error }) };
}

/** The last line of a build that failed before its first step. */
const errorIn = (answer: string): string | undefined => /"error":"((?:[^"\\]|\\.)*)"/.exec(answer)?.[1];
