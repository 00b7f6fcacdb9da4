/** Port Mounter by mount(2): overlays and binds on directories that exist only meanwhile. */
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import type { Mounter, Tree } from '../port/index.ts';
import { Errno, type Mount } from '../spec/index.ts';
import { syscall } from './syscalls.ts';
import { DiskTree } from './tree.ts';

const flags: Record<string, number> = {
  ro: 1,
  nosuid: 2,
  nodev: 4,
  noexec: 8,
  remount: 32,
  bind: 4096,
  rbind: 4096 | 16384,
};
const noFlag = new Set(['rw', 'suid', 'dev', 'exec', 'relatime', 'defaults']);
const REMOUNT_BIND_READONLY = 1 | 32 | 4096;
const DETACH = 2;

/** Mounts one after the other at `target`. Throws Errno, with nothing left mounted. */
export function mountAll(mounts: readonly Mount[], target: string): void {
  let done = 0;
  try {
    for (const mount of mounts) {
      mountOne(mount, target);
      done++;
    }
  } catch (error) {
    for (; done > 0; done--) unmount(target);
    throw error;
  }
}

function mountOne({ type, source, options }: Mount, target: string): void {
  const bits = options.reduce((sum, option) => sum | (flags[option] ?? 0), type === 'bind' ? 4096 : 0);
  const data = options.filter((option) => !(option in flags) && !noFlag.has(option)).join(',');
  syscall('mount', source, target, type === 'bind' ? '' : type, bits, data);
  // A bind mount takes "ro" only when it is remounted.
  if (type === 'bind' && options.includes('ro')) syscall('mount', '', target, '', REMOUNT_BIND_READONLY, '');
}

/** Files that are still open keep it alive until they are closed. */
export function unmount(target: string): void {
  syscall('umount2', target, DETACH);
}

export class LinuxMounter implements Mounter {
  /** Writable mounts that are in use by {@link withTree}, by upper directory: mounting one twice is undefined. */
  private readonly busy = new Map<string, Promise<unknown>>();

  constructor(
    /** Mount points are made in it. */
    private readonly directoryOfMounts: string,
    /** Where these mounts are mounted already (a running container), if they are. */
    private readonly mountedAt: (mounts: readonly Mount[]) => string | undefined = () => undefined,
  ) {}

  async withTree<T>(mounts: Mount[], use: (tree: Tree) => T | Promise<T>): Promise<T> {
    if (mounts.length === 0) throw new Errno('EINVAL');
    const known = this.mountedAt(mounts);
    if (known !== undefined) return use(new DiskTree(known));
    const upper = upperOf(mounts);
    if (upper === undefined) return this.mounted(mounts, use);
    const turn = (this.busy.get(upper) ?? Promise.resolve()).then(() => this.mounted(mounts, use));
    const settled = turn.catch(() => {}); // whoever comes next does not care how this one ended
    this.busy.set(upper, settled);
    try {
      return await turn;
    } finally {
      if (this.busy.get(upper) === settled) this.busy.delete(upper);
    }
  }

  async mount(mounts: Mount[], path: string): Promise<void> {
    mountAll(mounts, path);
  }

  async unmount(path: string): Promise<void> {
    unmount(path);
  }

  directory(path: string): Tree {
    return new DiskTree(path);
  }

  private async mounted<T>(mounts: Mount[], use: (tree: Tree) => T | Promise<T>): Promise<T> {
    mkdirSync(this.directoryOfMounts, { recursive: true });
    const target = mkdtempSync(`${this.directoryOfMounts}/mount-`);
    try {
      mountAll(mounts, target);
      try {
        return await use(new DiskTree(target));
      } finally {
        for (const _ of mounts) unmount(target);
      }
    } finally {
      rmdirSync(target);
    }
  }
}

export const upperOf = (mounts: readonly Mount[]): string | undefined =>
  mounts
    .flatMap(({ options }) => options)
    .find((option) => option.startsWith('upperdir='))
    ?.slice('upperdir='.length);
