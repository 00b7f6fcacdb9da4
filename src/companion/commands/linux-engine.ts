import { httpServer, listen } from '../http-server.ts';
import { createLinuxEngine } from '../linux-engine.ts';
import { parse, UsageError } from '../usage.ts';

/**
 * `drydock linux-engine --root DIR --socket PATH`: what `--engine linux` starts in a mount namespace of its own, where
 * DIR is /var/lib/docker. Says "ready" and serves until its stdin ends or it is interrupted.
 */
export async function linuxEngine(args: string[]): Promise<number> {
  const { values } = parse({ args, options: { root: { type: 'string' }, socket: { type: 'string' } } });
  if (!values.root || !values.socket) throw new UsageError('needs --root DIR and --socket PATH');
  const engine = await createLinuxEngine(values.root);
  await listen(httpServer(engine.handler), { path: values.socket });
  process.stdout.write('ready\n');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
    process.stdin.once('end', resolve).once('close', resolve).resume();
  });
  await engine.close();
  process.exit(0);
}
