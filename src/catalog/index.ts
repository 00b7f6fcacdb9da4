/**
 * catalog: what the simulated Docker Hub sells: base images and package repositories, as data (facts of the real ones)
 * and recipes. Digests are those of the actual bytes; big files are synthetic and never held.
 *
 * Knows formats only: which programs a file stands for is told by whoever knows the userland; who serves it, by
 * `machine`.
 */
export { type Advisories, type Advisory, type AffectedRange, openAdvisories } from './advisories.ts';
export * from './catalog.ts';
export { hostPackageDatabase } from './debian/host-database.ts';
export type { Repository, Userland } from './images.ts';
export { type PackageFields, packageIndex } from './package-data.ts';
export { fingerprint, type LayerLock, type PublishedImage } from './recipe.ts';
export { packageMirrors } from './repositories.ts';
