import type { Sys } from '../sim/index.ts';
import { isErrno } from '../spec/index.ts';

/**
 * System calls that go on after a handled signal, as for a program whose handlers all have SA_RESTART (the runtime of Go
 * installs them so): a resized terminal does not end a read of it.
 */
export const restarting = (sys: Sys): Sys =>
  new Proxy(sys, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const call = () => Reflect.apply(value, target, args) as unknown;
        const result = call();
        return result instanceof Promise ? untilDone(result, call) : result;
      };
    },
  });

async function untilDone(first: Promise<unknown>, again: () => unknown): Promise<unknown> {
  for (let result: unknown = first; ; result = again()) {
    try {
      return await result;
    } catch (error) {
      if (!isErrno(error) || error.code !== 'EINTR') throw error;
    }
  }
}
