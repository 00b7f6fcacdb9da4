/** Resolves when the page has nothing better to do, and not much later than `withinMs` in any case. */
export const idle = (withinMs: number): Promise<void> =>
  new Promise((resolve) => {
    if (typeof requestIdleCallback === 'undefined') setTimeout(resolve, withinMs);
    else requestIdleCallback(() => resolve(), { timeout: withinMs });
  });
