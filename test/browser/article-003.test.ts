/** Article 003 ("images, layers, Dockerfile, Hub") typed into the terminal of the page, and what it leaves behind. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { type AppPage, Site } from './app-page.ts';

const dockerfile = [
  '#Version:0.0.1',
  'FROM ubuntu',
  'MAINTAINER zhaohui "ksfzhaohui@126.com"',
  'RUN apt-get update && apt-get install -y nginx',
  'EXPOSE 80',
];

describeWith({ programs: ['chromium'] }, 'article 003, typed', () => {
  let site: Site;
  let app: AppPage;
  beforeAll(async () => {
    site = await Site.open();
    app = await site.page();
  });
  afterAll(() => site?.close());

  const image = async (reference: string) =>
    (await app.inspect()).images.find((one) => one.references.includes(reference));

  it('docker pull ubuntu: a base layer on the kernel', async () => {
    await app.command('docker pull ubuntu');
    const { layers, images } = await app.inspect();
    expect(images.map((one) => one.references)).toEqual([['ubuntu:latest']]);
    expect(layers.map((layer) => layer.parent)).toEqual(['']);
    await app.drawn('.slab.base', 1);
    await app.shot('003-1-pull');
  });

  it('docker run -i -t ubuntu /bin/bash: a writable layer that runs', async () => {
    await app.type('docker run -i -t ubuntu /bin/bash');
    await app.shows(/root@[0-9a-f]{12}:\/# ?$/);
    await app.drawn('.slab.writable.running', 1);
    expect((await app.inspect()).containers).toMatchObject([{ status: 'running', added: 0 }]);
  });

  it('apt-get: what is installed is in the writable layer', async () => {
    await app.command('apt-get -yqq update', 120_000);
    await app.command('apt-get -y install apache2', 120_000);
    await app.shot('003-2-apt');
    const { containers } = await app.inspect();
    const changes = await app.changes(containers[0]!.id);
    expect(changes).toContainEqual(expect.objectContaining({ path: '/etc/apache2/ports.conf', kind: 'added' }));
    expect(containers[0]!.changed).toBeGreaterThan(0);
  });

  it('exit, docker ps -a, docker commit: amber freezes into a layer', async () => {
    await app.type('exit');
    await app.shows(/root@dock:~# ?$/);
    const { containers } = await app.inspect();
    expect(containers).toMatchObject([{ status: 'exited', exitCode: 0 }]);
    const id = containers[0]!.id.slice(0, 12);
    expect(await app.command('docker ps -a')).toContain(id);
    expect(await app.command(`docker commit ${id} ksfzhaohui/apache2`)).toMatch(/sha256:[0-9a-f]{20}/);
    const base = await image('ubuntu:latest');
    const made = await image('ksfzhaohui/apache2:latest');
    expect(made!.layers.slice(0, 1)).toEqual(base!.layers);
    expect(made!.layers).toHaveLength(2);
    const frozen = (await app.inspect()).layers.find((layer) => layer.chainId === made!.layers[1])!;
    expect(frozen.added).toBeGreaterThan(100);
    expect(frozen.size).toBeGreaterThan(1_000_000);
    await app.drawn('.slab.layer', 1);
    await app.shot('003-3-commit');
    expect(await app.command('docker images')).toContain('ksfzhaohui/apache2');
  });

  it('vi Dockerfile: the overlay writes the host file', async () => {
    await app.command('mkdir static_web');
    await app.command('cd static_web');
    await app.command('touch Dockerfile');
    await app.type('vi Dockerfile');
    await app.page.waitForSelector('dialog[open] .cm-content');
    await app.page.keyboard.type('i');
    await app.page.keyboard.type(dockerfile.join('\n'));
    await app.shot('003-4-vi');
    await app.page.keyboard.press('Escape');
    await app.page.keyboard.type(':wq\n');
    await app.page.waitForSelector('dialog', { state: 'detached' });
    expect(await app.file('/root/static_web/Dockerfile')).toBe(`${dockerfile.join('\n')}\n`);
    expect(await app.command('cat Dockerfile')).toContain('EXPOSE 80');
  });

  it('docker build, classic: four steps, of which one makes a layer', async () => {
    const out = await app.command('DOCKER_BUILDKIT=0 docker build -t="ksfzhaohui/static_web" .', 180_000);
    for (const [index, line] of dockerfile.slice(1).entries())
      expect(out).toContain(`Step ${index + 1}/4 : ${line.slice(0, 30)}`);
    expect(out).toMatch(/Successfully tagged ksfzhaohui\/static_web:latest/);
    const base = await image('ubuntu:latest');
    const built = await image('ksfzhaohui/static_web:latest');
    expect(built!.layers[0]).toBe(base!.layers[0]);
    expect(built!.layers).toHaveLength(2);
    expect(built!.config.exposedPorts).toEqual(['80/tcp']);
    const paths = (await app.changes(built!.layers[1]!)).map((change) => change.path);
    expect(paths).toContain('/etc/nginx/nginx.conf');
    await app.drawn('.slab.layer', 2);
    await app.shot('003-5-build');
  });

  it('docker build, BuildKit: the same files', async () => {
    const before = await image('ksfzhaohui/static_web:latest');
    const out = await app.command('docker build -t="ksfzhaohui/static_web" .', 180_000);
    expect(out).toMatch(/naming to docker.io\/ksfzhaohui\/static_web/);
    const after = await image('ksfzhaohui/static_web:latest');
    expect(after!.layers[0]).toBe(before!.layers[0]);
    const paths = async (layer: string) => (await app.changes(layer)).map((change) => change.path);
    expect(await paths(after!.layers[1]!)).toEqual(await paths(before!.layers[1]!));
  });

  it('docker run -d -p: the page is served to the terminal and to the browser view', async () => {
    await app.command(
      'docker run -d -p 8080:80 --name static_web_container ksfzhaohui/static_web nginx -g "daemon off;"',
    );
    // `docker run -d` does not wait until nginx listens.
    const fetched = await app.command('for i in 1 2 3 4 5; do curl -s localhost:8080 && break; sleep 1; done');
    expect(fetched).toContain('Welcome to nginx!');
    const running = (await app.inspect()).containers.find((one) => one.name === 'static_web_container');
    expect(running).toMatchObject({ status: 'running', command: ['nginx', '-g', 'daemon off;'] });
    await app.drawn('.slab.writable.running', 1);
    await app.shot('003-6-run');
    await app.page.getByRole('button', { name: 'Browser', exact: true }).click();
    await app.page
      .locator('.stage')
      .getByRole('button', { name: /static_web_container/ })
      .click();
    await app.page.frameLocator('iframe').getByText('Welcome to nginx!').first().waitFor();
    const heading = app.page.frameLocator('iframe').locator('h1');
    expect(await heading.evaluate((h1) => getComputedStyle(h1).color)).toBe('rgb(0, 0, 0)');
    await app.shot('003-7-browser');
    await app.page.getByRole('button', { name: 'Layers', exact: true }).click();
  });

  it('docker login, docker push: the base is mounted, not sent again', async () => {
    await app.type('docker login');
    await app.shows(/Username:/);
    await app.type('ksfzhaohui');
    await app.shows(/Password:/);
    await app.type('secret');
    await app.shows(/Login Succeeded[\s\S]*# ?$/);
    expect(await app.file('/root/.docker/config.json')).toContain('https://index.docker.io/v1/');
    expect(await app.screen()).not.toContain('secret');
    expect(await app.command('docker push ksfzhaohui/static_web')).toContain('Mounted from library/ubuntu');
    expect((await app.inspect()).registries).toContainEqual(
      expect.objectContaining({
        repositories: expect.arrayContaining([expect.objectContaining({ name: 'ksfzhaohui/static_web' })]),
      }),
    );
    await app.shot('003-8-push');
  });

  it('docker rmi by id: the image goes, the shared base stays', async () => {
    const apache = await image('ksfzhaohui/apache2:latest');
    const out = await app.command(`docker rmi ${apache!.id.slice(7, 19)}`);
    expect(out).toContain('Untagged: ksfzhaohui/apache2:latest');
    expect(await image('ksfzhaohui/apache2:latest')).toBeUndefined();
    const { layers } = await app.inspect();
    expect(layers.some((layer) => layer.chainId === apache!.layers[1])).toBe(false);
    expect(layers.some((layer) => layer.chainId === apache!.layers[0])).toBe(true);
    await app.shot('003-9-rmi');
  });

  it('never complained in the console', () => expect(app.problems).toEqual([]));
});
