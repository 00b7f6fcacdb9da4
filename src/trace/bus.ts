import type { TraceEvent, TraceEventOf, TraceEventType } from './events.ts';

/** Where events go. Emitting never throws and never waits. */
export interface Tracer {
  emit(event: TraceEvent): void;
  /** Whether anyone listens to this type: lets hot paths (lookups) skip making the event. */
  wants(type: TraceEventType): boolean;
}

export interface Trace extends Tracer {
  /** Listens to all events, or to those of one type; returns the canceller. */
  on(listener: (event: TraceEvent) => void): () => void;
  on<T extends TraceEventType>(type: T, listener: (event: TraceEventOf<T>) => void): () => void;
}

export const silent: Tracer = { emit() {}, wants: () => false };

export function createTrace(): Trace {
  const all = new Set<(event: TraceEvent) => void>();
  const byType = new Map<TraceEventType, Set<(event: never) => void>>();
  return {
    emit(event) {
      for (const listener of all) listener(event);
      for (const listener of byType.get(event.type) ?? []) (listener as (event: TraceEvent) => void)(event);
    },
    wants: (type) => all.size > 0 || (byType.get(type)?.size ?? 0) > 0,
    on(first: TraceEventType | ((event: TraceEvent) => void), second?: (event: never) => void) {
      if (typeof first === 'function') {
        all.add(first);
        return () => void all.delete(first);
      }
      const set = byType.get(first) ?? new Set();
      byType.set(first, set.add(second!));
      return () => void set.delete(second!);
    },
  };
}
