import type { RunMount, RunRequest } from '../builder/index.ts';
import type { ExitStatus, Stdio, Tree } from '../port/index.ts';
import { isErrno, type Mount, type OciMount, type RuntimeSpec } from '../spec/index.ts';
import { effectiveCapabilities } from './capabilities.ts';
import { nameOf } from './container-config.ts';
import { makeWorkingDir } from './container-create.ts';
import { externalResolvConf, extraHostLines } from './container-files.ts';
import type { Daemon } from './daemon.ts';
import { hostPath, makeDirs, writeText } from './host-paths.ts';
import { mergedDir } from './layer-store.ts';
import { joinBridge } from './network-attachment.ts';
import { rlimitOf } from './runtime-spec.ts';
import { resolveUser } from './users.ts';

const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** One RUN of a BuildKit build: a container that the engine does not list, on the snapshot `key`. */
export async function runStep(
  daemon: Daemon,
  key: string,
  rootfs: Mount[],
  request: RunRequest,
  stdio: Stdio,
): Promise<ExitStatus> {
  const { runtime, mounter, hostTree } = daemon.ports;
  const sandbox = await openSandbox(daemon, request);
  const files = `/var/lib/docker/buildkit/executor/${key}`;
  writeFiles(daemon, files, request);
  try {
    const mounts = [
      ...standardMounts.map((mount) => withSize(mount, request.shmSize)),
      ...fileMounts(files),
      ...request.mounts.map(ociMount),
    ];
    const spec = await stepSpec(daemon, key, rootfs, request, mounts, sandbox?.path);
    const stubs = await mounter.withTree(rootfs, (tree) => missingTargets(tree, mounts));
    const status = await runToEnd(runtime, key, { spec, rootfs }, request.signal, stdio);
    await mounter.withTree(rootfs, (tree) => removeStubs(tree, stubs));
    return status;
  } finally {
    hostTree.remove(hostPath(files));
    await sandbox?.close();
  }
}

async function runToEnd(
  runtime: Daemon['ports']['runtime'],
  key: string,
  bundle: { spec: RuntimeSpec; rootfs: Mount[] },
  signal: AbortSignal | undefined,
  stdio: Stdio,
): Promise<ExitStatus> {
  const task = await runtime.create(key, bundle, stdio);
  const stop = (): void => void task.kill(9).catch(() => {});
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await task.start();
    return await task.wait();
  } finally {
    signal?.removeEventListener('abort', stop);
    await task.delete();
  }
}

interface Sandbox {
  path: string;
  close(): Promise<void>;
}

/** Undefined for the host's network. */
async function openSandbox(daemon: Daemon, { network }: RunRequest): Promise<Sandbox | undefined> {
  if (network === 'host') return undefined;
  const id = daemon.newId();
  const { path } = await daemon.ports.network.createSandbox(id);
  const leave = network === 'none' ? async () => {} : await joinBridge(daemon, id);
  return {
    path,
    async close() {
      await leave();
      await daemon.ports.network.deleteSandbox(id);
    },
  };
}

/** BuildKit executor/oci: hosts names the sandbox, resolv.conf is the host's without its loopback servers. */
function writeFiles(daemon: Daemon, directory: string, request: RunRequest): void {
  const { hostTree } = daemon.ports;
  makeDirs(hostTree, directory);
  const extra = extraHostLines(daemon, request.extraHosts);
  const own = `127.0.0.1\tlocalhost ${hostnameOf(request)}\n::1\tlocalhost ip6-localhost ip6-loopback\n`;
  writeText(hostTree, `${directory}/hosts`, own + extra);
  writeText(hostTree, `${directory}/resolv.conf`, externalResolvConf(daemon));
}

const hostnameOf = (request: RunRequest): string => request.hostname ?? 'buildkitsandbox';

async function stepSpec(
  daemon: Daemon,
  key: string,
  rootfs: Mount[],
  request: RunRequest,
  mounts: OciMount[],
  netns: string | undefined,
): Promise<RuntimeSpec> {
  const { mounter, snapshotter } = daemon.ports;
  const { user, home } = await mounter.withTree(rootfs, (tree) => {
    if (request.cwd) makeWorkingDir(tree, request.cwd);
    return resolveUser(tree, request.user);
  });
  const capabilities = effectiveCapabilities({ Privileged: false, CapAdd: null, CapDrop: null });
  const own = user.uid === 0 ? capabilities : [];
  const given = new Set(request.env.map(nameOf));
  const defaults = [defaultPath, `HOSTNAME=${hostnameOf(request)}`, `HOME=${home}`];
  return {
    ociVersion: '1.0.2-dev',
    process: {
      user,
      args: [...request.args],
      env: [...defaults.filter((entry) => !given.has(nameOf(entry))), ...request.env],
      cwd: request.cwd || '/',
      rlimits: request.ulimits.map(rlimitOf),
      capabilities: { bounding: capabilities, effective: own, permitted: own, inheritable: [], ambient: [] },
    },
    root: { path: mergedDir(await snapshotter.upperDir(key)) },
    hostname: hostnameOf(request),
    mounts,
    linux: {
      cgroupsPath: `/docker/buildkit/${key}`,
      namespaces: [
        { type: 'mount' },
        { type: 'pid' },
        { type: 'ipc' },
        { type: 'uts' },
        ...(netns ? [{ type: 'network' as const, path: netns }] : []),
      ],
    },
  };
}

const standardMounts: OciMount[] = [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
  },
  { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: ['nosuid', 'noexec', 'nodev', 'mode=1777'] },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
];

/** --shm-size */
const withSize = (mount: OciMount, size: number): OciMount =>
  mount.destination === '/dev/shm' && size > 0
    ? { ...mount, options: [...(mount.options ?? []), `size=${size}`] }
    : mount;

const fileMounts = (directory: string): OciMount[] =>
  ['resolv.conf', 'hosts'].map((name) => ({
    destination: `/etc/${name}`,
    type: 'bind',
    source: `${directory}/${name}`,
    options: ['rbind', 'rprivate'],
  }));

const ociMount = (mount: RunMount): OciMount => ({
  destination: mount.target,
  type: mount.type,
  source: mount.source ?? 'tmpfs',
  options:
    mount.type === 'bind'
      ? ['rbind', mount.readonly ? 'ro' : 'rw']
      : ['nosuid', 'nodev', ...(mount.size ? [`size=${mount.size}`] : [])],
});

/** What the runtime will have to make to mount onto: names that are not there, deepest first, and their directory. */
interface Stub {
  path: string;
  parent: string;
  parentTime: { sec: number; nsec: number };
}

function missingTargets(tree: Tree, mounts: readonly OciMount[]): Stub[] {
  const stubs = new Map<string, Stub>();
  for (const { destination } of mounts) {
    if (/^\/(proc|sys|dev)(\/|$)/.test(destination)) continue;
    const parts = destination.split('/').filter(Boolean);
    parts.forEach((_, index) => {
      const path = parts.slice(0, index + 1).join('/');
      const parent = parts.slice(0, index).join('/');
      if (tree.lstat(path) || stubs.has(path)) return;
      stubs.set(path, { path, parent, parentTime: tree.lstat(parent)?.mtime ?? { sec: 0, nsec: 0 } });
    });
  }
  return [...stubs.values()].reverse();
}

/** BuildKit executor MountStubsCleaner: mount points that are still empty do not become part of the layer. */
function removeStubs(tree: Tree, stubs: readonly Stub[]): void {
  for (const { path, parent, parentTime } of stubs) {
    const stat = tree.lstat(path);
    if (!stat || (stat.type === 'directory' ? tree.readdir(path).length > 0 : stat.size > 0)) continue;
    try {
      tree.remove(path);
      if (tree.lstat(parent)) tree.utimes(parent, parentTime);
    } catch (error) {
      if (!isErrno(error)) throw error; // busy or read-only: it stays
    }
  }
}
