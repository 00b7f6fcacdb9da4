import { expect, it } from 'vitest';
import { fakeWorld, rootfs } from './fake-world.ts';

async function withBase() {
  const w = await fakeWorld();
  const imported = await w.request('POST', '/v1.41/images/create?fromSrc=-&repo=base', rootfs());
  expect(imported.status).toBe(200);
  return w;
}

it('imports, creates, starts, waits, logs and removes', async () => {
  const { request } = await withBase();
  const created = await request('POST', '/v1.41/containers/create?name=c1', { Image: 'base', Cmd: ['echo', 'hi'] });
  expect(created).toMatchObject({ status: 201, json: { Warnings: [] } });
  expect((await request('POST', '/v1.41/containers/c1/start')).status).toBe(204);
  expect((await request('POST', '/v1.41/containers/c1/wait')).json).toEqual({ Error: null, StatusCode: 0 });
  const logs = await request('GET', '/v1.41/containers/c1/logs?stdout=1&tail=all');
  expect(logs.text).toBe('\u0001\0\0\0\0\0\0\u0003hi\n');
  const inspected = (await request('GET', '/v1.41/containers/c1/json')).json;
  expect(inspected.State).toMatchObject({ Status: 'exited', ExitCode: 0, Running: false });
  expect((await request('DELETE', '/v1.41/containers/c1')).status).toBe(204);
  expect((await request('GET', '/v1.41/containers/json?all=1')).json).toEqual([]);
});

it('tells a command that is not there, exit status 127', async () => {
  const { request } = await withBase();
  await request('POST', '/v1.41/containers/create?name=c1', { Image: 'base', Cmd: ['nosuchcmd'] });
  const started = await request('POST', '/v1.41/containers/c1/start');
  expect(started).toMatchObject({
    status: 400,
    json: {
      message:
        'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nosuchcmd": executable file not found in $PATH: unknown',
    },
  });
  expect((await request('GET', '/v1.41/containers/c1/json')).json.State).toMatchObject({
    Status: 'created',
    ExitCode: 127,
  });
});

it('gives addresses and ports, refuses a port twice', async () => {
  const { request } = await withBase();
  const body = {
    Image: 'base',
    Cmd: ['sleep', '9'],
    HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] } },
  };
  for (const name of ['s1', 's2']) await request('POST', `/v1.41/containers/create?name=${name}`, body);
  expect((await request('POST', '/v1.41/containers/s1/start')).status).toBe(204);
  const again = await request('POST', '/v1.41/containers/s2/start');
  expect(again.status).toBe(500);
  expect(again.json.message).toMatch(
    /^driver failed programming external connectivity on endpoint s2 \([0-9a-f]{64}\): Bind for 0\.0\.0\.0:8080 failed: port is already allocated$/,
  );
  const { NetworkSettings } = (await request('GET', '/v1.41/containers/s1/json')).json;
  expect(NetworkSettings).toMatchObject({ IPAddress: '172.17.0.2', MacAddress: '02:42:ac:11:00:02' });
  expect((await request('POST', '/v1.41/containers/s1/stop')).status).toBe(204);
});

it.each([
  ['GET', '/v1.41/containers/nosuch/json', 404, 'No such container: nosuch'],
  ['GET', '/v1.41/images/nosuch/json', 404, 'no such image: nosuch: No such image: nosuch:latest'],
  ['DELETE', '/v1.41/images/nosuch', 404, 'No such image: nosuch:latest'],
  ['GET', '/v1.41/networks/nosuch', 404, 'network nosuch not found'],
  ['GET', '/v1.41/volumes/nosuch', 404, 'get nosuch: no such volume'],
  ['GET', '/v1.41/plugins/nosuch/json', 404, 'plugin "nosuch" not found'],
  ['POST', '/v1.41/containers/nosuch/kill', 404, 'Cannot kill container: nosuch: No such container: nosuch'],
  ['GET', '/v1.41/nosuch', 404, 'page not found'],
  ['GET', '/v1.99/info', 400, 'client version 1.99 is too new. Maximum supported API version is 1.41'],
])('%s %s answers %i %s', async (method, target, status, message) => {
  const { request } = await fakeWorld();
  expect(await request(method, target)).toMatchObject({ status, json: { message } });
});

it('commits what a container changed and deletes by name', async () => {
  const { request } = await withBase();
  await request('POST', '/v1.41/containers/create?name=c1', {
    Image: 'base',
    Cmd: ['echo', 'x'],
    WorkingDir: '/srv/app',
  });
  const { Id } = (await request('POST', '/v1.41/commit?container=c1&repo=img&tag=1')).json;
  expect(Id).toMatch(/^sha256:/);
  const inspected = (await request('GET', '/v1.41/images/img:1/json')).json;
  expect(inspected.RootFS.Layers).toHaveLength(2);
  expect((await request('GET', '/v1.41/containers/c1/changes')).json).toEqual([
    { Path: '/srv', Kind: 1 },
    { Path: '/srv/app', Kind: 1 },
  ]);
  const deleted = (await request('DELETE', '/v1.41/images/img:1')).json;
  expect(deleted[0]).toEqual({ Untagged: 'img:1' });
  expect(deleted[1]).toEqual({ Deleted: Id });
});
