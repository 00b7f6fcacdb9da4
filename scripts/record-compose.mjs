// Records test/cli/compose/scenarios.mjs as a real docker compose plays them on a real dockerd, into
// test/cli/compose/recorded/NAME.json. Root on Linux with dockerd, unshare, ip, and a static busybox.
// usage: node scripts/record-compose.mjs PLUGIN [NAME...]      PLUGIN: the program docker-compose
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { normal } from '../test/cli/compose/normal.mjs';
import { scenarios } from '../test/cli/compose/scenarios.mjs';

const [plugin, ...names] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), 'record-compose-'));
const socket = join(root, 'docker.sock');
const config = join(root, 'config');
mkdirSync(join(config, 'cli-plugins'), { recursive: true });
symlinkSync(resolve(plugin), join(config, 'cli-plugins/docker-compose'));
const env = {
  PATH: process.env.PATH,
  HOME: root,
  DOCKER_CONFIG: config,
  DOCKER_HOST: `unix://${socket}`,
  DOCKER_CLI_HINTS: 'false',
};

function imageTar() {
  const tree = join(root, 'rootfs');
  for (const name of 'bin dev etc home proc root sys tmp'.split(' ')) mkdirSync(join(tree, name), { recursive: true });
  cpSync('/bin/busybox', join(tree, 'bin/busybox'));
  for (const applet of execFileSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).split('\n'))
    if (applet && applet !== 'busybox') symlinkSync('busybox', join(tree, 'bin', applet));
  writeFileSync(
    join(tree, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  );
  writeFileSync(join(tree, 'etc/group'), 'root:x:0:\nnobody:x:65534:\n');
  chmodTmp(tree);
  const file = join(root, 'busybox.tar');
  execFileSync('tar', ['--owner=root:0', '--group=root:0', '--numeric-owner', '-cf', file, '-C', tree, '.']);
  return file;
}
const chmodTmp = (tree) => execFileSync('chmod', ['1777', join(tree, 'tmp')]);

async function startDockerd() {
  const options = ['--storage-driver=overlay2', '-H', `unix://${socket}`, '--data-root', join(root, 'data')];
  const places = ['--exec-root', join(root, 'exec'), '--pidfile', join(root, 'pid')];
  const inside = ['sh', '-c', 'ip link set lo up; exec dockerd "$@"', 'sh', ...options, ...places];
  const child = spawn('unshare', ['--net', '--mount', '--propagation', 'private', ...inside], { stdio: 'ignore' });
  for (let i = 0; i < 300 && !existsSync(socket); i++) await new Promise((done) => setTimeout(done, 100));
  return child;
}

function play({ files, steps }) {
  const directory = join(root, 'app');
  rmSync(directory, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const told = (text) => normal(text.replaceAll(root, '/root'));
  return steps.map((step) => {
    const { stdout, stderr, status } = spawnSync('bash', ['-c', step], {
      cwd: directory,
      env,
      encoding: 'utf8',
      timeout: 120_000,
    });
    return { step, stdout: told(stdout), stderr: told(stderr), status };
  });
}

const dockerd = await startDockerd();
try {
  spawnSync('docker', ['import', '-c', 'CMD ["sh"]', imageTar(), 'busybox:latest'], { env });
  const directory = new URL('../test/cli/compose/recorded/', import.meta.url).pathname;
  mkdirSync(directory, { recursive: true });
  for (const scenario of scenarios) {
    if (names.length && !names.includes(scenario.name)) continue;
    writeFileSync(`${directory}${scenario.name}.json`, `${JSON.stringify(play(scenario), null, 1)}\n`);
    console.log(scenario.name);
  }
} finally {
  const gone = new Promise((done) => dockerd.once('exit', done));
  dockerd.kill('SIGTERM');
  await gone;
  rmSync(root, { recursive: true, force: true });
}
