/** /etc/passwd and /etc/group of Debian's base-passwd: the fixed ids of Debian policy 9.2.2. */
const users: [name: string, uid: number, gid: number, gecos: string, home: string, shell: string][] = [
  ['root', 0, 0, 'root', '/root', '/bin/bash'],
  ['daemon', 1, 1, 'daemon', '/usr/sbin', '/usr/sbin/nologin'],
  ['bin', 2, 2, 'bin', '/bin', '/usr/sbin/nologin'],
  ['sys', 3, 3, 'sys', '/dev', '/usr/sbin/nologin'],
  ['sync', 4, 65534, 'sync', '/bin', '/bin/sync'],
  ['games', 5, 60, 'games', '/usr/games', '/usr/sbin/nologin'],
  ['man', 6, 12, 'man', '/var/cache/man', '/usr/sbin/nologin'],
  ['lp', 7, 7, 'lp', '/var/spool/lpd', '/usr/sbin/nologin'],
  ['mail', 8, 8, 'mail', '/var/mail', '/usr/sbin/nologin'],
  ['news', 9, 9, 'news', '/var/spool/news', '/usr/sbin/nologin'],
  ['uucp', 10, 10, 'uucp', '/var/spool/uucp', '/usr/sbin/nologin'],
  ['proxy', 13, 13, 'proxy', '/bin', '/usr/sbin/nologin'],
  ['www-data', 33, 33, 'www-data', '/var/www', '/usr/sbin/nologin'],
  ['backup', 34, 34, 'backup', '/var/backups', '/usr/sbin/nologin'],
  ['list', 38, 38, 'Mailing List Manager', '/var/list', '/usr/sbin/nologin'],
  ['irc', 39, 39, 'ircd', '/run/ircd', '/usr/sbin/nologin'],
  ['_apt', 42, 65534, '', '/nonexistent', '/usr/sbin/nologin'],
  ['nobody', 65534, 65534, 'nobody', '/nonexistent', '/usr/sbin/nologin'],
];

const groups: [name: string, gid: number][] = [
  ...users
    .filter(([name, , gid]) => gid < 60000 && name !== 'sync' && name !== 'games')
    .map(([name, , gid]): [string, number] => [name, gid]),
  ['adm', 4],
  ['tty', 5],
  ['disk', 6],
  ['kmem', 15],
  ['dialout', 20],
  ['fax', 21],
  ['voice', 22],
  ['cdrom', 24],
  ['floppy', 25],
  ['tape', 26],
  ['sudo', 27],
  ['audio', 29],
  ['dip', 30],
  ['operator', 37],
  ['src', 40],
  ['shadow', 42],
  ['utmp', 43],
  ['video', 44],
  ['sasl', 45],
  ['plugdev', 46],
  ['staff', 50],
  ['games', 60],
  ['users', 100],
  ['nogroup', 65534],
];

const byId = <T extends [string, number, ...unknown[]]>(rows: T[]): T[] => rows.toSorted((a, b) => a[1] - b[1]);

export const passwd = byId(users)
  .map(([name, uid, gid, gecos, home, shell]) => `${name}:x:${uid}:${gid}:${gecos}:${home}:${shell}\n`)
  .join('');

export const shadow = byId(users)
  .map(([name]) => `${name}:*:19683:0:99999:7:::\n`)
  .join('');

export const group = byId(groups)
  .map(([name, gid]) => `${name}:x:${gid}:\n`)
  .join('');

export const uidOf = (name: string): number => users.find(([user]) => user === name)?.[1] ?? 0;
export const gidOf = (name: string): number => groups.find(([one]) => one === name)?.[1] ?? 0;
