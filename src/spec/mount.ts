/**
 * One mount, as `mount(2)` and containerd's `Mount` say it. The seam of the union filesystem: a snapshotter hands out
 * `Mount[]` and knows nothing of unions; the kernel (simulated or real) gives them their meaning.
 *
 *   { type: 'overlay', source: 'overlay', target: '/', options: ['lowerdir=/a/diff:/b/diff', 'upperdir=…', 'workdir=…'] }
 *   { type: 'bind', source: '/var/lib/docker/overlay2/x/diff', target: '/', options: ['ro', 'rbind'] }
 */
export interface Mount {
  /** Filesystem type: overlay, bind, tmpfs, proc, sysfs, devpts, mqueue, cgroup2. */
  type: string;
  source: string;
  /** Where it goes, absolute inside the root it is mounted for. '/' for a root filesystem. */
  target: string;
  options: string[];
}

/** `key=value` options of a mount as a map; flags have the value ''. */
export function mountOptions(mount: Pick<Mount, 'options'>): Map<string, string> {
  return new Map(
    mount.options.map((option) => {
      const at = option.indexOf('=');
      return at < 0 ? ([option, ''] as const) : ([option.slice(0, at), option.slice(at + 1)] as const);
    }),
  );
}

/** The layers of an overlay mount, topmost lower first, or of a single read-only/read-write bind. */
export function overlayDirs(mount: Mount): { lower: string[]; upper?: string; work?: string } {
  const options = mountOptions(mount);
  const lower = options.get('lowerdir');
  if (mount.type !== 'overlay') return { lower: [mount.source] };
  return { lower: lower ? lower.split(':') : [], upper: options.get('upperdir'), work: options.get('workdir') };
}
