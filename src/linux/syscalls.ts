/**
 * System calls that Node has no function for: extended attributes, mknod, times in nanoseconds, mount. A small Perl
 * program (perl-base is on every Debian) makes them; it is asked over two fifos, so that the calls are synchronous.
 */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Errno, utf8 } from '../spec/index.ts';
import { errnoOf } from './errno.ts';
import program from './syscalls.pl?raw';

type Argument = string | Uint8Array | number;

interface Server {
  requests: number;
  answers: number;
}

let server: Server | undefined;

/** Throws Errno; ENOSYS where there is no perl. */
export function syscall(name: string, ...args: Argument[]): Uint8Array {
  server ??= start();
  writeSync(server.requests, `${[name, ...args.map(encode)].join(' ')}\n`);
  const [status, value = ''] = readLine(server.answers).split(' ');
  if (status === 'ok') return new Uint8Array(Buffer.from(value, 'hex'));
  throw errnoOf(Number(value), typeof args[0] === 'string' ? args[0] : undefined);
}

function encode(argument: Argument): string {
  if (typeof argument === 'number') return `=${argument}`;
  return Buffer.from(typeof argument === 'string' ? utf8(argument) : argument).toString('hex');
}

function readLine(fd: number): string {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.alloc(65536);
    const got = readSync(fd, part);
    if (got === 0) throw new Errno('ENOSYS', 'perl');
    parts.push(part.subarray(0, got));
    if (part[got - 1] === 10) return Buffer.concat(parts).toString('latin1').trimEnd();
  }
}

/** The program ends by itself when this process does: its input then has no writer. */
function start(): Server {
  const directory = mkdtempSync(join(tmpdir(), 'drydock-syscalls-'));
  try {
    const [requests, answers] = [join(directory, 'requests'), join(directory, 'answers')];
    execFileSync('mkfifo', [requests, answers]);
    const [from, to] = [openEnds(requests), openEnds(answers)];
    const child = spawn('perl', ['-e', program], { stdio: [from.read, to.write, 'inherit'], detached: true });
    child.on('error', () => {}); // no perl: the answers end at once, which is told there
    child.unref();
    for (const fd of [from.read, to.write]) closeSync(fd);
    return { requests: from.write, answers: to.read };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Makes a fifo and opens both its ends: a real pipe, which Node's own `stdio: 'pipe'` (a socket) is not. */
export function makePipe(path: string): { read: number; write: number } {
  syscall('mknod', path, 0o010600, 0);
  const ends = openEnds(path);
  rmSync(path);
  return ends;
}

/** Both ends, none of which waits for its other end to be opened. */
function openEnds(fifo: string): { read: number; write: number } {
  const both = openSync(fifo, 'r+');
  const ends = { read: openSync(fifo, 'r'), write: openSync(fifo, 'w') };
  closeSync(both);
  return ends;
}
