/** Port Snapshotter on disk; overlayfs gives its mounts their meaning. */
import { OverlaySnapshotter, type OverlaySnapshotterOptions } from '../layer/index.ts';
import { DiskTree } from './tree.ts';

export class LinuxSnapshotter extends OverlaySnapshotter {
  constructor(options: Omit<OverlaySnapshotterOptions, 'host'>) {
    super({ ...options, host: new DiskTree('/') });
  }
}
