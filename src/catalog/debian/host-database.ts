import type { TarEntry } from '../../archive/index.ts';
import { releases } from './release.ts';
import { debianRootfs } from './rootfs.ts';

const database =
  /^(?:var\/lib\/(?:dpkg|apt)|var\/cache\/apt|etc\/(?:apt|dpkg|alternatives)|usr\/share\/keyrings)(?:\/|$)/;

/** What apt and dpkg of a Debian 12 know and where they fetch from: their directories, as its image has them. */
export async function hostPackageDatabase(): Promise<TarEntry[]> {
  const tree = await debianRootfs(releases.bookworm, { sec: 0, nsec: 0 }, () => undefined);
  return tree.toEntries().filter(({ name }) => database.test(name));
}
