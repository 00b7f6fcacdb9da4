import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/content/index.ts';
import {
  accountsOf,
  basicGuard,
  constructRequest,
  dockerHub,
  hubPolicy,
  memoryRegistry,
  parseRequest,
  RegistryClient,
  type RegistryRequest,
  registryServer,
  TransportError,
} from '../../src/registry/index.ts';
import {
  bodyText,
  type Digest,
  type Fetch,
  type Handler,
  type HttpResponse,
  header,
  mediaTypes,
  SyntheticContent,
  textContent,
} from '../../src/spec/index.ts';
import { manifestOf, pushSample, registrySuite } from '../suites/registry.suite.ts';

/** A network of handlers by host. */
const network =
  (hosts: Record<string, Handler>): Fetch =>
  async (url, request) => {
    const { host, pathname, search } = new URL(url);
    const handler = hosts[host];
    if (!handler) throw new Error(`dial tcp: lookup ${host}: no such host`);
    return handler({ ...request, target: pathname + search });
  };
const client = (
  hosts: Record<string, Handler>,
  credentials?: { username: string; password: string },
  origin = 'http://r',
) => new RegistryClient({ origin, fetch: network(hosts), credentials });

describe('memory registry', () => registrySuite(memoryRegistry));
describe('client to server to memory', () => registrySuite(() => client({ r: registryServer(memoryRegistry()) })));
describe('client to server to client to server to memory', () =>
  registrySuite(() => client({ r: registryServer(client({ r: registryServer(memoryRegistry()) })) })));

const digest = `sha256:${'ab'.repeat(32)}` as Digest;

describe('requests', () => {
  const requests: RegistryRequest[] = [
    { kind: 'ping' },
    { kind: 'catalog', page: {} },
    { kind: 'catalog', page: { n: 3, last: 'a/b' } },
    { kind: 'blobGet', repository: 'a/b/c', digest },
    { kind: 'blobHead', repository: 'a', digest },
    { kind: 'blobDelete', repository: 'a', digest },
    { kind: 'uploadStart', repository: 'a/blobs' },
    { kind: 'blobPush', repository: 'a', digest },
    { kind: 'blobMount', repository: 'a', digest, from: 'library/ubuntu' },
    { kind: 'uploadChunk', repository: 'a', upload: '/v2/a?b=c%20' },
    { kind: 'uploadFinish', repository: 'a', upload: 'x-1', digest },
    { kind: 'uploadStatus', repository: 'a', upload: 'x-1' },
    { kind: 'uploadCancel', repository: 'a', upload: 'x-1' },
    { kind: 'manifestGet', repository: 'a', reference: 'v1' },
    { kind: 'manifestHead', repository: 'a', reference: digest },
    { kind: 'manifestPut', repository: 'a', reference: 'v1' },
    { kind: 'manifestDelete', repository: 'a', reference: 'v1' },
    { kind: 'tagsList', repository: 'a', page: { n: 2 } },
    { kind: 'referrers', repository: 'a', digest },
    { kind: 'referrers', repository: 'a', digest, artifactType: 'x/y+z' },
  ];
  for (const request of requests) {
    it(JSON.stringify(request), () => {
      const { method, target } = constructRequest(request);
      expect(parseRequest(method, target)).toEqual(request);
    });
  }
  it('that cannot be', () => {
    expect(parseRequest('GET', '/v1/search')).toBeUndefined();
    expect(parseRequest('GET', '/v2/UPPER/tags/list')).toBeUndefined();
    expect(parseRequest('GET', '/v2/a/blobs/sha256:12')).toBeUndefined();
    expect(() => parseRequest('GET', `/v2/a/blobs/sha512:${'0'.repeat(64)}`)).toThrow('digest invalid');
    expect(() => parseRequest('POST', '/v2/a/manifests/v1')).toThrow('unsupported: The operation is unsupported.');
    expect(() => parseRequest('GET', '/v2/a/tags/list?n=x')).toThrow('pagination number invalid');
  });
});

describe('server', () => {
  const ask = (
    handler: Handler,
    method: string,
    target: string,
    headers: [string, string][] = [],
  ): Promise<HttpResponse> => handler({ method, target, headers });

  it('answers as Docker’s registry does', async () => {
    const registry = memoryRegistry();
    const server = registryServer(registry);
    const ping = await ask(server, 'GET', '/v2/');
    expect(ping).toMatchObject({ status: 200 });
    expect(header(ping, 'Docker-Distribution-Api-Version')).toBe('registry/2.0');
    expect(await bodyText(ping.body)).toBe('{}');
    const missing = await ask(server, 'GET', '/v2/me/a/manifests/nosuch');
    expect(missing.status).toBe(404);
    expect(await bodyText(missing.body)).toBe(
      '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"nosuch"}}]}\n',
    );
    const tags = await ask(server, 'GET', '/v2/nosuch/tags/list');
    expect(await bodyText(tags.body)).toBe(
      '{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry","detail":{"name":"nosuch"}}]}\n',
    );
    for (const tag of ['v1', 'v2']) await pushSample(registry, 'me/a', tag);
    const first = await ask(server, 'GET', '/v2/me/a/tags/list?n=1');
    expect(await bodyText(first.body)).toBe('{"name":"me/a","tags":["v1"]}\n');
    expect(header(first, 'Link')).toBe('</v2/me/a/tags/list?n=1&last=v1>; rel="next"');
  });
  it('serves ranges of blobs', async () => {
    const registry = memoryRegistry();
    const blob = new SyntheticContent(1000, 1);
    await registry.pushBlob('a', digestOf(blob), blob);
    const range = (value: string) =>
      ask(registryServer(registry), 'GET', `/v2/a/blobs/${digestOf(blob)}`, [['Range', value]]);
    const middle = await range('bytes=10-19');
    expect(middle.status).toBe(206);
    expect(header(middle, 'Content-Range')).toBe('bytes 10-19/1000');
    expect((middle.body as { size: number }).size).toBe(10);
    expect(header(await range('bytes=-5'), 'Content-Range')).toBe('bytes 995-999/1000');
    expect(header(await range('bytes=990-'), 'Content-Range')).toBe('bytes 990-999/1000');
    expect((await range('bytes=1000-')).status).toBe(416);
    expect((await range('lines=1-2')).status).toBe(200);
  });
  it('hands a blob over by reference', async () => {
    const registry = memoryRegistry();
    const blob = new SyntheticContent(1000, 1);
    const far = client({ r: registryServer(registry) });
    await far.pushBlob('a', digestOf(blob), blob);
    expect(await far.getBlob('a', digestOf(blob))).toBe(blob);
  });
  it('says what is wrong with a chunk', async () => {
    const server = registryServer(memoryRegistry());
    const start = await ask(server, 'POST', '/v2/a/blobs/uploads/');
    expect(start.status).toBe(202);
    expect(header(start, 'Range')).toBe('0-0');
    const chunk = (range: string) =>
      server({
        method: 'PATCH',
        target: header(start, 'Location')!,
        headers: [['Content-Range', range]],
        body: textContent('abc'),
      });
    expect((await chunk('5-7')).status).toBe(416);
    expect((await chunk('x')).status).toBe(416);
    expect(header(await chunk('0-2'), 'Range')).toBe('0-2');
  });
});

describe('garbage collection', () => {
  it('keeps what a manifest names, and with untagged only what a tag leads to', async () => {
    const registry = memoryRegistry();
    await pushSample(registry, 'me/a', 'v1');
    const stray = textContent('stray');
    await registry.pushBlob('me/a', digestOf(stray), stray);
    expect(registry.collectGarbage()).toEqual([digestOf(stray)]);
    await expect(registry.getBlob('me/a', digestOf(stray))).rejects.toThrow('blob unknown');
    await pushSample(registry, 'me/a', 'v1', { annotations: { another: 'manifest' } });
    expect(registry.collectGarbage()).toEqual([]);
    expect(registry.collectGarbage({ untagged: true })).toEqual([digestOf(manifestOf())]);
    await expect(registry.getManifest('me/a', digestOf(manifestOf()))).rejects.toThrow('manifest unknown');
  });
});

describe('basic authentication', () => {
  const hosts = { r: registryServer(memoryRegistry(), { guard: basicGuard(accountsOf({ alice: 'secret' })) }) };
  it('lets accounts in, and tells the others as docker does', async () => {
    await pushSample(client(hosts, { username: 'alice', password: 'secret' }), 'alice/a', 'v1');
    const nobody = client(hosts).headManifest('alice/a', 'latest');
    await expect(nobody).rejects.toThrow('Head "http://r/v2/alice/a/manifests/latest": no basic auth credentials');
    expect((await client(hosts, { username: 'alice', password: 'wrong' }).ping()).status).toBe(401);
    expect((await client(hosts, { username: 'alice', password: 'secret' }).ping()).status).toBe(200);
  });
});

describe('Docker Hub', () => {
  const make = async () => {
    const registry = memoryRegistry();
    await pushSample(registry, 'library/ubuntu', 'latest');
    let now = 1000;
    const hosts = dockerHub(registry, {
      accounts: accountsOf({ student: 'hunter2' }),
      secret: new Uint8Array([1, 2, 3]),
      now: () => ({ sec: now, nsec: 0 }),
      entries: () => [
        { name: 'ubuntu', description: 'Ubuntu is a Linux', is_official: true, is_automated: false, star_count: 9 },
      ],
    });
    const as = (username?: string, password = 'hunter2') =>
      client(hosts, username ? { username, password } : undefined, 'https://registry-1.docker.io');
    return { registry, hosts, as, later: (seconds: number) => (now += seconds) };
  };

  it('lets anyone pull what exists', async () => {
    const { as } = await make();
    expect((await as().getManifest('library/ubuntu', 'latest')).descriptor.digest).toBe(digestOf(manifestOf()));
    await expect(as().getManifest('library/ubuntu', 'nosuch')).rejects.toThrow('manifest unknown: manifest unknown');
  });
  it('denies what does not exist or is another’s, with docker’s text', async () => {
    const { as } = await make();
    await expect(as().getManifest('library/nosuch', 'latest')).rejects.toMatchObject({
      code: 'DENIED',
      status: 401,
      message: 'errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n',
    });
    await expect(as().startUpload('student/mine')).rejects.toMatchObject({ code: 'DENIED' });
    await expect(as('student').startUpload('someoneelse/mine')).rejects.toMatchObject({ code: 'DENIED' });
  });
  it('lets a user push to names of his own, mounting what he may read', async () => {
    const { as, registry } = await make();
    const layer = (await registry.getManifest('library/ubuntu', 'latest')).content;
    const blob = JSON.parse(await bodyText(layer)).layers[0].digest as Digest;
    expect(await as('student').mountBlob('student/mine', blob, 'library/ubuntu')).toMatchObject({
      mounted: { digest: blob },
    });
    expect(await as('student').mountBlob('student/mine', blob, 'someoneelse/secret')).toMatchObject({ upload: {} });
    await pushSample(as('student'), 'student/mine', 'v1');
    expect((await as().listTags('student/mine')).names).toEqual(['v1']);
  });
  it('checks passwords at the token service', async () => {
    const { as } = await make();
    expect((await as('student').ping()).status).toBe(200);
    await expect(as('student', 'wrong').ping()).rejects.toThrow(
      'Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password',
    );
  });
  it('takes no token that is old or made up', async () => {
    const { hosts, later } = await make();
    const ask = (token: string) =>
      hosts['registry-1.docker.io']!({
        method: 'GET',
        target: '/v2/library/ubuntu/tags/list',
        headers: [['Authorization', `Bearer ${token}`]],
      });
    const answer = await hosts['auth.docker.io']!({
      method: 'GET',
      target: '/token?service=registry.docker.io&scope=repository:library/ubuntu:pull',
      headers: [],
    });
    const { token, expires_in } = JSON.parse(await bodyText(answer.body));
    expect((await ask(token)).status).toBe(200);
    expect((await ask(`${token.slice(0, -2)}AA`)).status).toBe(401);
    expect((await ask('junk')).status).toBe(401);
    later(expires_in + 1);
    const old = await ask(token);
    expect(header(old, 'WWW-Authenticate')).toBe(
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/ubuntu:pull",error="invalid_token"',
    );
  });
  it('is searched', async () => {
    const { hosts, as } = await make();
    await pushSample(as('student'), 'student/ubuntu', 'v1');
    const answer = await hosts['index.docker.io']!({ method: 'GET', target: '/v1/search?q=ubuntu&n=25', headers: [] });
    const { num_results, results } = JSON.parse(await bodyText(answer.body));
    expect(num_results).toBe(2);
    expect(results.map(({ name }: { name: string }) => name)).toEqual(['ubuntu', 'student/ubuntu']);
  });
  it('may be any registry’s policy', async () => {
    const policy = hubPolicy(() => true);
    const access = { type: 'repository' as const, name: 'me/a', actions: [] };
    expect(await policy('me', access, 'push')).toBe(true);
    expect(await policy('', access, 'push')).toBe(false);
    expect(await policy('me', { ...access, type: 'registry' }, '*')).toBe(false);
  });
});

describe('uploads that nobody ends', () => {
  it('are forgotten, the oldest first', async () => {
    const registry = memoryRegistry();
    const first = await registry.startUpload('a');
    for (let i = 0; i < 256; i++) await registry.startUpload('a');
    await expect(registry.uploadStatus('a', first.id)).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
  });
  it('cannot grow without end', async () => {
    const registry = memoryRegistry();
    const { id } = await registry.startUpload('a');
    const huge = { size: 2 ** 32 + 1, read: () => new Uint8Array() };
    await expect(registry.uploadChunk('a', id, huge)).rejects.toMatchObject({ code: 'SIZE_INVALID' });
  });
});

describe('a registry that is not there', () => {
  it('is told as Go tells it', async () => {
    const gone = client({}, undefined, 'https://nosuch').getManifest('a', 'v1');
    await expect(gone).rejects.toBeInstanceOf(TransportError);
    await expect(gone).rejects.toThrow('Get "https://nosuch/v2/": dial tcp: lookup nosuch: no such host');
    expect(mediaTypes.ociManifest).toContain('manifest');
  });
});
