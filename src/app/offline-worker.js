/*
 * Served as /sw.js; `build` stands before it: { version, shell, rest, large }. A version's files are in a cache of its own, and
 * a page is served from one version only: the next one waits until the last page of this one is closed, or is told to
 * take over by a page that reloads then.
 */
const cacheName = `drydock-${build.version}`;
const root = new URL('./', self.location).pathname;
const path = (name) => root + name;

self.addEventListener('install', (event) => {
  const files = [root, ...build.shell.map(path)];
  const asked = files.map((file) => new Request(file, { cache: 'no-cache' }));
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(asked)));
});

self.addEventListener('activate', (event) => {
  const old = async () => {
    for (const name of await caches.keys())
      if (name.startsWith('drydock-') && name !== cacheName) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(old());
});

self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting();
  if (event.data === 'keep all') event.waitUntil(keepAll());
});

/** The rest of the build, a few files at a time: the page that is used meanwhile comes first. */
async function keepAll() {
  const cache = await caches.open(cacheName);
  const have = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  // Python, PostgreSQL and the packages of npm and PyPI: 40 MB that are not taken from who saves data; they come when they are first used.
  const wanted = self.navigator.connection?.saveData ? build.rest : [...build.rest, ...build.large];
  const missing = wanted.map(path).filter((file) => !have.has(file));
  while (missing.length > 0) await cache.addAll(missing.splice(0, 8));
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || !url.pathname.startsWith(root)) return;
  event.respondWith(answer(request, request.mode === 'navigate' ? root : url.pathname));
});

async function answer(request, file) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(file, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && response.status === 200 && !response.redirected) await cache.put(file, response.clone());
  return response;
}
