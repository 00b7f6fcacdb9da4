/** sysctl, logname, pathchk, whereis, systemctl, service: what asks the system about itself, or cannot in a container. */
import { isErrno } from '../../../spec/index.ts';
import { userById } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { isDirectory } from '../core/modes.ts';
import { quote } from '../core/quote.ts';

const keyPath = (key: string): string => `/proc/sys/${key.replace(/[./]/g, (mark) => (mark === '.' ? '/' : '.'))}`;

async function showKey(c: Command, key: string, bare: boolean, ignore: boolean): Promise<void> {
  const path = keyPath(key);
  try {
    const text = (await c.readFile(path)).replace(/\n$/, '');
    for (const line of text.split('\n')) c.out(bare ? `${line}\n` : `${key} = ${line}\n`);
  } catch (error) {
    if (ignore) return;
    const missing = isErrno(error, 'ENOENT');
    if (c.bb) c.error(missing ? `error: '${key}' is an unknown key` : `error reading key '${key}': ${c.reason(error)}`);
    else c.error(missing ? `cannot stat ${path}: ${c.reason(error)}` : `reading key "${key}": ${c.reason(error)}`);
  }
}

async function writeKey(c: Command, assignment: string, quiet: boolean): Promise<void> {
  const at = assignment.indexOf('=');
  const [key, value] = [assignment.slice(0, at).trim(), assignment.slice(at + 1).trim()];
  try {
    const fd = await c.sys.open(keyPath(key), { access: 'write' });
    await c.sys.write(fd, `${value}\n`);
    c.sys.close(fd);
    if (!quiet) c.out(`${key} = ${value}\n`);
  } catch (error) {
    if (c.bb) c.error(`error setting key '${key}': ${c.reason(error)}`);
    else if (isErrno(error, 'ENOENT')) c.error(`cannot stat ${keyPath(key)}: ${c.reason(error)}`);
    else
      c.error(
        `${isErrno(error, 'EROFS') ? 'setting' : 'permission denied on'} key "${key}"${isErrno(error, 'EROFS') ? `: ${c.reason(error)}` : ''}`,
      );
  }
}

/** Keys below a directory of /proc/sys, sorted as they are listed. */
function* keysBelow(c: Command, path: string): Generator<string> {
  for (const { name } of c.sys.readdir(path)) {
    const child = `${path}/${name}`;
    if (isDirectory(c.sys.stat(child).mode)) yield* keysBelow(c, child);
    else yield child.slice('/proc/sys/'.length).replace(/\//g, '.');
  }
}

export const sysctl: CommandSpec = {
  name: 'sysctl',
  suite: 'procps',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'a,all A X b,binary e,ignore N,names n,values p,load=? f q,quiet r,pattern= system w,write',
      busybox: 'n/values e/ignore N/names w/write p/load a/all A q/quiet',
    });
    const keys = o.has('all', 'A', 'X') ? [...keysBelow(c, '/proc/sys')] : o.operands;
    if (keys.length === 0 && !c.bb) c.fail("no variables specified\nTry `sysctl --help' for more information.");
    for (const key of keys) {
      if (key.includes('=')) await writeKey(c, key, o.has('quiet'));
      else if (o.has('names')) c.out(`${key}\n`);
      else await showKey(c, key, o.has('values'), o.has('ignore'));
    }
    return c.status;
  },
};

export const logname: CommandSpec = {
  name: 'logname',
  suite: 'coreutils',
  applet: true,
  run(c) {
    const o = c.options({ gnu: '', busybox: '' });
    if (o.operands.length) c.usage(c.bb ? undefined : `extra operand ${quote(o.operands[0]!)}`);
    if (!c.sys.isatty(0)) c.fail(c.bb ? 'getlogin: Inappropriate ioctl for device' : 'no login name');
    c.out(`${userById(c.sys, c.sys.cred.uid)?.name ?? c.sys.cred.uid}\n`);
    return 0;
  },
};

export const pathchk: CommandSpec = {
  name: 'pathchk',
  suite: 'coreutils',
  run(c) {
    const o = c.options({ gnu: 'p P portability' });
    if (o.operands.length === 0) c.usage('missing operand');
    const strict = o.has('p', 'portability');
    for (const path of o.operands) {
      if (o.has('P', 'portability') && /(^|\/)-/.test(path))
        c.error(`leading '-' in a component of file name ${quote(path)}`);
      else if (path === '') c.error(o.has('P', 'portability') ? 'empty file name' : "'': No such file or directory");
      else {
        const odd = strict ? /[^A-Za-z0-9._/-]/.exec(path)?.[0] : undefined;
        const long = path.split('/').find((part) => part.length > (strict ? 14 : 255));
        if (odd) c.error(`nonportable character ${quote(odd)} in file name ${quote(path)}`);
        else if (long)
          c.error(`limit ${strict ? 14 : 255} exceeded by length ${long.length} of file name component ${quote(long)}`);
      }
    }
    return c.status;
  },
};

const places = {
  b: ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/usr/games', '/usr/lib', '/etc', '/usr/include'],
  m: [1, 2, 3, 4, 5, 6, 7, 8].map((section) => `/usr/share/man/man${section}`),
};

export const whereis: CommandSpec = {
  name: 'whereis',
  suite: 'util-linux',
  run(c) {
    const o = c.options({ gnu: 'b m s u l B: M: S: f g' });
    if (o.operands.length === 0) c.usage('not enough arguments');
    const kinds = o.has('b') ? ['b' as const] : o.has('m') ? ['m' as const] : (['b', 'm'] as const);
    for (const name of o.operands) {
      const found = kinds.flatMap((kind) => places[kind]).flatMap((directory) => namesIn(c, directory, name));
      c.out(`${name}:${found.map((path) => ` ${path}`).join('')}\n`);
    }
    return 0;
  },
};

function namesIn(c: Command, directory: string, name: string): string[] {
  try {
    return c.sys
      .readdir(directory)
      .filter((entry) => entry.name === name || entry.name.startsWith(`${name}.`))
      .map((entry) => `${directory}/${entry.name}`);
  } catch {
    return [];
  }
}

/** PID 1 of a container, and of this host, is not systemd. */
export const systemctl: CommandSpec = {
  name: 'systemctl',
  suite: 'systemd',
  run(c) {
    c.errorText(
      "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
    );
    return 1;
  },
};

export const service: CommandSpec = {
  name: 'service',
  suite: 'init-system-helpers',
  async run(c) {
    const [name, ...rest] = c.args;
    if (name === undefined || name === '--help') {
      c.errorText('Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n');
      return 1;
    }
    if (name === '--status-all') return statusAll(c);
    const script = `/etc/init.d/${name}`;
    try {
      c.sys.access(script, 1);
    } catch {
      c.errorText(`${name}: unrecognized service\n`);
      return 1;
    }
    return c.exec([script, ...rest]);
  },
};

async function statusAll(c: Command): Promise<number> {
  for (const { name } of c.sys.readdir('/etc/init.d')) {
    const script = `/etc/init.d/${name}`;
    const status = await c.system([script, 'status'], { fds: new Map() }).catch(() => 127);
    c.out(` [ ${status === 0 ? '+' : status === 127 ? '?' : '-'} ]  ${name}\n`);
  }
  return 0;
}
