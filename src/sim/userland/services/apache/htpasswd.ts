/** htpasswd(1): users and their passwords, as httpd, nginx and the registry read them. */
import { sha1 } from '@noble/hashes/legacy.js';
import { compare, encodeBase64, hash } from 'bcryptjs';
import { base64, fromUtf8, isErrno, utf8 } from '../../../../spec/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { md5crypt, passwordFits, storedPassword } from '../http/credentials.ts';

const usage = `Usage:
	htpasswd [-cimB25dpsDv] [-C cost] [-r rounds] passwordfile username
	htpasswd -b[cmB25dpsDv] [-C cost] [-r rounds] passwordfile username password

	htpasswd -n[imB25dps] [-C cost] [-r rounds] username
	htpasswd -nb[mB25dps] [-C cost] [-r rounds] username password
 -c  Create a new file.
 -n  Don't update file; display results on stdout.
 -b  Use the password from the command line rather than prompting for it.
 -i  Read password from stdin without verification (for script usage).
 -m  Force MD5 hashing of the password (default).
 -2  Force SHA-256 hashing of the password (secure).
 -5  Force SHA-512 hashing of the password (secure).
 -B  Force bcrypt hashing of the password (very secure).
 -C  Set the computing time used for the bcrypt algorithm
     (higher is more secure but slower, default: 5, valid: 4 to 17).
 -r  Set the number of rounds used for the SHA-256, SHA-512 algorithms
     (higher is more secure but slower, default: 5000).
 -d  Force CRYPT hashing of the password (8 chars max, insecure).
 -s  Force SHA-1 hashing of the password (insecure).
 -p  Do not hash the password (plaintext, insecure).
 -D  Delete the specified user.
 -v  Verify password for the specified user.
On other systems than Windows and NetWare the '-p' flag will probably not work.
The SHA-1 algorithm does not use a salt and is less secure than the MD5 algorithm.
`;

/** What ends the program: its last words and status. */
class Failure extends Error {
  constructor(
    text: string,
    readonly status: number,
  ) {
    super(text);
  }
}

interface Call {
  flags: Set<string>;
  cost: number;
  file: string | undefined;
  user: string;
  password: string | undefined;
}

export const htpasswd: Program = async (sys) => {
  try {
    return await run(sys, readCall(sys.argv.slice(1)));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await sys.write(2, `${error.message}\n`);
    return error.status;
  }
};

function readCall(args: readonly string[]): Call {
  const rest = [...args];
  const flags = new Set<string>();
  let cost = 5;
  while (/^-./.test(rest[0] ?? '')) {
    for (const flag of rest.shift()!.slice(1)) {
      if (flag === 'C') cost = Number(rest.shift());
      else if ('cnbimBspDv'.includes(flag)) flags.add(flag);
      else if ('25dr'.includes(flag)) throw new Failure(`drydock: htpasswd -${flag} is not simulated`, 2);
      else throw new Failure(usage.trimEnd(), 2);
    }
  }
  if (!(cost >= 4 && cost <= 17)) throw new Failure('htpasswd: Unable to encode with bcrypt: Invalid argument', 7);
  const [given, expected] = [rest.length, (flags.has('n') ? 1 : 2) + (flags.has('b') ? 1 : 0)];
  if (given !== expected || (flags.has('c') && flags.has('n'))) throw new Failure(usage.trimEnd(), 2);
  const file = flags.has('n') ? undefined : rest.shift();
  const [user = '', password] = rest;
  if (user.includes(':')) throw new Failure("htpasswd: username contains illegal character ':'", 6);
  return { flags, cost, file, user, password };
}

async function run(sys: Sys, call: Call): Promise<number> {
  const { flags, file, user } = call;
  const old = file === undefined || flags.has('c') ? '' : readFile(sys, file);
  const known = storedPassword(old, user);
  if ((flags.has('D') || flags.has('v')) && known === undefined) throw new Failure(`User ${user} not found`, 6);
  if (flags.has('v')) return verify(sys, call, known!);
  if (flags.has('D')) return save(sys, call, without(old, user), 'Deleting');
  const line = `${user}:${await hashed(sys, call, await passwordOf(sys, call))}\n`;
  if (file !== undefined) {
    const lines = old !== '' && !old.endsWith('\n') ? `${old}\n` : old;
    const text = known === undefined ? lines + line : lines.replace(lineOf(user), () => line);
    return save(sys, call, text, known === undefined ? 'Adding' : 'Updating');
  }
  await sys.write(1, `${line}\n`);
  return 0;
}

const lineOf = (user: string): RegExp => new RegExp(`^${user.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}:.*\n?`, 'm');
const without = (text: string, user: string): string => text.replace(lineOf(user), '');

async function verify(sys: Sys, call: Call, stored: string): Promise<number> {
  const password = await passwordOf(sys, call);
  const fits = stored.startsWith('$2') ? await compare(password, stored) : passwordFits(stored, password);
  if (!fits && stored !== password) throw new Failure('password verification failed', 3);
  await sys.write(2, `Password for user ${call.user} correct.\n`);
  return 0;
}

async function hashed(sys: Sys, { flags, cost }: Call, password: string): Promise<string> {
  if (flags.has('p')) return password;
  if (flags.has('s')) return `{SHA}${base64(sha1(utf8(password)))}`;
  if (flags.has('B')) return hash(password, `$2y$${String(cost).padStart(2, '0')}$${encodeBase64(sys.random(16), 16)}`);
  const salt = [...sys.random(8)].map((byte) => saltDigits[byte & 63]).join('');
  return md5crypt(password, salt, '$apr1$');
}

const saltDigits = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

async function passwordOf(sys: Sys, { flags, password }: Call): Promise<string> {
  if (password !== undefined) return password;
  if (flags.has('i')) return readLine(sys);
  const first = await ask(sys, flags.has('v') ? 'Enter password: ' : 'New password: ');
  if (!flags.has('v') && (await ask(sys, 'Re-type new password: ')) !== first)
    throw new Failure('htpasswd: password verification error', 3);
  return first;
}

async function ask(sys: Sys, question: string): Promise<string> {
  await sys.write(2, question);
  const before = sys.isatty(0) ? sys.tcgetattr(0) : undefined;
  if (before) sys.tcsetattr(0, { ...before, flags: { ...before.flags, echo: false } });
  try {
    return await readLine(sys);
  } finally {
    if (before) sys.tcsetattr(0, before);
    await sys.write(2, '\n');
  }
}

async function readLine(sys: Sys): Promise<string> {
  let line = '';
  for (;;) {
    const byte = await sys.read(0, 1);
    if (byte.length === 0 || byte[0] === 10) return line;
    line += String.fromCharCode(byte[0]!);
  }
}

function readFile(sys: Sys, path: string): string {
  try {
    const fd = sys.openSync(path);
    try {
      return fromUtf8(sys.pread(fd, 0, sys.fstat(fd).size));
    } finally {
      sys.close(fd);
    }
  } catch (error) {
    if (!isErrno(error)) throw error;
    const text =
      error.code === 'ENOENT'
        ? `cannot modify file ${path}; use '-c' to create it`
        : `cannot open file ${path} for read/write access`;
    throw new Failure(`htpasswd: ${text}`, 1);
  }
}

async function save(sys: Sys, { file, user }: Call, text: string, doing: string): Promise<number> {
  let fd: number;
  try {
    fd = sys.openSync(file!, { access: 'write', create: true, truncate: true }, 0o644);
  } catch (error) {
    if (!isErrno(error)) throw error;
    throw new Failure(`htpasswd: cannot create file ${file}`, 1);
  }
  await sys.write(fd, text);
  sys.close(fd);
  await sys.write(2, `${doing} password for user ${user}\n`);
  return 0;
}
