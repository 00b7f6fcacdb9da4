/** `docker scout`: what it finds is what the image's files and the advisories say. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openAdvisories } from '../../../src/catalog/index.ts';
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

const manifest = (name: string, version: string): string => JSON.stringify({ name, version });

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await run('mkdir -p /root/app/node_modules/express /root/app/node_modules/qs');
  machine.writeFile('/root/app/node_modules/express/package.json', textContent(manifest('express', '4.17.1')));
  machine.writeFile('/root/app/node_modules/qs/package.json', textContent(manifest('qs', '6.7.3')));
  machine.writeFile('/root/app/Dockerfile', textContent('FROM alpine:3.22\nCOPY node_modules /app/node_modules\n'));
  await run('docker build -t app:1 /root/app');
}, 60_000);

describe('docker scout', () => {
  it('wants a login first, and is not there without its file', async () => {
    const refused = await run('docker scout quickview app:1');
    expect(refused.status).toBe(1);
    expect(refused.err).toMatch(/^Log in with your Docker ID or email address to use docker scout\.\n/);
    const moved = await run('mv /usr/libexec/docker/cli-plugins/docker-scout /tmp; docker scout version');
    expect(moved.err).toBe("docker: unknown command: docker scout\n\nRun 'docker --help' for more information\n");
    await run('mv /tmp/docker-scout /usr/libexec/docker/cli-plugins; echo pw | docker login -u me --password-stdin');
  });

  it('tells packages, findings, and what the base image brought', async () => {
    const { out, err, status } = await run('docker scout cves --ignore-base app:1');
    expect(status).toBe(0);
    expect(err).toContain('✓ Image stored for indexing\n    ✓ Indexed ');
    expect(err).toContain('✗ Detected 2 vulnerable packages with a total of 4 vulnerabilities\n');
    expect(out).toContain(`   0C     0H     1M     1L  express 4.17.1
pkg:npm/express@4.17.1

    ✗ MEDIUM CVE-2024-29041 [Improper Validation of Syntactic Correctness of Input]
      https://scout.docker.com/v/CVE-2024-29041
      Affected range : <4.19.2                                       
      Fixed version  : 4.19.2                                        
      CVSS Score     : 6.1                                           
      CVSS Vector    : CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N  
    
    ✗ LOW CVE-2024-43796 `);
    // 6.7.3 is where CVE-2022-24999 was fixed.
    expect(out).not.toContain('CVE-2022-24999');
    expect(out).toMatch(/ Base image {8}│ {2}alpine:3 /);
    const again = await run('docker scout qv app:1');
    expect(again.err).toMatch(/SBOM of image already cached, \d+ packages indexed/);
    expect(again.out).toMatch(/^\n {2}Target {3,}│ {2}app:1 {2,}│ {4}0C {5}1H {5}2M {5}\dL /);
  });

  it('filters, and exits with 2 where something is left', async () => {
    const some = await run('docker scout cves -e --ignore-base --only-severity high app:1');
    expect(some.status).toBe(2);
    expect(some.out.match(/✗ \w+ CVE-[\d-]+/g)).toEqual(['✗ HIGH CVE-2025-15284']);
    const none = await run('docker scout cves -e --only-package-type npm --only-unfixed app:1');
    expect(none.status).toBe(0);
    expect(none.out).toContain('  No vulnerable packages detected\n');
    const sarif = await run('docker scout cves --format sarif --only-package express -o /tmp/x.json app:1');
    expect(sarif.err).toContain('✓ Report written to /tmp/x.json');
    const { out } = await run('jq -r ".runs[0].results[].ruleId" /tmp/x.json');
    expect(out).toBe('CVE-2024-29041\nCVE-2024-43796\n');
  });

  it('reads archives and lists packages', async () => {
    const { out, err } = await run(
      'docker save app:1 -o /tmp/app.tar && docker scout sbom --format list --only-package-type npm archive:///tmp/app.tar',
    );
    expect(err).toContain('✓ Archive read');
    expect(out.match(/^ {2}(express|qs) .*$/gm)).toEqual(['  express  4.17.1   npm', '  qs       6.7.3    npm']);
  });

  it('what is not made is refused by name', async () => {
    expect((await run('docker scout policy app:1')).err).toBe('drydock: docker scout policy is not simulated\n');
    expect((await run('docker scout cves --epss app:1')).err).toBe('drydock: docker scout --epss is not simulated\n');
    expect((await run('docker scout cves --only-severity bad app:1')).err).toContain('invalid severity: bad');
  });
});

it('every advisory has an identifier, a severity and a range, and its source says how old it is', async () => {
  const { advisories, sources } = await openAdvisories();
  const kinds = new Set(sources.map(([type]) => type));
  for (const { id, type, severity, ranges, names } of advisories) {
    expect(id).toMatch(/^(CVE-\d{4}-\d{4,}|GHSA-.*|PYSEC-.*)$/);
    expect(kinds.has(type) && 'CHMLU'.includes(severity) && ranges.length > 0 && names.length > 0).toBe(true);
  }
});
