/** Images that go between the page in a browser and a real dockerd, as files that a person saves and opens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Site } from '../browser/app-page.ts';
import { describeWith } from '../needs.ts';
import { busyboxTar, mustDrydock, type Server, startDockerd } from './real-docker.ts';

const programs = ['chromium', 'dockerd', 'busybox', 'curl', 'tar', 'unshare', 'ip'];

describeWith({ programs, root: true }, 'the page and a dockerd', () => {
  let work: string;
  let real: Server;
  let site: Site;
  const docker = (...args: string[]) => mustDrydock('docker', '-H', `unix://${real.socket}`, ...args);

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'drydock-page-'));
    await busyboxTar(work);
    [real, site] = await Promise.all([startDockerd(), Site.open()]);
    await docker('import', '-c', 'CMD ["sh"]', join(work, 'busybox.tar'), 'busybox:real');
    await docker('save', '-o', join(work, 'real.tar'), 'busybox:real');
  });
  afterAll(async () => {
    await site?.close();
    await real?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  it('what it saved opens, what is built on it is saved, loads with the same ID and runs', async () => {
    const app = await site.page();
    const { page } = app;
    await page.goto(`${page.url()}?view=archive&keep=`);
    await app.prompt();
    await page.locator('.stage input[type=file]').setInputFiles(join(work, 'real.tar'));
    await page.getByRole('button', { name: 'Load into the engine' }).click();
    await app.shows(/Loaded image: busybox:real/, 120_000);
    await app.command(
      `printf 'FROM busybox:real\\nRUN echo built > /note && rm /bin/yes\\nCMD ["cat", "/note"]\\n' > Dockerfile`,
    );
    await app.command('docker build -q -t made:1 .');
    await app.command('docker inspect -f "{{.Id}} {{json .RootFS.Layers}}" made:1 > told');
    await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }));
    await page.locator('nav button').first().click();
    await page.locator('.slab').filter({ hasText: 'made' }).first().click();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: /made.*Save as a file/ }).click();
    const saved = join(work, 'made.tar');
    await (await saving).saveAs(saved);
    expect(await docker('load', '-i', saved)).toBe('Loaded image: made:1\n');
    expect(await docker('inspect', '-f', '{{.Id}} {{json .RootFS.Layers}}', 'made:1')).toBe(
      await app.file('/root/told'),
    );
    const run = ['run', '--rm', '--network=none', 'made:1'];
    expect(await docker(...run)).toBe('built\n');
    expect(await docker(...run, 'sh', '-c', 'test -e /bin/yes; echo $?')).toBe('1\n');
    expect(app.problems).toEqual([]);
    await app.close();
  });
});
