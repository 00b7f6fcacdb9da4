/** /etc/passwd, group, shadow and gshadow as the programs that change them do: line by line, the rest left as it was. */
import { isErrno } from '../../../spec/index.ts';
import { findGroup, findUser, type Group, readGroups, readUsers, slurp } from '../core/accounts.ts';
import { encodeText, fromBinary } from '../core/bytes.ts';
import type { Command } from '../core/command.ts';

export type AccountFile = 'passwd' | 'group' | 'shadow' | 'gshadow';

const secondsOfDay = 86400;

export function readLines(c: Command, file: AccountFile): string[] {
  return slurp(c.sys, `/etc/${file}`).split('\n').filter(Boolean);
}

export function writeLines(c: Command, file: AccountFile, lines: readonly string[]): void {
  const secret = file === 'shadow' || file === 'gshadow';
  const path = `/etc/${file}`;
  const fd = c.sys.openSync(path, { access: 'write', create: true, truncate: true }, secret ? 0o640 : 0o644);
  c.sys.pwrite(fd, 0, fromBinary(encodeText(lines.map((line) => `${line}\n`).join(''))));
  c.sys.close(fd);
}

export const exists = (c: Command, file: AccountFile): boolean => {
  try {
    c.sys.stat(`/etc/${file}`);
    return true;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
};

export function appendLine(c: Command, file: AccountFile, line: string): void {
  writeLines(c, file, [...readLines(c, file), line]);
}

/** Changes the line of an account; `change` gives its new fields, or undefined to delete it. */
export function changeLine(
  c: Command,
  file: AccountFile,
  name: string,
  change: (fields: string[]) => string[] | undefined,
): void {
  if (!exists(c, file)) return;
  const lines = readLines(c, file).flatMap((line) => {
    const fields = line.split(':');
    if (fields[0] !== name) return [line];
    const changed = change(fields);
    return changed ? [changed.join(':')] : [];
  });
  writeLines(c, file, lines);
}

export const today = (c: Command): number => Math.floor(c.sys.now().sec / secondsOfDay);

export interface NewUser {
  name: string;
  uid: number;
  gid: number;
  gecos: string;
  home: string;
  shell: string;
  /** What shadow holds: `!`, `*` or a hash. */
  password: string;
  /** System accounts have no password ageing. */
  ageing: boolean;
}

export function addUser(c: Command, user: NewUser): void {
  appendLine(c, 'passwd', `${user.name}:x:${user.uid}:${user.gid}:${user.gecos}:${user.home}:${user.shell}`);
  const ages = user.ageing ? '0:99999:7:::' : '::::::';
  appendLine(c, 'shadow', `${user.name}:${user.password}:${today(c)}:${ages}`);
}

export function addGroup(c: Command, name: string, gid: number): void {
  appendLine(c, 'group', `${name}:x:${gid}:`);
  if (exists(c, 'gshadow')) appendLine(c, 'gshadow', `${name}:!::`);
}

export function joinGroup(c: Command, group: string, user: string): void {
  const join = (fields: string[]): string[] => {
    const members = (fields[3] ?? '').split(',').filter(Boolean);
    if (!members.includes(user)) members.push(user);
    return [...fields.slice(0, 3), members.join(',')];
  };
  changeLine(c, 'group', group, join);
  changeLine(c, 'gshadow', group, join);
}

export function leaveGroup(c: Command, group: string, user: string): void {
  const leave = (fields: string[]): string[] => [
    ...fields.slice(0, 3),
    (fields[3] ?? '')
      .split(',')
      .filter((name) => name && name !== user)
      .join(','),
  ];
  changeLine(c, 'group', group, leave);
  changeLine(c, 'gshadow', group, leave);
}

export function removeUser(c: Command, name: string): void {
  changeLine(c, 'passwd', name, () => undefined);
  changeLine(c, 'shadow', name, () => undefined);
  for (const group of readGroups(c.sys)) if (group.members.includes(name)) leaveGroup(c, group.name, name);
}

export function removeGroup(c: Command, name: string): void {
  changeLine(c, 'group', name, () => undefined);
  changeLine(c, 'gshadow', name, () => undefined);
}

/** A group by name or number. */
export const groupOf = (c: Command, text: string): Group | undefined =>
  findGroup(c.sys, text) ??
  (/^\d+$/.test(text) ? readGroups(c.sys).find((group) => group.gid === Number(text)) : undefined);

export const userExists = (c: Command, name: string): boolean => findUser(c.sys, name) !== undefined;

const usedUids = (c: Command): Set<number> => new Set(readUsers(c.sys).map((user) => user.uid));
const usedGids = (c: Command): Set<number> => new Set(readGroups(c.sys).map((group) => group.gid));

/** shadow-utils: one more than the highest of the range, or down from the top for system accounts. */
export function nextId(c: Command, kind: 'user' | 'group', system: boolean, wanted?: number): number {
  const used = kind === 'user' ? usedUids(c) : usedGids(c);
  if (wanted !== undefined && !used.has(wanted)) return wanted;
  if (system) {
    for (let id = 999; id >= 100; id--) if (!used.has(id)) return id;
  }
  const taken = [...used].filter((id) => id >= 1000 && id < 60000);
  return taken.length ? Math.max(...taken) + 1 : 1000;
}

/** BusyBox and Debian's adduser: the first free one from the start of the range. */
export function firstFreeId(c: Command, kinds: readonly ('user' | 'group')[], first: number): number {
  const used = kinds.map((kind) => (kind === 'user' ? usedUids(c) : usedGids(c)));
  let id = first;
  while (used.some((ids) => ids.has(id))) id++;
  return id;
}

/** Makes a home directory, with what /etc/skel has. False when it was there. */
export function makeHome(
  c: Command,
  home: string,
  uid: number,
  gid: number,
  mode: number,
  skeleton = '/etc/skel',
): boolean {
  const { sys } = c;
  const parent = home.slice(0, home.lastIndexOf('/')) || '/';
  makeParents(c, parent);
  try {
    sys.mkdir(home, 0o755);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
  copySkeleton(c, skeleton, home, uid, gid);
  sys.chown(home, uid, gid);
  sys.chmod(home, mode);
  return true;
}

function makeParents(c: Command, path: string): void {
  if (path === '/' || path === '') return;
  try {
    c.sys.mkdir(path, 0o755);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) return;
    makeParents(c, path.slice(0, path.lastIndexOf('/')));
    c.sys.mkdir(path, 0o755);
  }
}

function copySkeleton(c: Command, from: string, to: string, uid: number, gid: number): void {
  const { sys } = c;
  let names: string[];
  try {
    names = sys.readdir(from).map((entry) => entry.name);
  } catch {
    return;
  }
  for (const name of names) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    const { mode } = sys.stat(source);
    if ((mode & 0o170000) === 0o040000) {
      sys.mkdir(target, mode & 0o7777);
      copySkeleton(c, source, target, uid, gid);
    } else {
      const input = sys.openSync(source);
      const output = sys.openSync(target, { access: 'write', create: true }, mode & 0o7777);
      const content = sys.fileContent(input);
      if (content) sys.setFileContent(output, content);
      sys.close(input);
      sys.close(output);
    }
    sys.chown(target, uid, gid);
  }
}

/** The programs of shadow-utils say this to anyone but root. */
export function requireRoot(c: Command): void {
  if (c.sys.cred.euid === 0) return;
  c.error('Permission denied.', 1);
  c.fail(`cannot lock /etc/${/group/.test(c.spec.name) ? 'group' : 'passwd'}; try again later.`, 1);
}
