/** A small host for tests: a memory tree mounted at '/', seen by root. */

import {
  type FileCredentials,
  MemTree,
  MountedFilesystem,
  MountNamespace,
  overlayFromOptions,
  PathContext,
  rootCredentials,
} from '../../src/sim/vfs/index.ts';
import { contentText, type Timespec, textContent, utf8 } from '../../src/spec/index.ts';
import { silent, type Tracer } from '../../src/trace/index.ts';

/** Each reading is a microsecond later. */
export function tickingClock(start = 1_700_000_000): { now(): Timespec } {
  let ticks = 0;
  return {
    now: () => {
      ticks++;
      return { sec: start + Math.floor(ticks / 1e6), nsec: (ticks % 1e6) * 1000 };
    },
  };
}

export interface World {
  clock: { now(): Timespec };
  tree: MemTree;
  host: PathContext;
  write(path: string, text: string): void;
  append(path: string, text: string): void;
  read(path: string): string;
  names(path: string): string[];
  errno(run: () => unknown): string;
  /** Makes the directories, mounts the overlay, gives its path. */
  overlay(options: { lower: string[]; upper?: string; work?: string; at: string }, tracer?: Tracer): void;
}

let lastDev = 20;

export function world(options: { bytes?: number; inodes?: number } = {}): World {
  const clock = tickingClock();
  const tree = new MemTree({ dev: 1, clock, ...options });
  const namespace = new MountNamespace(new MountedFilesystem(tree.root, '/dev/vda1'));
  const top = { mount: namespace.root, inode: namespace.root.root };
  const host = new PathContext({ namespace, root: top, cwd: top, cred: rootCredentials, umask: 0o022 });
  const open = (path: string, truncate: boolean) =>
    host.open(path, { write: true, create: true, truncate, mode: 0o644 }).inode;
  return {
    clock,
    tree,
    host,
    write: (path, text) => void open(path, true).write(0, utf8(text)),
    append(path, text) {
      const inode = open(path, false);
      inode.write(inode.getattr().size, utf8(text));
    },
    read: (path) => contentText(host.open(path, { read: true }).inode.content()),
    names: (path) =>
      host
        .readdir(path)
        .map(({ name }) => name)
        .sort(),
    errno(run) {
      try {
        run();
      } catch (error) {
        return (error as { code?: string }).code ?? String(error);
      }
      return 'ok';
    },
    overlay({ lower, upper, work, at }, tracer = silent) {
      const mount = [`lowerdir=${lower.join(':')}`];
      if (upper) mount.push(`upperdir=${upper}`, `workdir=${work}`);
      for (const path of [...lower, ...(upper ? [upper, work!] : []), at]) mkdirs(host, path);
      const fs = overlayFromOptions(host, mount, { dev: ++lastDev, tracer });
      host.namespace.attach(new MountedFilesystem(fs.root, 'overlay'), host.resolve(at));
    },
  };
}

export function mkdirs(host: PathContext, path: string): void {
  let at = '';
  for (const part of path.split('/').filter(Boolean)) {
    at += `/${part}`;
    try {
      host.lstat(at);
    } catch {
      host.mkdir(at, 0o755);
    }
  }
}

export const user = (uid: number, groups: number[] = []): FileCredentials => ({
  euid: uid,
  egid: uid,
  groups,
  effective: new Set(),
});

export { textContent };

/** mulberry32: small, seeded, good enough to choose edits by. */
export function random(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) % bound) | 0;
  };
}

export function chroot(host: PathContext, path: string): PathContext {
  const root = host.resolve(path);
  return host.fork({ root, cwd: root });
}
