/** The worker's side of a mounted folder: reads the real files when they are read here, and writes what is written. */
import type { FolderChange, FolderEntry, FolderMount } from '../machine/index.ts';
import { type Content, chunks, Errno } from '../spec/index.ts';

/** What the page is told of a mounted folder. */
export interface FolderState {
  path: string;
  name: string;
  /** Everything written here is in the real files. */
  written: boolean;
  /** The last thing that could not be written, and why. */
  problem: string;
  /** Files beyond what is mounted of one folder. */
  leftOut: number;
}

const mostFiles = 10_000;
const lookEveryMs = 400;
const restAfterNewsMs = 200;

export class FolderSync {
  readonly state: FolderState;
  private readonly timer: ReturnType<typeof setInterval>;
  private observer: { disconnect(): void } | undefined;
  private working: Promise<void> = Promise.resolve();

  private constructor(
    private readonly handle: FileSystemDirectoryHandle,
    readonly mount: FolderMount,
    leftOut: number,
    private readonly told: (state: FolderState) => void,
  ) {
    this.state = { path: mount.path, name: handle.name, written: true, problem: '', leftOut };
    this.timer = setInterval(() => void this.flush(), lookEveryMs);
    void this.observe();
  }

  static async mount(
    handle: FileSystemDirectoryHandle,
    mount: (entries: FolderEntry[]) => Promise<FolderMount>,
    told: (state: FolderState) => void,
  ): Promise<FolderSync> {
    const { entries, leftOut } = await scan(handle);
    return new FolderSync(handle, await mount(entries), leftOut, told);
  }

  /** Writes what was written here; one at a time. */
  flush(): Promise<void> {
    return this.next(async () => {
      const changes = this.mount.changes();
      if (changes.length === 0) return;
      this.tell({ written: false, problem: '' });
      let problem = '';
      for (const change of changes) {
        try {
          await this.carryOut(change);
        } catch (error) {
          problem ||= `${change.path}: ${(error as Error).message}`;
        }
      }
      this.tell({ written: true, problem });
    });
  }

  /** Looks whether something changed outside; what was written here goes out first. */
  async refresh(): Promise<void> {
    await this.flush();
    await this.next(async () => {
      const { entries, leftOut } = await scan(this.handle);
      this.mount.refresh(entries);
      this.state.leftOut = leftOut;
    });
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.observer?.disconnect();
    await this.flush();
  }

  private next(work: () => Promise<void>): Promise<void> {
    this.working = this.working.then(work).catch((error: Error) => this.tell({ problem: error.message }));
    return this.working;
  }

  private tell(news: Partial<FolderState>): void {
    Object.assign(this.state, news);
    this.told({ ...this.state });
  }

  private async carryOut(change: FolderChange): Promise<void> {
    const names = change.path.split('/');
    const name = names.pop()!;
    if (change.kind === 'unsupported') throw new Error('links and devices stay in the simulated host');
    const directory = await this.directory(names, change.kind !== 'remove');
    if (change.kind === 'remove') await directory.removeEntry(name).catch(unlessGone);
    else if (change.kind === 'directory') await directory.getDirectoryHandle(name, { create: true });
    else
      this.mount.written(
        change.path,
        await write(await directory.getFileHandle(name, { create: true }), change.content),
      );
  }

  private async directory(names: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle> {
    let at = this.handle;
    for (const name of names) at = await at.getDirectoryHandle(name, { create });
    return at;
  }

  /** Where the browser tells of changes; elsewhere the page asks when it comes to the front. */
  private async observe(): Promise<void> {
    const Observer = (globalThis as { FileSystemObserver?: FileSystemObserverLike }).FileSystemObserver;
    if (!Observer) return;
    let due: ReturnType<typeof setTimeout> | undefined;
    const observer = new Observer(() => {
      clearTimeout(due);
      due = setTimeout(() => void this.refresh(), restAfterNewsMs);
    });
    this.observer = observer;
    await observer.observe(this.handle, { recursive: true }).catch(() => {});
  }
}

type FileSystemObserverLike = new (
  news: () => void,
) => { observe(handle: FileSystemHandle, options: { recursive: boolean }): Promise<void>; disconnect(): void };

function unlessGone(error: Error): void {
  if (error.name !== 'NotFoundError') throw error;
}

async function write(handle: FileSystemFileHandle, content: Content): Promise<number> {
  const stream = await handle.createWritable();
  for (const chunk of chunks(content)) await stream.write(chunk.slice());
  await stream.close();
  return (await handle.getFile()).lastModified;
}

async function scan(top: FileSystemDirectoryHandle): Promise<{ entries: FolderEntry[]; leftOut: number }> {
  const entries: FolderEntry[] = [];
  let leftOut = 0;
  const walk = async (directory: FileSystemDirectoryHandle, at: string): Promise<void> => {
    for await (const [name, handle] of (directory as unknown as Iterable_).entries()) {
      const path = at ? `${at}/${name}` : name;
      if (entries.length >= mostFiles) leftOut++;
      else if (handle.kind === 'directory') {
        entries.push({ path });
        await walk(handle as FileSystemDirectoryHandle, path);
      } else {
        const file = await (handle as FileSystemFileHandle).getFile();
        entries.push({ path, content: new FileContent(file), mtimeMs: file.lastModified });
      }
    }
  };
  await walk(top, '');
  return { entries, leftOut };
}

// TypeScript's DOM library does not know that directories are iterable.
interface Iterable_ {
  entries(): AsyncIterable<[string, FileSystemHandle]>;
}

// Of workers, which TypeScript's DOM library leaves out.
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** A real file: read when it is read. */
class FileContent implements Content {
  readonly size: number;
  constructor(private readonly file: File) {
    this.size = file.size;
  }
  read(offset: number, length: number): Uint8Array {
    try {
      const part = this.file.slice(offset, offset + length);
      return new Uint8Array(new FileReaderSync().readAsArrayBuffer(part));
    } catch {
      // It was changed or taken away outside, and nobody has looked since.
      throw new Errno('EIO');
    }
  }
}
