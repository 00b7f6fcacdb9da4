import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createMachine } from '../../machine/index.ts';
import type { Handler } from '../../spec/index.ts';
import { httpServer, listen } from '../http-server.ts';
import { nodeWorld } from '../node-world.ts';
import { packageRoot } from '../package-root.ts';
import { sourceDateEpoch } from '../source-date-epoch.ts';
import { serveStatic } from '../static-files.ts';
import { oneOf, parse, UsageError } from '../usage.ts';

const root = packageRoot();

/**
 * `drydock serve`: the web app on a loopback port, and with --socket or --api the Engine API, so that a real
 * `docker -H` works against it. Runs until it is interrupted.
 */
export async function serve(args: string[]): Promise<number> {
  const { values } = parse({
    args,
    options: {
      port: { type: 'string' },
      socket: { type: 'string' },
      api: { type: 'string' },
      engine: { type: 'string' },
      'no-app': { type: 'boolean' },
    },
  });
  const port = portNumber(values.port ?? process.env.PORT ?? '8080');
  if (values.socket || values.api) {
    const handler = await engineHandler(oneOf(values.engine, ['memory', 'linux'] as const, '--engine'));
    if (values.socket && !(await serveApi(handler, { path: values.socket }))) return 1;
    if (values.api && !(await serveApi(handler, { host: '127.0.0.1', port: portNumber(values.api) }))) return 1;
  }
  if (!values['no-app'] && !(await serveApp(port))) return 1;
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  if (values.socket) rmSync(values.socket, { force: true });
  process.exit(0);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new UsageError(`${text} is not a port`);
  return port;
}

async function engineHandler(engine: 'memory' | 'linux'): Promise<Handler> {
  if (engine === 'memory')
    // A client outside has its own clock: `docker events --since 1m` means this minute.
    return (
      await createMachine({ ...nodeWorld, pace: 'real', startMs: Date.now(), sourceDateEpoch: sourceDateEpoch() })
    ).engine;
  const { lastingRoot, openLinuxHost } = await import('../linux-host.ts');
  return (await openLinuxHost({ root: process.env.DRYDOCK_ROOT ?? lastingRoot })).engine;
}

async function serveApi(handler: Handler, at: { path: string } | { host: string; port: number }): Promise<boolean> {
  const name = 'path' in at ? `unix://${at.path}` : `tcp://${at.host}:${at.port}`;
  if ('path' in at) rmSync(at.path, { force: true });
  return tell(`Engine API on ${name}`, name, () => listen(httpServer(handler), at));
}

async function serveApp(port: number): Promise<boolean> {
  const site = `${root}/dist/app`;
  if (!existsSync(`${site}/index.html`)) {
    process.stderr.write('Building the app (only the first time)...\n');
    const built = spawnSync(process.execPath, [`${root}/scripts/build.mjs`, 'app'], { stdio: ['ignore', 2, 2] });
    if (built.status !== 0) return false;
  }
  const server = createServer((incoming, outgoing) => serveStatic(site, incoming, outgoing));
  return tell(`Drydock is on http://localhost:${port}`, `port ${port}`, () =>
    listen(server, { host: '127.0.0.1', port }),
  );
}

/** Says where it listens, or in one line why it cannot. */
async function tell(message: string, what: string, start: () => Promise<void>): Promise<boolean> {
  try {
    await start();
    process.stdout.write(`${message}\n`);
    return true;
  } catch (error) {
    const { code, message: reason } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE'
        ? 'is already taken. Stop what uses it, or choose another with --port N.'
        : `cannot be used: ${reason}`;
    process.stderr.write(`drydock serve: ${what} ${why}\n`);
    return false;
  }
}
