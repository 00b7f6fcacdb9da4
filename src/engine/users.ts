import type { Tree } from '../port/index.ts';
import { contentText, isErrno, type OciUser } from '../spec/index.ts';
import { badRequest } from './errors.ts';

export interface ResolvedUser {
  user: OciUser;
  home: string;
}

interface PasswdEntry {
  name: string;
  uid: number;
  gid: number;
  home: string;
}
interface GroupEntry {
  name: string;
  gid: number;
  members: string[];
}

/** `USER[:GROUP]`, by name or number, against the container's own /etc/passwd and /etc/group (runc libcontainer/user). */
export function resolveUser(tree: Tree, spec: string, groupAdd: readonly string[] = []): ResolvedUser {
  const passwd = readPasswd(tree);
  const groups = readGroups(tree);
  const [userText = '', groupText = ''] = spec.split(':');
  const entry = passwd.find(({ name, uid }) => name === userText || (userText !== '' && String(uid) === userText));
  const base = findUser(passwd, entry, userText);
  const gid = groupText === '' ? base.gid : findGroup(groups, groupText);
  const own =
    entry && groupText === '' ? groups.filter(({ members }) => members.includes(entry.name)).map((g) => g.gid) : [];
  // Names first, in the file's order; numbers nobody has in the order given (libcontainer/user GetAdditionalGroups).
  const named = groups.filter(({ name, gid: id }) => groupAdd.some((text) => text === name || text === String(id)));
  const all = groupAdd.map((group) => addedGroup(groups, group));
  const added = [...named.map((group) => group.gid), ...all];
  // The primary group too: a process that drops it by setgid must not lose what it denies (CVE-2022-36109).
  const additionalGids = [...new Set([gid, ...own, ...added])];
  return { user: { uid: base.uid, gid, additionalGids }, home: base.home };
}

function findUser(passwd: PasswdEntry[], entry: PasswdEntry | undefined, text: string): PasswdEntry {
  if (text === '') return passwd.find(({ uid }) => uid === 0) ?? { name: 'root', uid: 0, gid: 0, home: '/' };
  if (entry) return entry;
  if (/^[+-]?\d+$/.test(text)) return { name: '', uid: checkedId(text), gid: 0, home: '/' };
  throw badRequest(`unable to find user ${text}: no matching entries in passwd file`);
}

function findGroup(groups: GroupEntry[], text: string): number {
  const entry = groups.find(({ name, gid }) => name === text || String(gid) === text);
  if (entry) return entry.gid;
  if (/^[+-]?\d+$/.test(text)) return checkedId(text);
  throw badRequest(`unable to find group ${text}: no matching entries in group file`);
}

function addedGroup(groups: GroupEntry[], text: string): number {
  const entry = groups.find(({ name, gid }) => name === text || String(gid) === text);
  if (entry) return entry.gid;
  if (/^[+-]?\d+$/.test(text)) return checkedId(text);
  throw badRequest(`Unable to find group ${text}: no matching entries in group file`);
}

function checkedId(text: string): number {
  const id = Number(text);
  if (id < 0 || id > 0x7fffffff) throw badRequest('uids and gids must be in range 0-2147483647');
  return id;
}

const readPasswd = (tree: Tree): PasswdEntry[] =>
  fields(tree, 'etc/passwd').map(([name = '', , uid, gid, , home = '']) => ({
    name,
    uid: Number(uid) || 0,
    gid: Number(gid) || 0,
    home,
  }));

const readGroups = (tree: Tree): GroupEntry[] =>
  fields(tree, 'etc/group').map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter(Boolean),
  }));

function fields(tree: Tree, path: string): string[][] {
  try {
    const text = contentText(tree.content(tree.resolve(path, true)));
    return text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(':'));
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
}
