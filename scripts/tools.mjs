// What the tests need besides Node, and what is missing of it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';

/** Debian package -> the program that shows it is there. */
export const packages = {
  chromium: 'chromium',
  'docker.io': 'dockerd',
  'busybox-static': 'busybox',
  skopeo: 'skopeo',
  runc: 'runc',
  bash: 'bash',
  dash: 'dash',
  iptables: 'iptables',
};

const path = `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;

export const has = (program) => path.split(delimiter).some((dir) => dir && existsSync(`${dir}/${program}`));

export const missing = () => Object.entries(packages).filter(([, program]) => !has(program));

export const isRoot = () => process.getuid?.() === 0;

/** Installs what is missing by apt, as root on Debian; elsewhere leaves it to the suites to say what they lack. */
export function install() {
  const wanted = missing().map(([name]) => name);
  if (wanted.length === 0) return;
  if (!isRoot() || !existsSync('/etc/debian_version')) {
    console.log(`not installed (needs root on Debian): ${wanted.join(', ')}`);
    return;
  }
  console.log(`installing ${wanted.join(', ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env };
  spawnSync('apt-get', ['update', '-qq'], options);
  const done = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted], options);
  if (done.status !== 0) console.log('apt-get failed: suites that need these tools are skipped');
}
