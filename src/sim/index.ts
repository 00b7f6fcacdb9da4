/**
 * sim: the simulated world. `vfs/` (inodes, overlay, mounts), `kernel/` (processes, namespaces, cgroups, signals,
 * terminals), `net/` (stacks, sockets, names, HTTP on sockets), `userland/` (programs), and the in-memory side of the
 * ports: clock, entropy, runtime, network.
 *
 * Knows nothing of Docker: no engine, no images, no API. Programs reach it by `Sys` alone.
 */

export * from './blob-backing.ts';
export * from './clock.ts';
export * from './entropy.ts';
export * from './kernel/boot.ts';
export { hierarchiesV1 } from './kernel/cgroup-v1.ts';
export { executableContent } from './kernel/executable.ts';
export type * from './kernel/kernel.ts';
export type { ProcessView } from './kernel/kernel.ts';
export { Killed } from './kernel/killed.ts';
export type * from './kernel/program.ts';
export type { PtyHandle } from './kernel/pty-handle.ts';
export { signalName, signalNumber, signalNumbers } from './kernel/signals.ts';
export type * from './kernel/sys.ts';
export * from './mounter.ts';
export { hostNameserver } from './net/host-network.ts';
export { exchange, httpRequest, socketDuplex } from './net/http-client.ts';
export { serveConnection } from './net/http-connection.ts';
export type * from './net/netlink.ts';
export { nameserversOf, ResolveError, resolveHost } from './net/resolve.ts';
export * from './network.ts';
export * from './network.ts';
export * from './record-store.ts';
export * from './runtime.ts';
export * from './runtime.ts';
export * from './snapshotter.ts';
export * from './userland/index.ts';
export * from './userland/index.ts';
export { isPrivate } from './userland/net/http-transfer.ts';
export { ash, bash, completionProviders, dash } from './userland/shell/index.ts';
export * from './vfs/index.ts';
