import {
  type CgroupInfo,
  type ContainerInfo,
  type Inspection,
  type NamespaceKind,
  namespaceKinds,
  type ProcessInfo,
} from '../../trace/index.ts';

/** Processes that live in the same seven namespaces: the host's, a container's, or what `unshare` made. */
export interface NamespaceGroup {
  /** `host`, a container's id, or `ns-` and the inodes that are its own. */
  id: string;
  kind: 'host' | 'container' | 'unshared';
  container?: ContainerInfo;
  cgroup?: CgroupInfo;
  namespaces: NamespaceView[];
  processes: ProcessInfo[];
}

export interface NamespaceView {
  kind: NamespaceKind;
  inode: number;
  /** Whose it is: its own, the host's, or also that of these groups. */
  held: 'own' | 'host' | 'shared';
  /** Names of the others that are in it. */
  with: string[];
}

/** The host's group first, then containers in their order, then the rest. */
export function namespaceGroups(inspection: Inspection): NamespaceGroup[] {
  const host = inspection.processes.find(({ pid }) => pid === 1);
  if (!host) return [];
  const bySignature = new Map<string, ProcessInfo[]>();
  for (const process of inspection.processes) {
    const key = signature(process);
    bySignature.set(key, [...(bySignature.get(key) ?? []), process]);
  }
  const groups = [...bySignature.values()].map((processes) => makeGroup(processes, host, inspection));
  for (const group of groups) for (const view of group.namespaces) tellSharing(view, group, groups, host);
  const rank = { host: 0, container: 1, unshared: 2 };
  const place = (group: NamespaceGroup) =>
    inspection.containers.findIndex((container) => container.id === group.container?.id);
  return groups.sort((a, b) => rank[a.kind] - rank[b.kind] || place(a) - place(b));
}

/** A container's processes stay one group, whatever `docker exec` or a shell inside unshares beyond it. */
const signature = (process: ProcessInfo): string =>
  containerId(process.cgroup) ?? namespaceKinds.map((kind) => process.namespaces[kind]).join();

/** `/docker/ID...` (cgroupfs driver) or `/system.slice/docker-ID.scope`. */
const containerId = (cgroup: string): string | undefined => /docker[/-]([0-9a-f]{64})/.exec(cgroup)?.[1];

function makeGroup(processes: ProcessInfo[], host: ProcessInfo, inspection: Inspection): NamespaceGroup {
  const first = processes[0]!;
  const id = containerId(first.cgroup);
  const container = inspection.containers.find((one) => one.id === id);
  const cgroup = id ? inspection.cgroups.find((one) => containerId(one.path) === id) : undefined;
  const own = namespaceKinds.filter((kind) => first.namespaces[kind] !== host.namespaces[kind]);
  const kind = container ? 'container' : own.length === 0 ? 'host' : 'unshared';
  return {
    id: container?.id ?? (kind === 'host' ? 'host' : `ns-${own.map((k) => first.namespaces[k]).join('-')}`),
    kind,
    ...(container && { container }),
    ...(cgroup && { cgroup }),
    namespaces: namespaceKinds.map((k) => ({ kind: k, inode: first.namespaces[k], held: 'own' as const, with: [] })),
    processes: processes.sort((a, b) => a.pid - b.pid),
  };
}

function tellSharing(view: NamespaceView, group: NamespaceGroup, all: NamespaceGroup[], host: ProcessInfo): void {
  if (group.kind === 'host') return;
  if (view.inode === host.namespaces[view.kind]) {
    view.held = 'host';
    return;
  }
  const others = all.filter(
    (other) => other !== group && other.namespaces.some((one) => one.kind === view.kind && one.inode === view.inode),
  );
  if (others.length === 0) return;
  view.held = 'shared';
  view.with = others.map(groupName);
}

export const groupName = (group: NamespaceGroup): string => group.container?.name ?? group.id;
