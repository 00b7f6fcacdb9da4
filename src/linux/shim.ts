/** One process of a container from outside: started by a shim (shim.pl), its streams, its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { ExitStatus, RunningProcess, Stdio } from '../port/index.ts';
import { Errno } from '../spec/index.ts';
import { asErrno } from './errno.ts';
import program from './shim.pl?raw';
import { makePipe } from './syscalls.ts';

export interface ShimOptions {
  /** runc and its arguments. */
  command: string[];
  pidFile: string;
  /** Where runc sends the terminal; undefined for none. */
  consoleSocket?: string;
  /** A directory for what is needed while it starts. */
  directory: string;
  stdio: Stdio;
  /** Asked once, when the process has ended. */
  oomKilled?: () => boolean;
}

/** runc gave up; what it printed. */
export class RuncFailure extends Error {
  override readonly name = 'RuncFailure';
}

/** How long a process's output may stay open after its end: by what it left running in the background. */
const lingering = 1000;

/** Starts it and resolves when runc has done its part. Throws {@link RuncFailure}. */
export async function startShim(options: ShimOptions): Promise<RunningProcess> {
  const shim = new Shim(options);
  await shim.created;
  return shim;
}

class Shim implements RunningProcess {
  pid = 0;
  readonly created: Promise<void>;
  private readonly child: ChildProcess;
  private readonly ended: Promise<ExitStatus>;
  private over = false;

  constructor(options: ShimOptions) {
    const { stdio, consoleSocket = '' } = options;
    const streams = consoleSocket ? undefined : makeStreams(options.directory, stdio);
    this.child = spawn('perl', ['-e', program, options.pidFile, consoleSocket, ...options.command], {
      stdio: [...(streams?.theirs ?? ['pipe', 'pipe', 'pipe']), 'pipe', 'pipe'],
      detached: true,
      cwd: '/',
    });
    streams?.closeTheirs();
    const output = streams ? streams.stdout : (this.child.stdout as Readable);
    const errors = streams ? streams.stderr : (this.child.stderr as Readable);
    const input = streams ? streams.stdin : stdio.stdin ? (this.child.stdin as Writable) : undefined;
    if (!streams && !stdio.stdin) this.child.stdin?.end();
    for (const stream of [output, errors, input, this.child.stdio[4] as Writable]) stream?.on('error', () => {});
    const told = this.listen(options);
    this.created = told.created.then(
      () => {
        if (input && stdio.stdin) void pumpIn(stdio.stdin, input);
      },
      async () => {
        throw new RuncFailure(await textOf(errors));
      },
    );
    const delivered = this.created.then(() =>
      Promise.all([deliver(output, stdio.stdout), deliver(errors, streams ? stdio.stderr : () => {})]),
    );
    delivered.catch(() => {}); // told by `created`
    this.ended = this.end(told.exit, delivered, [output, errors], input);
    this.ended.catch(() => {}); // told by `created`
  }

  private listen({ oomKilled }: ShimOptions): { created: Promise<void>; exit: Promise<ExitStatus> } {
    const lines = createInterface({ input: this.child.stdio[3] as Readable });
    let exit!: (status: ExitStatus) => void;
    const exited = new Promise<ExitStatus>((resolve) => {
      exit = resolve;
    });
    const created = new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => {
        const [word, first, second] = line.split(' ');
        if (word === 'created') {
          this.pid = Number(first);
          resolve();
        } else if (word === 'exit') {
          const signal = Number(second);
          const oom = oomKilled?.() ?? false;
          exit(signal ? { code: 128 + signal, signal, oomKilled: oom } : { code: Number(first), oomKilled: oom });
        }
      });
      lines.on('close', () => reject(new Error('the shim ended')));
      this.child.on('error', reject);
    });
    return { created, exit: exited };
  }

  private async end(
    exit: Promise<ExitStatus>,
    delivered: Promise<unknown>,
    outputs: Readable[],
    input: Writable | undefined,
  ): Promise<ExitStatus> {
    await this.created;
    const status = await exit;
    this.over = true;
    input?.destroy();
    (this.child.stdio[4] as Writable).destroy();
    const timer = setTimeout(() => {
      for (const stream of outputs) stream.destroy();
    }, lingering);
    await delivered;
    clearTimeout(timer);
    return status;
  }

  wait(): Promise<ExitStatus> {
    return this.ended;
  }

  async kill(signal: number): Promise<void> {
    if (this.over) throw new Errno('ESRCH');
    try {
      process.kill(this.pid, signal);
    } catch (error) {
      throw asErrno(error);
    }
  }

  async resize(columns: number, rows: number): Promise<void> {
    (this.child.stdio[4] as Writable).write(`resize ${columns} ${rows}\n`);
  }
}

/** Pipes for a process without a terminal: our ends as streams, theirs as descriptors to give away. */
function makeStreams(directory: string, stdio: Stdio) {
  const input = stdio.stdin ? makePipe(`${directory}/stdin`) : undefined;
  const output = makePipe(`${directory}/stdout`);
  const errors = makePipe(`${directory}/stderr`);
  const theirs = [input?.read ?? ('ignore' as const), output.write, errors.write];
  return {
    theirs,
    closeTheirs: () => {
      for (const fd of theirs) if (typeof fd === 'number') closeSync(fd);
    },
    stdin: input && new Socket({ fd: input.write, readable: false, writable: true }),
    stdout: new Socket({ fd: output.read, readable: true, writable: false }) as Readable,
    stderr: new Socket({ fd: errors.read, readable: true, writable: false }) as Readable,
  };
}

/** Resolves at the stream's end, or when it is destroyed. */
async function deliver(stream: Readable, sink: Stdio['stdout']): Promise<void> {
  try {
    for await (const part of stream) await sink(part as Uint8Array);
  } catch {
    // Cut off: what a process left in the background still has it open.
  }
}

async function pumpIn(source: NonNullable<Stdio['stdin']>, sink: Writable): Promise<void> {
  for (let part = await source.read(); part; part = await source.read()) {
    const bytes = part;
    const gone = await new Promise<boolean>((resolve) => sink.write(bytes, (error) => resolve(Boolean(error))));
    if (gone) return;
  }
  sink.end();
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  await deliver(stream, (bytes) => {
    text += new TextDecoder().decode(bytes);
  });
  return text.trim();
}
