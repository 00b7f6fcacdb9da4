import { Errno } from '../../spec/index.ts';
import type { OpenFile } from './open-file.ts';

interface Slot {
  file: OpenFile;
  cloexec: boolean;
}

/** Descriptor number -> open file description (Linux: files_struct). */
export class DescriptorTable {
  private slots = new Map<number, Slot>();

  constructor(
    /** RLIMIT_NOFILE, looked up at each allocation. */
    private readonly limit: () => number,
  ) {}

  get(fd: number): OpenFile {
    const slot = this.slots.get(fd);
    if (!slot) throw new Errno('EBADF');
    return slot.file;
  }

  has(fd: number): boolean {
    return this.slots.has(fd);
  }

  /** Takes over the caller's reference; the lowest free number >= `min`. EMFILE. */
  install(file: OpenFile, cloexec = false, min = 0): number {
    let fd = min;
    while (this.slots.has(fd)) fd++;
    if (fd >= this.limit()) throw new Errno('EMFILE');
    this.slots.set(fd, { file, cloexec });
    return fd;
  }

  /** Puts a file at a number, closing what was there. */
  place(fd: number, file: OpenFile, cloexec = false): void {
    if (fd < 0 || fd >= this.limit()) throw new Errno('EBADF');
    const old = this.slots.get(fd);
    this.slots.set(fd, { file, cloexec });
    old?.file.release();
  }

  close(fd: number): void {
    const file = this.get(fd);
    this.slots.delete(fd);
    file.release();
  }

  setCloexec(fd: number, on: boolean): void {
    this.get(fd);
    this.slots.get(fd)!.cloexec = on;
  }

  cloexec(fd: number): boolean {
    return this.slots.get(fd)?.cloexec ?? false;
  }

  numbers(): number[] {
    return [...this.slots.keys()].sort((a, b) => a - b);
  }

  /** A copy that shares the open file descriptions, as fork makes it. */
  copy(limit: () => number): DescriptorTable {
    const copy = new DescriptorTable(limit);
    for (const [fd, { file, cloexec }] of this.slots) copy.slots.set(fd, { file: file.retain(), cloexec });
    return copy;
  }

  /**
   * Rearranges for a spawned child: `map` names child descriptor -> this table's, all read before any is changed;
   * then `close` are closed.
   */
  remap(map: ReadonlyMap<number, number> | undefined, close: readonly number[] | undefined): void {
    const files = [...(map ?? [])].map(([to, from]) => [to, this.get(from).retain()] as const);
    for (const [to, file] of files) this.place(to, file);
    for (const fd of close ?? []) if (this.slots.has(fd)) this.close(fd);
  }

  closeOnExec(): void {
    for (const [fd, slot] of [...this.slots]) if (slot.cloexec) this.close(fd);
  }

  closeAll(): void {
    for (const fd of this.numbers()) this.close(fd);
  }
}
