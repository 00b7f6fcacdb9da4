import { hierarchiesV1, type Sys } from '../sim/index.ts';

/** Puts the hierarchies of cgroup v1 where the unified one was mounted, as a host with `systemd.unified_cgroup_hierarchy=0`. */
export function mountCgroupV1(sys: Sys): void {
  const top = '/sys/fs/cgroup';
  const flags = ['nosuid', 'nodev', 'noexec'];
  sys.umount(top);
  sys.mount('tmpfs', top, 'tmpfs', [...flags, 'mode=755']);
  for (const name of hierarchiesV1) {
    sys.mkdir(`${top}/${name}`, 0o755);
    sys.mount('cgroup', `${top}/${name}`, 'cgroup', [...flags, ...name.split(',')]);
    for (const part of name.includes(',') ? name.split(',') : []) sys.symlink(name, `${top}/${part}`);
  }
}
