/** /proc/PID/mounts and mountinfo (proc(5)). */
import { homeOf, isBelow } from '../../vfs/lineage.ts';
import type { Location, MountedFilesystem } from '../../vfs/mount-table.ts';
import { NamespaceInode } from '../nsfs.ts';
import type { Task } from '../task.ts';

const octal = (text: string): string =>
  text.replace(/[ \t\n\\]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);

/** `whole`: with what holds of the filesystem, as /proc/mounts has it. */
function flagText({ flags, fs }: MountedFilesystem, whole = false): string {
  const names = [flags.readonly || (whole && fs.readonly) ? 'ro' : 'rw'];
  for (const name of ['nosuid', 'nodev', 'noexec', 'noatime', 'relatime'] as const) if (flags[name]) names.push(name);
  return names.join(',');
}

/** Mounts that the process can reach, with where it sees them. */
function visible(task: Task): { mount: MountedFilesystem; path: string }[] {
  return task.ns.mnt.table.mounts
    .map((mount) => ({ mount, path: task.paths.pathOf({ mount, inode: mount.root }) }))
    .filter(({ mount, path }) => !path.startsWith('(unreachable)') && isBelowRoot(mount, task));
}

/** On the way up from its root there is the process's. */
function isBelowRoot(mount: MountedFilesystem, { paths: { root } }: Task): boolean {
  for (let at: MountedFilesystem | undefined = mount; at; at = at.parent) {
    if (at === root.mount) return at !== mount ? isUnder(mount, root) : root.inode === mount.root;
  }
  return false;
}

/** Of a mount below root's: whether the place in root's mount that leads there is below root's directory. */
function isUnder(mount: MountedFilesystem, root: Location): boolean {
  let at = mount;
  while (at.parent !== root.mount) at = at.parent!;
  return isBelow(at.mountpoint!.inode, root.inode);
}

/** What of its filesystem the mount shows: the bound directory's path in it. */
function rootOf({ fs, root }: MountedFilesystem): string {
  const names: string[] = [];
  for (let at = root; at !== fs.root; ) {
    const home = homeOf(at);
    if (!home) return root instanceof NamespaceInode ? namespaceName(root) : '/';
    names.push(home.name);
    at = home.directory;
  }
  return `/${names.reverse().join('/')}`;
}

const namespaceName = ({ namespace }: NamespaceInode): string => `${namespace.kind}:[${namespace.ino}]`;

/** The optional fields: " shared:1 master:2". */
function propagationText({ group, master, unbindable }: MountedFilesystem): string {
  const shared = group ? ` shared:${group.id}` : '';
  return `${shared}${master ? ` master:${master.id}` : ''}${unbindable ? ' unbindable' : ''}`;
}

export const mountsText = (task: Task): string =>
  visible(task)
    .map(({ mount, path }) => {
      const options = mount.fs.options();
      return `${octal(mount.source)} ${octal(path)} ${mount.fs.type} ${flagText(mount, true)}${options && `,${options}`} 0 0\n`;
    })
    .join('');

export const mountinfoText = (task: Task): string =>
  visible(task)
    .map(({ mount, path }) => {
      const options = mount.fs.options();
      const numbers = `${mount.id} ${mount.parent?.id ?? 1} 0:${mount.fs.dev}`;
      const where = `${octal(rootOf(mount))} ${octal(path)} ${flagText(mount)}${propagationText(mount)}`;
      const state = `${mount.fs.readonly ? 'ro' : 'rw'}${options && `,${options}`}`;
      return `${numbers} ${where} - ${mount.fs.type} ${octal(mount.source)} ${state}\n`;
    })
    .join('');
