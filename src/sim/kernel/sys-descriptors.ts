/** `Sys`: descriptors. */
import { type Content, Errno, utf8 } from '../../spec/index.ts';
import type { Stat } from '../vfs/inode.ts';
import { lockFile } from './file-lock.ts';
import { openPath, openPathSync } from './open.ts';
import { readOnly } from './open-file.ts';
import { Pipe, PipeFile } from './pipe.ts';
import { pollFiles } from './poll.ts';
import { DirectoryFile, RegularFile } from './regular-file.ts';
import type { OpenFlags, PollEvents } from './sys.ts';
import { SysPaths } from './sys-paths.ts';

/** What one unit of the time slice stands for, in bytes moved. */
const bytesPerUnit = 16384;

export abstract class SysDescriptors extends SysPaths {
  async open(path: string, flags: OpenFlags = {}, mode = 0o666): Promise<number> {
    const gate = this.task.checkpoint();
    if (gate) await gate;
    const file = await openPath(this.task, path, flags, mode);
    return this.task.files.install(file, flags.cloexec);
  }
  openSync(path: string, flags: OpenFlags = {}, mode = 0o666): number {
    return this.task.files.install(openPathSync(this.task, path, flags, mode), flags.cloexec);
  }

  async read(fd: number, max = 65536): Promise<Uint8Array> {
    const gate = this.task.checkpoint();
    if (gate) await gate;
    const file = this.file(fd);
    if (!file.flags.readable) throw new Errno('EBADF');
    const bytes = await file.read(this.task, max);
    // Killed or replaced while it waited.
    void this.task;
    return bytes;
  }
  async write(fd: number, data: Uint8Array | string): Promise<void> {
    const bytes = typeof data === 'string' ? utf8(data) : data;
    const gate = this.task.checkpoint(1 + Math.floor(bytes.length / bytesPerUnit));
    if (gate) await gate;
    const file = this.file(fd);
    if (!file.flags.writable) throw new Errno('EBADF');
    await file.write(this.task, bytes);
    void this.task;
  }

  pread(fd: number, offset: number, length: number): Uint8Array {
    const file = this.file(fd);
    if (!file.flags.readable) throw new Errno('EBADF');
    return file.readAt(this.task, offset, length);
  }
  pwrite(fd: number, offset: number, bytes: Uint8Array): number {
    return this.positioned(fd, 'writable').inode().write(offset, bytes);
  }
  lseek(fd: number, offset: number, whence: 'set' | 'cur' | 'end' | 'data' | 'hole'): number {
    return this.file(fd).seek(offset, whence);
  }
  ftruncate(fd: number, size: number): void {
    const file = this.regular(fd, 'EINVAL');
    if (!file.flags.writable || size < 0) throw new Errno('EINVAL');
    file.inode().setattr({ size });
  }
  fstat(fd: number): Stat {
    return this.shown(this.file(fd).stat());
  }
  fchmod(fd: number, mode: number): void {
    const file = this.file(fd);
    if (file instanceof RegularFile || file instanceof DirectoryFile) this.task.paths.chmodAt(file.location, mode);
    else file.inode()?.setattr({ mode });
  }
  fchown(fd: number, givenUid: number, givenGid: number): void {
    const [uid, gid] = [this.uidOf(givenUid), this.gidOf(givenGid)];
    const file = this.file(fd);
    if (file instanceof RegularFile || file instanceof DirectoryFile) this.task.paths.chownAt(file.location, uid, gid);
    else file.inode()?.setattr({ uid, gid });
  }
  fdPath(fd: number): string {
    const file = this.file(fd);
    if (file instanceof RegularFile || file instanceof DirectoryFile) return this.task.paths.pathOf(file.location);
    return file.path;
  }

  dup(fd: number, min = 0): number {
    const { files } = this.task;
    return files.install(files.get(fd).retain(), false, min);
  }
  dup2(fd: number, to: number): void {
    const { files } = this.task;
    const file = files.get(fd);
    if (fd !== to) files.place(to, file.retain());
  }
  close(fd: number): void {
    this.task.files.close(fd);
  }
  setCloexec(fd: number, on: boolean): void {
    this.task.files.setCloexec(fd, on);
  }
  setNonblock(fd: number, on: boolean): void {
    this.file(fd).flags.nonblock = on;
  }
  fds(): number[] {
    return this.task.files.numbers();
  }

  pipe(): [read: number, write: number] {
    const pipe = new Pipe();
    const ino = this.task.kernel.newIno();
    const path = `pipe:[${ino}]`;
    const write = { ...readOnly, readable: false, writable: true };
    const { files, cred } = this.task;
    const owner = { uid: cred.euid, gid: cred.egid };
    return [
      files.install(new PipeFile(pipe, { ...readOnly }, path, ino, undefined, owner)),
      files.install(new PipeFile(pipe, write, path, ino, undefined, owner)),
    ];
  }

  sendContent(fromFd: number, toFd: number): boolean {
    const from = this.file(fromFd);
    const to = this.file(toFd);
    if (!(from instanceof RegularFile) || !(to instanceof RegularFile)) return false;
    const target = to.inode();
    if (from.position !== 0 || to.position !== 0 || target.getattr().size !== 0 || !to.flags.writable) return false;
    const content = from.content();
    target.setContent(content);
    from.position = to.position = content.size;
    return true;
  }

  fileContent(fd: number): Content | undefined {
    const file = this.file(fd);
    return file instanceof RegularFile ? file.content() : undefined;
  }

  setFileContent(fd: number, content: Content): void {
    this.positioned(fd, 'writable').inode().setContent(content);
  }

  async poll(
    fds: readonly { fd: number; read?: boolean; write?: boolean }[],
    timeoutMs?: number,
  ): Promise<PollEvents[]> {
    const gate = this.task.checkpoint();
    if (gate) await gate;
    return pollFiles(this.task, fds, timeoutMs);
  }

  async flock(fd: number, operation: 'shared' | 'exclusive' | 'unlock', nonblock = false): Promise<void> {
    await lockFile(this.task, this.file(fd), operation, nonblock);
  }

  private regular(fd: number, otherwise: 'ESPIPE' | 'EINVAL'): RegularFile {
    const file = this.file(fd);
    if (file instanceof RegularFile) return file;
    throw new Errno(otherwise);
  }
  private positioned(fd: number, flag: 'readable' | 'writable'): RegularFile {
    const file = this.regular(fd, 'ESPIPE');
    if (!file.flags[flag]) throw new Errno('EBADF');
    return file;
  }
}
