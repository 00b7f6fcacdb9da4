/** credentials(7) and capabilities(7). */
import { Errno } from '../../spec/index.ts';
import type { UserNamespace } from './namespaces.ts';
import type { Credentials } from './sys.ts';
import { fromKernelId, toKernelId } from './user-ids.ts';

/** In the order of their numbers in linux/capability.h. */
export const capabilityNames = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
] as const;

export const allCapabilities: ReadonlySet<string> = new Set(capabilityNames);
const none: ReadonlySet<string> = new Set();

export function rootCredentials(): Credentials {
  return userCredentials(0, 0, []);
}

/** A login of a user: capabilities only for root. */
export function userCredentials(uid: number, gid: number, groups: readonly number[]): Credentials {
  const capabilities = uid === 0 ? allCapabilities : none;
  return {
    uid,
    euid: uid,
    suid: uid,
    gid,
    egid: gid,
    sgid: gid,
    groups,
    effective: capabilities,
    permitted: capabilities,
    bounding: allCapabilities,
  };
}

/**
 * Whether a capability counts over what belongs to `owner` (a user namespace; absent: the machine itself): it must be
 * held there or in one above. Who made a user namespace has all of them in it (user_namespaces(7), "Capabilities").
 */
export function capable(cred: Credentials, capability: string, owner?: UserNamespace): boolean {
  for (let at = owner; at?.parent; at = at.parent) {
    if (cred.user === at) return cred.effective.has(capability);
    if (cred.user === (at.parent.parent && at.parent) && at.owner === cred.euid) return true;
  }
  return cred.user === undefined && cred.effective.has(capability);
}

export function requireCapability(cred: Credentials, capability: string, owner?: UserNamespace): void {
  if (!capable(cred, capability, owner)) throw new Errno('EPERM');
}

/** What a process has that made or entered a user namespace: every capability, in there alone. */
export function credentialsInside(cred: Credentials, user: UserNamespace): Credentials {
  const all = { effective: allCapabilities, permitted: allCapabilities, bounding: allCapabilities };
  if (!user.parent) return { ...cred, ...all, user: undefined, covers: undefined };
  const covers = (uid: number, gid: number): boolean =>
    fromKernelId(user, 'uidMap', uid) !== undefined && fromKernelId(user, 'gidMap', gid) !== undefined;
  return { ...cred, ...all, user, covers };
}

/** The kernel's number of the namespace's root; -1 when that is not mapped. */
const rootOf = ({ user }: Credentials): number => (user ? (toKernelId(user, 'uidMap', 0) ?? -1) : 0);

/** setuid(2). */
export function withUid(cred: Credentials, uid: number): Credentials {
  if (cred.effective.has('CAP_SETUID')) return dropByUid({ ...cred, uid, euid: uid, suid: uid });
  if (uid !== cred.uid && uid !== cred.suid) throw new Errno('EPERM');
  return dropByUid({ ...cred, euid: uid });
}

/** setgid(2). */
export function withGid(cred: Credentials, gid: number): Credentials {
  if (cred.effective.has('CAP_SETGID')) return { ...cred, gid, egid: gid, sgid: gid };
  if (gid !== cred.gid && gid !== cred.sgid) throw new Errno('EPERM');
  return { ...cred, egid: gid };
}

/** seteuid(3). */
export function withEuid(cred: Credentials, euid: number): Credentials {
  const allowed = cred.effective.has('CAP_SETUID') || euid === cred.uid || euid === cred.euid || euid === cred.suid;
  if (!allowed) throw new Errno('EPERM');
  const root = rootOf(cred);
  if (euid === root && cred.euid !== root) return { ...cred, euid, effective: cred.permitted };
  return dropByUid({ ...cred, euid });
}

export function withEgid(cred: Credentials, egid: number): Credentials {
  const allowed = cred.effective.has('CAP_SETGID') || egid === cred.gid || egid === cred.egid || egid === cred.sgid;
  if (!allowed) throw new Errno('EPERM');
  return { ...cred, egid };
}

/** capabilities(7), "Effect of user ID changes on capabilities". */
function dropByUid(cred: Credentials): Credentials {
  const root = rootOf(cred);
  if (cred.uid !== root && cred.euid !== root && cred.suid !== root) {
    return { ...cred, effective: none, permitted: none };
  }
  if (cred.euid !== root) return { ...cred, effective: none };
  return cred;
}

/** What execve of a file with this mode and owner does to credentials. `allowSetid`: not nosuid, not no_new_privs. */
export function credentialsAfterExec(
  cred: Credentials,
  file: { mode: number; uid: number; gid: number },
  allowSetid: boolean,
): Credentials {
  const { egid: oldGroup, euid: oldUser } = cred;
  const setid = allowSetid && (cred.covers?.(file.uid, file.gid) ?? true);
  const euid = setid && file.mode & 0o4000 ? file.uid : oldUser;
  const egid = setid && (file.mode & 0o2010) === 0o2010 ? file.gid : oldGroup;
  const root = rootOf(cred);
  const permitted = euid === root || cred.uid === root ? cred.bounding : none;
  return { ...cred, euid, suid: euid, egid, sgid: egid, permitted, effective: euid === root ? permitted : none };
}

/** Bit mask as /proc/PID/status prints it: 16 hex digits. */
export function capabilityMask(set: ReadonlySet<string>): string {
  let mask = 0n;
  capabilityNames.forEach((name, bit) => {
    if (set.has(name)) mask |= 1n << BigInt(bit);
  });
  return mask.toString(16).padStart(16, '0');
}
