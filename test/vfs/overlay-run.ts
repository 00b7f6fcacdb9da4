/** Runs an overlay case on the simulated kernel; answers in the shape of test/linux/overlay-oracle.py. */
import { utf8 } from '../../src/spec/index.ts';
import type { Op, OverlayCase } from './overlay-cases.ts';
import { type World, world } from './world.ts';

export interface OverlayAnswer {
  outcomes: string[];
  merged: string[];
  upper: string[];
  kept: boolean[];
}

export function runCase(case_: OverlayCase): OverlayAnswer {
  const w = world();
  const lower = Array.from({ length: case_.layers }, (_, n) => `/l${n}`);
  for (const path of [...lower, '/u', '/w', '/m']) w.host.mkdir(path, 0o755);
  for (const op of case_.setup) perform(w, op);
  w.overlay({ lower: lower.reverse(), upper: '/u', work: '/w', at: '/m' });
  const inodes = case_.inodes ?? [];
  const before = inodes.map((path) => w.host.lstat(`/${path}`).ino);
  const outcomes = case_.ops.map((op) => w.errno(() => perform(w, op)));
  const kept = inodes.flatMap((path, i) =>
    w.errno(() => w.host.lstat(`/${path}`)) === 'ok' ? [w.host.lstat(`/${path}`).ino === before[i]] : [],
  );
  return { outcomes, merged: shown(w, '/m'), upper: shown(w, '/u'), kept };
}

function perform(w: World, [name, ...args]: Op): void {
  const { host } = w;
  const path = `/${args[0]}`;
  const second = args[1];
  const run: Record<string, () => void> = {
    write: () => w.write(path, String(second)),
    append() {
      const { inode } = host.open(path, { write: true });
      inode.write(inode.getattr().size, utf8(String(second)));
    },
    mkdir: () => host.mkdir(path, 0o755),
    rmdir: () => host.rmdir(path),
    unlink: () => host.unlink(path),
    rename: () => host.rename(path, `/${second}`),
    link: () => host.link(path, `/${second}`),
    symlink: () => host.symlink(String(args[0]), `/${second}`),
    chmod: () => host.chmod(path, Number(second)),
    chown: () => host.chown(path, Number(second), Number(args[2]), false),
    truncate: () => host.truncate(path, Number(second)),
    mknod: () => host.mknod(path, Number(second), Number(args[2])),
    setxattr: () => host.setxattr(path, String(second), utf8(String(args[2])), false),
    removexattr: () => host.removexattr(path, String(second), false),
  };
  run[name]!();
}

const hidden = new Set(['trusted.overlay.origin', 'trusted.overlay.impure']);

function shown(w: World, root: string): string[] {
  const out: string[] = [];
  const visit = (path: string): void => {
    for (const name of w.names(path)) {
      const full = `${path}/${name}`;
      const stat = w.host.lstat(full);
      const { inode } = w.host.resolve(full, { follow: false });
      const line = [full.slice(root.length), stat.mode.toString(8), `${stat.uid}:${stat.gid}`];
      const type = stat.mode & 0o170000;
      if (type !== 0o040000) line.push(`n${stat.nlink}`);
      if (type === 0o100000) line.push(w.read(full));
      if (type === 0o120000) line.push(inode.readlink());
      if (type === 0o020000) line.push(`${stat.rdev >> 8},${stat.rdev & 255}`);
      const xattrs = type === 0o120000 ? [] : inode.listxattr().filter((key) => !hidden.has(key));
      for (const key of xattrs.sort()) line.push(`${key}=${new TextDecoder().decode(inode.getxattr(key))}`);
      out.push(line.join(' '));
      if (type === 0o040000) visit(full);
    }
  };
  visit(root);
  return out;
}
