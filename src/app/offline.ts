/** The page works without a network after the first visit: a service worker keeps this build's files (offline-worker.js). */
import { idle } from './idle.ts';

/** What a visitor does first comes first: a small computer is busy for seconds with keeping the rest of the build. */
const restAfterMs = 5000;
const idleWithinMs = 2000;

/** `fresh` is told when another version waits; what it is given takes that version over and reloads. */
export async function keepOffline(fresh: (takeOver: () => void) => void): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  const controlled = serviceWorker.controller !== null;
  await idle(idleWithinMs);
  try {
    const registration = await serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`);
    const offer = () => {
      const { waiting } = registration;
      if (waiting && controlled) fresh(() => waiting.postMessage('take over'));
    };
    offer();
    const follow = () => registration.installing?.addEventListener('statechange', offer);
    follow();
    registration.addEventListener('updatefound', follow);
    void serviceWorker.ready.then(({ active }) => setTimeout(() => active?.postMessage('keep all'), restAfterMs));
    let reloading = false;
    serviceWorker.addEventListener('controllerchange', () => {
      if (!controlled || reloading) return;
      reloading = true;
      location.reload();
    });
  } catch {
    // An insecure origin or a private window has no service worker: the page works online only.
  }
}
