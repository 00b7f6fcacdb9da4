/** /etc/passwd and /etc/group, as getpwnam(3) and its like read them. */
import { isErrno } from '../../../spec/index.ts';
import type { Sys } from '../../kernel/sys.ts';
import { decodeText, toBinary } from './bytes.ts';

export interface User {
  name: string;
  password: string;
  uid: number;
  gid: number;
  gecos: string;
  home: string;
  shell: string;
}

export interface Group {
  name: string;
  password: string;
  gid: number;
  members: string[];
}

/** A small file whole; '' when it is not there or may not be read. */
export function slurp(sys: Sys, path: string): string {
  try {
    const fd = sys.openSync(path);
    try {
      let text = '';
      for (let at = 0; ; ) {
        const bytes = sys.pread(fd, at, 65536);
        if (bytes.length === 0) return decodeText(text);
        text += toBinary(bytes);
        at += bytes.length;
      }
    } finally {
      sys.close(fd);
    }
  } catch (error) {
    if (isErrno(error)) return '';
    throw error;
  }
}

const rows = (sys: Sys, path: string, least: number): string[][] =>
  slurp(sys, path)
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= least);

export const readUsers = (sys: Sys): User[] =>
  rows(sys, '/etc/passwd', 6).map((f) => ({
    name: f[0]!,
    password: f[1]!,
    uid: Number(f[2]),
    gid: Number(f[3]),
    gecos: f[4]!,
    home: f[5]!,
    shell: f[6] ?? '',
  }));

export const readGroups = (sys: Sys): Group[] =>
  rows(sys, '/etc/group', 3).map((f) => ({
    name: f[0]!,
    password: f[1]!,
    gid: Number(f[2]),
    members: (f[3] ?? '').split(',').filter(Boolean),
  }));

/** Names of ids, read once per command. */
export class Accounts {
  private userNames?: Map<number, string>;
  private groupNames?: Map<number, string>;
  constructor(private readonly sys: Sys) {}
  userName(uid: number): string | undefined {
    this.userNames ??= new Map(
      readUsers(this.sys)
        .reverse()
        .map((user) => [user.uid, user.name]),
    );
    return this.userNames.get(uid);
  }
  groupName(gid: number): string | undefined {
    this.groupNames ??= new Map(
      readGroups(this.sys)
        .reverse()
        .map((group) => [group.gid, group.name]),
    );
    return this.groupNames.get(gid);
  }
  user(uid: number): string {
    return this.userName(uid) ?? String(uid);
  }
  group(gid: number): string {
    return this.groupName(gid) ?? String(gid);
  }
}

export const findUser = (sys: Sys, name: string): User | undefined => readUsers(sys).find((user) => user.name === name);
export const findGroup = (sys: Sys, name: string): Group | undefined =>
  readGroups(sys).find((group) => group.name === name);
export const userById = (sys: Sys, uid: number): User | undefined => readUsers(sys).find((user) => user.uid === uid);

/** Supplementary groups as initgroups(3): the primary one, then every group that lists the user. */
export const groupsOf = (sys: Sys, user: User): number[] => [
  user.gid,
  ...readGroups(sys)
    .filter((group) => group.members.includes(user.name) && group.gid !== user.gid)
    .map((group) => group.gid),
];
