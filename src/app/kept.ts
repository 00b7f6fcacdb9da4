/** Whether work is kept under a name: asked before the store's code is loaded, so that a first visit does not wait for it. */

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
