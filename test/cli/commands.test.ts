import { describe, expect, it } from 'vitest';
import { completions, main } from '../../src/cli/index.ts';
import { header } from '../../src/spec/index.ts';
import { fakeHost } from './fake-host.ts';

const container = {
  Id: '44d687ac628736d71c0821bf624f30f7c009288748c1beb267ce5ce5e2b56662',
  Names: ['/c1'],
  Image: 'busybox',
  ImageID: 'sha256:1',
  Command: 'sleep 1000',
  Created: 1795309476,
  Ports: [{ IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' }],
  Labels: { k: 'v' },
  State: 'running',
  Status: 'Up 2 seconds',
  HostConfig: {},
  NetworkSettings: { Networks: { bridge: {} } },
  Mounts: [],
};

async function run(argv: string[], answers: Record<string, unknown>, options = {}) {
  const host = fakeHost(argv, answers, options);
  return { exit: await main(host), ...host.out, host };
}

describe('commands over the API', () => {
  it('ps aligns its table as Go’s tabwriter does', async () => {
    const { stdout } = await run(['ps'], { 'GET /containers/json': [container] });
    expect(stdout).toBe(
      'CONTAINER ID   IMAGE     COMMAND        CREATED         STATUS         PORTS                  NAMES\n' +
        '44d687ac6287   busybox   "sleep 1000"   2 seconds ago   Up 2 seconds   0.0.0.0:8080->80/tcp   c1\n',
    );
  });
  it('inspect -f falls back to the bare JSON', async () => {
    const answers = { 'GET /containers/c1/json': { Id: 'x', Name: '/c1', Config: { Entrypoint: null } } };
    expect(await run(['inspect', '-f', '{{.ID}} {{.Name}} {{.Config.Entrypoint}}', 'c1'], answers)).toMatchObject({
      stdout: 'x /c1 []\n',
      exit: 0,
    });
    expect(await run(['inspect', '-f', '{{.Nosuch}}', 'c1'], answers)).toMatchObject({
      stdout: '\n',
      stderr: 'template parsing error: template: :1:2: executing "" at <.Nosuch>: map has no entry for key "Nosuch"\n',
      exit: 1,
    });
  });
  it('login stores the credentials, private and tab-indented', async () => {
    const { host, exit } = await run(
      ['login', '-u', 'a', '--password-stdin', 'localhost:5000'],
      { 'POST /auth': { Status: 'Login Succeeded' } },
      { stdin: 'secret\n' },
    );
    expect(exit).toBe(0);
    const file = host.written.get('/nonexistent/.docker/config.json')!;
    expect(new TextDecoder().decode(file.read(0, file.size))).toBe(
      '{\n\t"auths": {\n\t\t"localhost:5000": {\n\t\t\t"auth": "YTpzZWNyZXQ="\n\t\t}\n\t}\n}',
    );
  });
  it('create sends what the options say', async () => {
    const { host, stdout } = await run(
      ['create', '-p', '8080:80', '-e', 'A=1', '-v', 'vol:/v', '--memory', '64m', 'busybox', 'sleep', '1'],
      { 'POST /containers/create': { Id: 'abc', Warnings: [] } },
    );
    expect(stdout).toBe('abc\n');
    const request = host.requests.at(-1)!;
    expect(header(request, 'content-type')).toBe('application/json');
    const body = request.body as { size: number; read(a: number, b: number): Uint8Array };
    expect(JSON.parse(new TextDecoder().decode(body.read(0, body.size)))).toMatchObject({
      Image: 'busybox',
      Cmd: ['sleep', '1'],
      Env: ['A=1'],
      HostConfig: {
        Binds: ['vol:/v'],
        Memory: 67108864,
        PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] },
      },
    });
  });
  it('completes subcommands, flags and names', async () => {
    const host = fakeHost([], { 'GET /containers/json': [container] });
    expect(await completions(host, ['network', ''])).toEqual([
      'connect',
      'create',
      'disconnect',
      'inspect',
      'ls',
      'prune',
      'rm',
    ]);
    expect(await completions(host, ['run', '--rm'])).toEqual(['--rm']);
    expect(await completions(host, ['stop', ''])).toEqual(['c1']);
  });
});
