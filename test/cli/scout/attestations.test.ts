/** Attestations: what a build tells of its image, in the store, in the registry, and as scout reads it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../../src/machine/index.ts';
import { textContent } from '../../../src/spec/index.ts';
import { nodeWorld } from '../../node-world.ts';

let machine: Machine;

async function run(line: string): Promise<{ out: string; err: string; status: number }> {
  const text = { out: '', err: '' };
  const into = (to: 'out' | 'err') => (bytes: Uint8Array) => {
    text[to] += new TextDecoder().decode(bytes);
  };
  const status = await machine.run(['/bin/bash', '-c', line], { stdout: into('out'), stderr: into('err') });
  return { ...text, status };
}

const build = 'docker build -t me/app:1 --sbom=true --provenance=mode=max app';
const inspect = 'docker buildx imagetools inspect me/app:1';

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await run('mkdir -p /root/app/m /etc/docker; echo pw | docker login -u me --password-stdin');
  machine.writeFile('/root/app/m/package.json', textContent('{"name":"express","version":"4.17.1"}'));
  machine.writeFile('/root/app/Dockerfile', textContent('FROM alpine:3.22\nWORKDIR /app\nCOPY m .\nRUN echo x > /x\n'));
}, 60_000);

describe('attestations', () => {
  it('the docker driver refuses them until images are in the containerd store', async () => {
    const refused = await run(build);
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('ERROR: failed to build: Attestation is not supported for the docker driver.');
    const features = '{"features":{"containerd-snapshotter":true}}';
    await run(`echo '${features}' > /etc/docker/daemon.json`);
    const { out } = await run("docker info -f '{{.Driver}} {{.DriverStatus}}'");
    expect(out).toBe('overlayfs [[driver-type io.containerd.snapshotter.v1]]\n');
    const built = await run(build);
    expect(built.status).toBe(0);
    expect(built.err).toMatch(/\[linux\/amd64\] generating sbom\n/);
    expect(built.err).toMatch(/exporting attestation manifest sha256:[0-9a-f]{64} .*done\n/);
    expect((await run(`${build.replace('mode=max', 'mode=most')}`)).err).toContain('invalid mode "most"');
  });

  it('the index is pushed, with what the statements say of the build', async () => {
    const described = (await run("docker image inspect me/app:1 -f '{{.Descriptor.digest}}'")).out.trim();
    expect((await run('docker push me/app:1')).out).toContain(`1: digest: ${described} size: `);
    const { out } = await run(inspect);
    expect(out).toContain(`Digest:    ${described}\n`);
    expect(out).toMatch(
      /Platform: {4}unknown\/unknown\n {2}Annotations: \n {4}vnd\.docker\.reference\.digest: sha256:/,
    );
    const slsa = JSON.parse((await run(`${inspect} --format '{{json .Provenance.SLSA}}'`)).out);
    expect(slsa).toMatchObject({
      buildType: 'https://mobyproject.org/buildkit@v1',
      materials: [{ uri: 'pkg:docker/alpine@3.22?platform=linux%2Famd64' }],
      invocation: { configSource: { entryPoint: 'Dockerfile' } },
    });
    const about = slsa.metadata['https://mobyproject.org/buildkit@v1#metadata'];
    expect(atob(about.source.infos[0].data)).toBe('FROM alpine:3.22\nWORKDIR /app\nCOPY m .\nRUN echo x > /x\n');
    expect(about.layers['step2:0'][0]).toHaveLength(about.layers['step0:0'][0].length + 2);
    const purls = `${inspect} --format '{{range .SBOM.SPDX.packages}}{{(index .externalRefs 0).referenceLocator}} {{end}}'`;
    expect((await run(purls)).out).toContain('pkg:npm/express@4.17.1 ');
  });

  it('scout goes by them', async () => {
    const { out, err } = await run('docker scout cves --ignore-base --only-cve-id CVE-2024-29041 me/app:1');
    expect(err).toMatch(
      /✓ SBOM obtained from attestation, \d+ packages found\n.*✓ Provenance obtained from attestation\n/,
    );
    expect(out).toContain('pkg:npm/express@4.17.1\n\nDockerfile (3:3)\nCOPY m .\n\n    ✗ MEDIUM CVE-2024-29041 ');
    const view = await run('docker scout qv me/app:1');
    expect(view.out).toContain('alpine:3.22');
    expect(view.err).not.toContain('auto-detected');
    const pushed = await run('docker scout cves --only-cve-id CVE-2024-29041 registry://me/app:1');
    expect(pushed.err).toContain('✓ Pulled\n    ✓ SBOM of image already cached');
  });

  it('an image without them is read in its registry', async () => {
    await run('docker build -q -t me/plain:1 app; docker push me/plain:1; docker rmi me/plain:1');
    const { out, err } = await run('docker scout cves --ignore-base --only-cve-id CVE-2024-29041 me/plain:1');
    expect(err).toMatch(/✓ Pulled\n {4}✓ Indexed \d+ packages\n/);
    expect(out).toContain('pkg:npm/express@4.17.1\n\n    ✗ MEDIUM CVE-2024-29041 ');
    const none = await run('docker scout cves me/nosuch:1');
    expect([none.status, none.err]).toEqual([1, expect.stringContaining('failed to pull image me/nosuch:1')]);
  });

  it('min tells no source; deleted with its image', async () => {
    await run('docker rmi me/app:1; docker build -t me/app:1 --provenance=true app && docker push me/app:1');
    const slsa = JSON.parse((await run(`${inspect} --format '{{json .Provenance.SLSA}}'`)).out);
    expect(slsa.buildConfig).toBeUndefined();
    await run('docker rmi me/app:1; docker build -t me/app:1 app');
    expect((await run("docker image inspect me/app:1 -f '{{.Id}} {{.Descriptor}}'")).out).not.toContain(
      'oci.image.index',
    );
  });
});
