/** What a failed command left behind: the engine's last refusal, and what was printed. */
import type { TraceEvent, TraceEventOf } from '../../trace/index.ts';

export interface Refusal {
  method: string;
  /** Without version and query. */
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  status: number;
  message: string;
}

export interface Failure {
  line: string;
  words: string[];
  status: number;
  output: string;
  refusal: Refusal | undefined;
  events: readonly TraceEvent[];
}

export interface FailedCommand {
  line: string;
  status: number | undefined;
  events: readonly TraceEvent[];
}

/** Undefined when nothing failed, or it was no docker command (nor meant to be one). */
export function failureOf({ line, status, events }: FailedCommand, output: string): Failure | undefined {
  if (!status) return undefined;
  const words = line
    .trim()
    .replace(/^sudo\s+/, '')
    .split(/\s+/);
  return { line, words, status, output, refusal: refusalOf(events), events };
}

/** The last request to the engine that it answered with an error. */
export function refusalOf(events: readonly TraceEvent[]): Refusal | undefined {
  const asked = new Map<number, TraceEventOf<'http.request'>>();
  let last: Refusal | undefined;
  for (const event of events) {
    if (event.type === 'http.request' && event.to === 'engine') asked.set(event.id, event);
    const request = event.type === 'http.response' && event.status >= 400 ? asked.get(event.id) : undefined;
    if (!request || event.type !== 'http.response') continue;
    const url = new URL(request.target, 'http://engine');
    last = {
      method: request.method,
      path: decodeURIComponent(url.pathname.replace(/^\/v\d+\.\d+/, '')),
      query: url.searchParams,
      body: json(request.body),
      status: event.status,
      message: String(json(event.body).message ?? event.body ?? ''),
    };
  }
  return last;
}

/** An event tells a body's beginning: what was cut off is no JSON. */
function json(text: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(text ?? '') as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** What stands in the body of a container that was asked for, also of one whose body was cut off. */
export const createBodies = (events: readonly TraceEvent[]): Record<string, unknown>[] =>
  events.flatMap((event) =>
    event.type === 'http.request' && /\/containers\/create/.test(event.target) ? [json(event.body)] : [],
  );
