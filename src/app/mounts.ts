/** Folders of this computer that are mounted in the host: asked for, and again after a reload. */
import * as comlink from 'comlink';
import { openDB } from 'idb';
import type { Session } from './session.svelte.ts';
import { aroundWords } from './words/around.ts';

type Picker = (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>;
type Permissions = FileSystemDirectoryHandle & {
  queryPermission?(options: { mode: 'readwrite' }): Promise<PermissionState>;
  requestPermission?(options: { mode: 'readwrite' }): Promise<PermissionState>;
};

const picker = (globalThis as { showDirectoryPicker?: Picker }).showDirectoryPicker;
export const canMount = picker !== undefined;

/** As somebody presses it: the browser asks for the folder, and whether it may be written. */
export async function mountChosenFolder(session: Session): Promise<void> {
  try {
    await mountFolder(session, await picker!.call(window, { mode: 'readwrite' }));
  } catch (error) {
    if ((error as Error).name !== 'AbortError') session.time.notice = (error as Error).message;
  }
}

export async function mountFolder(session: Session, handle: FileSystemDirectoryHandle): Promise<void> {
  const t = aroundWords[session.language];
  if ((await (handle as Permissions).requestPermission?.({ mode: 'readwrite' })) === 'denied') {
    session.time.notice = t.mountDenied(handle.name);
    return;
  }
  await session.api.watchFolders(comlink.proxy((folders) => (session.folders = folders)));
  const path = await session.api.mountFolder(handle);
  await remember(handle);
  session.time.notice = t.mounted(handle.name, path);
}

export async function unmountFolder(session: Session, path: string, name: string): Promise<void> {
  await session.api.unmountFolder(path);
  await forget(name);
}

/** What was mounted before a reload: again at once where the browser still allows it, else once somebody says so. */
export async function mountAgain(session: Session): Promise<void> {
  const before = await remembered();
  for (const handle of before) {
    const allowed = (await (handle as Permissions).queryPermission?.({ mode: 'readwrite' })) ?? 'granted';
    if (allowed === 'granted') await mountFolder(session, handle).catch(() => forget(handle.name));
    else session.askMount = [...session.askMount, handle];
  }
}

/** Rejects where the browser has no store, also where asking for one throws. */
const store = async () =>
  openDB('drydock-folders', 1, {
    upgrade: (db) => void db.createObjectStore('folders'),
  });

async function remember(handle: FileSystemDirectoryHandle): Promise<void> {
  await store()
    .then((db) => db.put('folders', handle, handle.name))
    .catch(() => {}); // no store in a private window: it is mounted for this visit
}
export async function forget(name: string): Promise<void> {
  await store()
    .then((db) => db.delete('folders', name))
    .catch(() => {});
}
async function remembered(): Promise<FileSystemDirectoryHandle[]> {
  return store()
    .then((db) => db.getAll('folders'))
    .catch(() => []);
}
