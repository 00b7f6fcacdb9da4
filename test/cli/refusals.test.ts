import { describe, expect, it } from 'vitest';
import { TarContent, tarEntry } from '../../src/archive/index.ts';
import { main } from '../../src/cli/index.ts';
import { BytesContent, textContent } from '../../src/spec/index.ts';
import { type Answers, fakeHost } from './fake-host.ts';

const run = async (line: string, answers: Answers = {}, options: Parameters<typeof fakeHost>[2] = {}) => {
  const host = fakeHost(line.split(' ').slice(1), answers, options);
  return { exit: await main(host), ...host.out, host };
};

describe('what is accepted on the command line is done, or refused by name', () => {
  const refused: [string, string, Record<string, string>?][] = [
    ['docker create --use-api-socket busybox', 'drydock: --use-api-socket is not simulated'],
    ['docker run --use-api-socket busybox', 'drydock: --use-api-socket is not simulated'],
    [
      'docker --tlsverify --tlscacert /ca.pem ps',
      'drydock: --tls, --tlsverify and DOCKER_TLS_VERIFY are not simulated',
    ],
    ['docker ps', 'open /nonexistent/.docker/ca.pem: no such file or directory', { DOCKER_TLS_VERIFY: '1' }],
    ['docker pull --disable-content-trust=false a', 'drydock: --disable-content-trust=false is not simulated'],
    ['docker push a', 'drydock: DOCKER_CONTENT_TRUST is not simulated', { DOCKER_CONTENT_TRUST: '1' }],
    ['docker build --sbom=true .', 'Attestation is not supported for the docker driver.'],
    ['docker build --builder other .', 'ERROR: no builder "other" found'],
  ];
  for (const [line, text, env] of refused) {
    it(line, async () => {
      const { exit, stderr, host } = await run(
        line,
        { 'GET /info': { DriverStatus: [] } },
        { env, files: { '/ca.pem': '' } },
      );
      expect(stderr).toContain(text);
      expect(exit).toBeGreaterThan(0);
      expect(host.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    });
  }

  it('certificates alone ask for nothing', async () => {
    expect((await run('docker --tlscacert /ca.pem ps -q', { 'GET /containers/json': [] })).exit).toBe(0);
  });
});

describe('docker cp of an archive that leads out of its place', () => {
  const archive = (...entries: Parameters<typeof tarEntry>[0][]) => {
    const tar = new TarContent(entries.map((entry) => tarEntry(entry)));
    return { 'GET /containers/c/archive': new BytesContent(tar.read(0, tar.size)) };
  };
  it('by dots', async () => {
    const { exit, stderr, host } = await run(
      'docker cp c:/x /x',
      archive({ name: 'x/../../etc/passwd', content: textContent('mine') }),
      { files: { '/': '' } },
    );
    expect(stderr).toContain('is outside of');
    expect(exit).toBe(1);
    expect(host.written.has('/etc/passwd')).toBe(false);
  });
});
