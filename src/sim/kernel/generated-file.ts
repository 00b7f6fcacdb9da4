/** A file whose text is made anew at each open, and whose writes are commands: proc, sysfs, cgroup2. */
import { BytesContent, type Content, Errno, fromUtf8, utf8 } from '../../spec/index.ts';
import { type Inode, S_IFREG, type Stat } from '../vfs/inode.ts';
import { OpenFile, type SeekWhence, type StatusFlags } from './open-file.ts';
import { type SyntheticFilesystem, SyntheticInode } from './synthetic-inode.ts';
import type { Task } from './task.ts';

export type Produce = (reader: Task) => string;
/** `text` without the white space around it; `raw` as it was written. */
export type Accept = (text: string, writer: Task, raw: string) => void;

export class GeneratedFile extends SyntheticInode {
  constructor(
    fs: SyntheticFilesystem,
    readonly produce: Produce,
    readonly accept?: Accept,
    mode = accept ? 0o644 : 0o444,
    private readonly whoAsks?: () => Task,
  ) {
    super(fs, S_IFREG | mode);
  }
  /** For those that read without opening: what init would see. */
  override content(): Content {
    const reader = this.whoAsks?.();
    return new BytesContent(reader ? utf8(this.produce(reader)) : new Uint8Array(0));
  }
  openFile(task: Task, flags: StatusFlags, _opened: unknown, path: string): OpenFile {
    return new GeneratedOpenFile(this, task, flags, path);
  }
}

class GeneratedOpenFile extends OpenFile {
  private text: Uint8Array | undefined;
  private position = 0;

  constructor(
    private readonly node: GeneratedFile,
    private readonly opener: Task,
    flags: StatusFlags,
    path: string,
  ) {
    super(path, flags);
  }
  read(_task: Task, max: number): Uint8Array {
    this.text ??= utf8(this.node.produce(this.opener));
    const bytes = this.text.subarray(this.position, this.position + max);
    this.position += bytes.length;
    return bytes;
  }
  override readAt(_task: Task, offset: number, max: number): Uint8Array {
    this.text ??= utf8(this.node.produce(this.opener));
    return this.text.subarray(offset, offset + max);
  }
  /** seq_lseek: from the start or the position only; back at the start, the text is made anew. */
  override seek(offset: number, whence: SeekWhence): number {
    const to = whence === 'cur' ? this.position + offset : offset;
    if ((whence !== 'set' && whence !== 'cur') || to < 0) throw new Errno('EINVAL');
    if (to === 0) this.text = undefined;
    this.position = to;
    return to;
  }
  write(task: Task, bytes: Uint8Array): void {
    if (!this.node.accept) throw new Errno('EACCES');
    const raw = fromUtf8(bytes);
    this.node.accept(raw.trim(), task, raw);
  }
  stat(): Stat {
    return this.node.getattr();
  }
  override inode(): Inode {
    return this.node;
  }
}
