/** getent, nslookup (BIND and BusyBox), host, dig: what names lead to. */
import { isErrno } from '../../../spec/index.ts';
import { makeQuery, parseAnswer, type Rcode, typeA, typePtr } from '../../net/dns.ts';
import { ResolveError, resolveHost } from '../../net/resolve.ts';
import { findGroup, findUser, readGroups, readUsers, slurp } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';

const queryTimeoutMs = 5000;

interface Reply {
  rcode: Rcode;
  values: string[];
  bytes: number;
}

const nameservers = (c: Command): string[] =>
  [...slurp(c.sys, '/etc/resolv.conf').matchAll(/^nameserver\s+(\S+)/gm)].map((match) => match[1]!);

const searchList = (c: Command): string[] =>
  /^search\s+(.*)$/m.exec(slurp(c.sys, '/etc/resolv.conf'))?.[1]?.split(/\s+/) ?? [];

/** Undefined when the server does not answer. */
async function ask(c: Command, server: string, name: string, type: number): Promise<Reply | undefined> {
  const { sys } = c;
  const fd = sys.socket('inet', 'dgram');
  try {
    const id = sys.random(2);
    const message = makeQuery({ id: id[0]! * 256 + id[1]!, name: name.replace(/\.$/, ''), type });
    await sys.connect(fd, { family: 'inet', address: server, port: 53 });
    await sys.sendto(fd, message, { family: 'inet', address: server, port: 53 });
    if ((await sys.poll([{ fd, read: true }], queryTimeoutMs)).length === 0) return undefined;
    const { bytes } = await sys.recvfrom(fd);
    return { ...parseAnswer(bytes), bytes: bytes.length };
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  } finally {
    sys.close(fd);
  }
}

const isAddress = (text: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(text);
const reverseName = (address: string): string => `${address.split('.').reverse().join('.')}.in-addr.arpa`;

export const nslookup: CommandSpec = {
  name: 'nslookup',
  suite: 'dnsutils',
  applet: true,
  async run(c) {
    const words = c.args.filter((arg) => !arg.startsWith('-'));
    const [name, given] = words;
    if (name === undefined) c.bb ? c.usage() : c.fail('drydock: interactive nslookup is not simulated');
    const server = given === undefined ? (nameservers(c)[0] ?? '127.0.0.1') : (await resolveHost(c.sys, given))[0]!;
    const reverse = isAddress(name!);
    const asked = reverse ? reverseName(name!) : name!;
    const names =
      reverse || name!.includes('.')
        ? [asked]
        : c.bb
          ? [asked]
          : [...searchList(c).map((domain) => `${name}.${domain}`), asked];
    let reply: Reply | undefined;
    let answered = asked;
    for (const candidate of names) {
      reply = await ask(c, server, candidate, reverse ? typePtr : typeA);
      answered = candidate;
      if (!reply || reply.values.length) break;
    }
    if (!reply) {
      c.out(
        c.bb
          ? `;; connection timed out; no servers could be reached\n\n`
          : `;; communications error to ${server}#53: timed out\n;; no servers could be reached\n\n`,
      );
      return 1;
    }
    c.out(
      c.bb ? `Server:\t\t${server}\nAddress:\t${server}:53\n\n` : `Server:\t\t${server}\nAddress:\t${server}#53\n\n`,
    );
    return c.bb ? busyboxAnswer(c, asked, reply, reverse) : bindAnswer(c, name!, answered, reply, reverse);
  },
};

/** BusyBox asks for A and AAAA; we have no IPv6, which is an empty answer to the second. */
function busyboxAnswer(c: Command, name: string, reply: Reply, reverse: boolean): number {
  if (reply.rcode !== 'ok') {
    const line = `** server can't find ${name}: ${reply.rcode === 'nxdomain' ? 'NXDOMAIN' : 'SERVFAIL'}\n\n`;
    c.out(reverse ? line : line + line);
    return 1;
  }
  if (!reply.values.length) c.out(`*** Can't find ${name}: No answer\n\n`);
  else if (reverse)
    c.out(`Non-authoritative answer:\n${reply.values.map((value) => `${name}\tname = ${value}\n`).join('')}\n`);
  else {
    c.out(
      `Non-authoritative answer:\n${reply.values.map((value) => `Name:\t${name}\nAddress: ${value}\n`).join('')}\n`,
    );
    c.out(`Non-authoritative answer:\n\n`);
  }
  return 0;
}

function bindAnswer(c: Command, name: string, answered: string, reply: Reply, reverse: boolean): number {
  if (reply.rcode !== 'ok') {
    c.out(
      `** server can't find ${reverse ? answered : name}: ${reply.rcode === 'nxdomain' ? 'NXDOMAIN' : 'SERVFAIL'}\n\n`,
    );
    return 1;
  }
  if (reply.values.length === 0) {
    c.out(`*** Can't find ${name}: No answer\n\n`);
    return 1;
  }
  if (reverse) c.out(`${reply.values.map((value) => `${answered}\tname = ${value}.\n`).join('')}\n`);
  else
    c.out(
      `Non-authoritative answer:\n${reply.values.map((value) => `Name:\t${answered}\nAddress: ${value}\n`).join('')}\n`,
    );
  return 0;
}

export const host: CommandSpec = {
  name: 'host',
  suite: 'dnsutils',
  async run(c) {
    const o = c.options({ gnu: '4 6 a c: C d l N: r R: s t: T v V w W:' });
    const [name, given] = o.operands;
    if (name === undefined) c.usage();
    const server = given ?? nameservers(c)[0] ?? '127.0.0.1';
    const reverse = isAddress(name!);
    const asked = reverse ? reverseName(name!) : name!;
    const reply = await ask(c, server, asked, reverse ? typePtr : typeA);
    if (!reply) {
      c.out(`;; communications error to ${server}#53: timed out\n;; no servers could be reached\n\n`);
      return 1;
    }
    if (reply.rcode !== 'ok') {
      c.out(`Host ${asked}${reverse ? '.' : ''} not found: 3(NXDOMAIN)\n`);
      return 1;
    }
    for (const value of reply.values)
      c.out(reverse ? `${asked} domain name pointer ${value}.\n` : `${asked} has address ${value}\n`);
    return 0;
  },
};

export const dig: CommandSpec = {
  name: 'dig',
  suite: 'dnsutils',
  async run(c) {
    const short = c.args.includes('+short');
    const server = c.args.find((arg) => arg.startsWith('@'))?.slice(1) ?? nameservers(c)[0] ?? '127.0.0.1';
    const reverse = c.args.includes('-x');
    const words = c.args.filter((arg) => !/^[-+@]/.test(arg) && !/^(A|PTR|IN)$/i.test(arg));
    const typed = words.find((word) => /^(AAAA|MX|TXT|NS|SOA|CNAME|SRV|ANY)$/i.test(word));
    if (typed) c.fail(`drydock: dig ${typed} is not simulated`);
    const name = reverse ? reverseName(words[0] ?? '') : (words[0] ?? '.');
    const address = isAddress(server) ? server : (await resolveHost(c.sys, server))[0]!;
    const reply = await ask(c, address, name, reverse ? typePtr : typeA);
    if (!reply) {
      c.out(`;; communications error to ${address}#53: timed out\n\n`);
      return 9;
    }
    const type = reverse ? 'PTR' : 'A';
    const value = (text: string) => (reverse ? `${text}.` : text);
    if (short) {
      for (const text of reply.values) c.out(`${value(text)}\n`);
      return 0;
    }
    const status = { ok: 'NOERROR', nxdomain: 'NXDOMAIN', servfail: 'SERVFAIL' }[reply.rcode];
    const id = 1 + ((c.sys.random(2)[0]! << 8) | 7);
    c.out(`\n; <<>> DiG 9.18.33-1~deb12u2-Debian <<>> ${c.args.join(' ')}\n;; global options: +cmd\n;; Got answer:\n`);
    c.out(`;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: ${id}\n`);
    c.out(`;; flags: qr rd ra; QUERY: 1, ANSWER: ${reply.values.length}, AUTHORITY: 0, ADDITIONAL: 0\n\n`);
    c.out(`;; QUESTION SECTION:\n;${name}.\t\t\tIN\t${type}\n\n`);
    if (reply.values.length)
      c.out(
        `;; ANSWER SECTION:\n${reply.values.map((text) => `${name}.\t\t600\tIN\t${type}\t${value(text)}\n`).join('')}\n`,
      );
    c.out(`;; Query time: 0 msec\n;; SERVER: ${address}#53(${address}) (UDP)\n;; MSG SIZE  rcvd: ${reply.bytes}\n\n`);
    return 0;
  },
};

type Database = (c: Command, keys: readonly string[]) => Promise<string[] | undefined> | string[] | undefined;

const userLine = (user: ReturnType<typeof readUsers>[number]): string =>
  `${user.name}:${user.password}:${user.uid}:${user.gid}:${user.gecos}:${user.home}:${user.shell}`;
const groupLine = (group: ReturnType<typeof readGroups>[number]): string =>
  `${group.name}:${group.password}:${group.gid}:${group.members.join(',')}`;

/** Undefined: a key was not found. */
const all = <T>(items: readonly (T | undefined)[], line: (item: T) => string): string[] | undefined =>
  items.includes(undefined) ? undefined : items.map((item) => line(item!));

function hostsFile(c: Command): string[] {
  return slurp(c.sys, '/etc/hosts')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter((words) => words.length > 1)
    .map(([address, ...names]) => `${address!.padEnd(15)} ${names.join(' ')}`);
}

async function lookUp(c: Command, name: string): Promise<string[]> {
  try {
    return await resolveHost(c.sys, name);
  } catch (error) {
    if (error instanceof ResolveError) return [];
    throw error;
  }
}

const databases: Record<string, Database> = {
  passwd: (c, keys) =>
    keys.length === 0
      ? readUsers(c.sys).map(userLine)
      : all(
          keys.map((key) => findUser(c.sys, key) ?? readUsers(c.sys).find((user) => String(user.uid) === key)),
          userLine,
        ),
  group: (c, keys) =>
    keys.length === 0
      ? readGroups(c.sys).map(groupLine)
      : all(
          keys.map((key) => findGroup(c.sys, key) ?? readGroups(c.sys).find((group) => String(group.gid) === key)),
          groupLine,
        ),
  async hosts(c, keys) {
    if (keys.length === 0) return hostsFile(c);
    const out: string[] = [];
    for (const key of keys) {
      const [address] = await lookUp(c, key);
      if (address === undefined) return undefined;
      out.push(`${address.padEnd(15)} ${key}`);
    }
    return out;
  },
  async ahosts(c, keys) {
    const out: string[] = [];
    for (const key of keys) {
      const [address] = await lookUp(c, key);
      if (address === undefined) return undefined;
      out.push(`${address.padEnd(15)} STREAM ${key}`, `${address.padEnd(15)} DGRAM  `, `${address.padEnd(15)} RAW    `);
    }
    return out;
  },
  shadow: (c, keys) => {
    const lines = slurp(c.sys, '/etc/shadow').split('\n').filter(Boolean);
    return keys.length === 0
      ? lines
      : all(
          keys.map((key) => lines.find((line) => line.startsWith(`${key}:`))),
          (line) => line,
        );
  },
};
databases.ahostsv4 = databases.ahosts!;

export const getent: CommandSpec = {
  name: 'getent',
  suite: 'libc-bin',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'i,no-idn s,service=', busybox: '' });
    const [database, ...keys] = o.operands;
    if (database === undefined) {
      c.error('wrong number of arguments');
      return 1;
    }
    const found = databases[database];
    if (!found) {
      c.errorText(`Unknown database: ${database}\n`);
      c.out("Try `getent --help' or `getent --usage' for more information.\n");
      return 1;
    }
    const lines = await found(c, keys);
    for (const line of lines ?? []) c.out(`${line}\n`);
    return lines ? 0 : 2;
  },
};
