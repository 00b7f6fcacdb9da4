import type { TraceEvent } from '../trace/index.ts';

/**
 * Whether a typed command is counted against a challenge's par: it succeeded, and asked the engine to change something
 * and the engine did. Looking (`docker ps`), a failed command, and work in the host's files cost nothing.
 */
export function countsForPar(events: readonly TraceEvent[], status: number | undefined): boolean {
  if (status !== 0) return false;
  const asked = new Set<number>();
  for (const event of events) {
    if (event.type === 'http.request' && event.from === 'docker' && event.to === 'engine' && changes(event.method))
      asked.add(event.id);
    else if (event.type === 'http.response' && event.status < 400 && asked.has(event.id)) return true;
  }
  return false;
}

const changes = (method: string): boolean => method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
