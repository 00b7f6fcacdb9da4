import type { ProcessInfo } from '../../trace/index.ts';
import { humanSize } from '../text.ts';
import type { NamespaceGroup, NamespaceView } from './groups.ts';

/** What the picture of processes says, by language. */
export interface ProcessWords {
  picture: string;
  host: string;
  hostNote: string;
  container(name: string, running: number): string;
  unshared: string;
  process(process: ProcessInfo): string;
  /** Where both of its numbers are, short. */
  pids(process: ProcessInfo): string;
  namespace(view: NamespaceView): string;
  namespaceShort(view: NamespaceView): string;
  memory(current: number, max: number | undefined): string;
  tasks(current: number, max: number | undefined): string;
  cpu(usageUs: number, max: number | undefined): string;
  frozen: string;
  oom(kills: number): string;
  signalled(signal: string): string;
  group(group: NamespaceGroup, name: string): string;
  more(count: number): string;
  legend: { own: string; host: string; shared: string; process: string; gauge: string };
  note: string;
}

const command = ({ args, comm }: ProcessInfo): string => args.join(' ') || `[${comm}]`;
const seconds = (us: number): string => `${(us / 1e6).toFixed(us < 1e7 ? 2 : 0)} s`;
const inside = (process: ProcessInfo): number => process.pids.at(-1)!;
const nested = (process: ProcessInfo): boolean => process.pids.length > 1;

export const processWordsEnglish: ProcessWords = {
  picture: 'Processes and namespaces',
  host: 'the host',
  hostNote: 'one kernel; every process below is a process of it',
  container: (name, running) => `${name}: ${running === 1 ? '1 process' : `${running} processes`}`,
  unshared: 'made by unshare',
  process: (p) =>
    nested(p) ? `${command(p)}, PID ${inside(p)} inside, PID ${p.pid} on the host` : `${command(p)}, PID ${p.pid}`,
  pids: (p) => (nested(p) ? `${inside(p)} · host ${p.pid}` : `${p.pid}`),
  namespace: (v) =>
    `${v.kind} namespace ${v.inode}: ${v.held === 'host' ? "the host's" : v.held === 'shared' ? `shared with ${v.with.join(', ')}` : 'its own'}`,
  namespaceShort: (v) =>
    v.held === 'host' ? `${v.kind} = host` : v.held === 'shared' ? `${v.kind} = ${v.with[0]}` : v.kind,
  memory: (now, max) =>
    max === undefined ? `memory ${humanSize(now)}, no limit` : `memory ${humanSize(now)} of ${humanSize(max)}`,
  tasks: (now, max) => (max === undefined ? `${now} ${now === 1 ? 'pid' : 'pids'}, no limit` : `${now} of ${max} pids`),
  cpu: (us, max) => (max === undefined ? `cpu ${seconds(us)} used` : `cpu ${seconds(us)} used, at most ${max}`),
  frozen: 'frozen by docker pause',
  oom: (kills) => `${kills} killed: out of memory`,
  signalled: (signal) => `${signal} arrived`,
  group: (g, name) => `${name}, ${g.processes.length} processes`,
  more: (count) => `and ${count} more`,
  legend: {
    own: 'namespace of its own',
    host: "the host's namespace",
    shared: 'shared with another container',
    process: 'process',
    gauge: 'use of a cgroup limit',
  },
  note: 'A container is a group of processes in namespaces of their own. Each has two numbers: its PID inside, and its PID on the host.',
};

export const processWordsChinese: ProcessWords = {
  picture: '进程与命名空间',
  host: '宿主机',
  hostNote: '只有一个内核；下面的每个进程都是它的进程',
  container: (name, running) => `${name}：${running} 个进程`,
  unshared: '由 unshare 创建',
  process: (p) =>
    nested(p) ? `${command(p)}，容器内 PID ${inside(p)}，宿主机 PID ${p.pid}` : `${command(p)}，PID ${p.pid}`,
  pids: (p) => (nested(p) ? `${inside(p)} · 宿主机 ${p.pid}` : `${p.pid}`),
  namespace: (v) =>
    `${v.kind} 命名空间 ${v.inode}：${v.held === 'host' ? '宿主机的' : v.held === 'shared' ? `与 ${v.with.join('、')} 共享` : '自己的'}`,
  namespaceShort: (v) =>
    v.held === 'host' ? `${v.kind} = 宿主机` : v.held === 'shared' ? `${v.kind} = ${v.with[0]}` : v.kind,
  memory: (now, max) =>
    max === undefined ? `内存 ${humanSize(now)}，不限` : `内存 ${humanSize(now)} / ${humanSize(max)}`,
  tasks: (now, max) => (max === undefined ? `${now} 个 pid，不限` : `${now} / ${max} 个 pid`),
  cpu: (us, max) => (max === undefined ? `CPU 已用 ${seconds(us)}` : `CPU 已用 ${seconds(us)}，上限 ${max} 核`),
  frozen: '被 docker pause 冻结',
  oom: (kills) => `${kills} 个进程因内存不足被杀`,
  signalled: (signal) => `收到 ${signal}`,
  group: (g, name) => `${name}，${g.processes.length} 个进程`,
  more: (count) => `还有 ${count} 个`,
  legend: {
    own: '自己的命名空间',
    host: '宿主机的命名空间',
    shared: '与别的容器共享',
    process: '进程',
    gauge: 'cgroup 限额的用量',
  },
  note: '容器就是一组有自己命名空间的进程。每个进程有两个号：容器内的 PID 和宿主机上的 PID。',
};
