/** The files of proc(5) that are about the whole machine. */
import type { Produce } from '../generated-file.ts';
import type { KernelCore } from '../kernel-core.ts';
import { kernelVersion } from '../kernel-version.ts';

const kb = (bytes: number): string => `${String(Math.floor(bytes / 1024)).padStart(8)} kB`;

function meminfo(kernel: KernelCore): string {
  const used = kernel.cgroupRoot.memoryCurrent();
  const free = Math.max(0, kernel.memory - used);
  const rows: [string, number][] = [
    ['MemTotal', kernel.memory],
    ['MemFree', free],
    ['MemAvailable', free],
    ['Buffers', 0],
    ['Cached', 0],
    ['SwapCached', 0],
    ['SwapTotal', 0],
    ['SwapFree', 0],
  ];
  return rows.map(([name, bytes]) => `${`${name}:`.padEnd(15)} ${kb(bytes)}\n`).join('');
}

function cpuinfo(kernel: KernelCore): string {
  const one = (index: number): string =>
    `processor\t: ${index}\nvendor_id\t: Drydock\nmodel name\t: Drydock virtual CPU\ncpu MHz\t\t: 2000.000\ncpu cores\t: ${kernel.cpus}\nflags\t\t: fpu\n\n`;
  return Array.from({ length: kernel.cpus }, (_, index) => one(index)).join('');
}

function statText(kernel: KernelCore): string {
  const idle = Math.floor(kernel.clock.monotonic() / 10);
  const cpus = Array.from({ length: kernel.cpus }, (_, index) => `cpu${index} 0 0 0 ${idle} 0 0 0 0 0 0\n`).join('');
  return `cpu  0 0 0 ${idle * kernel.cpus} 0 0 0 0 0 0\n${cpus}btime ${kernel.bootTime.sec}\nprocesses ${kernel.init.ns.pid.tasks.size}\n`;
}

export function systemFiles(kernel: KernelCore): [string, Produce][] {
  const uptime = (): number => kernel.clock.monotonic() / 1000;
  return [
    ['meminfo', () => meminfo(kernel)],
    ['cpuinfo', () => cpuinfo(kernel)],
    ['uptime', () => `${uptime().toFixed(2)} ${(uptime() * kernel.cpus).toFixed(2)}\n`],
    ['loadavg', (reader) => `0.00 0.00 0.00 1/${reader.ns.pid.tasks.size} ${reader.pid}\n`],
    ['version', () => `Linux version ${kernel.release} (drydock) ${kernelVersion}\n`],
    ['stat', () => statText(kernel)],
    ['filesystems', () => filesystemsText],
    ['cmdline', () => 'root=/dev/vda1 ro quiet\n'],
  ];
}

const filesystemsText = ['sysfs', 'tmpfs', 'proc', 'devtmpfs', 'cgroup2', 'devpts', 'mqueue', 'overlay']
  .map((type) => `nodev\t${type}\n`)
  .concat('\text4\n')
  .join('');
