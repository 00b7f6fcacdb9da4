import type { HostConfig } from '../spec/index.ts';
import { badRequest } from './errors.ts';

/** capabilities(7), in the kernel's order. */
export const allCapabilities =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
    .split(' ')
    .map((name) => `CAP_${name}`);

/** moby oci/caps/defaults.go */
export const defaultCapabilities =
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'
    .split(' ')
    .map((name) => `CAP_${name}`);

const normalise = (name: string): string => {
  const upper = name.toUpperCase();
  return upper === 'ALL' || upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
};

export function verifyCapabilities(host: Partial<HostConfig>): void {
  for (const key of ['CapAdd', 'CapDrop'] as const) {
    for (const name of host[key] ?? []) {
      const capability = normalise(name);
      if (capability !== 'ALL' && !allCapabilities.includes(capability)) {
        throw badRequest(`invalid ${key}: unknown capability: "${capability}"`);
      }
    }
  }
}

/** moby oci/caps TweakCapabilities. */
export function effectiveCapabilities(host: Pick<HostConfig, 'Privileged' | 'CapAdd' | 'CapDrop'>): string[] {
  if (host.Privileged) return allCapabilities;
  const add = (host.CapAdd ?? []).map(normalise);
  const drop = (host.CapDrop ?? []).map(normalise);
  const base = add.includes('ALL') ? allCapabilities : drop.includes('ALL') ? [] : defaultCapabilities;
  const kept = base.filter((name) => !drop.includes(name));
  return [...kept, ...add.filter((name) => name !== 'ALL' && !kept.includes(name))];
}
