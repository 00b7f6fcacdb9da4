/** /proc/sys: the kernel's settings as files; those of the network are the reader's namespace's. */
import { Errno } from '../../../spec/index.ts';
import type { Inode } from '../../vfs/inode.ts';
import { requireCapability } from '../credentials.ts';
import { GeneratedFile, type Produce } from '../generated-file.ts';
import { FixedDirectory } from '../synthetic-inode.ts';
import type { Task } from '../task.ts';
import type { ProcFs } from './proc-fs.ts';

type Setting = [string, () => Inode];

/** A number of the reader's network namespace that root of it may set. */
function setting(
  proc: ProcFs,
  read: (reader: Task) => number,
  write: (writer: Task, value: number) => void,
): () => Inode {
  return () =>
    new GeneratedFile(
      proc,
      (reader) => `${read(reader)}\n`,
      (text, writer) => {
        requireCapability(writer.cred, 'CAP_NET_ADMIN', writer.ns.net.user);
        if (!/^\d+$/.test(text)) throw new Errno('EINVAL');
        write(writer, Number(text));
      },
      undefined,
      () => proc.anyReader,
    );
}

/** Settings that change nothing else here: kept per namespace, with Linux's defaults. */
const kept = new WeakMap<object, Map<string, string>>();

function keptSetting(proc: ProcFs, kind: 'net' | 'ipc', name: string, start: string): Setting {
  const valuesOf = ({ ns }: Task): Map<string, string> => {
    const values = kept.get(ns[kind]) ?? new Map<string, string>();
    kept.set(ns[kind], values);
    return values;
  };
  const accept = (text: string, writer: Task): void => {
    requireCapability(writer.cred, kind === 'net' ? 'CAP_NET_ADMIN' : 'CAP_SYS_ADMIN');
    const words = text.split(/\s+/);
    const numbers = words.length === start.split('\t').length && words.every((word) => /^-?\d+$/.test(word));
    if (!numbers) throw new Errno('EINVAL');
    valuesOf(writer).set(name, words.join('\t'));
  };
  const produce: Produce = (reader) => `${valuesOf(reader).get(name) ?? start}\n`;
  return [name, () => new GeneratedFile(proc, produce, accept, undefined, () => proc.anyReader)];
}

const keptSettings = (proc: ProcFs, kind: 'net' | 'ipc', starts: [name: string, start: string][]): Setting[] =>
  starts.map(([name, start]) => keptSetting(proc, kind, name, start));

const ipv4Settings = (proc: ProcFs): Setting[] => [
  [
    'ip_unprivileged_port_start',
    setting(
      proc,
      ({ ns }) => ns.net.stack.unprivilegedPortStart,
      ({ ns }, value) => void (ns.net.stack.unprivilegedPortStart = value),
    ),
  ],
  // Differs from Linux: what is kept here is shown, but packets do not heed it.
  ...keptSettings(proc, 'net', [
    ['ip_forward', '1'],
    ['ip_default_ttl', '64'],
    ['ip_local_port_range', '32768\t60999'],
    ['ping_group_range', '1\t0'],
    ['tcp_syncookies', '1'],
    ['tcp_fin_timeout', '60'],
    ['tcp_keepalive_time', '7200'],
    ['tcp_keepalive_intvl', '75'],
    ['tcp_keepalive_probes', '9'],
    ['tcp_max_syn_backlog', '128'],
    ['tcp_tw_reuse', '2'],
    ['icmp_echo_ignore_all', '0'],
  ]),
];

const ipcSettings = (proc: ProcFs): Setting[] =>
  keptSettings(proc, 'ipc', [
    ['msgmax', '8192'],
    ['msgmnb', '16384'],
    ['msgmni', '32000'],
    ['sem', '32000\t1024000000\t500\t32000'],
    ['shmall', '18446744073692774399'],
    ['shmmax', '18446744073692774399'],
    ['shmmni', '4096'],
    ['shm_rmid_forced', '0'],
  ]);

export function sysctlTree(proc: ProcFs): Inode {
  const { kernel } = proc;
  const value = (produce: Produce) => () => new GeneratedFile(proc, produce, undefined, 0o444, () => proc.anyReader);
  const hostname = (): Inode =>
    new GeneratedFile(
      proc,
      (reader) => `${reader.ns.uts.nodename}\n`,
      (text, writer) => {
        requireCapability(writer.cred, 'CAP_SYS_ADMIN', writer.ns.uts.user);
        if (text.length > 64) throw new Errno('EINVAL');
        writer.ns.uts.nodename = text;
      },
    );
  const directory = (entries: [string, () => Inode][]) => (): Inode => new FixedDirectory(proc, new Map(entries));
  return directory([
    [
      'kernel',
      directory([
        ['hostname', hostname],
        ['domainname', value((reader) => `${reader.ns.uts.domainname}\n`)],
        ['ostype', value(() => 'Linux\n')],
        ['osrelease', value(() => `${kernel.release}\n`)],
        ['pid_max', value(() => `${kernel.pidMaximum}\n`)],
        ['threads-max', value(() => `${kernel.threadsMaximum}\n`)],
        ...ipcSettings(proc),
      ]),
    ],
    [
      'net',
      directory([
        ['ipv4', directory(ipv4Settings(proc))],
        ['core', directory(keptSettings(proc, 'net', [['somaxconn', '4096']]))],
      ]),
    ],
    ['vm', directory([['overcommit_memory', value(() => '0\n')]])],
  ])();
}
