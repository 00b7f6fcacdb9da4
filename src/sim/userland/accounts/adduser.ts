/** adduser, addgroup, deluser, delgroup: BusyBox's, and Debian's (adduser 3.134). */
import { findGroup, findUser, readGroups, readUsers } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import type { Options } from '../core/options.ts';
import {
  addGroup,
  addUser,
  changeLine,
  firstFreeId,
  groupOf,
  joinGroup,
  leaveGroup,
  makeHome,
  removeGroup,
  removeUser,
} from './account-files.ts';
import { askPassword, passwordHash } from './password.ts';

const busyboxUser =
  'h/home: g/gecos: s/shell: G/ingroup: S/system D/disabled-password H/no-create-home u/uid: k/skel: home= gecos= shell= ingroup= system disabled-password no-create-home uid=';
const debianUser =
  'home= shell= gecos= comment= uid= gid= ingroup= G/group group system disabled-password disabled-login no-create-home q,quiet force-badname allow-badname firstuid= lastuid= debug add_extra_groups add-extra-groups conf=';

function join(c: Command, user: string, group: string): number {
  if (!findUser(c.sys, user)) c.fail(c.bb ? `unknown user ${user}` : `The user \`${user}' does not exist.`);
  const found = findGroup(c.sys, group);
  if (!found) c.fail(c.bb ? `unknown group ${group}` : `The group \`${group}' does not exist.`);
  if (!c.bb && found!.members.includes(user)) {
    c.out(`The user \`${user}' is already a member of \`${group}'.\n`);
    return 0;
  }
  if (!c.bb) c.out(`Adding user \`${user}' to group \`${group}' ...\n`);
  joinGroup(c, group, user);
  if (!c.bb) c.out('Done.\n');
  return 0;
}

function onlyRoot(c: Command): void {
  if (c.sys.cred.euid === 0) return;
  c.fail(c.bb ? 'permission denied (are you root?)' : 'Only root may add a user or group to the system.');
}

async function busyboxAdduser(c: Command): Promise<number> {
  const o = c.options({ busybox: busyboxUser });
  onlyRoot(c);
  const [name, group] = o.operands;
  if (name === undefined) c.usage();
  if (group !== undefined) return join(c, name!, group);
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*\$?$/.test(name!)) c.fail(`illegal character in '${name}'`.replace(/^/, ''));
  if (findUser(c.sys, name!)) c.fail(`user '${name}' in use`);
  const system = o.has('system');
  const wanted = o.value('uid');
  if (wanted !== undefined && readUsers(c.sys).some((user) => user.uid === Number(wanted)))
    c.fail(`uid '${wanted}' in use`);
  const uid = wanted === undefined ? firstFreeId(c, ['user'], system ? 100 : 1000) : Number(wanted);
  const gid = busyboxGroup(c, o, name!, uid, system);
  const home = o.value('home') ?? `/home/${name}`;
  const shell = o.value('shell') ?? (system ? noLogin(c) : (c.sys.env.SHELL ?? '/bin/sh'));
  addUser(c, {
    name: name!,
    uid,
    gid,
    gecos: o.value('gecos') ?? 'Linux User,,,',
    home,
    shell,
    password: '!',
    ageing: true,
  });
  const ingroup = o.value('ingroup');
  if (ingroup !== undefined) joinGroup(c, groupOf(c, ingroup)!.name, name!);
  if (!system && !o.has('no-create-home')) makeHome(c, home, uid, gid, 0o2755, o.value('skel'));
  if (!o.has('disabled-password') && !system) await setPassword(c, name!);
  return c.status;
}

function noLogin(c: Command): string {
  try {
    c.sys.stat('/sbin/nologin');
    return '/sbin/nologin';
  } catch {
    return '/bin/false';
  }
}

function busyboxGroup(c: Command, o: Options, name: string, uid: number, system: boolean): number {
  const given = o.value('ingroup');
  if (given !== undefined) {
    const group = groupOf(c, given);
    if (!group) c.fail(`unknown group ${given}`);
    return group!.gid;
  }
  if (system) return findGroup(c.sys, 'nogroup')?.gid ?? 65533;
  if (findGroup(c.sys, name)) c.fail(`group '${name}' in use`);
  const taken = readGroups(c.sys).some((group) => group.gid === uid);
  const gid = taken ? firstFreeId(c, ['group'], 1000) : uid;
  addGroup(c, name, gid);
  return gid;
}

async function setPassword(c: Command, name: string): Promise<void> {
  const typed = await askPassword(c, name);
  if (typed === undefined) return;
  changeLine(c, 'shadow', name, (f) => [f[0]!, passwordHash(c, typed), ...f.slice(2)]);
}

async function debianAdduser(c: Command): Promise<number> {
  const o = c.options({ gnu: debianUser });
  onlyRoot(c);
  const [name, group] = o.operands;
  if (name === undefined) c.fail('Only one or two names allowed.');
  if (group !== undefined) return join(c, name!, group);
  const say = (text: string) => (o.has('quiet') ? undefined : c.out(`${text}\n`));
  const system = o.has('system');
  const old = findUser(c.sys, name!);
  if (old && system && old.uid < 1000) {
    say(`The system user \`${name}' already exists. Exiting.`);
    return 0;
  }
  if (old) c.fail(`The user \`${name}' already exists.`);
  if (!/^[a-z][-a-z0-9_]*\$?$/.test(name!) && !o.has('force-badname', 'allow-badname'))
    c.fail(
      "Please enter a username matching the regular expression\n            configured via the NAME_REGEX configuration variable.  Use the\n            `--allow-bad-names' option to relax this check or reconfigure\n            NAME_REGEX in configuration.",
    );
  const own = !o.has('ingroup', 'gid') && (!system || o.has('group'));
  const uid = o.has('uid')
    ? Number(o.value('uid'))
    : firstFreeId(c, own ? ['user', 'group'] : ['user'], system ? 100 : 1000);
  if (readUsers(c.sys).some((user) => user.uid === uid)) c.fail(`The UID ${uid} is already in use.`);
  say(system ? `Adding system user \`${name}' (UID ${uid}) ...` : `Adding user \`${name}' ...`);
  const gid = debianGroup(c, o, name!, uid, own, system, say);
  const groupName = readGroups(c.sys).find((one) => one.gid === gid)?.name ?? String(gid);
  say(
    system
      ? `Adding new user \`${name}' (UID ${uid}) with group \`${groupName}' ...`
      : `Adding new user \`${name}' (${uid}) with group \`${groupName} (${gid})' ...`,
  );
  const home = o.value('home') ?? (system ? '/nonexistent' : `/home/${name}`);
  const shell = o.value('shell') ?? (system ? '/usr/sbin/nologin' : '/bin/bash');
  const gecos = o.value('gecos') ?? o.value('comment') ?? (system ? '' : ',,,');
  addUser(c, {
    name: name!,
    uid,
    gid,
    gecos,
    home,
    shell,
    password: system || o.has('disabled-login') ? '!' : '*',
    ageing: !system,
  });
  debianHome(c, o, home, uid, gid, system, say);
  if (!system && !o.has('disabled-password', 'disabled-login')) await setPassword(c, name!);
  if (!system && findGroup(c.sys, 'users')) {
    say(`Adding new user \`${name}' to supplemental / extra groups \`users' ...`);
    say(`Adding user \`${name}' to group \`users' ...`);
    joinGroup(c, 'users', name!);
  }
  return c.status;
}

function debianGroup(
  c: Command,
  o: Options,
  name: string,
  uid: number,
  own: boolean,
  system: boolean,
  say: (text: string) => void,
): number {
  const given = o.value('ingroup') ?? o.value('gid');
  if (given !== undefined) {
    const group = groupOf(c, given);
    if (!group) c.fail(o.has('gid') ? `The GID ${given} does not exist.` : `The group \`${given}' does not exist.`);
    return group!.gid;
  }
  if (!own) return findGroup(c.sys, 'nogroup')?.gid ?? 65534;
  const gid = readGroups(c.sys).some((group) => group.gid === uid)
    ? firstFreeId(c, ['group'], system ? 100 : 1000)
    : uid;
  say(system ? `Adding new group \`${name}' (GID ${gid}) ...` : `Adding new group \`${name}' (${gid}) ...`);
  addGroup(c, name, gid);
  return gid;
}

function debianHome(
  c: Command,
  o: Options,
  home: string,
  uid: number,
  gid: number,
  system: boolean,
  say: (text: string) => void,
): void {
  if (o.has('no-create-home') || home === '/nonexistent') {
    say(`Not creating ${home === '/nonexistent' ? '' : ''}home directory \`${home}'.`);
    return;
  }
  say(`Creating home directory \`${home}' ...`);
  if (!makeHome(c, home, uid, gid, system ? 0o755 : 0o700, system ? '' : '/etc/skel')) {
    c.errorText(`The home directory \`${home}' already exists.  Not touching this directory.\n`);
  } else if (!system) say("Copying files from `/etc/skel' ...");
}

export const adduser: CommandSpec = {
  name: 'adduser',
  suite: 'adduser',
  applet: true,
  run: (c) => (c.bb ? busyboxAdduser(c) : debianAdduser(c)),
};

export const addgroup: CommandSpec = {
  name: 'addgroup',
  suite: 'adduser',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'gid= system q,quiet force-badname allow-badname group',
      busybox: 'g/gid: S/system gid= system',
    });
    onlyRoot(c);
    const [name, group] = o.operands;
    if (name === undefined) c.bb ? c.usage() : c.fail('Only one or two names allowed.');
    if (group !== undefined) return join(c, name!, group);
    const system = o.has('system');
    if (findGroup(c.sys, name!)) {
      if (!c.bb && system) {
        c.out(`The group \`${name}' already exists as a system group. Exiting.\n`);
        return 0;
      }
      c.fail(c.bb ? `group '${name}' in use` : `The group \`${name}' already exists.`);
    }
    const wanted = o.value('gid');
    if (wanted !== undefined && readGroups(c.sys).some((one) => one.gid === Number(wanted)))
      c.fail(c.bb ? `gid '${wanted}' in use` : `The GID \`${wanted}' is already in use.`);
    const gid = wanted === undefined ? firstFreeId(c, ['group'], system ? 100 : 1000) : Number(wanted);
    if (!c.bb && !o.has('quiet')) c.out(`Adding group \`${name}' (GID ${gid}) ...\n`);
    addGroup(c, name!, gid);
    if (!c.bb && !o.has('quiet')) c.out('Done.\n');
    return 0;
  },
};

export const deluser: CommandSpec = {
  name: 'deluser',
  suite: 'adduser',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'q,quiet system remove-home remove-all-files group', busybox: 'remove-home' });
    onlyRoot(c);
    const [name, group] = o.operands;
    if (name === undefined) c.bb ? c.usage() : c.fail('Only one or two names allowed.');
    const user = findUser(c.sys, name!);
    if (!user) c.fail(c.bb ? `unknown user ${name}` : `The user \`${name}' does not exist.`, c.bb ? 1 : 2);
    if (group !== undefined) {
      if (!findGroup(c.sys, group))
        c.fail(c.bb ? `unknown group ${group}` : `The group \`${group}' does not exist.`, c.bb ? 1 : 3);
      if (!c.bb) c.out(`Removing user \`${name}' from group \`${group}' ...\n`);
      leaveGroup(c, group, name!);
      if (!c.bb) c.out('Done.\n');
      return 0;
    }
    if (!c.bb && !o.has('quiet')) c.out(`Removing user \`${name}' ...\n`);
    removeUser(c, name!);
    const own = findGroup(c.sys, name!);
    if (own && own.members.length === 0 && own.gid === user!.gid) removeGroup(c, name!);
    if (o.has('remove-home')) await c.system(['rm', '-rf', user!.home]);
    if (!c.bb && !o.has('quiet')) c.out('Done.\n');
    return 0;
  },
};

export const delgroup: CommandSpec = {
  name: 'delgroup',
  suite: 'adduser',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'q,quiet system only-if-empty', busybox: '' });
    onlyRoot(c);
    const [first, second] = o.operands;
    if (first === undefined) c.bb ? c.usage() : c.fail('Only one or two names allowed.');
    const name = second ?? first!;
    const group = findGroup(c.sys, name);
    if (!group) c.fail(c.bb ? `unknown group ${name}` : `The group \`${name}' does not exist.`, c.bb ? 1 : 3);
    if (second !== undefined) {
      leaveGroup(c, name, first!);
      return 0;
    }
    const owner = readUsers(c.sys).find((user) => user.gid === group!.gid);
    if (owner)
      c.fail(
        c.bb
          ? `'${owner.name}' still has '${name}' as their primary group!`
          : `\`${owner.name}' still has \`${name}' as their primary group!`,
      );
    if (!c.bb && !o.has('quiet')) c.out(`Removing group \`${name}' ...\n`);
    removeGroup(c, name);
    if (!c.bb && !o.has('quiet')) c.out('Done.\n');
    return 0;
  },
};
