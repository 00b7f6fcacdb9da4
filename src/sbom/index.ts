/**
 * sbom: which packages a root filesystem holds, told by the files that their own package managers leave in it, how that
 * is written down (package URLs, SPDX), and how versions of each kind are ordered.
 *
 * Stands on spec and archive. It knows layers only as tar archives one above the other; it does not know what is
 * wrong with a package, nor who asks. Loaded when it is first needed.
 */
export * from './package.ts';
export * from './scan.ts';
export * from './spdx.ts';
export * from './version.ts';
export * from './version-deb.ts';
export * from './version-python.ts';
