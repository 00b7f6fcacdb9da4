/** `Sys`: terminals (tty_ioctl(4), tcgetpgrp(3)). */
import { Errno } from '../../spec/index.ts';
import { findGroup, idSeenBy } from './process-group.ts';
import { signalNumbers } from './signals.ts';
import type { Termios } from './sys.ts';
import { SysDescriptors } from './sys-descriptors.ts';
import { openMaster } from './terminals.ts';
import { copyTermios } from './termios.ts';
import { beginCommand, endCommand } from './tracepoints.ts';
import { PtyFile, PtyMasterFile, type Tty } from './tty.ts';

export abstract class SysTerminals extends SysDescriptors {
  commandBegin(line: string, typed: boolean): void {
    beginCommand(this.task, line, typed);
  }
  commandEnd(status: number): void {
    endCommand(this.task, status);
  }

  isatty(fd: number): boolean {
    const file = this.file(fd);
    return file instanceof PtyFile || file instanceof PtyMasterFile;
  }
  ttyname(fd: number): string {
    return this.tty(fd).path;
  }
  tcgetattr(fd: number): Termios {
    return copyTermios(this.tty(fd).discipline.termios);
  }
  tcsetattr(fd: number, termios: Termios): void {
    const tty = this.tty(fd);
    if (tty.background(this.task)) tty.stopBackground(this.task, signalNumbers.TTOU);
    tty.discipline.setTermios(copyTermios(termios));
  }
  winsize(fd: number): { columns: number; rows: number } {
    return { ...this.tty(fd).size };
  }
  setWinsize(fd: number, size: { columns: number; rows: number }): void {
    this.tty(fd).resize(size.columns, size.rows);
  }
  tcgetpgrp(fd: number): number {
    const { foreground, session } = this.tty(fd);
    if (session !== this.task.group.session) throw new Errno('ENOTTY');
    return foreground ? idSeenBy(this.task, foreground.pids) : 0;
  }
  tcsetpgrp(fd: number, pgid: number): void {
    const tty = this.tty(fd);
    if (tty.session !== this.task.group.session) throw new Errno('ENOTTY');
    if (tty.background(this.task)) tty.stopBackground(this.task, signalNumbers.TTOU);
    const group = findGroup(this.task, pgid);
    if (!group) throw new Errno('ESRCH');
    if (group.session !== tty.session) throw new Errno('EPERM');
    tty.foreground = group;
  }
  openpt(): { master: number; slave: string } {
    const master = openMaster(this.task.kernel.devptsOf(this.task));
    return { master: this.task.files.install(master), slave: master.tty.path };
  }
  setControllingTty(fd: number): void {
    this.tty(fd).control(this.task);
  }

  private tty(fd: number): Tty {
    const file = this.file(fd);
    if (file instanceof PtyFile || file instanceof PtyMasterFile) return file.tty;
    throw new Errno('ENOTTY');
  }
}
