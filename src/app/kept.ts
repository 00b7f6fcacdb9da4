/**
 * What work is kept under, and whether there is any: asked while the worker's code is still on its way, so that a first
 * visit does not wait for the store.
 *
 *   (nothing)     kept as `work`; with `?seed=7` as `work-7`: a class sees the ids it was promised
 *   ?keep=NAME    kept as NAME
 *   ?keep=        not kept
 *   ?embed, ?present, #s=   not kept, unless a name is given: somebody else's work does not take the place of one's own
 */
export function keptName(seed: number): string | undefined {
  const query = new URLSearchParams(location.search);
  const named = query.get('keep');
  if (named !== null) return named || undefined;
  if (query.has('embed') || query.has('present') || /^#s=/.test(location.hash)) return undefined;
  return seed === 1 ? 'work' : `work-${seed}`;
}

/** False also where the browser has no store: the worker finds out why, and says so. */
export function isKept(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const no = () => resolve(false);
    try {
      const opening = indexedDB.open('drydock');
      // There is no such database: this look does not make one.
      opening.onupgradeneeded = () => opening.transaction?.abort();
      opening.onerror = (event) => {
        event.preventDefault();
        no();
      };
      opening.onblocked = no;
      opening.onsuccess = () => {
        const db = opening.result;
        const done = (found: boolean) => {
          db.close();
          resolve(found);
        };
        if (!db.objectStoreNames.contains('heads')) return done(false);
        const count = db.transaction('heads').objectStore('heads').count(name);
        count.onsuccess = () => done(count.result > 0);
        count.onerror = () => done(false);
      };
    } catch {
      no();
    }
  });
}
