/** Calls between the engine's parts as `call` and `call.end` events tell them. */
import type { TraceEventOf, Tracer } from '../trace/index.ts';

type Part = TraceEventOf<'call'>['to'];

/** Asked so often, and so quick, that telling each would bury the rest; or, `underway`, only time that passes. */
const silentCalls = new Set(['containerStats', 'inspect', 'layerChanges', 'layerFile', 'underway']);

export class CallTrace {
  private last = 0;

  constructor(private readonly tracer: Tracer) {}

  /** The part, each of whose methods is told when it is called. What a method makes that can be started is a part too. */
  between<T extends object>(from: Part, to: Part, part: T): T {
    return new Proxy(part, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function' || typeof name !== 'string' || silentCalls.has(name)) return value;
        return (...args: unknown[]): unknown => {
          const call = () => Reflect.apply(value, target, args) as unknown;
          return this.tracer.wants('call')
            ? this.told({ from, to, operation: name, about: aboutOf(target, args) }, call)
            : call();
        };
      },
    });
  }

  private told(call: Pick<TraceEventOf<'call'>, 'from' | 'to' | 'operation' | 'about'>, make: () => unknown): unknown {
    const id = ++this.last;
    this.tracer.emit({ type: 'call', id, ...call });
    const ended = (error?: unknown) =>
      this.tracer.emit({ type: 'call.end', id, ...(error !== undefined && { error: messageOf(error) }) });
    try {
      const result = make();
      if (!(result instanceof Promise)) {
        ended();
        return result;
      }
      return result.then(
        (value: unknown) => {
          ended();
          return isTask(value) ? this.between(call.from, call.to, value) : value;
        },
        (error: unknown) => {
          ended(error);
          throw error;
        },
      );
    } catch (error) {
      ended(error);
      throw error;
    }
  }
}

const isTask = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && 'start' in value && 'delete' in value;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What it is about: the first name among its arguments, or the thing's own id. */
function aboutOf(target: object, args: readonly unknown[]): string {
  const name = args.find((arg) => typeof arg === 'string' && arg !== '');
  if (typeof name === 'string') return name.slice(0, 200);
  return 'id' in target && typeof target.id === 'string' ? target.id : '';
}
