/** sysfs: the little of it that programs look at. */
import type { Inode } from '../vfs/inode.ts';
import { GeneratedFile } from './generated-file.ts';
import type { KernelCore } from './kernel-core.ts';
import type { NetNamespace } from './namespaces.ts';
import { FixedDirectory, type NamedInode, SyntheticDirectory, SyntheticFilesystem } from './synthetic-inode.ts';

export class SysFs extends SyntheticFilesystem {
  readonly type = 'sysfs';
  protected readonly magic = 0x62656572;
  readonly root: Inode;

  constructor(kernel: KernelCore, net: NetNamespace) {
    super(kernel.newDev(), kernel.bootTime);
    const directory =
      (entries: [string, () => Inode][] = []) =>
      () =>
        new FixedDirectory(this, new Map(entries), 0o755);
    const top: [string, () => Inode][] = [
      ['class', directory([['net', () => new InterfaceDirectory(this, net)]])],
      ['fs', directory([['cgroup', directory()]])],
      ['kernel', directory([['mm', directory()]])],
      ['firmware', directory()],
    ];
    this.root = new FixedDirectory(this, new Map(top), 0o555);
  }
}

class InterfaceDirectory extends SyntheticDirectory {
  constructor(
    fs: SysFs,
    private readonly net: NetNamespace,
  ) {
    super(fs, 0o755);
  }
  protected find(name: string): Inode | undefined {
    const link = this.net.stack.links.find((candidate) => candidate.name === name);
    if (!link) return undefined;
    const file = (text: () => string) => () => new GeneratedFile(this.fs, () => `${text()}\n`);
    return new FixedDirectory(
      this.fs,
      new Map([
        ['address', file(() => link.mac)],
        ['ifindex', file(() => String(link.index))],
        ['mtu', file(() => String(link.mtu))],
        ['operstate', file(() => (link.up ? 'up' : 'down'))],
      ]),
    );
  }
  protected list(): NamedInode[] {
    return this.net.stack.links.map(({ name }) => ({ name, inode: this.find(name)! }));
  }
}
