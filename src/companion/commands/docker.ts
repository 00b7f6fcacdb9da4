import { execFileSync } from 'node:child_process';
import type { CliHost, CliInput, CliOutput } from '../../cli/index.ts';
import { main } from '../../cli/index.ts';
import { RegistryClient } from '../../registry/index.ts';
import { timespecFromMs } from '../../spec/index.ts';
import { connect, nodeFetch } from '../http-client.ts';
import { nodeFiles } from '../node-files.ts';

/** `drydock docker [-H URL] ARGS...`: our docker CLI on this machine, against any Engine API. */
export const docker = (args: string[]): Promise<number> => main(nodeHost(args));

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGCONT', 'SIGTSTP'] as const;

function nodeHost(argv: string[]): CliHost {
  return {
    argv,
    env: process.env,
    cwd: process.cwd(),
    stdin: nodeInput(),
    stdout: nodeOutput(process.stdout),
    stderr: nodeOutput(process.stderr),
    windowSize: () =>
      process.stdout.isTTY ? { rows: process.stdout.rows, columns: process.stdout.columns } : undefined,
    onResize(listener) {
      process.stdout.on('resize', listener);
      return () => process.stdout.off('resize', listener);
    },
    setRaw: (raw) => void (process.stdin.isTTY && process.stdin.setRawMode(raw)),
    setEcho: (echo) => void execFileSync('stty', [echo ? 'echo' : '-echo'], { stdio: ['inherit', 'ignore', 'ignore'] }),
    onSignal(listener) {
      const handlers = signals.map((name) => [name, () => listener(name)] as const);
      for (const [name, handler] of handlers) process.on(name, handler);
      return () => {
        for (const [name, handler] of handlers) process.off(name, handler);
      };
    },
    files: nodeFiles(process.cwd()),
    connect: (endpoint) => connect(endpoint),
    registry: (origin, credentials) =>
      new RegistryClient({ origin, fetch: nodeFetch, ...(credentials && { credentials }) }),
    now: () => timespecFromMs(Date.now()),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    timezone: (at) => {
      const date = new Date(at.sec * 1000);
      const name =
        /\(?([A-Z]{2,5})\)?$/.exec(date.toLocaleTimeString('en-US', { timeZoneName: 'short' }))?.[1] ?? 'UTC';
      return { offset: -date.getTimezoneOffset(), name };
    },
  };
}

/** stdin read on demand: nothing is taken from the terminal before the command asks. */
function nodeInput(): CliInput {
  const { stdin } = process;
  let wake: (() => void) | undefined;
  let cancelled = false;
  return {
    isTty: stdin.isTTY === true,
    async read() {
      cancelled = false;
      for (;;) {
        const part = stdin.read() as Uint8Array | null;
        if (part) return part;
        if (cancelled || stdin.readableEnded || stdin.destroyed) return null;
        await new Promise<void>((resolve) => {
          wake = () => {
            stdin.off('readable', wake!).off('end', wake!);
            resolve();
          };
          stdin.on('readable', wake).on('end', wake);
        });
      }
    },
    cancel() {
      cancelled = true;
      wake?.();
      stdin.pause();
      stdin.unref?.();
    },
  };
}

const nodeOutput = (stream: NodeJS.WriteStream): CliOutput => ({
  isTty: stream.isTTY === true,
  write: (bytes) =>
    new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve()))),
});
