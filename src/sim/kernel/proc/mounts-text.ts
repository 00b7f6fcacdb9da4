/** /proc/PID/mounts and mountinfo (proc(5)). */
import type { MountedFilesystem } from '../../vfs/mount-table.ts';
import type { Task } from '../task.ts';

const octal = (text: string): string =>
  text.replace(/[ \t\n\\]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);

function flagText({ flags }: MountedFilesystem): string {
  const names = [flags.readonly ? 'ro' : 'rw'];
  for (const name of ['nosuid', 'nodev', 'noexec', 'noatime', 'relatime'] as const) if (flags[name]) names.push(name);
  return names.join(',');
}

/** Mounts that the process can reach, with where it sees them. */
function visible(task: Task): { mount: MountedFilesystem; path: string }[] {
  return task.ns.mnt.table.mounts
    .map((mount) => ({ mount, path: task.paths.pathOf({ mount, inode: mount.root }) }))
    .filter(({ path }) => !path.startsWith('(unreachable)'));
}

export const mountsText = (task: Task): string =>
  visible(task)
    .map(({ mount, path }) => {
      const options = mount.fs.options();
      return `${octal(mount.source)} ${octal(path)} ${mount.fs.type} ${flagText(mount)}${options && `,${options}`} 0 0\n`;
    })
    .join('');

export const mountinfoText = (task: Task): string =>
  visible(task)
    .map(({ mount, path }) => {
      const options = mount.fs.options();
      const numbers = `${mount.id} ${mount.parent?.id ?? 1} 0:${mount.fs.dev}`;
      return `${numbers} / ${octal(path)} ${flagText(mount)} - ${mount.fs.type} ${octal(mount.source)} rw${options && `,${options}`}\n`;
    })
    .join('');
