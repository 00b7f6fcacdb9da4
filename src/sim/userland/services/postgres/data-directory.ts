/** The data directory as the server's filesystem: every read and write is a system call of the process. */
import type { PGlite } from '@electric-sql/pglite';
import { BaseFilesystem, type FsStats } from '@electric-sql/pglite/basefs';
import { isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import type { Surroundings } from './surroundings.ts';

/** Numbers of WASI. */
const numbers: Readonly<Record<string, number>> = {
  ...{ EACCES: 2, EBADF: 8, EBUSY: 10, EEXIST: 20, EFBIG: 22, EINVAL: 28, EIO: 29, EISDIR: 31, ELOOP: 32, EMFILE: 33 },
  ...{ ENOENT: 44, ENOMEM: 48, ENOSPC: 51, ENOTDIR: 54, ENOTEMPTY: 55, EPERM: 63, EROFS: 69, EXDEV: 75 },
};

type EmscriptenOptions = Parameters<BaseFilesystem['init']>[1];

/** What of it is of use here; the package's own types for it stand elsewhere. */
interface Instantiated {
  wasmMemory: WebAssembly.Memory;
  instantiateWasm: (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ) => object;
}

export class DataDirectory extends BaseFilesystem {
  private readonly descriptors = new Set<number>();

  constructor(
    private readonly sys: Sys,
    private readonly root: string,
    private readonly surroundings: Surroundings,
    private readonly module: WebAssembly.Module,
  ) {
    super();
  }

  override async init(server: PGlite, options: EmscriptenOptions) {
    const { emscriptenOpts } = await super.init(server, options);
    const program = emscriptenOpts as unknown as Instantiated;
    program.instantiateWasm = (imports, done) => {
      this.surroundings.replace(imports, program.wasmMemory);
      void WebAssembly.instantiate(this.module, imports).then((instance) => done(instance, this.module));
      return {};
    };
    return { emscriptenOpts };
  }

  /** Of a server that is gone without closing them. */
  closeAll(): void {
    for (const fd of this.descriptors) this.sys.close(fd);
    this.descriptors.clear();
  }

  private call<T>(work: (sys: Sys) => T): T {
    try {
      return work(this.sys);
    } catch (error) {
      if (!isErrno(error)) throw error;
      throw Object.assign(new Error(error.message), { code: numbers[error.code] ?? numbers.EIO });
    }
  }

  chmod(path: string, mode: number): void {
    this.call((sys) => sys.chmod(this.root + path, mode & 0o7777));
  }
  close(fd: number): void {
    this.descriptors.delete(fd);
    this.call((sys) => sys.close(fd));
  }
  fstat(fd: number): FsStats {
    return this.call((sys) => stats(sys.fstat(fd)));
  }
  lstat(path: string): FsStats {
    return this.call((sys) => stats(sys.lstat(this.root + path)));
  }
  mkdir(path: string, options?: { mode?: number }): void {
    this.call((sys) => sys.mkdir(this.root + path, (options?.mode ?? 0o700) & 0o7777));
  }
  open(path: string): number {
    const fd = this.call((sys) => sys.openSync(this.root + path, { access: 'readwrite', cloexec: true }));
    this.descriptors.add(fd);
    return fd;
  }
  readdir(path: string): string[] {
    return this.call((sys) => sys.readdir(this.root + path).map(({ name }) => name));
  }
  read(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number {
    const bytes = this.call((sys) => sys.pread(fd, position, length));
    buffer.set(bytes, offset);
    return bytes.length;
  }
  rename(from: string, to: string): void {
    this.call((sys) => sys.rename(this.root + from, this.root + to));
  }
  rmdir(path: string): void {
    this.call((sys) => sys.rmdir(this.root + path));
  }
  truncate(path: string, size: number): void {
    this.call((sys) => sys.truncate(this.root + path, size));
  }
  unlink(path: string): void {
    this.call((sys) => sys.unlink(this.root + path));
  }
  utimes(): void {}
  writeFile(path: string, _data: string | Uint8Array, options?: { mode?: number }): void {
    const flags = { access: 'write', create: true, truncate: true } as const;
    this.call((sys) => sys.close(sys.openSync(this.root + path, flags, (options?.mode ?? 0o600) & 0o7777)));
  }
  /** `memory` is all of the server's. */
  write(fd: number, memory: Uint8Array | ArrayBuffer, offset: number, length: number, position: number): number {
    const buffer = memory instanceof Uint8Array ? memory.buffer : memory;
    return this.call((sys) => sys.pwrite(fd, position, new Uint8Array(buffer, offset, length)));
  }
}

/** The server takes itself to be root, and wants its directory to be its own. */
function stats({ mode, size, mtime }: ReturnType<Sys['lstat']>): FsStats {
  const time = mtime.sec * 1000;
  const times = { atime: time, mtime: time, ctime: time };
  const numbered = { dev: 0, ino: 0, nlink: 1, uid: 0, gid: 0, rdev: 0 };
  return { ...numbered, ...times, mode, size, blksize: 8192, blocks: Math.ceil(size / 512) };
}
