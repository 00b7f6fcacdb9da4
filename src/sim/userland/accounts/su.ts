/** su (util-linux, BusyBox) and sudo for who is root already. */
import { findUser, groupsOf, type User } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { readLines } from './account-files.ts';
import { passwordMatches, promptSecret } from './password.ts';

const loginPath = '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games';
const rootPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Takes the user's ids; the order is setgroups, setgid, setuid, since each needs what the last gives away. */
export function become(c: Command, user: User): void {
  attempt(c, c.bb ? "can't set groups" : 'cannot set groups', () => c.sys.setgroups(groupsOf(c.sys, user)));
  attempt(c, c.bb ? 'setgid' : 'cannot set group id', () => c.sys.setgid(user.gid));
  attempt(c, c.bb ? 'setuid' : 'cannot set user id', () => c.sys.setuid(user.uid));
}

function attempt(c: Command, what: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    c.fail(`${what}: ${c.reason(error)}`);
  }
}

async function authenticate(c: Command, user: User): Promise<void> {
  if (c.sys.cred.uid === 0) return;
  const typed = await promptSecret(c, 'Password: ');
  const stored =
    readLines(c, 'shadow')
      .find((line) => line.startsWith(`${user.name}:`))
      ?.split(':')[1] ?? '!';
  if (stored === '' || passwordMatches(stored, typed)) return;
  c.bb ? c.fail('incorrect password') : c.fail('Authentication failure');
}

function dress(c: Command, user: User, shell: string, login: boolean, preserve: boolean): void {
  const { env } = c.sys;
  if (login) {
    const { TERM } = env;
    for (const name of Object.keys(env)) delete env[name];
    if (TERM !== undefined) env.TERM = TERM;
    env.PATH = user.uid === 0 ? rootPath : loginPath;
  }
  if (preserve && !login) return;
  env.HOME = user.home;
  env.SHELL = shell;
  if (login || user.uid !== 0) {
    env.USER = user.name;
    env.LOGNAME = user.name;
  }
}

export const su: CommandSpec = {
  name: 'su',
  suite: 'util-linux',
  applet: true,
  async run(c) {
    const dash = c.args.indexOf('-');
    const login = dash >= 0;
    if (login) c.args.splice(dash, 1);
    const o = c.options({
      gnu: 'm,preserve-environment p/preserve-environment w,whitelist-environment= g,group= G,supp-group= l,login c,command= session-command= f,fast s,shell= P,pty',
      busybox: 'm/preserve-environment p/preserve-environment l/login c/command: s/shell:',
      inOrder: true,
      stopAtOperand: c.bb,
    });
    const [name = 'root', ...rest] = o.operands;
    const user = findUser(c.sys, name);
    if (!user)
      c.fail(
        c.bb
          ? `unknown user ${name}`
          : `user ${name} does not exist or the user entry does not contain all the required fields`,
      );
    await authenticate(c, user!);
    const preserve = o.has('preserve-environment');
    const shell = o.value('shell') ?? ((preserve ? c.sys.env.SHELL : undefined) || user!.shell || '/bin/sh');
    const asLogin = login || o.has('login');
    dress(c, user!, shell, asLogin, preserve);
    become(c, user!);
    if (asLogin) enterHome(c, user!);
    const base = shell.slice(shell.lastIndexOf('/') + 1);
    // BusyBox: `su USER -c CMD` also stands behind the name.
    const behind = c.bb && rest[0] === '-c' ? rest.slice(1) : rest;
    const command = o.value('command') ?? (c.bb && rest[0] === '-c' ? behind.shift() : undefined);
    const argv = [asLogin ? `-${base}` : base, ...(command === undefined ? [] : ['-c', command]), ...behind];
    await c.flush();
    try {
      return await c.sys.exec(shell, argv, c.sys.env);
    } catch (error) {
      return c.fail(
        c.bb ? `can't execute '${shell}': ${c.reason(error)}` : `failed to execute ${shell}: ${c.reason(error)}`,
        127,
      );
    }
  },
};

function enterHome(c: Command, user: User): void {
  try {
    c.sys.chdir(user.home);
  } catch (error) {
    c.errorText(`su: warning: cannot change directory to ${user.home}: ${c.reason(error)}\n`);
  }
}

export const sudo: CommandSpec = {
  name: 'sudo',
  suite: 'extra',
  async run(c) {
    const o = c.options({
      gnu: 'u,user= g,group= E,preserve-env=? n,non-interactive H,set-home i,login s,shell k,reset-timestamp S,stdin v,validate l,list b,background',
      stopAtOperand: true,
    });
    if (c.sys.cred.euid !== 0) c.fail('/usr/bin/sudo must be owned by uid 0 and have the setuid bit set');
    const name = o.value('user') ?? 'root';
    const user = findUser(c.sys, name);
    if (!user) c.fail(`unknown user ${name}`);
    const argv = [...o.operands];
    const { env } = c.sys;
    while (/^[A-Za-z_]\w*=/.test(argv[0] ?? '')) {
      const [word] = argv.splice(0, 1);
      env[word!.slice(0, word!.indexOf('='))] = word!.slice(word!.indexOf('=') + 1);
    }
    env.SUDO_USER = 'root';
    env.SUDO_UID = '0';
    env.SUDO_GID = '0';
    env.SUDO_COMMAND = argv.join(' ');
    env.HOME = user!.home;
    env.USER = user!.name;
    env.LOGNAME = user!.name;
    become(c, user!);
    const shell = user!.shell || '/bin/sh';
    if (o.has('login')) c.sys.chdir(user!.home);
    if (o.has('login', 'shell'))
      return c.execOrFail([shell, ...(argv.length ? ['-c', argv.join(' ')] : [])], (text) => text);
    if (argv.length === 0) c.usage();
    try {
      return await c.exec(argv);
    } catch {
      return c.fail(`${argv[0]}: command not found`);
    }
  },
};
