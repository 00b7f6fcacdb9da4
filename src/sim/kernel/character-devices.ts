/** /dev/null, zero, full, random, urandom, console, kmsg: by device number (Linux: drivers/char/mem.c). */
import { Errno } from '../../spec/index.ts';
import type { Inode, Stat } from '../vfs/inode.ts';
import { OpenFile, type StatusFlags } from './open-file.ts';
import type { Task } from './task.ts';

interface Device {
  read(task: Task, max: number): Uint8Array;
  write(task: Task, bytes: Uint8Array): void;
}

const nothing = new Uint8Array(0);
const sink = (): void => {};
const random: Device = { read: (task, max) => task.kernel.entropy.bytes(max), write: sink };
const full = (): never => {
  throw new Errno('ENOSPC');
};

const devices = new Map<number, Device>([
  [deviceNumber(1, 3), { read: () => nothing, write: sink }],
  [deviceNumber(1, 5), { read: (_task, max) => new Uint8Array(max), write: sink }],
  [deviceNumber(1, 7), { read: (_task, max) => new Uint8Array(max), write: full }],
  [deviceNumber(1, 8), random],
  [deviceNumber(1, 9), random],
  [deviceNumber(1, 11), { read: () => nothing, write: sink }],
  [deviceNumber(5, 1), { read: () => nothing, write: sink }],
]);

export function deviceNumber(major: number, minor: number): number {
  return major * 256 + minor;
}

/** ENXIO when no driver has this number. */
export function openDevice(node: Inode, rdev: number, flags: StatusFlags, path: string): OpenFile {
  const device = devices.get(rdev);
  if (!device) throw new Errno('ENXIO', path);
  return new DeviceFile(device, node, flags, path);
}

class DeviceFile extends OpenFile {
  constructor(
    private readonly device: Device,
    private readonly node: Inode,
    flags: StatusFlags,
    path: string,
  ) {
    super(path, flags);
  }
  read(task: Task, max: number): Uint8Array {
    return this.device.read(task, max);
  }
  override readAt(task: Task, _offset: number, max: number): Uint8Array {
    return this.device.read(task, max);
  }
  /** null_lseek: every position is the start. */
  override seek(): number {
    return 0;
  }
  write(task: Task, bytes: Uint8Array): void {
    this.device.write(task, bytes);
  }
  stat(): Stat {
    return this.node.getattr();
  }
  override inode(): Inode {
    return this.node;
  }
}
