/** Containers as Docker makes them (its default capabilities, masks, devices), whose program is a function of the test. */

import { executableContent } from '../../src/sim/kernel/executable.ts';
import type { Program } from '../../src/sim/kernel/program.ts';
import type { Sys } from '../../src/sim/kernel/sys.ts';
import { SimRuntime } from '../../src/sim/runtime.ts';
import { fromUtf8, isErrno, type OciResources, type RuntimeSpec } from '../../src/spec/index.ts';
import { testMachine } from './boot-kernel.ts';

/** moby oci/caps/defaults.go */
export const dockerCapabilities = (
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL ' +
  'AUDIT_WRITE'
)
  .split(' ')
  .map((name) => `CAP_${name}`);

/** moby oci/defaults.go */
const masked = ['/proc/asound', '/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware'];
const readonly = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

export function containerSpec(root: string, resources: OciResources = {}): RuntimeSpec {
  const sets = dockerCapabilities;
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid: 0, gid: 0 },
      args: ['app'],
      env: ['PATH=/bin'],
      cwd: '/',
      capabilities: { bounding: sets, effective: sets, permitted: sets, inheritable: [], ambient: [] },
    },
    root: { path: root },
    hostname: 'box',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
      { destination: '/dev/pts', type: 'devpts', source: 'devpts', options: ['newinstance', 'ptmxmode=0666'] },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
      { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: ['ro', 'nosuid', 'noexec', 'nodev'] },
      { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: ['nosuid', 'noexec', 'nodev', 'size=65536k'] },
    ],
    linux: {
      namespaces: (['mount', 'network', 'uts', 'pid', 'ipc', 'cgroup'] as const).map((type) => ({ type })),
      resources: { devices: [{ allow: false, access: 'rwm' }], ...resources },
      maskedPaths: masked,
      readonlyPaths: readonly,
    },
  };
}

/** A machine whose containers have a lower layer (/layer) with /bin/app and /etc/secret, and an upper of their own. */
export class ContainerWorld {
  readonly machine: ReturnType<typeof testMachine>;
  private readonly runtime: SimRuntime;
  private count = 0;

  /** `app`: what runs in a container, as its PID 1; gives the exit status. */
  constructor(app: Program) {
    this.machine = testMachine(new Map([['t/app', app]]));
    this.runtime = new SimRuntime(this.machine.kernel);
    const { sys } = this.machine.kernel;
    for (const path of ['/layer', '/layer/bin', '/layer/etc']) sys.mkdir(path, 0o755);
    sys.close(sys.openSync('/layer/bin/app', { access: 'write', create: true }, 0o755));
    this.machine.kernel.kernelTask.paths.resolve('/layer/bin/app').inode.setContent(executableContent('t/app', 300));
    this.write('/layer/etc/secret', 'lower');
  }

  write(path: string, text: string): void {
    const { sys } = this.machine.kernel;
    const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, 0o644);
    sys.pwrite(fd, 0, new TextEncoder().encode(text));
    sys.close(fd);
  }

  read(path: string): string {
    return fromUtf8(this.machine.kernel.kernelTask.paths.resolve(path).inode.read(0, 65536));
  }

  async start(resources: OciResources = {}, adapt: (spec: RuntimeSpec) => void = () => {}) {
    const { sys } = this.machine.kernel;
    const base = `/c${++this.count}`;
    for (const path of [base, `${base}/merged`, `${base}/diff`, `${base}/work`]) sys.mkdir(path, 0o755);
    const out: string[] = [];
    const spec = containerSpec(`${base}/merged`, resources);
    adapt(spec);
    const task = await this.runtime.create(
      `id${this.count}`,
      {
        spec,
        rootfs: [
          {
            type: 'overlay',
            source: 'overlay',
            target: '/',
            options: ['lowerdir=/layer', `upperdir=${base}/diff`, `workdir=${base}/work`],
          },
        ],
      },
      { stdout: (bytes) => void out.push(fromUtf8(bytes)), stderr: (bytes) => void out.push(fromUtf8(bytes)) },
    );
    await task.start();
    return { task, out: () => out.join(''), base };
  }
}

/** The errno name a call ends with, or 'ok'. */
export async function outcome(call: () => unknown): Promise<string> {
  try {
    await call();
    return 'ok';
  } catch (error) {
    if (!isErrno(error)) throw error;
    return error.code;
  }
}

/** Runs `app` in one container to its end and gives the JSON value it returns. */
export async function inside<T>(
  app: (sys: Sys) => Promise<T> | T,
  prepare: (world: ContainerWorld) => void = () => {},
  resources: OciResources = {},
): Promise<{ value: T; world: ContainerWorld; base: string }> {
  let value!: T;
  const world = new ContainerWorld(async (sys) => {
    value = await app(sys);
    return 0;
  });
  prepare(world);
  const { task, out, base } = await world.start(resources);
  const { code } = await task.wait();
  if (code !== 0) throw new Error(`ended with ${code}: ${out()}`);
  return { value, world, base };
}
