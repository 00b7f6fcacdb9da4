/** unshare, nsenter, lsns (util-linux 2.38, BusyBox). */
import { isErrno } from '../../../spec/index.ts';
import type { NamespaceKind, Sys } from '../../kernel/sys.ts';
import { Accounts } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import type { Options } from '../core/options.ts';
import { processes } from '../process/processes.ts';

const kindNames: Record<string, NamespaceKind> = {
  mount: 'mnt',
  uts: 'uts',
  ipc: 'ipc',
  net: 'net',
  pid: 'pid',
  user: 'user',
  cgroup: 'cgroup',
};
/** unshare's short options, which take no file. */
const letters: Record<string, string> = { mount: 'm', uts: 'u', ipc: 'i', net: 'n', pid: 'p', user: 'U', cgroup: 'C' };
const kindsOf = (o: Options): NamespaceKind[] =>
  Object.keys(kindNames)
    .filter((name) => o.has(name, letters[name]!))
    .map((name) => kindNames[name]!);

/** --uts=FILE: the new namespace lives on by a bind mount of its file. */
function keep(c: Command, o: Options): void {
  for (const [name, kind] of Object.entries(kindNames)) {
    const file = o.value(name);
    if (!file) continue;
    if (kind === 'mnt') c.fail('drydock: unshare --mount=FILE is not simulated');
    const source = `/proc/self/ns/${kind === 'pid' ? 'pid_for_children' : kind}`;
    try {
      c.sys.mount(source, file, '', ['bind']);
    } catch (error) {
      c.fail(`mount ${source} on ${file} failed: ${c.reason(error)}`);
    }
  }
}

async function run(c: Command, sys: Sys, argv: readonly string[]): Promise<number> {
  try {
    const { findProgram } = await import('../core/find-program.ts');
    return await sys.exec(findProgram(sys, argv[0]!), argv, sys.env);
  } catch (error) {
    if (!isErrno(error)) throw error;
    const name = c.bb ? `can't execute '${argv[0]}'` : `failed to execute ${argv[0]}`;
    await sys.write(2, `${c.name}: ${name}: ${error.message}\n`);
    return error.code === 'ENOENT' ? 127 : 126;
  }
}

/** Runs in a child where needed (a new pid namespace is for children) and gives its status. */
async function inChild(c: Command, main: (sys: Sys) => Promise<number>): Promise<number> {
  await c.flush();
  const pid = c.sys.fork(main);
  const result = await c.sys.wait(pid);
  return result?.signal ? 128 + result.signal : (result?.code ?? 0);
}

const shellOf = (c: Command): string => c.sys.env.SHELL || '/bin/sh';

/** clone(2)'s CLONE_NEW… flags. */
const cloneFlags = {
  mnt: 0x20000,
  cgroup: 0x2000000,
  uts: 0x4000000,
  ipc: 0x8000000,
  user: 0x10000000,
  pid: 0x20000000,
  net: 0x40000000,
};

const flagsOf = (kinds: ReadonlySet<NamespaceKind>): number =>
  [...kinds].reduce((flags, kind) => flags | cloneFlags[kind], 0);

export const unshare: CommandSpec = {
  name: 'unshare',
  suite: 'util-linux',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'm mount=? u uts=? i ipc=? n net=? p pid=? U user=? C cgroup=? T,time=? f,fork r,map-root-user c,map-current-user map-user= map-group= kill-child=? mount-proc=? propagation= setgroups= keep-caps R,root= w,wd= S,setuid= G,setgid=',
      busybox:
        'm/mount u/uts i/ipc n/net p/pid U/user f/fork r/map-root-user mount uts ipc net pid user fork map-root-user mount-proc=? propagation= setgroups=',
      stopAtOperand: true,
    });
    const kinds = new Set(kindsOf(o));
    const asRoot = o.has('map-root-user');
    if (asRoot || o.has('map-current-user')) kinds.add('user');
    const mountProc = o.has('mount-proc');
    if (mountProc) kinds.add('mnt');
    const { uid, gid } = c.sys.cred;
    try {
      c.sys.unshare([...kinds]);
    } catch (error) {
      c.fail(
        c.bb ? `unshare(0x${flagsOf(kinds).toString(16)}): ${c.reason(error)}` : `unshare failed: ${c.reason(error)}`,
      );
    }
    keep(c, o);
    if (asRoot) await mapRoot(c, uid, gid);
    if (kinds.has('mnt') && o.value('propagation') !== 'unchanged')
      c.sys.mount('none', '/', '', ['rec', `r${o.value('propagation') ?? 'private'}`]);
    const argv = o.operands.length ? o.operands : [shellOf(c)];
    const main = async (sys: Sys): Promise<number> => {
      if (o.has('root')) {
        sys.chroot(o.value('root')!);
        sys.chdir('/');
      }
      if (mountProc) sys.mount('proc', o.value('mount-proc') || '/proc', 'proc', ['nosuid', 'nodev', 'noexec']);
      if (o.has('wd')) sys.chdir(o.value('wd')!);
      if (o.has('setgid')) sys.setgid(Number(o.value('setgid')));
      if (o.has('setuid')) sys.setuid(Number(o.value('setuid')));
      return run(c, sys, argv);
    };
    await c.flush();
    return o.has('fork') || o.has('kill-child') ? inChild(c, main) : main(c.sys);
  },
};

async function mapRoot(c: Command, uid: number, gid: number): Promise<void> {
  for (const [file, text] of [
    ['setgroups', 'deny'],
    ['uid_map', `0 ${uid} 1`],
    ['gid_map', `0 ${gid} 1`],
  ]) {
    try {
      const fd = await c.sys.open(`/proc/self/${file}`, { access: 'write' });
      await c.sys.write(fd, text!);
      c.sys.close(fd);
    } catch (error) {
      c.fail(`cannot open /proc/self/${file}: ${c.reason(error)}`);
    }
  }
}

/** In the order in which they may be entered: the user namespace gives the right to the others. */
const entering: readonly string[] = ['user', 'cgroup', 'ipc', 'uts', 'net', 'pid', 'mount'];

export const nsenter: CommandSpec = {
  name: 'nsenter',
  suite: 'util-linux',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'a,all t,target= m,mount=? u,uts=? i,ipc=? n,net=? p,pid=? C,cgroup=? U,user=? T,time=? S,setuid= G,setgid= preserve-credentials r,root=? w,wd=? W,wdns=? e,env F,no-fork Z,follow-context',
      busybox:
        't/target: m/mount:? u/uts:? i/ipc:? n/net:? p/pid:? U/user:? S/setuid: G/setgid: r/root:? w/wd:? F/no-fork target= mount=? uts=? ipc=? net=? pid=? user=? setuid= setgid= preserve-credentials root=? wd=? no-fork',
      stopAtOperand: true,
    });
    const target = o.value('target');
    const chosen = entering.filter((name) => o.has(name) || (o.has('all') && name !== 'user'));
    const fds: [name: string, fd: number][] = [];
    for (const name of chosen) {
      const file = o.value(name) || (target === undefined ? undefined : `/proc/${target}/ns/${kindNames[name]}`);
      if (file === undefined)
        c.fail(
          c.bb
            ? 'neither filename nor target pid supplied'
            : `neither filename nor target pid supplied for ${name === 'mount' ? 'mnt' : name}`.replace(
                / for .*$/,
                ` for ns/${kindNames[name]}`,
              ),
        );
      try {
        fds.push([name, await c.sys.open(file!)]);
      } catch (error) {
        c.fail(c.bb ? `can't open '${file}': ${c.reason(error)}` : `cannot open ${file}: ${c.reason(error)}`);
      }
    }
    const directory = o.has('wd') ? o.value('wd') || `/proc/${target}/cwd` : undefined;
    const directoryFd = directory === undefined ? undefined : c.sys.openSync(directory, { directory: true });
    const rootPath = o.has('root') ? o.value('root') || `/proc/${target}/root` : undefined;
    for (const [name, fd] of fds) {
      try {
        c.sys.setns(fd, kindNames[name]);
      } catch (error) {
        c.fail(
          c.bb
            ? `setns(): can't reassociate to namespace '${kindNames[name]}': ${c.reason(error)}`
            : `reassociate to namespace 'ns/${kindNames[name]}' failed: ${c.reason(error)}`,
        );
      }
      c.sys.close(fd);
    }
    if (rootPath !== undefined) {
      c.sys.chroot(rootPath);
      c.sys.chdir('/');
    }
    if (directoryFd !== undefined) c.sys.fchdir(directoryFd);
    if (o.has('setgid')) c.sys.setgid(Number(o.value('setgid')));
    if (o.has('setuid')) c.sys.setuid(Number(o.value('setuid')));
    const argv = o.operands.length ? o.operands : [shellOf(c)];
    const fork = chosen.includes('pid') && !o.has('no-fork');
    await c.flush();
    return fork ? inChild(c, (sys) => run(c, sys, argv)) : run(c, c.sys, argv);
  },
};

export const lsns: CommandSpec = {
  name: 'lsns',
  suite: 'util-linux',
  run(c) {
    const o = c.options({ gnu: 'J,json l,list n,noheadings o,output= p,task= r,raw u,notruncate W,nowrap t,type=' });
    if (o.has('json')) c.fail('drydock: lsns --json is not simulated');
    const spaces = new Map<string, { type: string; pids: number[] }>();
    const infos = processes(c);
    for (const { pid } of infos) {
      for (const type of ['mnt', 'net', 'ipc', 'pid', 'uts', 'user', 'cgroup']) {
        const id = namespaceId(c, pid, type);
        if (id === undefined || (o.has('type') && o.value('type') !== type)) continue;
        const known = spaces.get(id) ?? { type, pids: [] };
        known.pids.push(pid);
        spaces.set(id, known);
      }
    }
    const accounts = new Accounts(c.sys);
    const chosen = o.has('task') ? Number(o.value('task')) : undefined;
    const rows = [...spaces]
      .filter(([, { pids }]) => chosen === undefined || pids.includes(chosen))
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([id, { type, pids }]) => {
        const first = infos.find((info) => info.pid === pids[0])!;
        return [
          id,
          type,
          String(pids.length),
          String(first.pid),
          accounts.user(first.uid),
          first.args.join(' ') || first.comm,
        ];
      });
    const all = ['NS', 'TYPE', 'NPROCS', 'PID', 'USER', 'COMMAND'];
    const wanted = o.value('output')?.toUpperCase().split(',') ?? all;
    for (const name of wanted) {
      if (!all.includes(name)) c.fail(`unknown column: ${name.toLowerCase()}`);
    }
    const shown = [all, ...rows].map((row) => wanted.map((name) => row[all.indexOf(name)]!));
    const table = o.has('noheadings') ? shown.slice(1) : shown;
    const titles = wanted;
    const widths = titles.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
    const right = new Set(['NS', 'NPROCS', 'PID']);
    const last = titles.length - 1;
    for (const row of table)
      c.out(
        `${row.map((cell, i) => (i === last && !right.has(titles[i]!) ? cell : right.has(titles[i]!) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' ')}\n`,
      );
    return 0;
  },
};

function namespaceId(c: Command, pid: number, type: string): string | undefined {
  try {
    return /\[(\d+)\]/.exec(c.sys.readlink(`/proc/${pid}/ns/${type}`))?.[1];
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}
