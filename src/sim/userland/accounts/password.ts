/** passwd, chpasswd: what stands in /etc/shadow. */
import { sha512 } from '@noble/hashes/sha2.js';
import { findUser } from '../core/accounts.ts';
import { encodeText, fromBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { changeLine, readLines, today } from './account-files.ts';

const digits = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Differs from Linux: one round of SHA-512 over salt and password in the form of crypt(5)'s `$6$`. */
export function passwordHash(c: Command, password: string): string {
  const salt = [...c.sys.random(16)].map((byte) => digits[byte & 63]).join('');
  return `$6$${salt}$${digestText(salt, password)}`;
}

function digestText(salt: string, password: string): string {
  const bytes = sha512(fromBinary(encodeText(salt + password)));
  return [...bytes, ...bytes.subarray(0, 22)].map((byte) => digits[byte & 63]).join('');
}

export function passwordMatches(stored: string, password: string): boolean {
  const [, kind, salt, text] = stored.split('$');
  return kind === '6' && text === digestText(salt!, password);
}

/** Two prompts, as passwd has; undefined when they differ or nothing was typed. */
export async function askPassword(c: Command, name: string): Promise<string | undefined> {
  if (c.bb) c.out(`Changing password for ${name}\n`);
  const first = await prompt(c, c.bb ? 'New password: ' : 'New password: ');
  const second = await prompt(c, c.bb ? 'Retype password: ' : 'Retype new password: ');
  if (first === second && first !== '') {
    c.bb ? c.out(`passwd: password for ${name} changed by root\n`) : c.out('passwd: password updated successfully\n');
    return first;
  }
  if (c.bb) c.error(`password for ${name} is unchanged`.replace(/^/, ''), 1);
  else
    c.errorText(
      'Sorry, passwords do not match.\npasswd: Authentication token manipulation error\npasswd: password unchanged\n',
    );
  c.status ||= c.bb ? 1 : 10;
  return undefined;
}

async function prompt(c: Command, text: string): Promise<string> {
  const { sys } = c;
  c.errorText(text);
  await c.flush();
  const before = sys.isatty(0) ? sys.tcgetattr(0) : undefined;
  if (before) sys.tcsetattr(0, { ...before, flags: { ...before.flags, echo: false } });
  let line = '';
  try {
    for (;;) {
      const byte = await sys.read(0, 1);
      if (byte.length === 0 || byte[0] === 10) break;
      line += String.fromCharCode(byte[0]!);
    }
  } finally {
    if (before) sys.tcsetattr(0, before);
  }
  c.errorText('\n');
  return line;
}

export { prompt as promptSecret };

export const passwd: CommandSpec = {
  name: 'passwd',
  suite: 'passwd',
  applet: true,
  shortName: true,
  async run(c) {
    const o = c.options({
      gnu: 'a,all d,delete e,expire h,help k,keep-tokens i,inactive= l,lock n,mindays= q,quiet r,repository= R,root= S,status u,unlock w,warndays= x,maxdays=',
      busybox: 'a/algorithm: d/delete l/lock u/unlock',
    });
    const name = o.operands[0] ?? userName(c);
    if (!findUser(c.sys, name)) c.fail(c.bb ? `unknown user ${name}` : `user '${name}' does not exist`);
    if (o.has('status')) return status(c, name);
    const set = (change: (old: string) => string) =>
      changeLine(c, 'shadow', name, (f) => [f[0]!, change(f[1]!), String(today(c)), ...f.slice(3)]);
    if (o.has('delete')) set(() => '');
    else if (o.has('lock')) set((old) => (old.startsWith('!') ? old : `!${old}`));
    else if (o.has('unlock')) set((old) => old.replace(/^!/, ''));
    else {
      const typed = await askPassword(c, name);
      if (typed !== undefined) set(() => passwordHash(c, typed));
      return c.status;
    }
    if (c.bb) c.out(`passwd: password for ${name} changed by root\n`);
    else
      c.out(
        'passwd: password changed.\n'.replace(
          'changed',
          o.has('delete') ? 'expiry information changed' : 'expiry information changed',
        ),
      );
    return 0;
  },
};

function userName(c: Command): string {
  const { uid } = c.sys.cred;
  const line = readLines(c, 'passwd').find((text) => Number(text.split(':')[2]) === uid);
  return line?.split(':')[0] ?? c.fail('Cannot determine your user name.');
}

function status(c: Command, name: string): number {
  const fields =
    readLines(c, 'shadow')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':') ?? [];
  const word = fields[1] === '' ? 'NP' : /^[!*]/.test(fields[1] ?? '!') ? 'L' : 'P';
  const date = new Date(Number(fields[2] ?? 0) * 86_400_000).toISOString().slice(0, 10);
  c.out(`${name} ${word} ${date} ${fields[3] || 0} ${fields[4] || 99999} ${fields[5] || 7} -1\n`);
  return 0;
}

export const chpasswd: CommandSpec = {
  name: 'chpasswd',
  suite: 'passwd',
  applet: true,
  shortName: true,
  async run(c) {
    const o = c.options({
      gnu: 'c,crypt-method= e,encrypted m,md5 R,root= s,sha-rounds=',
      busybox: 'e/encrypted m c: encrypted md5 crypt-method=',
    });
    const lines = (await c.readAllText(0)).split('\n').filter(Boolean);
    for (const [index, line] of lines.entries()) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon);
      if (colon < 0) c.fail(c.bb ? 'missing new password' : `line ${index + 1}: missing new password`);
      if (!findUser(c.sys, name)) {
        if (c.bb) c.fail(`unknown user ${name}`);
        c.error(`(user ${name}) pam_chauthtok() failed, error:\nAuthentication token manipulation error`);
        c.error(`(line ${index + 1}, user ${name}) password not changed`);
        continue;
      }
      const secret = line.slice(colon + 1);
      changeLine(c, 'shadow', name, (f) => [
        f[0]!,
        o.has('encrypted') ? secret : passwordHash(c, secret),
        String(today(c)),
        ...f.slice(3),
      ]);
      if (c.bb) c.out(`chpasswd: password for '${name}' changed\n`);
    }
    return c.status;
  },
};
