/**
 * script (util-linux 2.38): runs a command or a shell on a pseudo-terminal of its own and writes down what appears.
 *
 *   standard input -> master | slave = the command's terminal | master -> standard output, log
 */
import { isErrno } from '../../../spec/index.ts';
import type { Sys } from '../../kernel/sys.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { findProgram } from '../core/find-program.ts';

const sigwinch = 28;
const endOfFile = 4;

const stamp = (c: Command): string => strftime('%Y-%m-%d %H:%M:%S%:z', c.sys.now().sec, 0, zoneOf(c.sys));

interface Log {
  write(bytes: Uint8Array | string): Promise<void>;
}

export const script: CommandSpec = {
  name: 'script',
  suite: 'bsdutils',
  async run(c) {
    const o = c.options({
      gnu: 'a,append c,command= E,echo= e,return f,flush force I,log-in= O,log-out= B,log-io= T,log-timing= t,timing=? m,logging-format= o,output-limit= q,quiet h V',
    });
    for (const name of ['log-in', 'log-io', 'log-timing', 'timing'])
      if (o.has(name)) c.fail(`drydock: script --${name} is not simulated`);
    if (o.operands.length > 1) c.usage('unexpected number of arguments');
    const file = o.operands[0] ?? o.value('log-out') ?? 'typescript';
    const log = await openLog(c, file, o.has('append'));
    const command = o.value('command');
    if (!o.has('quiet')) c.out(`Script started, output log file is '${file}'.\n`);
    await c.flush();
    await log.write(`Script started on ${stamp(c)} [${facts(c, command)}]\n`);
    const echo = o.value('echo') !== 'never';
    const status = await new Session(c, log, command, echo).run();
    await log.write(`\nScript done on ${stamp(c)} [COMMAND_EXIT_CODE="${status}"]\n`);
    if (!o.has('quiet')) c.out('Script done.\n');
    return o.has('return') ? status : 0;
  },
};

function facts(c: Command, command: string | undefined): string {
  const named = command === undefined ? '' : `COMMAND="${command}" `;
  if (!c.sys.isatty(0)) return `${named}<not executed on terminal>`;
  const { columns, rows } = c.sys.winsize(0);
  const { TERM } = c.sys.env;
  return `${named}${TERM ? `TERM="${TERM}" ` : ''}TTY="${c.sys.ttyname(0)}" COLUMNS="${columns}" LINES="${rows}"`;
}

async function openLog(c: Command, file: string, append: boolean): Promise<Log> {
  try {
    const fd = await c.sys.open(
      file,
      { access: 'write', create: true, append, truncate: !append, cloexec: true },
      0o666,
    );
    return { write: (bytes) => c.sys.write(fd, bytes) };
  } catch (error) {
    return c.fail(`cannot open ${file}: ${c.reason(error)}`);
  }
}

/** SA_RESTART: a call that a handled signal interrupted is made again. */
async function restarting<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isErrno(error, 'EINTR')) throw error;
    }
  }
}

class Session {
  private readonly sys: Sys;
  private master = -1;
  private slave = '';

  constructor(
    c: Command,
    private readonly log: Log,
    private readonly command: string | undefined,
    private readonly echo: boolean,
  ) {
    this.sys = c.sys;
  }

  /** The command's status, 128 + n when a signal ended it. */
  async run(): Promise<number> {
    const { sys } = this;
    const before = sys.isatty(0) ? sys.tcgetattr(0) : undefined;
    ({ master: this.master, slave: this.slave } = sys.openpt());
    sys.setCloexec(this.master, true);
    this.dress(before);
    const pid = sys.fork((child) => this.child(child));
    try {
      await this.shovel();
    } finally {
      if (before) sys.tcsetattr(0, before);
    }
    const result = await restarting(() => sys.wait(pid));
    sys.close(this.master);
    return result?.signal ? 128 + result.signal : (result?.code ?? 0);
  }

  /** The new terminal is like the one we are on, which itself goes raw. */
  private dress(before: ReturnType<Sys['tcgetattr']> | undefined): void {
    const { sys, master } = this;
    if (!before) {
      const own = sys.tcgetattr(master);
      if (!this.echo) sys.tcsetattr(master, { ...own, flags: { ...own.flags, echo: false } });
      return;
    }
    sys.tcsetattr(master, before);
    sys.setWinsize(master, sys.winsize(0));
    sys.signal(sigwinch, () => sys.setWinsize(master, sys.winsize(0)));
    const raw = { ...before.flags };
    for (const name of 'ignbrk brkint parmrk istrip inlcr igncr icrnl ixon opost echo echonl icanon isig iexten'.split(
      ' ',
    ))
      raw[name] = false;
    sys.tcsetattr(0, { ...before, flags: raw, vmin: 1, vtime: 0 });
  }

  private async child(sys: Sys): Promise<number> {
    sys.setsid();
    const fd = await sys.open(this.slave, { access: 'readwrite' });
    sys.setControllingTty(fd);
    for (const number of [0, 1, 2]) sys.dup2(fd, number);
    if (fd > 2) sys.close(fd);
    const shell = sys.env.SHELL || '/bin/sh';
    const name = shell.slice(shell.lastIndexOf('/') + 1);
    const argv = this.command === undefined ? [name, '-i'] : [name, '-c', this.command];
    try {
      return await sys.exec(findProgram(sys, shell), argv, sys.env);
    } catch (error) {
      if (!isErrno(error)) throw error;
      await sys.write(2, `script: failed to execute ${shell}: ${error.message}\n`);
      return 127;
    }
  }

  /** Bytes both ways until the command is gone and what it wrote is out. */
  private async shovel(): Promise<void> {
    let input = true;
    for (;;) {
      const ready = await this.ready(input);
      if (ready === 'interrupted') continue;
      if (ready.some(({ fd }) => fd === this.master) && !(await this.output())) return;
      if (ready.some(({ fd }) => fd === 0)) input = await this.input();
    }
  }

  private async ready(input: boolean): Promise<{ fd: number }[] | 'interrupted'> {
    const watched = [{ fd: this.master, read: true }, ...(input ? [{ fd: 0, read: true }] : [])];
    try {
      return await this.sys.poll(watched);
    } catch (error) {
      if (isErrno(error, 'EINTR')) return 'interrupted';
      throw error;
    }
  }

  /** False when the other side of the terminal is closed. */
  private async output(): Promise<boolean> {
    let bytes: Uint8Array;
    try {
      bytes = await restarting(() => this.sys.read(this.master));
    } catch (error) {
      if (isErrno(error, 'EIO')) return false;
      throw error;
    }
    if (bytes.length === 0) return false;
    await restarting(() => this.sys.write(1, bytes));
    await restarting(() => this.log.write(bytes));
    return true;
  }

  /** False at the end of standard input, which the command sees as its terminal's end-of-file character. */
  private async input(): Promise<boolean> {
    const bytes = await restarting(() => this.sys.read(0));
    await restarting(() => this.sys.write(this.master, bytes.length ? bytes : Uint8Array.of(endOfFile)));
    return bytes.length > 0;
  }
}
