/** What `docker compose config` lists, and where it writes. */
import { expect, it } from 'vitest';
import { main } from '../../src/cli/index.ts';
import { contentText } from '../../src/spec/index.ts';
import { fakeHost } from '../cli/fake-host.ts';

const files = {
  '/root/app/compose.yaml':
    'services:\n  web:\n    image: nginx:${TAG:-1}\n    depends_on: [db]\n    hostname: ${H:?say}\n  db:\n    image: x\n',
};

async function config(...args: string[]) {
  const host = fakeHost(['compose', 'config', ...args], {}, { files, env: { H: 'h', HOME: '/root' } });
  const status = await main(host);
  return { ...host.out, status, written: host.written };
}

it('services, what they need first', async () => {
  expect((await config('--services')).stdout).toBe('db\nweb\n');
});

it('the environment', async () => {
  expect((await config('--environment')).stdout).toBe('COMPOSE_PROJECT_NAME=app\nH=h\nHOME=/root\nPWD=/root/app\n');
});

it('variables, as JSON and as YAML', async () => {
  const { stdout } = await config('--variables', '--format', 'json');
  expect(JSON.parse(stdout)).toEqual({
    H: { Name: 'H', DefaultValue: '', PresenceValue: '', Required: true },
    TAG: { Name: 'TAG', DefaultValue: '1', PresenceValue: '', Required: false },
  });
  expect((await config('--variables', '--format', 'yaml')).stdout).toContain(
    'TAG:\n    name: TAG\n    defaultvalue: "1"\n    presencevalue: ""\n    required: false\n',
  );
});

it('a file in place of standard output', async () => {
  const { stdout, written } = await config('-o', '/root/out.yaml');
  expect(stdout).toBe('');
  expect(contentText(written.get('/root/out.yaml')!)).toContain('image: nginx:1\n');
});

it('no digests', async () => {
  const { stderr, status } = await config('--resolve-image-digests');
  expect([stderr, status]).toEqual(['drydock: docker compose config --resolve-image-digests is not simulated\n', 1]);
});
