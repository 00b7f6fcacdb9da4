/**
 * The memory of a started interpreter, kept by the browser between visits: to make it takes seconds, to read it little.
 * Where nothing is kept (a private window, no secure context) it is made for each visit.
 */
import type { GuestSource } from '../machine/index.ts';
import type { Guest, PythonFiles } from './python-beside.ts';

const cacheName = 'python-snapshot';

export async function snapshotOf(source: GuestSource, files: PythonFiles, guest: Guest): Promise<Uint8Array> {
  const cache = await globalThis.caches?.open(cacheName).catch(() => undefined);
  if (!cache) return guest.prepare(files, source.modules);
  const key = `/${cacheName}/${await digestOf(JSON.stringify([files.version, source]))}`;
  const kept = await cache.match(key).catch(() => undefined);
  if (kept?.body) return readAll(kept.body.pipeThrough(new DecompressionStream('gzip')));
  const made = await guest.prepare(files, source.modules);
  void keep(cache, key, made).catch(() => {}); // a full disk costs the next visit its time, no more
  return made;
}

async function keep(cache: Cache, key: string, snapshot: Uint8Array<ArrayBuffer>): Promise<void> {
  for (const old of await cache.keys()) await cache.delete(old);
  const body = new Blob([snapshot]).stream().pipeThrough(new CompressionStream('gzip'));
  await cache.put(key, new Response(body));
}

const readAll = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array> =>
  new Uint8Array(await new Response(stream).arrayBuffer());

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
