/** useradd, usermod, userdel, groupadd, groupmod, groupdel, gpasswd (shadow-utils 4.13). */
import { findGroup, findUser, readGroups, readUsers } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import type { Options } from '../core/options.ts';
import {
  addGroup,
  addUser,
  changeLine,
  groupOf,
  joinGroup,
  leaveGroup,
  makeHome,
  nextId,
  removeGroup,
  removeUser,
  requireRoot,
} from './account-files.ts';

const validName = /^[a-z_][a-z0-9_-]*\$?$/i;
const usageHint = 'Usage: % [options] LOGIN\n';

function wantedId(c: Command, text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) c.fail(`invalid ${what} ID '${text}'`, 3);
  return Number(text);
}

function primaryGroup(c: Command, o: Options, name: string, uid: number, system: boolean): number {
  const given = o.value('gid');
  if (given !== undefined) {
    const group = groupOf(c, given);
    if (!group) c.fail(`group '${given}' does not exist`, 6);
    return group!.gid;
  }
  if (o.has('no-user-group')) return 100;
  if (findGroup(c.sys, name)) c.fail(`group ${name} exists - if you want to add this user to that group, use -g.`, 9);
  const gid = nextId(c, 'group', system, uid);
  addGroup(c, name, gid);
  return gid;
}

function supplementary(c: Command, text: string | undefined): string[] {
  const names = (text ?? '').split(',').filter(Boolean);
  return names.map((name) => {
    const group = groupOf(c, name);
    if (!group) c.fail(`group '${name}' does not exist`, 6);
    return group!.name;
  });
}

export const useradd: CommandSpec = {
  name: 'useradd',
  suite: 'passwd',
  usageStatus: 2,
  usageHint,
  shortName: true,
  run(c) {
    const o = c.options({
      gnu: 'b,base-dir= c,comment= d,home-dir= D,defaults e,expiredate= f,inactive= g,gid= G,groups= k,skel= K,key= l,no-log-init m,create-home M,no-create-home N,no-user-group o,non-unique p,password= r,system R,root= s,shell= u,uid= U,user-group',
    });
    const [name] = o.operands;
    if (name === undefined) c.usage();
    requireRoot(c);
    if (!validName.test(name!)) c.fail(`invalid user name '${name}': use --badname to ignore`, 3);
    if (findUser(c.sys, name!)) c.fail(`user '${name}' already exists`, 9);
    const system = o.has('system');
    const wanted = wantedId(c, o.value('uid'), 'user');
    if (wanted !== undefined && !o.has('non-unique') && readUsers(c.sys).some((user) => user.uid === wanted))
      c.fail(`UID ${wanted} is not unique`, 4);
    const uid = wanted ?? nextId(c, 'user', system);
    const others = supplementary(c, o.value('groups'));
    const gid = primaryGroup(c, o, name!, uid, system);
    const home = o.value('home-dir') ?? `${o.value('base-dir') ?? '/home'}/${name}`;
    const shell = o.value('shell') ?? '/bin/sh';
    addUser(c, {
      name: name!,
      uid,
      gid,
      gecos: o.value('comment') ?? '',
      home,
      shell,
      password: o.value('password') ?? '!',
      ageing: !system,
    });
    for (const group of others) joinGroup(c, group, name!);
    if (o.has('create-home') && !makeHome(c, home, uid, gid, 0o755, o.value('skel')))
      c.errorText(
        `useradd: warning: the home directory ${home} already exists.\nuseradd: Not copying any file from skel directory into it.\n`,
      );
    return 0;
  },
};

export const groupadd: CommandSpec = {
  name: 'groupadd',
  suite: 'passwd',
  usageStatus: 2,
  usageHint: 'Usage: % [options] GROUP\n',
  shortName: true,
  run(c) {
    const o = c.options({ gnu: 'f,force g,gid= K,key= o,non-unique p,password= r,system R,root= U,users=' });
    const [name] = o.operands;
    if (name === undefined) c.usage();
    requireRoot(c);
    if (!validName.test(name!)) c.fail(`'${name}' is not a valid group name`, 3);
    if (findGroup(c.sys, name!)) return o.has('force') ? 0 : c.fail(`group '${name}' already exists`, 9);
    const wanted = wantedId(c, o.value('gid'), 'group');
    const used = wanted !== undefined && readGroups(c.sys).some((group) => group.gid === wanted);
    if (used && !o.has('non-unique') && !o.has('force')) c.fail(`GID '${wanted}' already exists`, 4);
    addGroup(
      c,
      name!,
      used && o.has('force') ? nextId(c, 'group', false) : (wanted ?? nextId(c, 'group', o.has('system'))),
    );
    return 0;
  },
};

export const usermod: CommandSpec = {
  name: 'usermod',
  suite: 'passwd',
  usageStatus: 2,
  usageHint,
  shortName: true,
  run(c) {
    const o = c.options({
      gnu: 'a,append b,badname c,comment= d,home= e,expiredate= f,inactive= g,gid= G,groups= l,login= L,lock m,move-home o,non-unique p,password= r,remove R,root= s,shell= u,uid= U,unlock',
    });
    const [name] = o.operands;
    if (name === undefined) c.usage();
    requireRoot(c);
    const user = findUser(c.sys, name!);
    if (!user) c.fail(`user '${name}' does not exist`, 6);
    if (o.has('groups')) changeGroups(c, o, name!);
    const primary = o.value('gid');
    const gid = primary === undefined ? undefined : groupOf(c, primary)?.gid;
    if (primary !== undefined && gid === undefined) c.fail(`group '${primary}' does not exist`, 6);
    const uid = wantedId(c, o.value('uid'), 'user');
    if (
      uid !== undefined &&
      !o.has('non-unique') &&
      uid !== user!.uid &&
      readUsers(c.sys).some((other) => other.uid === uid)
    )
      c.fail(`UID '${uid}' already exists`, 4);
    const home = o.value('home');
    if (home !== undefined && o.has('move-home')) c.sys.rename(user!.home, home);
    const login = o.value('login');
    if (login !== undefined && findUser(c.sys, login)) c.fail(`user '${login}' already exists`, 9);
    changeLine(c, 'passwd', name!, (f) => [
      login ?? f[0]!,
      f[1]!,
      String(uid ?? f[2]),
      String(gid ?? f[3]),
      o.value('comment') ?? f[4]!,
      home ?? f[5]!,
      o.value('shell') ?? f[6] ?? '',
    ]);
    changeLine(c, 'shadow', name!, (f) => [login ?? f[0]!, passwordField(o, f[1]!), ...f.slice(2)]);
    if (uid !== undefined) chownHome(c, user!.home, user!.uid, uid);
    return 0;
  },
};

function passwordField(o: Options, old: string): string {
  if (o.has('password')) return o.value('password')!;
  if (o.has('lock')) return old.startsWith('!') ? old : `!${old}`;
  return o.has('unlock') ? old.replace(/^!(?=.)/, '') : old;
}

function changeGroups(c: Command, o: Options, name: string): void {
  const wanted = supplementary(c, o.value('groups'));
  if (o.has('remove')) {
    for (const group of wanted) leaveGroup(c, group, name);
    return;
  }
  if (!o.has('append'))
    for (const group of readGroups(c.sys))
      if (group.members.includes(name) && !wanted.includes(group.name)) leaveGroup(c, group.name, name);
  for (const group of wanted) joinGroup(c, group, name);
}

/** usermod -u: what the user owns in the home directory stays the user's. */
function chownHome(c: Command, path: string, from: number, to: number): void {
  try {
    const stat = c.sys.lstat(path);
    if (stat.uid === from) c.sys.lchown(path, to, stat.gid);
    if ((stat.mode & 0o170000) === 0o040000)
      for (const entry of c.sys.readdir(path)) chownHome(c, `${path}/${entry.name}`, from, to);
  } catch {
    // No home directory: nothing to change.
  }
}

export const userdel: CommandSpec = {
  name: 'userdel',
  suite: 'passwd',
  usageStatus: 2,
  usageHint,
  shortName: true,
  async run(c) {
    const o = c.options({ gnu: 'f,force r,remove R,root= Z,selinux-user' });
    const [name] = o.operands;
    if (name === undefined) c.usage();
    requireRoot(c);
    const user = findUser(c.sys, name!);
    if (!user) c.fail(`user '${name}' does not exist`, 6);
    removeUser(c, name!);
    const group = findGroup(c.sys, name!);
    if (group && group.gid === user!.gid && group.members.length === 0) removeGroup(c, name!);
    if (!o.has('remove')) return 0;
    c.error(`${name} mail spool (/var/mail/${name}) not found`, 0);
    if (user!.home && user!.home !== '/') await c.system(['rm', '-rf', user!.home]);
    return 0;
  },
};

export const groupdel: CommandSpec = {
  name: 'groupdel',
  suite: 'passwd',
  usageStatus: 2,
  usageHint: 'Usage: % [options] GROUP\n',
  shortName: true,
  run(c) {
    const o = c.options({ gnu: 'f,force R,root=' });
    const [name] = o.operands;
    if (name === undefined) c.usage();
    requireRoot(c);
    const group = findGroup(c.sys, name!);
    if (!group) c.fail(`group '${name}' does not exist`, 6);
    const owner = readUsers(c.sys).find((user) => user.gid === group!.gid);
    if (owner && !o.has('force')) c.fail(`cannot remove the primary group of user '${owner.name}'`, 8);
    removeGroup(c, name!);
    return 0;
  },
};

export const groupmod: CommandSpec = {
  name: 'groupmod',
  suite: 'passwd',
  usageStatus: 2,
  usageHint: 'Usage: % [options] GROUP\n',
  shortName: true,
  run(c) {
    const o = c.options({ gnu: 'g,gid= n,new-name= o,non-unique p,password= R,root=' });
    const [name] = o.operands;
    if (name === undefined) c.usage();
    requireRoot(c);
    const group = findGroup(c.sys, name!);
    if (!group) c.fail(`group '${name}' does not exist`, 6);
    const gid = wantedId(c, o.value('gid'), 'group');
    if (
      gid !== undefined &&
      gid !== group!.gid &&
      !o.has('non-unique') &&
      readGroups(c.sys).some((other) => other.gid === gid)
    )
      c.fail(`GID '${gid}' already exists`, 4);
    const fresh = o.value('new-name') ?? name!;
    changeLine(c, 'group', name!, (f) => [fresh, f[1]!, String(gid ?? f[2]), f[3] ?? '']);
    changeLine(c, 'gshadow', name!, (f) => [fresh, ...f.slice(1)]);
    if (gid !== undefined)
      for (const user of readUsers(c.sys))
        if (user.gid === group!.gid)
          changeLine(c, 'passwd', user.name, (f) => [...f.slice(0, 3), String(gid), ...f.slice(4)]);
    return 0;
  },
};

export const gpasswd: CommandSpec = {
  name: 'gpasswd',
  suite: 'passwd',
  usageStatus: 2,
  usageHint: 'Usage: % [option] GROUP\n',
  shortName: true,
  run(c) {
    const o = c.options({ gnu: 'a,add= d,delete= M,members= A,administrators= r,remove-password R,restrict Q,root=' });
    const [name] = o.operands;
    if (name === undefined) c.usage();
    if (!findGroup(c.sys, name!)) c.fail(`group '${name}' does not exist in /etc/group`, 3);
    requireRoot(c);
    const user = o.value('add') ?? o.value('delete');
    if (user === undefined) c.fail('drydock: group passwords are not simulated');
    if (!findUser(c.sys, user!)) c.fail(`user '${user}' does not exist`, 3);
    c.out(o.has('add') ? `Adding user ${user} to group ${name}\n` : `Removing user ${user} from group ${name}\n`);
    (o.has('add') ? joinGroup : leaveGroup)(c, name!, user!);
    return 0;
  },
};
