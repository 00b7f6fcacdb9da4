/** Who may: the DAC rules of Linux (path_resolution(7), capabilities(7)). */
import { Errno } from '../../spec/index.ts';
import { type Inode, S_IFDIR, S_IFMT, type Stat } from './inode.ts';
import type { FileCredentials } from './path-operations.ts';

export const R_OK = 4;
export const W_OK = 2;
export const X_OK = 1;

const CAP_DAC_OVERRIDE = 'CAP_DAC_OVERRIDE';

type Owned = Pick<Stat, 'uid' | 'gid'>;

/** Whether a capability counts: for `file`, or (without one) for the whole machine. */
export const capable = (cred: FileCredentials, capability: string, file?: Owned): boolean =>
  cred.effective.has(capability) && (!cred.covers || (file !== undefined && cred.covers(file.uid, file.gid)));

export const inGroup = (cred: FileCredentials, gid: number): boolean => cred.egid === gid || cred.groups.includes(gid);

/** Whether `cred` may do `mask` (R_OK | W_OK | X_OK) to a file of these attributes. */
export function allowed(stat: Pick<Stat, 'mode' | 'uid' | 'gid'>, mask: number, cred: FileCredentials): boolean {
  const shift = stat.uid === cred.euid ? 6 : inGroup(cred, stat.gid) ? 3 : 0;
  if (((stat.mode >> shift) & mask) === mask) return true;
  if ((stat.mode & S_IFMT) === S_IFDIR) {
    return capable(cred, CAP_DAC_OVERRIDE, stat) || (!(mask & W_OK) && capable(cred, 'CAP_DAC_READ_SEARCH', stat));
  }
  if (mask === R_OK && capable(cred, 'CAP_DAC_READ_SEARCH', stat)) return true;
  return capable(cred, CAP_DAC_OVERRIDE, stat) && (!(mask & X_OK) || (stat.mode & 0o111) !== 0);
}

/** Search permission on a directory; the hot path of every walk. */
export function requireSearch(directory: Inode, cred: FileCredentials): void {
  if (cred.effective.has(CAP_DAC_OVERRIDE) && !cred.covers) return;
  if (!allowed(directory.getattr(), X_OK, cred)) throw new Errno('EACCES');
}

export const ownerOrCapable = (stat: Owned, cred: FileCredentials): boolean =>
  stat.uid === cred.euid || capable(cred, 'CAP_FOWNER', stat);

/** Sticky directories: only the owner of the file or of the directory removes a name. */
export function requireMayDelete(directory: Inode, victim: Inode, cred: FileCredentials): void {
  const parent = directory.getattr();
  if (!allowed(parent, W_OK | X_OK, cred)) throw new Errno('EACCES');
  if (!(parent.mode & 0o1000)) return;
  const file = victim.getattr();
  if (capable(cred, 'CAP_FOWNER', file)) return;
  if (parent.uid !== cred.euid && file.uid !== cred.euid) throw new Errno('EPERM');
}

/** Mode after chown or a write by someone without CAP_FSETID: setuid gone, setgid too where the group may execute. */
export function withoutPrivilege(mode: number): number {
  const bits = mode & 0o7777 & ~0o4000;
  return bits & 0o010 ? bits & ~0o2000 : bits;
}

/** All capabilities, as root has them outside any container. */
export const everyCapability: ReadonlySet<string> = new Set(
  (
    'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
    'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT ' +
    'SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP ' +
    'MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
  )
    .split(' ')
    .map((name) => `CAP_${name}`),
);

export const rootCredentials: FileCredentials = { euid: 0, egid: 0, groups: [0], effective: everyCapability };
