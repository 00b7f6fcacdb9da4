import { contentText } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { hostPath } from './host-paths.ts';

const configFile = '/etc/docker/daemon.json';

/**
 * Whether `features.containerd-snapshotter` is on in /etc/docker/daemon.json: then images are kept as indexes, and
 * attestations beside them.
 *
 * Differs from Docker: the file is read each time, as this daemon is never restarted; image IDs stay the digests of
 * configs, and layers those of overlay2.
 */
export function containerdStore(daemon: Daemon): boolean {
  const { hostTree } = daemon.ports;
  try {
    const path = hostPath(configFile);
    if (!hostTree.lstat(path)) return false;
    const { features } = JSON.parse(contentText(hostTree.content(path))) as { features?: Record<string, unknown> };
    return features?.['containerd-snapshotter'] === true;
  } catch {
    return false;
  }
}
