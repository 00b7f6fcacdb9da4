import { ContentStore } from '../../content/index.ts';
import { DiskBlobBacking, DiskRecordStore } from '../../linux/index.ts';
import { registryServer, StoredRegistry } from '../../registry/index.ts';
import { httpServer, listen } from '../http-server.ts';
import { parse, UsageError } from '../usage.ts';

/** `drydock registry --listen HOST:PORT --dir DIR`: the registry over HTTP, on disk, until it is interrupted. */
export async function registry(args: string[]): Promise<number> {
  const { values } = parse({ args, options: { listen: { type: 'string' }, dir: { type: 'string' } } });
  if (!values.dir) throw new UsageError('needs --dir DIR');
  const match = /^(.*):(\d+)$/.exec(values.listen ?? '127.0.0.1:5000');
  if (!match) throw new UsageError('--listen takes HOST:PORT');
  const [host, port] = [match[1] || '127.0.0.1', Number(match[2])];
  const store = new StoredRegistry(
    new ContentStore(new DiskBlobBacking(values.dir)),
    new DiskRecordStore(`${values.dir}/records`),
  );
  try {
    await listen(httpServer(registryServer(store)), { host, port });
  } catch (error) {
    process.stderr.write(`drydock registry: cannot listen on ${host}:${port}: ${(error as Error).message}\n`);
    return 1;
  }
  process.stdout.write(`registry on http://${host}:${port}\n`);
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  process.exit(0);
}
