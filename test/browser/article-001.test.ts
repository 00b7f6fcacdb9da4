/** Article 001 ("a Flask application in a container") typed into the terminal of the page, and what it leaves behind. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { type AppPage, Site } from './app-page.ts';

/** As printed, its missing space included. */
const dockerfile = [
  'FROM python:3.6-slim',
  '',
  'WORKDIR /app',
  '',
  'COPY. /app',
  '',
  'RUN pip install --trusted-host pypi.python.org -r requirements.txt',
  '',
  'EXPOSE 5000',
  '',
  'CMD ["python", "app.py"]',
];

const application = [
  'from flask import Flask',
  '',
  'app = Flask(__name__)',
  '',
  "@app.route('/')",
  'def hello():',
  "    return 'Hello, World!'",
  '',
  "if __name__ == '__main__':",
  '    app.run(debug=True)',
];

describeWith({ programs: ['chromium'] }, 'article 001, typed', () => {
  let site: Site;
  let app: AppPage;
  beforeAll(async () => {
    site = await Site.open();
    app = await site.page();
  });
  afterAll(() => site?.close());

  const container = async (name: string) => (await app.inspect()).containers.find((one) => one.name === name);

  /** Asks again until the server of a container that was just started listens. */
  const fetched = (address: string) =>
    app.command(`for i in 1 2 3 4 5 6 7 8 9; do curl -s ${address} && break; sleep 1; done`);

  it('makes the files: a here-document, echo, the editor', async () => {
    await app.command('mkdir flask && cd flask');
    await app.type("cat > app.py << 'END'");
    for (const line of application) await app.type(line);
    await app.command('END');
    expect(await app.file('/root/flask/app.py')).toBe(`${application.join('\n')}\n`);
    await app.command("echo 'flask>=1.0.0' > requirements.txt");
    await app.type('vi Dockerfile');
    await app.page.waitForSelector('dialog[open] .cm-content');
    await app.page.keyboard.type('i');
    await app.page.keyboard.type(dockerfile.join('\n'));
    await app.shot('001-1-vi');
    await app.page.keyboard.press('Escape');
    await app.page.keyboard.type(':wq\n');
    await app.page.waitForSelector('dialog', { state: 'detached' });
    expect(await app.file('/root/flask/Dockerfile')).toBe(`${dockerfile.join('\n')}\n`);
  });

  it('as printed it does not build: the errors name what is wrong', async () => {
    expect(await app.command('docker build -t myimage:latest.')).toContain('requires 1 argument');
    expect(await app.command('docker build -t myimage:latest .')).toContain('unknown instruction: COPY.');
    expect((await app.inspect()).images).toEqual([]);
  });

  it('corrected, it builds: pip installs flask into a layer', async () => {
    await app.command("sed -i 's/^COPY\\./COPY ./' Dockerfile");
    expect(await app.command('docker build -t myimage:latest .', 120_000)).toContain(
      'naming to docker.io/library/myimage',
    );
    await app.shot('001-2-build');
    const { images } = await app.inspect();
    const built = images.find((one) => one.references.includes('myimage:latest'))!;
    expect(built.config).toMatchObject({ workingDir: '/app', exposedPorts: ['5000/tcp'] });
    const changes = await Promise.all(built.layers.slice(-2).map((layer) => app.changes(layer)));
    const paths = changes.map((layer) => layer.map((change) => change.path));
    expect(paths[0]).toContain('/app/app.py');
    expect(paths[1]).toContain('/usr/local/lib/python3.6/site-packages/flask/app.py');
    // Three of ours on three of python's, which stand on Debian's.
    await app.drawn('.slab.layer', 6);
  });

  it('docker run: it serves 127.0.0.1 of the container, where -p does not reach it', async () => {
    await app.command('docker run -d -p 8080:5000 --name webserver myimage:latest');
    expect(await container('webserver')).toMatchObject({ status: 'running', command: ['python', 'app.py'] });
    await app.type('docker logs -f webserver');
    await app.shows(/Running on http:\/\/127\.0\.0\.1:5000[\s\S]*Debugger PIN/);
    await app.page.keyboard.press('Control+c');
    await app.prompt();
    expect(await app.command('docker ps')).toContain('0.0.0.0:8080->5000/tcp');
    expect(await app.command('curl localhost:8080')).toMatch(/curl: \(56\)|curl: \(52\)|curl: \(7\)/);
    const inside = `docker exec webserver python -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:5000").read())'`;
    expect(await app.command(inside)).toContain("b'Hello, World!'");
    await app.shot('001-3-trap');
    await app.command('docker rm -f webserver');
  });

  it("with host='0.0.0.0' it is there for curl and for the browser view", async () => {
    await app.command(`sed -i "s/debug=True/host='0.0.0.0', debug=True/" app.py`);
    await app.command('docker build -q -t myimage:latest .', 120_000);
    await app.command('docker run -d -p 8080:5000 --name webserver myimage:latest');
    expect(await fetched('localhost:8080')).toContain('Hello, World!');
    await app.page.getByRole('button', { name: 'Browser', exact: true }).click();
    await app.page
      .locator('.stage')
      .getByRole('button', { name: /webserver/ })
      .click();
    await app.page.frameLocator('iframe').getByText('Hello, World!').waitFor();
    await app.shot('001-4-browser');
    await app.page.getByRole('button', { name: 'Layers', exact: true }).click();
    const log = await app.command('docker logs webserver');
    expect(log).toContain('Running on all addresses (0.0.0.0)');
    expect(log).toContain('Running on http://172.17.0.2:5000');
    expect(log.match(/"GET \/ HTTP\/1\.1" 200 -/g)!.length).toBeGreaterThanOrEqual(2);
    await app.shot('001-5-logs');
  });

  it('docker stop, docker rm', async () => {
    await app.command('docker stop webserver');
    expect(await container('webserver')).toMatchObject({ status: 'exited' });
    await app.command('docker rm webserver');
    expect(await container('webserver')).toBeUndefined();
  });

  it('docker run -p 4000:80 in front: its log on the screen, Ctrl-C ends it', async () => {
    await app.command('sed -i "s/debug=True/port=80/" app.py');
    await app.command('docker build -q -t friendlyhello .', 120_000);
    await app.type('docker run --name front -p 4000:80 friendlyhello');
    // Python has its handler by now: before, a process 1 would not hear of it.
    await app.shows(/:80\nPress CTRL\+C to quit/);
    await app.shot('001-6-front');
    await app.page.keyboard.press('Control+c');
    await app.shows(/CTRL\+C to quit[\s\S]*\n[^\n]*# ?$/);
    expect(await container('front')).toMatchObject({ status: 'exited', exitCode: 0 });
  });

  it('never complained in the console', () => expect(app.problems).toEqual([]));
});
