/** The values of a stream, until it ends or nobody wants more: a host's connection may not know of being given up. */
export async function* untilAborted<T>(values: AsyncGenerator<T>, signal: AbortSignal): AsyncGenerator<T> {
  const aborted = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
  for (;;) {
    const next = values.next();
    next.catch(() => undefined);
    const got = await Promise.race([next, aborted]);
    if (!got || got.done) return;
    yield got.value;
  }
}
