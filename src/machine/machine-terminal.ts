import type { BootedKernel, ProcessHandle, PtyHandle } from '../sim/index.ts';
import { utf8 } from '../spec/index.ts';
import type { Machine, Terminal } from './machine.ts';

export const rootEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
};

/**
 * Out of whatever a program had made of the screen, and over the prompt that is no more. Leaving the alternate screen
 * restores a cursor: where no program had entered it, the one that is saved here.
 */
const freshLine = utf8('\x1b7\x1b[?1049l\x1b[?25h\x1b[?2004l\x1b[0m\r\x1b[K');

/** A terminal of the machine's, which outlives hosts: each gives it a pty and a login shell. */
export class MachineTerminal implements Terminal {
  name = '';
  readonly ended: Promise<number>;
  private pty: PtyHandle | undefined;
  private shell: Promise<ProcessHandle> | undefined;
  private size: { columns: number; rows: number };
  private end: (status: number) => void = () => {};
  /** One writer at a time, in order. */
  private output: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: Parameters<Machine['openTerminal']>[0]) {
    this.size = { columns: options.columns, rows: options.rows };
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  attach(kernel: BootedKernel, cwd: string): void {
    const pty = kernel.openPty(this.size);
    const first = this.name === '';
    this.pty = pty;
    this.name = pty.slave.replace('/dev/', '');
    this.shell = this.start(kernel, pty, cwd);
    if (!first) this.output = this.output.then(() => this.options.onData(freshLine));
    const pumped = this.output.then(() => this.pump(pty));
    this.output = pumped;
    void Promise.all([this.shell.then((process) => process.wait()), pumped]).then(([status]) => {
      if (this.pty === pty) this.end(status.code ?? 128 + (status.signal ?? 0));
    });
  }

  /** Lets go of a host that is about to be powered off; gives the directory that its shell is in. */
  detach(kernel: BootedKernel): string {
    const { pty } = this;
    const place = pty ? directoryOf(kernel, pty) : '/root';
    this.pty = undefined;
    pty?.close();
    return place;
  }

  write(data: Uint8Array): void {
    void this.pty?.write(data).catch(() => {}); // the shell may have ended meanwhile
  }

  resize(columns: number, rows: number): void {
    this.size = { columns, rows };
    this.pty?.resize(columns, rows);
  }

  close(): void {
    this.pty?.close();
  }

  private async start(kernel: BootedKernel, pty: PtyHandle, cwd: string): Promise<ProcessHandle> {
    const env = { ...rootEnv, TERM: 'xterm-256color' };
    const start = (place: string) => kernel.start('/bin/bash', { argv: ['-bash'], env, cwd: place, stdio: { pty } });
    return start(cwd).catch(() => start('/')); // the directory is not there at this moment
  }

  private async pump(pty: PtyHandle): Promise<void> {
    for (let bytes = await pty.read(); bytes; bytes = await pty.read()) await this.options.onData(bytes);
  }
}

function directoryOf(kernel: BootedKernel, pty: PtyHandle): string {
  const leader = pty.tty.session?.leader;
  if (!leader) return '/root';
  try {
    return kernel.sys.readlink(`/proc/${leader.hostPid}/cwd`);
  } catch {
    return '/root';
  }
}
