/** What the tests against real programs share: our program, a dockerd of their own, a busybox image to build on. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = new URL('../../bin/drydock.js', import.meta.url).pathname;

export interface Told {
  stdout: string;
  stderr: string;
  exit: number;
}

interface CallOptions {
  input?: string;
  env?: Record<string, string>;
  cwd?: string;
}

/** Runs a program to its end. */
export function call(file: string, args: string[], { input = '', env, cwd }: CallOptions = {}): Promise<Told> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, cwd, maxBuffer: 1 << 28, timeout: 120_000 };
    const child = execFile(file, args, options, (error, stdout, stderr) =>
      resolve({ stdout, stderr, exit: error ? (typeof error.code === 'number' ? error.code : 137) : 0 }),
    );
    child.stdin?.on('error', () => {}); // it does not read
    child.stdin?.end(input);
  });
}

/** As {@link call}; anything but success is an Error with what it said. */
export async function must(file: string, args: string[], options?: CallOptions): Promise<string> {
  const { stdout, stderr, exit } = await call(file, args, options);
  if (exit !== 0) throw new Error(`${file} ${args.join(' ')}: exit ${exit}\n${stdout}${stderr}`);
  return stdout;
}

export const drydock = (...args: string[]): Promise<Told> => call(process.execPath, [program, ...args]);
export const mustDrydock = (...args: string[]): Promise<string> => must(process.execPath, [program, ...args]);

export interface Server {
  socket: string;
  stop(): Promise<void>;
}

/** A dockerd with its data, its network namespace and its socket to itself. */
export async function startDockerd(): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'dockerd-'));
  const socket = join(directory, 'docker.sock');
  const options = ['--storage-driver=overlay2', '-H', `unix://${socket}`, '--data-root', join(directory, 'data')];
  const places = ['--exec-root', join(directory, 'exec'), '--pidfile', join(directory, 'pid')];
  const inside = 'ip link set lo up; exec dockerd "$@"';
  // A mount namespace too: what it mounts goes with it.
  const namespaces = ['--net', '--mount', '--propagation', 'private'];
  const child = spawn('unshare', [...namespaces, 'sh', '-c', inside, 'sh', ...options, ...places], { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(directory, { recursive: true, force: true });
  };
  return answering(child, socket, stop);
}

/** `drydock serve` with the Engine API alone. */
export async function startDrydock(engine: 'memory' | 'linux', given: Record<string, string> = {}): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'drydock-serve-'));
  const socket = join(directory, 'docker.sock');
  const child = spawn(process.execPath, [program, 'serve', '--no-app', '--socket', socket, '--engine', engine], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...given, DRYDOCK_ROOT: join(directory, 'state') },
  });
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(directory, { recursive: true, force: true });
  };
  return answering(child, socket, stop);
}

async function answering(child: ChildProcess, socket: string, stop: () => Promise<void>): Promise<Server> {
  for (let i = 0; i < 300; i++) {
    if (child.exitCode !== null) break;
    if ((await call('curl', ['-sf', '--unix-socket', socket, 'http://d/_ping'])).exit === 0) return { socket, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error('the server did not come up');
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** Writes the root filesystem of a busybox image as a tar, the same bytes each time; needs busybox-static. */
export async function busyboxTar(directory: string): Promise<string> {
  const root = join(directory, 'rootfs');
  const directories = 'bin dev etc home proc root sys tmp usr/bin usr/sbin var/spool/mail sbin'.split(' ');
  for (const name of directories) mkdirSync(join(root, name), { recursive: true });
  cpSync('/bin/busybox', join(root, 'bin/busybox'));
  for (const applet of (await must('/bin/busybox', ['--list'])).split('\n').filter(Boolean)) {
    if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  }
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  );
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  // Else BuildKit makes them to mount its own there, and every RUN touches /etc.
  for (const name of ['hosts', 'resolv.conf']) writeFileSync(join(root, 'etc', name), '');
  const file = join(directory, 'busybox.tar');
  const same = ['--format=ustar', '--sort=name', '--owner=root:0', '--group=root:0', '--numeric-owner'];
  await must('tar', [...same, '--mode=u=rwX,go=rX', '--mtime=@1700000000', '-cf', file, '-C', root, '.']);
  return file;
}
