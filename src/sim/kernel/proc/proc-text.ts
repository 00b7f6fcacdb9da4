/** The texts of proc(5) files about one process. */
import { capabilityMask } from '../credentials.ts';
import { formatIdMap } from '../namespaces.ts';
import { idSeenBy } from '../process-group.ts';
import type { Task } from '../task.ts';
import { type IdKind, shownId } from '../user-ids.ts';

const ticksPerMs = 0.1;
const stateNames = { R: 'running', S: 'sleeping', T: 'stopped', Z: 'zombie' };

const parentSeenBy = (task: Task, viewer: Task): number => task.parent?.pidSeenBy(viewer) ?? 0;

export function statLine(task: Task, viewer: Task): string {
  const { tty } = task.group.session;
  const fields: (string | number)[] = new Array(52).fill(0);
  const set = (field: number, value: string | number): void => void (fields[field - 1] = value);
  set(1, task.pidSeenBy(viewer));
  set(2, `(${task.comm})`);
  set(3, task.state);
  set(4, parentSeenBy(task, viewer));
  set(5, idSeenBy(viewer, task.group.pids));
  set(6, idSeenBy(viewer, task.group.session.pids));
  set(7, tty ? 136 * 256 + tty.index : 0);
  set(8, tty?.foreground ? idSeenBy(viewer, tty.foreground.pids) : -1);
  set(14, Math.floor(task.userMs * ticksPerMs));
  set(15, Math.floor(task.systemMs * ticksPerMs));
  set(16, Math.floor(task.childrenUserMs * ticksPerMs));
  set(17, Math.floor(task.childrenSystemMs * ticksPerMs));
  set(18, 20 + task.nice);
  set(19, task.nice);
  set(20, 1);
  set(22, Math.floor(task.startedMonotonicMs * ticksPerMs));
  set(23, task.memory);
  set(24, Math.floor(task.memory / 4096));
  return `${fields.join(' ')}\n`;
}

/** `level`: of the PID namespace whose /proc it is. */
export function statusText(task: Task, viewer: Task, level = viewer.ns.pid.level): string {
  const { cred, signals } = task;
  const pid = task.pidSeenBy(viewer);
  const mask = (set: Iterable<number>): string => {
    let bits = 0n;
    for (const signal of set) bits |= 1n << BigInt(signal - 1);
    return bits.toString(16).padStart(16, '0');
  };
  const ids = (kind: IdKind, kernelIds: number[]): string =>
    kernelIds.map((id) => shownId(viewer.ns.user, kind, id)).join('\t');
  const acted = (wanted: boolean): number[] =>
    [...signals.actions].filter(([, action]) => (action === 'ignore') === wanted).map(([signal]) => signal);
  const kb = `${String(Math.floor(task.memory / 1024)).padStart(8)} kB`;
  const lines: [string, string | number][] = [
    ['Name', task.comm],
    ['Umask', task.paths.umask.toString(8).padStart(4, '0')],
    ['State', `${task.state} (${stateNames[task.state]})`],
    ['Tgid', pid],
    ['Ngid', 0],
    ['Pid', pid],
    ['PPid', parentSeenBy(task, viewer)],
    ['TracerPid', 0],
    ['Uid', ids('uidMap', [cred.uid, cred.euid, cred.suid, cred.euid])],
    ['Gid', ids('gidMap', [cred.gid, cred.egid, cred.sgid, cred.egid])],
    ['FDSize', 64],
    ['Groups', `${cred.groups.join(' ')} `],
    ['NStgid', task.pids.slice(level).join('\t')],
    ['NSpid', task.pids.slice(level).join('\t')],
    ['NSpgid', task.group.pids.slice(level).join('\t')],
    ['NSsid', task.group.session.pids.slice(level).join('\t')],
    ['VmPeak', kb],
    ['VmSize', kb],
    ['VmHWM', kb],
    ['VmRSS', kb],
    ['Threads', 1],
    ['SigQ', `${signals.pending.size}/${task.rlimits.get('RLIMIT_SIGPENDING')?.soft ?? 0}`],
    ['SigPnd', mask([])],
    ['ShdPnd', mask(signals.pending)],
    ['SigBlk', mask(signals.blocked)],
    ['SigIgn', mask(acted(true))],
    ['SigCgt', mask(acted(false))],
    ['CapInh', '0000000000000000'],
    ['CapPrm', capabilityMask(cred.permitted)],
    ['CapEff', capabilityMask(cred.effective)],
    ['CapBnd', capabilityMask(cred.bounding)],
    ['CapAmb', '0000000000000000'],
    ['NoNewPrivs', task.noNewPrivileges ? 1 : 0],
    ['Seccomp', 0],
    ['Seccomp_filters', 0],
  ];
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join('');
}

const joinNul = (parts: readonly string[]): string => parts.map((part) => `${part}\0`).join('');

export const cmdline = (task: Task): string => (task.zombie ? '' : joinNul(task.args));
export const environ = (task: Task): string =>
  joinNul(Object.entries(task.startEnvironment).map(([name, value]) => `${name}=${value}`));

/** Relative to the root of the reader's cgroup namespace. */
export function cgroupText(task: Task, viewer: Task): string {
  const root = viewer.ns.cgroup.root.path;
  const { path } = task.cgroup;
  const version1 = viewer.ns.mnt.table.mounts.filter(({ fs }) => fs.type === 'cgroup');
  if (version1.length > 0) {
    return version1
      .map(({ fs }, index) => `${version1.length - index}:${fs.options()}:${seenFrom(root, path)}\n`)
      .join('');
  }
  return `0::${seenFrom(root, path)}\n`;
}

function seenFrom(root: string, path: string): string {
  if (root === '/') return path;
  return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) || '/' : `/..${path}`;
}

export function limitsText(task: Task): string {
  const rows: [string, string, string][] = [
    ['Max cpu time', 'RLIMIT_CPU', 'seconds'],
    ['Max file size', 'RLIMIT_FSIZE', 'bytes'],
    ['Max data size', 'RLIMIT_DATA', 'bytes'],
    ['Max stack size', 'RLIMIT_STACK', 'bytes'],
    ['Max core file size', 'RLIMIT_CORE', 'bytes'],
    ['Max resident set', 'RLIMIT_RSS', 'bytes'],
    ['Max processes', 'RLIMIT_NPROC', 'processes'],
    ['Max open files', 'RLIMIT_NOFILE', 'files'],
    ['Max locked memory', 'RLIMIT_MEMLOCK', 'bytes'],
    ['Max address space', 'RLIMIT_AS', 'bytes'],
    ['Max file locks', 'RLIMIT_LOCKS', 'locks'],
    ['Max pending signals', 'RLIMIT_SIGPENDING', 'signals'],
    ['Max msgqueue size', 'RLIMIT_MSGQUEUE', 'bytes'],
    ['Max nice priority', 'RLIMIT_NICE', ''],
    ['Max realtime priority', 'RLIMIT_RTPRIO', ''],
    ['Max realtime timeout', 'RLIMIT_RTTIME', 'us'],
  ];
  const shown = (value: number | undefined): string =>
    (value === Infinity ? 'unlimited' : String(value ?? 0)).padEnd(21);
  const body = rows.map(([label, key, unit]) => {
    const limit = task.rlimits.get(key);
    return `${label.padEnd(26)}${shown(limit?.soft)}${shown(limit?.hard)}${unit.padEnd(10)}\n`;
  });
  return `${'Limit'.padEnd(26)}${'Soft Limit'.padEnd(21)}${'Hard Limit'.padEnd(21)}Units     \n${body.join('')}`;
}

export const idMapText = (task: Task, kind: 'uidMap' | 'gidMap'): string =>
  formatIdMap(task.ns.user[kind].map((range) => ({ ...range })));
