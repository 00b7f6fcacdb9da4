/** Commands of a few lines: true, false, sleep, env, printenv, yes, whoami, hostname, uname, nproc, tty, sync, clear ... */

import { isErrno } from '../../../spec/index.ts';
import { Accounts, findUser, groupsOf, slurp, userById } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { parseDuration } from '../core/numbers.ts';
import type { Options } from '../core/options.ts';
import { quote, quoteShell } from '../core/quote.ts';
import { signalNumber } from '../core/signals.ts';
import { runDate } from './date.ts';

export const trueCommand: CommandSpec = { name: 'true', suite: 'coreutils', applet: true, run: () => 0 };
export const falseCommand: CommandSpec = {
  name: 'false',
  suite: 'coreutils',
  applet: true,
  helpStatus: 1,
  run: () => 1,
};

export const sleep: CommandSpec = {
  name: 'sleep',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: '', busybox: '', isOperand: (arg) => c.bb && /^-\d/.test(arg) });
    if (o.operands.length === 0) c.usage(c.bb ? undefined : 'missing operand');
    let total = 0;
    let bad = false;
    for (const text of o.operands) {
      const ms = parseDuration(text);
      if (ms === undefined) {
        if (c.bb) c.fail(`invalid number '${text}'`);
        c.error(`invalid time interval ${quote(text)}`);
        bad = true;
      } else total += ms;
    }
    if (bad) c.usage();
    await c.sys.sleep(total);
    return 0;
  },
};

export const env: CommandSpec = {
  name: 'env',
  suite: 'coreutils',
  applet: true,
  usageStatus: 125,
  async run(c) {
    const o = c.options({
      gnu: 'i,ignore-environment 0,null u,unset= C,chdir= S,split-string= v,debug block-signal=? default-signal=? ignore-signal=?',
      busybox: 'i/ignore-environment 0/null u/unset:',
      stopAtOperand: true,
    });
    const operands = [...o.operands];
    const { env: variables } = c.sys;
    const plain = operands[0] === '-';
    if (plain) operands.shift();
    if (plain || o.has('ignore-environment')) for (const name of Object.keys(variables)) delete variables[name];
    for (const name of o.values('unset')) delete variables[name];
    const split = o.value('split-string');
    if (split !== undefined) operands.unshift(...split.split(/\s+/).filter(Boolean));
    while (operands[0]?.includes('=')) {
      const at = operands[0].indexOf('=');
      variables[operands[0].slice(0, at)] = operands.shift()!.slice(at + 1);
    }
    const directory = o.value('chdir');
    if (directory !== undefined) {
      try {
        c.sys.chdir(directory);
      } catch (error) {
        c.fail(`cannot change directory to ${quoteShell(directory)}: ${c.reason(error)}`, 125);
      }
    }
    setSignals(c, o);
    if (operands.length === 0) {
      const end = o.has('null') ? '\0' : '\n';
      for (const [name, value] of Object.entries(variables)) c.out(`${name}=${value}${end}`);
      return 0;
    }
    if (c.bb) return c.execOrFail(operands, quoteShell);
    try {
      return await c.exec(operands);
    } catch (error) {
      if (!isErrno(error)) throw error;
      const missing = error.code === 'ENOENT';
      c.error(`${quoteShell(operands[0]!)}: ${error.message}`);
      if (missing && operands[0]!.includes(' ')) c.error('use -[v]S to pass options in shebang lines');
      return missing ? 127 : 126;
    }
  },
};

/** env --block-signal and its kin: no names are all signals. */
function setSignals(c: Command, o: Options): void {
  for (const { name, value } of o.list) {
    if (!name.endsWith('-signal')) continue;
    const names = value ? value.split(',') : undefined;
    const numbers = names?.map((text: string) => signalNumber(text)) ?? Array.from({ length: 31 }, (_, i) => i + 1);
    numbers.forEach((number: number | undefined, i: number) => {
      if (number === undefined) c.usage(`${quote(names![i]!)}: invalid signal`);
      if (number === 9 || number === 19) {
        if (names) c.fail(`failed to set signal action for signal ${number}: Invalid argument`, 125);
        return;
      }
      if (name === 'block-signal') c.sys.sigprocmask('block', [number!]);
      else c.sys.signal(number!, name === 'ignore-signal' ? 'ignore' : 'default');
    });
  }
}

export const printenv: CommandSpec = {
  name: 'printenv',
  suite: 'coreutils',
  applet: true,
  usageStatus: 2,
  run(c) {
    // BusyBox takes every argument for a name.
    const names = c.bb ? c.args.filter((arg) => arg !== '--') : undefined;
    const o = c.bb ? { operands: names!, has: () => false } : c.options({ gnu: '0,null', stopAtOperand: true });
    const end = o.has('null') ? '\0' : '\n';
    if (o.operands.length === 0) {
      for (const [name, value] of Object.entries(c.sys.env)) c.out(`${name}=${value}${end}`);
      return 0;
    }
    let status = 0;
    for (const name of o.operands) {
      const value = c.sys.env[name];
      if (value === undefined) status = 1;
      else c.out(value + end);
    }
    return status;
  },
};

export const yes: CommandSpec = {
  name: 'yes',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const words = c.bb ? c.args : c.options({}).operands;
    const line = `${words.join(' ') || 'y'}\n`;
    const block = line.repeat(Math.max(1, Math.floor(8192 / line.length)));
    for (;;) {
      c.out(block);
      await c.flush();
      await c.sys.preempt();
    }
  },
};

export const whoami: CommandSpec = {
  name: 'whoami',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: '', busybox: '' });
    if (o.operands.length) c.usage(c.bb ? undefined : `extra operand ${quote(o.operands[0]!)}`);
    const uid = c.sys.cred.euid;
    const user = userById(c.sys, uid);
    if (!user) c.fail(c.bb ? `unknown uid ${uid}` : `cannot find name for user ID ${uid}`);
    c.out(`${user!.name}\n`);
    return 0;
  },
};

/** The canonical name that /etc/hosts gives the host's name; undefined when it is not there. */
function canonicalName(c: Command, name: string): { address: string; full: string } | undefined {
  for (const line of slurp(c.sys, '/etc/hosts').split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (names.includes(name)) return { address, full: names[0]! };
  }
  return undefined;
}

const afterDot = (name: string): string => (name.includes('.') ? name.slice(name.indexOf('.') + 1) : '');

/** The domain of the host's full name. */
export const dnsdomainname: CommandSpec = {
  name: 'dnsdomainname',
  suite: 'hostname',
  applet: true,
  run(c) {
    c.options({ gnu: '', busybox: '' });
    const name = c.sys.uname().nodename;
    const domain = afterDot(canonicalName(c, name)?.full ?? name);
    if (domain) c.out(`${domain}\n`);
    return 0;
  },
};

export const hostname: CommandSpec = {
  name: 'hostname',
  suite: 'hostname',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 's,short f,fqdn long A,all-fqdns i,ip-address I,all-ip-addresses d,domain y,yp nis a,alias b,boot F,file=',
      busybox: 's f i d F:',
    });
    const file = o.value('file') ?? o.value('F');
    const name = file === undefined ? o.operands[0] : slurp(c.sys, file).trim();
    if (name !== undefined) {
      try {
        c.sys.sethostname(name);
      } catch (error) {
        c.fail(
          c.bb
            ? `sethostname: ${c.reason(error)}`
            : isErrno(error, 'EPERM')
              ? 'you must be root to change the host name'
              : c.reason(error),
        );
      }
      return 0;
    }
    const current = c.sys.uname().nodename;
    if (o.has('I', 'all-ip-addresses')) {
      const own = c.sys.netlink.addresses().filter((address) => address.scope === 'global');
      c.out(`${own.map((address) => `${address.cidr.replace(/\/.*/, '')} `).join('')}\n`);
    } else if (o.has('i', 'ip-address')) {
      const known = canonicalName(c, current);
      if (!known) c.fail(`Name or service not known`);
      c.out(`${known!.address}\n`);
    } else if (o.has('s', 'short')) c.out(`${current.split('.')[0]}\n`);
    else if (o.has('d', 'domain')) c.out(`${afterDot(canonicalName(c, current)?.full ?? current)}\n`);
    else if (o.has('f', 'fqdn')) c.out(`${canonicalName(c, current)?.full ?? current}\n`);
    else c.out(`${current}\n`);
    return 0;
  },
};

export const uname: CommandSpec = {
  name: 'uname',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const longNames =
      'all kernel-name nodename kernel-release kernel-version machine processor hardware-platform operating-system';
    const o = c.options({
      gnu: 'a,all s,kernel-name sysname n,nodename r,kernel-release release v,kernel-version m,machine p,processor i,hardware-platform o,operating-system',
      busybox: `a/all s/kernel-name n/nodename r/kernel-release v/kernel-version m/machine p/processor i/hardware-platform o/operating-system ${longNames}`,
    });
    if (o.operands.length) c.usage(c.bb ? undefined : `extra operand ${quote(o.operands[0]!)}`);
    const info = c.sys.uname();
    const all = o.has('all');
    const parts: [string, string][] = [
      ['kernel-name', info.sysname],
      ['nodename', info.nodename],
      ['kernel-release', info.release],
      ['kernel-version', info.version],
      ['machine', info.machine],
      ['processor', 'unknown'],
      ['hardware-platform', 'unknown'],
      ['operating-system', 'GNU/Linux'],
    ];
    const hidden = (name: string) => all && !c.bb && (name === 'processor' || name === 'hardware-platform');
    const shown = parts.filter(
      ([name]) =>
        (all && !hidden(name) && !(c.bb && (name === 'processor' || name === 'hardware-platform'))) || o.has(name),
    );
    c.out(`${(shown.length ? shown : parts.slice(0, 1)).map(([, value]) => value).join(' ')}\n`);
    return 0;
  },
};

export const arch: CommandSpec = {
  name: 'arch',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: '', busybox: '' });
    if (o.operands.length && !c.bb) c.usage(`extra operand ${quote(o.operands[0]!)}`);
    c.out(`${c.sys.uname().machine}\n`);
    return 0;
  },
};

export const nproc: CommandSpec = {
  name: 'nproc',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'all ignore=', busybox: 'all ignore=' });
    const count = slurp(c.sys, '/proc/cpuinfo').match(/^processor\s/gm)?.length ?? 1;
    c.out(`${Math.max(1, count - Number(o.value('ignore') ?? 0))}\n`);
    return 0;
  },
};

export const tty: CommandSpec = {
  name: 'tty',
  suite: 'coreutils',
  applet: true,
  usageStatus: 2,
  run(c) {
    const o = c.options({ gnu: 's,silent quiet', busybox: 's/silent' });
    const is = c.sys.isatty(0);
    if (!o.has('silent', 'quiet')) c.out(`${is ? c.sys.ttyname(0) : 'not a tty'}\n`);
    return is ? 0 : 1;
  },
};

export const sync: CommandSpec = {
  name: 'sync',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'd,data f,file-system', busybox: 'd f' });
    if (o.has('data') && o.operands.length === 0 && !c.bb) c.fail('--data needs at least one argument');
    for (const path of o.operands) {
      try {
        c.sys.stat(path);
      } catch (error) {
        c.error(c.bb ? `${path}: ${c.reason(error)}` : `error opening ${quoteShell(path)}: ${c.reason(error)}`);
      }
    }
    c.sys.sync();
    return c.status;
  },
};

export const clear: CommandSpec = {
  name: 'clear',
  suite: 'ncurses',
  applet: true,
  run(c) {
    c.raw(c.bb ? '\x1b[H\x1b[J' : '\x1b[H\x1b[2J\x1b[3J');
    return 0;
  },
};

export const reset: CommandSpec = {
  name: 'reset',
  suite: 'ncurses',
  applet: true,
  run(c) {
    c.raw(c.bb ? '\x1bc\x1b(B\x1b[m\x1b[J\x1b[?25h' : '\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>');
    return 0;
  },
};

/** uid=0(root) gid=0(root) groups=0(root) */
export const id: CommandSpec = {
  name: 'id',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'a g,group G,groups n,name r,real u,user z,zero Z,context',
      busybox: 'u/user g/group G/groups n/name r/real',
    });
    const kinds = ['user', 'group', 'groups'].filter((kind) => o.has(kind)).length;
    if (kinds > 1 || (c.bb && kinds === 0 && o.has('name', 'real'))) {
      if (c.bb) c.usage();
      c.fail('cannot print "only" of more than one choice');
    }
    if (o.has('zero') && kinds === 0) c.fail('option --zero not permitted in default format');
    const accounts = new Accounts(c.sys);
    const who = identity(c, o.operands[0]);
    const { cred } = c.sys;
    const one = (number: number, name: string | undefined) =>
      o.has('name') ? (name ?? String(number)) : String(number);
    const own = o.operands.length === 0;
    if (o.has('name', 'real') && !o.has('user', 'group', 'groups') && !c.bb)
      c.fail('cannot print only names or real IDs in default format');
    if (o.has('user')) c.out(`${one(own && o.has('real') ? cred.uid : who.uid, accounts.userName(who.uid))}\n`);
    else if (o.has('group')) c.out(`${one(who.gid, accounts.groupName(who.gid))}\n`);
    else if (o.has('groups')) c.out(`${who.groups.map((gid) => one(gid, accounts.groupName(gid))).join(' ')}\n`);
    else {
      const named = (number: number, name?: string) => (name === undefined ? String(number) : `${number}(${name})`);
      const groups = who.groups.map((gid) => named(gid, accounts.groupName(gid))).join(',');
      c.out(
        `uid=${named(who.uid, accounts.userName(who.uid))} gid=${named(who.gid, accounts.groupName(who.gid))} groups=${groups}\n`,
      );
    }
    return c.status;
  },
};

function identity(c: Command, name: string | undefined): { uid: number; gid: number; groups: number[] } {
  if (name === undefined) {
    const { euid, egid, groups } = c.sys.cred;
    return { uid: euid, gid: egid, groups: [egid, ...groups.filter((gid) => gid !== egid)] };
  }
  const user = findUser(c.sys, name) ?? (/^\d+$/.test(name) ? userById(c.sys, Number(name)) : undefined);
  if (!user) c.fail(c.bb ? `unknown user ${name}` : `${quote(name)}: no such user`);
  return { uid: user!.uid, gid: user!.gid, groups: groupsOf(c.sys, user!) };
}

export const groups: CommandSpec = {
  name: 'groups',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: '', busybox: '' });
    const accounts = new Accounts(c.sys);
    for (const name of o.operands.length ? o.operands : [undefined]) {
      const names = identity(c, name)
        .groups.map((gid) => accounts.group(gid))
        .join(' ');
      c.out(`${name === undefined || c.bb ? '' : `${name} : `}${names}\n`);
    }
    return c.status;
  },
};

export const which: CommandSpec = {
  name: 'which',
  suite: 'debianutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'a s', busybox: 'a' });
    if (c.bb && o.operands.length === 0) c.usage();
    let status = o.operands.length ? 0 : 1;
    for (const name of o.operands) {
      const places = name.includes('/')
        ? [name]
        : (c.sys.env.PATH ?? '/bin:/usr/bin').split(':').map((directory) => `${directory || '.'}/${name}`);
      const found = places.filter((path) => isProgram(c, path));
      if (found.length === 0) status = 1;
      for (const path of o.has('a') ? found : found.slice(0, 1)) if (!o.has('s')) c.out(`${path}\n`);
    }
    return status;
  },
};

function isProgram(c: Command, path: string): boolean {
  try {
    if ((c.sys.stat(path).mode & 0o170000) !== 0o100000) return false;
    c.sys.access(path, 1, true);
    return true;
  } catch {
    return false;
  }
}

export const date: CommandSpec = {
  name: 'date',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    return runDate(c);
  },
};
