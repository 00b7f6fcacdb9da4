/** Small programs about the system: getconf, logger, flock, namei, who, w, last, crontab. */
import { isErrno } from '../../../spec/index.ts';
import { Accounts, slurp } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { isSymlink, modeText, typeLetter } from '../core/modes.ts';

/** sysconf(3), confstr(3) and pathconf(3) of x86-64 Linux. */
const configuration: Record<string, string> = {
  ARG_MAX: '2097152',
  CHILD_MAX: '7823',
  HOST_NAME_MAX: '64',
  LOGIN_NAME_MAX: '256',
  NGROUPS_MAX: '65536',
  OPEN_MAX: '1024',
  PAGESIZE: '4096',
  PAGE_SIZE: '4096',
  CLK_TCK: '100',
  INT_MAX: '2147483647',
  INT_MIN: '-2147483648',
  UINT_MAX: '4294967295',
  LONG_BIT: '64',
  WORD_BIT: '32',
  CHAR_BIT: '8',
  NAME_MAX: '255',
  PATH_MAX: '4096',
  PIPE_BUF: '4096',
  LINK_MAX: '65000',
  SYMLOOP_MAX: '',
  PATH: '/bin:/usr/bin',
  GNU_LIBC_VERSION: 'glibc 2.36',
  GNU_LIBPTHREAD_VERSION: 'NPTL 2.36',
  POSIX_VERSION: '200809',
  _POSIX_VERSION: '200809',
};

export const getconf: CommandSpec = {
  name: 'getconf',
  suite: 'libc-bin',
  applet: false,
  run(c) {
    const args = c.args[0] === '-a' ? [] : c.args;
    if (c.args.length === 0) {
      c.errorText('Usage: getconf [-v specification] variable_name [pathname]\n       getconf -a [pathname]\n');
      return 2;
    }
    const processors = () =>
      String(
        slurp(c.sys, '/proc/cpuinfo')
          .split('\n')
          .filter((line) => line.startsWith('processor')).length || 1,
      );
    const value = (name: string) => (/^_?NPROCESSORS_(CONF|ONLN)$/.test(name) ? processors() : configuration[name]);
    if (args.length === 0) {
      for (const [name, text] of Object.entries(configuration)) c.out(`${name.padEnd(34)} ${text}\n`);
      return 0;
    }
    const ofPath = /^(PATH_MAX|NAME_MAX|PIPE_BUF|LINK_MAX|MAX_CANON|MAX_INPUT)$/.test(args[0]!);
    if (ofPath && args[1] === undefined) {
      c.errorText('Usage: getconf [-v specification] variable_name [pathname]\n       getconf -a [pathname]\n');
      return 2;
    }
    const text = value(args[0]!);
    if (text === undefined) {
      c.errorText(`getconf: Unrecognized variable \`${args[0]}'\n`);
      return 2;
    }
    c.out(`${text || 'undefined'}\n`);
    return 0;
  },
};

/** Sends to /dev/log, as syslog(3); without a daemon there nobody hears, and with -s it is on standard error too. */
export const logger: CommandSpec = {
  name: 'logger',
  suite: 'bsdutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'p,priority= t,tag= s,stderr i f,file= e,skip-empty n,server= P,port=',
      busybox: 'p/priority: t/tag: s/stderr',
    });
    if (o.has('server', 'port')) c.fail('drydock: logger to another host is not simulated');
    const file = o.value('file');
    const lines = o.operands.length
      ? [o.operands.join(' ')]
      : (await c.readFile(file ?? '-')).split('\n').filter(Boolean);
    const tag = o.value('tag') ?? new Accounts(c.sys).user(c.sys.cred.uid);
    const time = strftime('%b %e %H:%M:%S', c.sys.now().sec, 0, zoneOf(c.sys));
    const fd = c.sys.socket('unix', 'dgram');
    for (const line of lines) {
      if (o.has('stderr') && c.bb) c.errorText(`${tag}: ${line}\n`);
      const message = new TextEncoder().encode(`<13>${time} ${tag}: ${line}`);
      await c.sys.sendto(fd, message, { family: 'unix', path: '/dev/log' }).catch((error) => {
        if (!isErrno(error)) throw error;
        if (!c.bb) c.fail(`socket /dev/log: ${error.message}`);
      });
      if (o.has('stderr') && !c.bb) c.errorText(`<13>${time} ${tag}: ${line}\n`);
    }
    return 0;
  },
};

async function locked(
  c: Command,
  fd: number,
  kind: 'shared' | 'exclusive' | 'unlock',
  wait: number | undefined,
): Promise<boolean> {
  const deadline = wait === undefined ? Infinity : c.sys.monotonic() + wait * 1000;
  for (;;) {
    try {
      await c.sys.flock(fd, kind, wait !== undefined);
      return true;
    } catch (error) {
      if (!isErrno(error, 'EAGAIN')) throw error;
      if (c.sys.monotonic() >= deadline) return false;
      await c.sys.sleep(Math.min(50, deadline - c.sys.monotonic()));
    }
  }
}

export const flock: CommandSpec = {
  name: 'flock',
  suite: 'util-linux',
  applet: true,
  usageStatus: 64,
  async run(c) {
    const o = c.options({
      gnu: 's,shared x,exclusive e u,unlock n,nb nonblock w,timeout= o,close E,conflict-exit-code= F,no-fork c,command= verbose',
      busybox: 's/shared x/exclusive u/unlock n/nonblock c/command:',
      stopAtOperand: true,
    });
    const kind = o.has('unlock') ? 'unlock' : o.has('shared') ? 'shared' : 'exclusive';
    const [target, ...rest] = o.operands;
    if (target === undefined) c.usage(c.bb ? undefined : 'not enough arguments');
    const script = o.value('command') ?? (rest[0] === '-c' || rest[0] === '--command' ? rest[1] : undefined);
    const command = script !== undefined ? ['sh', '-c', script] : rest;
    const wait = o.has('nb', 'nonblock') ? 0 : o.has('timeout') ? Number(o.value('timeout')) : undefined;
    const byNumber = command.length === 0;
    if (byNumber && !/^\d+$/.test(target!)) c.fail(`bad file descriptor: ${target}`, 64);
    const fd = byNumber
      ? Number(target)
      : await c.sys.open(target!, { create: true }, 0o666).catch(() => c.sys.open(target!));
    if (!(await locked(c, fd, kind, wait))) return Number(o.value('conflict-exit-code') ?? 1);
    if (byNumber) return 0;
    try {
      return await c.system(command, o.has('close') ? { close: [fd] } : {});
    } catch (error) {
      return c.fail(`failed to execute ${command[0]}: ${c.reason(error)}`, 69);
    }
  },
};

export const namei: CommandSpec = {
  name: 'namei',
  suite: 'util-linux',
  run(c) {
    const o = c.options({ gnu: 'l,long m,modes o,owners n,nosymlinks v,vertical x,mountpoints' });
    if (o.operands.length === 0) c.usage('pathname argument is missing');
    const accounts = new Accounts(c.sys);
    const show = (path: string, name: string, level: number) => {
      const stat = c.sys.lstat(path);
      const long = o.has('long');
      const mode = long || o.has('modes') ? modeText(stat.mode) : typeLetter(stat.mode);
      const owner = long || o.has('owners') ? ` ${accounts.user(stat.uid)} ${accounts.group(stat.gid)}` : '';
      const link = isSymlink(stat.mode) ? c.sys.readlink(path) : undefined;
      const indent = '  '.repeat(level);
      c.out(`${long ? '' : ' '}${indent}${mode}${owner} ${name}${link === undefined ? '' : ` -> ${link}`}\n`);
      if (link !== undefined && !o.has('nosymlinks'))
        walk(link, link[0] === '/' ? '' : path.slice(0, path.lastIndexOf('/')), level + 1);
    };
    const walk = (path: string, base: string, level: number) => {
      let at = path[0] === '/' ? '' : base;
      if (path[0] === '/') show('/', '/', level);
      for (const part of path.split('/').filter(Boolean)) {
        at = at === '' && path[0] !== '/' ? part : `${at}/${part}`;
        try {
          show(at, part, level);
        } catch (error) {
          c.out(`${' '.repeat(3 + level * 2)}${part} - ${c.reason(error)}\n`);
          c.status = 1;
          return;
        }
      }
    };
    for (const path of o.operands) {
      c.out(`f: ${path}\n`);
      walk(path, '', 0);
    }
    return c.status;
  },
};

/** Who is logged in stands in /run/utmp, which nothing here writes: the lists are empty, as in a container. */
export const who: CommandSpec = {
  name: 'who',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'a,all b,boot d,dead H,heading l,login lookup m p,process q,count r,runlevel s,short t,time T w u,users message writable mesg',
      busybox: 'a H',
    });
    if (o.has('count')) c.out('# users=0\n');
    else if (o.has('heading', 'H'))
      c.out(c.bb ? 'USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n' : 'NAME     LINE         TIME             COMMENT\n');
    return 0;
  },
};

export const users: CommandSpec = {
  name: 'users',
  suite: 'coreutils',
  applet: true,
  run(c) {
    c.options({ gnu: '' });
    return 0;
  },
};

export const crontab: CommandSpec = {
  name: 'crontab',
  suite: 'cron',
  applet: true,
  run: (c) => c.fail('drydock: crontab is not simulated'),
};

/** Loaded when it is first run. */
export const jq: CommandSpec = { name: 'jq', suite: 'jq', run: async (c) => (await import('../jq/jq.ts')).jq(c) };
