import { readFileSync } from 'node:fs';
import { cpus, hostname, machine, release, totalmem } from 'node:os';
import { cgroupVersion } from './cgroup.ts';

/** What `docker info` says of this machine. */
export function linuxFacts() {
  const system = osRelease();
  return {
    hostname: hostname(),
    kernelRelease: release(),
    machine: machine(),
    cpus: cpus().length,
    memory: totalmem(),
    operatingSystem: system.get('PRETTY_NAME') ?? 'Linux',
    osVersion: system.get('VERSION_ID') ?? '',
    cgroupVersion: cgroupVersion(),
    backingFilesystem: 'extfs',
  };
}

function osRelease(): Map<string, string> {
  let text = '';
  try {
    text = readFileSync('/etc/os-release', 'utf8');
  } catch {
    // A system without it says nothing of itself.
  }
  return new Map(
    [...text.matchAll(/^(\w+)=(?:"(.*)"|(.*))$/gm)].map(([, name, quoted, plain]) => [name!, quoted ?? plain ?? '']),
  );
}
