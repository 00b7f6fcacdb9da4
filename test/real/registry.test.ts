/** Our registry under skopeo, our client against docker-registry, our archives read by skopeo: over real sockets and files. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gzip } from '../../src/archive/index.ts';
import { httpServer, listen } from '../../src/companion/http-server.ts';
import { digestOf } from '../../src/content/index.ts';
import { loadArchive, saveDockerArchive, saveOciArchive } from '../../src/image/index.ts';
import { accountsOf, basicGuard, memoryRegistry, RegistryClient, registryServer } from '../../src/registry/index.ts';
import {
  BytesContent,
  bodyBytes,
  contentBytes,
  type Fetch,
  parseReference,
  textContent,
} from '../../src/spec/index.ts';
import { sampleImage } from '../image/sample.ts';
import { describeWith } from '../needs.ts';
import { registrySuite } from '../suites/registry.suite.ts';

const run = promisify(execFile);
const skopeo = async (...args: string[]) => (await run('skopeo', args)).stdout;
const image = sampleImage({ a: '1', 'etc/b': '2' }, { c: '3' });
const saved = { image, references: [parseReference('me/app:1')] };
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'drydock-registry-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(directory, name), bytes);
  return join(directory, name);
};

describeWith({ programs: ['skopeo'] }, 'archives read by skopeo', () => {
  for (const [form, save] of [
    ['docker archive', saveDockerArchive],
    ['docker archive with OCI index', saveOciArchive],
  ] as const) {
    it(`${form}: the same layers`, async () => {
      const path = file('saved.tar', contentBytes(save([saved])));
      const told = JSON.parse(await skopeo('inspect', `docker-archive:${path}`));
      expect(told.Layers).toEqual(image.layers.map(({ diffId }) => diffId));
      const config = await skopeo('inspect', '--raw', '--config', `docker-archive:${path}`);
      expect(digestOf(textContent(config.replace(/\n$/, '')))).toBe(image.id);
    });
  }
  it('OCI layout', async () => {
    const path = file('oci.tar', contentBytes(saveOciArchive([saved])));
    const told = JSON.parse(await skopeo('inspect', `oci-archive:${path}`));
    expect(told.Layers).toEqual(image.layers.map(({ diffId }) => diffId));
  });
});

describeWith({ programs: ['skopeo'] }, 'our registry used by skopeo', () => {
  let server: Server;
  let host: string;
  beforeAll(async () => {
    server = httpServer(registryServer(memoryRegistry(), { guard: basicGuard(accountsOf({ alice: 'secret' })) }));
    await listen(server, { host: '127.0.0.1', port: 0 });
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('takes a push, gives the image back the same', async () => {
    const from = file('push.tar', contentBytes(saveDockerArchive([saved])));
    const credentials = ['--tls-verify=false', '--creds', 'alice:secret'];
    await skopeo(
      'copy',
      '--dest-tls-verify=false',
      '--dest-creds',
      'alice:secret',
      `docker-archive:${from}`,
      `docker://${host}/me/app:1`,
    );
    expect(JSON.parse(await skopeo('list-tags', ...credentials, `docker://${host}/me/app`)).Tags).toEqual(['1']);
    expect(JSON.parse(await skopeo('inspect', ...credentials, `docker://${host}/me/app:1`)).Layers).toHaveLength(2);
    const to = join(directory, 'pulled.tar');
    await skopeo(
      'copy',
      '--src-tls-verify=false',
      '--src-creds',
      'alice:secret',
      `docker://${host}/me/app:1`,
      `docker-archive:${to}:me/app:1`,
    );
    const [loaded] = loadArchive(new BytesContent(new Uint8Array(readFileSync(to))));
    expect(loaded!.image.layers.map(({ diffId }) => diffId)).toEqual(image.layers.map(({ diffId }) => diffId));
    await skopeo('delete', ...credentials, `docker://${host}/me/app:1`);
    await expect(skopeo('inspect', ...credentials, `docker://${host}/me/app:1`)).rejects.toThrow('manifest unknown');
  });
  it('keeps strangers out', async () => {
    await expect(skopeo('list-tags', '--tls-verify=false', `docker://${host}/me/app`)).rejects.toThrow(
      /authentication required|unauthorized/,
    );
  });
});

/** Plain HTTP through Node. */
const nodeFetch: Fetch = async (url, { method, headers, body }) => {
  const bytes = await bodyBytes(body, 2 ** 30);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method, headers: headers.flat() }, (incoming) => {
      const pairs: [string, string][] = [];
      for (let i = 0; i < incoming.rawHeaders.length; i += 2)
        pairs.push([incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!]);
      resolve({ status: incoming.statusCode!, headers: pairs, body: incoming });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
};

describe('our client over a socket to our server', () => {
  const servers: Server[] = [];
  let port = 0;
  beforeAll(async () => {
    const server = httpServer((request, context) => current(request, context));
    servers.push(server);
    await listen(server, { host: '127.0.0.1', port: 0 });
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });
  let current = registryServer(memoryRegistry());
  registrySuite(() => {
    current = registryServer(memoryRegistry());
    return new RegistryClient({ origin: `http://127.0.0.1:${port}`, fetch: nodeFetch });
  });
});

describeWith({ programs: ['docker-registry'] }, 'our client against docker-registry', () => {
  let registry: ChildProcess;
  const origin = 'http://127.0.0.1:5997';
  beforeAll(async () => {
    const config = `version: 0.1\nstorage: {filesystem: {rootdirectory: ${directory}/registry}, delete: {enabled: true}}\nhttp: {addr: 127.0.0.1:5997}\n`;
    registry = spawn('docker-registry', ['serve', file('config.yml', Buffer.from(config))], { stdio: 'ignore' });
    for (let i = 0; i < 100; i++) {
      const up = await nodeFetch(`${origin}/v2/`, { method: 'GET', headers: [] }).then(
        () => true,
        () => false,
      );
      if (up) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  afterAll(() => void registry.kill());

  it('pushes in one go and in chunks, mounts, pulls, deletes', async () => {
    const client = new RegistryClient({ origin, fetch: nodeFetch });
    const layer = gzip(image.layers[0]!.content);
    const config = image.rawConfig;
    await client.pushBlob('me/a', digestOf(layer), layer);
    let upload = await client.startUpload('me/a');
    upload = await client.uploadChunk('me/a', upload.id, new BytesContent(contentBytes(config).slice(0, 10)), 0);
    expect(upload.size).toBe(10);
    await client.finishUpload('me/a', upload.id, digestOf(config), new BytesContent(contentBytes(config).slice(10)));
    expect(await client.mountBlob('me/b', digestOf(layer), 'me/a')).toMatchObject({ mounted: { size: layer.size } });
    const type = 'application/vnd.docker.distribution.manifest.v2+json';
    const manifest = textContent(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: type,
        config: { mediaType: 'application/vnd.docker.container.image.v1+json', digest: image.id, size: config.size },
        layers: [
          { mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', digest: digestOf(layer), size: layer.size },
        ],
      }),
    );
    const { digest } = await client.putManifest('me/a', 'v1', type, manifest);
    expect(await client.headManifest('me/a', 'v1')).toEqual({ mediaType: type, digest, size: manifest.size });
    expect((await client.listTags('me/a')).names).toEqual(['v1']);
    expect((await client.getBlob('me/a', digestOf(layer))).size).toBe(layer.size);
    await expect(client.getManifest('me/a', 'nosuch')).rejects.toThrow('manifest unknown: manifest unknown');
    await expect(client.listTags('nosuch')).rejects.toThrow('name unknown: repository name not known to registry');
    await client.deleteManifest('me/a', digest);
    await expect(client.getManifest('me/a', 'v1')).rejects.toThrow('manifest unknown');
  });
});
