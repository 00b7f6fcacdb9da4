/** Pseudo terminals (pty(7)): the line discipline between a master and its slave, and the files that open them. */
import { Errno } from '../../spec/index.ts';
import { S_IFCHR, type Stat } from '../vfs/inode.ts';
import { block, blockUntil } from './block.ts';
import { ByteQueue } from './byte-queue.ts';
import { LineDiscipline } from './line-discipline.ts';
import { anonymousStat, OpenFile, type Readiness, readWrite } from './open-file.ts';
import { orphaned, type ProcessGroup, type Session } from './process-group.ts';
import { sendSignal, signalGroup } from './signal-deliver.ts';
import { signalNumbers } from './signals.ts';
import type { Task } from './task.ts';
import { WaitQueue } from './wait-queue.ts';

const outputLimit = 65536;
/** Of a long write, what goes through the line discipline at once: others get their turn between. */
const pieceSize = 16384;

/** One terminal: what its slave side is to programs. */
export class Tty {
  session: Session | undefined;
  foreground: ProcessGroup | undefined;
  size = { columns: 0, rows: 0 };
  readonly changed = new WaitQueue();
  /** What the master reads. */
  readonly output = new ByteQueue(outputLimit);
  readonly discipline: LineDiscipline;
  slaves = 0;
  /** A slave was open once: from then on the master sees the end when none is. */
  used = false;
  masterClosed = false;
  stat: Stat;

  constructor(readonly index: number) {
    this.stat = { ...anonymousStat(S_IFCHR | 0o620, index + 3), rdev: 136 * 256 + index, gid: 5, blksize: 1024 };
    this.discipline = new LineDiscipline({
      echo: (bytes) => this.pushEcho(bytes),
      signal: (name) => this.signalForeground(signalNumbers[name]),
      changed: () => this.changed.wake(),
    });
  }

  get path(): string {
    return `/dev/pts/${this.index}`;
  }

  private pushEcho(bytes: Uint8Array): void {
    this.output.push(bytes);
    this.changed.wake();
  }

  signalForeground(signal: number): void {
    if (this.foreground) signalGroup(this.foreground.members, signal);
  }

  resize(columns: number, rows: number): void {
    if (this.size.columns === columns && this.size.rows === rows) return;
    this.size = { columns, rows };
    this.signalForeground(signalNumbers.WINCH);
  }

  /** The master went away: the session leader gets SIGHUP, reads give the end. */
  hangup(): void {
    if (this.masterClosed) return;
    this.masterClosed = true;
    const leader = this.session?.leader;
    const { foreground } = this;
    if (leader) {
      sendSignal(leader, signalNumbers.HUP);
      sendSignal(leader, signalNumbers.CONT);
    }
    for (const task of [...(foreground?.members ?? [])]) if (task !== leader) sendSignal(task, signalNumbers.HUP);
    this.changed.wake();
  }

  openSlave(): PtyFile {
    if (this.masterClosed) throw new Errno('EIO');
    this.slaves++;
    this.used = true;
    return new PtyFile(this);
  }

  /** Bytes that were typed: as many as there was room for. */
  input(bytes: Uint8Array): number {
    return this.discipline.input(bytes);
  }

  /** Whether a process of this terminal's session is in the background here. */
  background(task: Task): boolean {
    return this.session !== undefined && task.group.session === this.session && task.group !== this.foreground;
  }

  /** SIGTTIN or SIGTTOU for a background process; EIO when nobody could continue it. */
  stopBackground(task: Task, signal: number): void {
    const ignored = task.signals.action(signal) === 'ignore' || task.signals.blocked.has(signal);
    if (signal === signalNumbers.TTOU && ignored) return;
    if (ignored || orphaned(task.group)) throw new Errno('EIO');
    signalGroup(task.group.members, signal);
  }

  /** TIOCSCTTY: becomes the terminal of the caller's session. */
  control(task: Task): void {
    const { session } = task.group;
    if (session.leader !== task || (session.tty && session.tty !== this)) throw new Errno('EPERM');
    if (this.session && this.session !== session) throw new Errno('EPERM');
    this.session = session;
    session.tty = this;
    this.foreground ??= task.group;
  }
}

/** An open slave. */
export class PtyFile extends OpenFile {
  constructor(readonly tty: Tty) {
    super(tty.path, readWrite());
  }

  async read(task: Task, max: number): Promise<Uint8Array> {
    const { tty } = this;
    const { discipline } = tty;
    for (;;) {
      while (tty.background(task)) await this.inBackground(task, signalNumbers.TTIN);
      if (this.flags.nonblock && !discipline.readable()) throw new Errno('EAGAIN');
      const timed = !discipline.canonical && discipline.termios.vtime > 0 && discipline.termios.vmin === 0;
      if (timed) return this.timedRead(task, max);
      const bytes = await block(task, [tty.changed], () => {
        // It may have been put into the background while it waited: what is typed now is not for it.
        if (tty.background(task)) return 'background';
        if (discipline.readable()) return discipline.read(max);
        return tty.masterClosed ? new Uint8Array(0) : undefined;
      });
      if (bytes !== 'background') return bytes;
    }
  }

  private async timedRead(task: Task, max: number): Promise<Uint8Array> {
    const { discipline, changed } = this.tty;
    const attempt = (): Uint8Array | undefined => (discipline.buffered > 0 ? discipline.read(max) : undefined);
    return (await blockUntil(task, [changed], attempt, discipline.termios.vtime * 100)) ?? new Uint8Array(0);
  }

  async write(task: Task, bytes: Uint8Array): Promise<void> {
    const { tty } = this;
    while (tty.discipline.termios.flags.tostop && tty.background(task)) {
      await this.inBackground(task, signalNumbers.TTOU);
    }
    for (let at = 0; at < bytes.length || at === 0; at += pieceSize) {
      if (at > 0) await task.checkpoint();
      await this.put(task, tty.discipline.processOutput(bytes.subarray(at, at + pieceSize)));
    }
  }

  private async put(task: Task, bytes: Uint8Array): Promise<void> {
    const { tty } = this;
    let rest = bytes;
    await block(task, [tty.changed], () => {
      if (tty.masterClosed) throw new Errno('EIO');
      if (tty.discipline.outputStopped) return undefined;
      const taken = tty.output.push(rest);
      rest = rest.subarray(taken);
      if (taken > 0) tty.changed.wake();
      return rest.length === 0 ? true : undefined;
    });
  }

  private async inBackground(task: Task, signal: number): Promise<void> {
    this.tty.stopBackground(task, signal);
    const gate = task.checkpoint();
    if (gate) await gate;
  }

  stat(): Stat {
    return this.tty.stat;
  }

  override ready(): Readiness {
    const { tty } = this;
    const hangup = tty.masterClosed;
    return { read: tty.discipline.readable() || hangup, write: tty.output.room > 0 || hangup, hangup };
  }

  override queues(): readonly WaitQueue[] {
    return [this.tty.changed];
  }

  protected override closed(): void {
    this.tty.slaves--;
    this.tty.changed.wake();
  }
}

/** An open master (/dev/ptmx). */
export class PtyMasterFile extends OpenFile {
  constructor(
    readonly tty: Tty,
    private readonly gone: () => void,
  ) {
    super('/dev/ptmx', readWrite());
  }

  async read(task: Task, max: number): Promise<Uint8Array> {
    const { tty } = this;
    if (this.flags.nonblock && tty.output.length === 0) throw new Errno('EAGAIN');
    return block(task, [tty.changed], () => takeOutput(tty, max));
  }

  async write(task: Task, bytes: Uint8Array): Promise<void> {
    const { tty } = this;
    let rest = bytes;
    await block(task, [tty.changed], () => {
      rest = rest.subarray(tty.input(rest));
      return rest.length === 0 ? true : undefined;
    });
  }

  stat(): Stat {
    return { ...anonymousStat(S_IFCHR | 0o666, 2), rdev: 5 * 256 + 2 };
  }

  override ready(): Readiness {
    const hangup = this.tty.used && this.tty.slaves === 0;
    return { read: this.tty.output.length > 0 || hangup, write: true, hangup };
  }

  override queues(): readonly WaitQueue[] {
    return [this.tty.changed];
  }

  protected override closed(): void {
    this.tty.hangup();
    this.gone();
  }
}

/** What the master gets next; EIO (as Linux) when every slave is closed; undefined: nothing yet. */
export function takeOutput(tty: Tty, max: number): Uint8Array | undefined {
  if (tty.output.length > 0) {
    const bytes = tty.output.take(max);
    tty.changed.wake();
    return bytes;
  }
  if (tty.used && tty.slaves === 0) throw new Errno('EIO');
  return undefined;
}
