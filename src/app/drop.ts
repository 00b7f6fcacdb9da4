/** What is dropped on the page or chosen by the menu: told apart by what it is, not by its name alone. */
import { openArchive } from './actions.ts';
import type { Session } from './session.svelte.ts';
import { aroundWords } from './words/around.ts';

export interface FolderFile {
  path: string;
  file: File;
}

/** A folder that waits for what is to be done with it. */
export interface Folder {
  name: string;
  files: FolderFile[];
  /** Paths that are left out, and why. */
  skipped: { path: string; why: 'generated' | 'large' | 'many' | 'unreadable' }[];
  /** Where the browser gave one: the folder itself can be mounted. */
  handle?: FileSystemDirectoryHandle;
}

type What = 'recording' | 'workspace' | 'archive' | 'zip' | 'file';

const most = { files: 5_000, bytes: 64 << 20, depth: 40 };
/** Made by tools from what is beside them, and large. */
const generated = new Set(['.git', 'node_modules', '__pycache__', '.venv', 'target', '.DS_Store']);

export async function takeDrop(session: Session, transfer: DataTransfer): Promise<void> {
  // Both must be asked for before anything is awaited.
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry());
  const handles = items.map((item) => (item as HandleItem).getAsFileSystemHandle?.().catch(() => null));
  const loose = [...transfer.files];
  const directory = entries.find((entry) => entry?.isDirectory);
  if (directory) {
    const handle = await handles[entries.indexOf(directory)];
    const from = handle?.kind === 'directory' ? (handle as FileSystemDirectoryHandle) : undefined;
    await takeFolder(session, directory.name, entryFiles(directory as FileSystemDirectoryEntry), from);
  } else if (loose.length === 1) await takeFile(session, loose[0]!);
  else await putFiles(session, loose);
}

type HandleItem = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

export async function takeFile(session: Session, file: File): Promise<void> {
  const t = aroundWords[session.language];
  const what = await kindOf(file);
  if (what === 'recording') session.time.offered = file;
  else if (what === 'archive') openArchive(session, file.name, file);
  else if (what === 'file') await putFiles(session, [file]);
  else if (what === 'zip') {
    const { unzipFolder } = await import('./unzip.ts');
    const { name, files } = await unzipFolder(file);
    await takeFolder(session, name, listed(files));
  } else {
    try {
      await session.time.open(file);
      session.time.notice = t.opened(file.name);
    } catch (error) {
      session.time.notice = t.cannotOpen(file.name, (error as Error).message);
    }
  }
}

/** A folder chosen by an `<input webkitdirectory>`. */
export function takeChosenFolder(session: Session, files: FileList): Promise<void> {
  const name = files[0]?.webkitRelativePath.split('/')[0] ?? 'folder';
  const below = [...files].map((file) => ({ file, path: file.webkitRelativePath.slice(name.length + 1) }));
  return takeFolder(session, name, listed(below));
}

async function takeFolder(
  session: Session,
  name: string,
  files: AsyncIterable<FolderFile>,
  handle?: FileSystemDirectoryHandle,
): Promise<void> {
  const all: FolderFile[] = [];
  const folder: Folder = { name, files: [], skipped: [], ...(handle && { handle }) };
  let bytes = 0;
  let layout = false;
  for await (const one of files) {
    layout ||= one.path === 'oci-layout';
    all.push(one);
    const why = reasonToSkip(one, folder.files.length, bytes);
    if (why) folder.skipped.push({ path: one.path, why });
    else {
      folder.files.push(one);
      bytes += one.file.size;
    }
    if (all.length > 20 * most.files) break;
  }
  if (layout) openArchive(session, name, all);
  else session.folder = folder;
}

function reasonToSkip(
  { path, file }: FolderFile,
  count: number,
  bytes: number,
): Folder['skipped'][number]['why'] | undefined {
  if (path.split('/').some((part) => generated.has(part))) return 'generated';
  if (file.size > most.bytes / 2) return 'large';
  return count >= most.files || bytes + file.size > most.bytes ? 'many' : undefined;
}

async function putFiles(session: Session, files: readonly File[]): Promise<void> {
  const t = aroundWords[session.language];
  const taken = files.filter(({ size }) => size <= most.bytes).slice(0, most.files);
  if (taken.length > 0) {
    await session.api.putFiles(
      '/root',
      taken.map((file) => ({ path: file.name, file })),
    );
  }
  session.time.notice =
    taken.length < files.length
      ? t.tooLarge(files.find((file) => !taken.includes(file))!.name)
      : t.putHere(taken.length);
}

/** By the first bytes; a tar by its header's magic. */
async function kindOf(file: File): Promise<What> {
  const head = new Uint8Array(await file.slice(0, 264).arrayBuffer());
  const text = new TextDecoder('latin1').decode(head);
  if (text.startsWith('DRYREC1\n')) return 'recording';
  if (text.startsWith('DRYDOCK\n')) return 'workspace';
  if (text.startsWith('PK\x03\x04')) return 'zip';
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  if (text.slice(257, 262) === 'ustar' || (gzip && /\.(tgz|tar\.gz|tar)$/.test(file.name)) || /\.tar$/.test(file.name))
    return 'archive';
  return 'file';
}

async function* listed(files: readonly FolderFile[]): AsyncGenerator<FolderFile> {
  yield* files;
}

/** All files below an entry; what a generated folder holds is told by the folder alone. */
async function* entryFiles(top: FileSystemDirectoryEntry, at = '', depth = 0): AsyncGenerator<FolderFile> {
  if (depth > most.depth) return;
  for (const entry of await children(top)) {
    const path = at ? `${at}/${entry.name}` : entry.name;
    if (generated.has(entry.name)) yield { path, file: new File([], entry.name) };
    else if (entry.isDirectory) yield* entryFiles(entry as FileSystemDirectoryEntry, path, depth + 1);
    else yield { path, file: await fileOf(entry as FileSystemFileEntry) };
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve) => entry.file(resolve, () => resolve(new File([], entry.name))));

async function children(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  // It answers in portions, the last one empty.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** As files of the host's, in a directory of its name in the home directory. */
export async function copyFolder(session: Session, { name, files }: Folder): Promise<void> {
  const where = `/root/${name}`;
  await session.api.putFiles(where, files);
  session.time.notice = aroundWords[session.language].folderDone(files.length, where);
}
