/**
 * port: the interfaces that differ between worlds. One engine, two worlds: everything the engine needs of a host is
 * here; `sim` implements it over a simulated kernel in memory, `linux` over overlayfs, runc and disk. Each port has one
 * suite in test/suites/ that both pass.
 *
 * Knows no implementation, and nothing of Docker.
 */
export * from './assets.ts';
export * from './blob-backing.ts';
export * from './clock.ts';
export * from './entropy.ts';
export * from './network.ts';
export * from './python.ts';
export * from './record-store.ts';
export * from './runtime.ts';
export * from './snapshotter.ts';
export * from './tree.ts';
