/** The engine on real Linux as others see it: a process of its own behind a unix socket, and an environment for it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LinuxNetwork, LinuxRuntime } from '../linux/index.ts';
import type { Handler } from '../spec/index.ts';
import { connect } from './http-client.ts';
import { packageRoot } from './package-root.ts';
import { UsageError } from './usage.ts';

export interface LinuxHost {
  /** DOCKER_HOST, and a PATH on which `docker` is this program's. */
  env: Record<string, string>;
  engine: Handler;
  /** Ends the engine and all its containers; a fresh host's state goes with it. */
  close(): Promise<void>;
}

export interface LinuxHostOptions {
  /** The state directory. Absent: DRYDOCK_ROOT, or else a fresh one that is removed at close. */
  root?: string;
}

const freshRoots = '/var/lib/drydock/fresh';
/** Where `drydock serve --engine linux` keeps its state. */
export const lastingRoot = '/var/lib/drydock/engine';

/** Throws a UsageError with one line that says what is missing. */
export async function openLinuxHost(options: LinuxHostOptions = {}): Promise<LinuxHost> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new UsageError('--engine linux needs root on Linux');
  }
  const given = options.root ?? process.env.DRYDOCK_ROOT;
  const root = given ?? (await freshRoot());
  mkdirSync(root, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'drydock-linux-'));
  const socket = join(work, 'docker.sock');
  writeDocker(work);
  const child = startEngine(root, socket);
  const close = async (): Promise<void> => {
    await ended(child);
    rmSync(work, { recursive: true, force: true });
    if (!given) await removeRoot(root);
  };
  try {
    await ready(child);
  } catch (error) {
    await close();
    throw error;
  }
  const env = {
    DOCKER_HOST: `unix://${socket}`,
    PATH: `${work}:${process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin'}`,
  };
  return { env, engine: connect(env.DOCKER_HOST), close };
}

/** Runs a script by bash against a host of its own; the script's exit status. */
export async function runOnLinux(script: string, args: string[]): Promise<number> {
  const host = await openLinuxHost();
  const directory = mkdtempSync(join(tmpdir(), 'drydock-script-'));
  try {
    const file = join(directory, 'script');
    writeFileSync(file, script);
    const child = spawn('bash', [file, ...args], { stdio: 'inherit', env: { ...process.env, ...host.env } });
    const ignore = (): void => {}; // Ctrl-C is the script's; then we clean up
    process.on('SIGINT', ignore);
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 137)));
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await host.close();
  }
}

/** A new directory named by our process number; those of processes that ended without removing theirs go. */
async function freshRoot(): Promise<string> {
  mkdirSync(freshRoots, { recursive: true });
  for (const name of readdirSync(freshRoots)) {
    if (!existsSync(`/proc/${name.split('-')[0]}`)) await removeRoot(`${freshRoots}/${name}`);
  }
  return mkdtempSync(`${freshRoots}/${process.pid}-`);
}

/** With the bridges and containers that an engine which crashed has left. */
async function removeRoot(root: string): Promise<void> {
  await new LinuxRuntime(`${root}/runtime`).sweep();
  await new LinuxNetwork(`${root}/network`).sweep();
  rmSync(root, { recursive: true, force: true });
}

const program = (): string => join(packageRoot(), 'bin/drydock.js');

function writeDocker(directory: string): void {
  const line = `exec '${process.execPath}' '${program()}' docker "$@"`;
  writeFileSync(join(directory, 'docker'), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}

/**
 * In a mount namespace of its own the state directory is /var/lib/docker, as paths that the engine tells say; and what
 * it mounts goes when it does.
 */
function startEngine(root: string, socket: string): ChildProcess {
  const inside =
    'mkdir -p /var/lib/docker && mount --bind "$1" /var/lib/docker && exec "$2" "$3" linux-engine --root /var/lib/docker --socket "$4"';
  const words = [
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    inside,
    'sh',
    root,
    process.execPath,
    program(),
    socket,
  ];
  // A session of its own: Ctrl-C in the terminal is for the script.
  return spawn('unshare', words, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new UsageError(`--engine linux: ${error.message}`)));
    child.on('exit', () => reject(new UsageError('--engine linux: the engine did not start')));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line === 'ready') resolve();
    });
  });
}

/** The end of its stdin tells it to stop. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on('exit', () => resolve());
    child.stdin?.on('error', () => {}); // it has just ended
    child.stdin?.end();
  });
}
