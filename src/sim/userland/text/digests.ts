/** md5sum, sha1sum, sha256sum, sha512sum, base64. */

import { blake2b } from '@noble/hashes/blake2.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { isErrno } from '../../../spec/index.ts';
import { decodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { splitLines } from '../core/lines.ts';
import type { Options } from '../core/options.ts';
import { quote } from '../core/quote.ts';

export interface Hasher {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** By the names that cksum -a and openssl dgst know. */
export const hashers: Readonly<Record<string, () => Hasher>> = {
  md5: () => md5.create(),
  sha1: () => sha1.create(),
  sha224: () => sha224.create(),
  sha256: () => sha256.create(),
  sha384: () => sha384.create(),
  sha512: () => sha512.create(),
  blake2b: () => blake2b.create({ dkLen: 64 }),
};

/** Hashing costs much more than reading. */
const bytesPerUnit = 2048;

export async function digestOf(c: Command, name: string, make: () => Hasher): Promise<string> {
  const hasher = make();
  const fd = await c.openInput(name);
  try {
    for (;;) {
      const bytes = await c.sys.read(fd, 1 << 18);
      if (bytes.length === 0) return bytesToHex(hasher.digest());
      hasher.update(bytes);
      await c.sys.preempt(Math.ceil(bytes.length / bytesPerUnit));
    }
  } finally {
    c.closeInput(fd);
  }
}

async function check(c: Command, o: Options, make: () => Hasher): Promise<number> {
  const silent = o.has('status');
  const quiet = silent || o.has('quiet');
  for (const list of o.operands.length ? o.operands : ['-']) {
    let failed = 0;
    let unread = 0;
    let lines = 0;
    for (const line of splitLines(decodeText(await c.readFile(list)))) {
      const match = /^([0-9a-fA-F]{32,}) [ *](.*)$/.exec(line) ?? /^([0-9a-fA-F]{32,}) (.*)$/.exec(line);
      if (!match) {
        if (c.bb) unread++;
        continue;
      }
      lines++;
      try {
        const good = (await digestOf(c, match[2]!, make)) === match[1]!.toLowerCase();
        if (!good) failed++;
        if (!silent && !(good && quiet)) c.out(`${match[2]}: ${good ? 'OK' : 'FAILED'}\n`);
      } catch (error) {
        c.error(c.bb ? `can't open '${match[2]}': ${c.reason(error)}` : `${match[2]}: ${c.reason(error)}`);
        if (c.bb) failed++;
        else unread++;
        if (!silent) c.out(`${match[2]}: FAILED${c.bb ? '' : ' open or read'}\n`);
      }
    }
    if (c.bb) {
      // A line that is none counts as one that did not match.
      lines += unread;
      failed += unread;
      unread = 0;
    }
    if (failed) c.status = 1;
    if (lines === 0 && !c.bb)
      c.error(`${list === '-' ? "'standard input'" : list}: no properly formatted checksum lines found`);
    if (lines === 0 && c.bb) c.error('no checksum lines found');
    if (unread && !silent) c.error(`WARNING: ${unread} listed file${unread > 1 ? 's' : ''} could not be read`);
    if (silent) continue;
    if (failed && !c.bb) c.error(`WARNING: ${failed} computed checksum${failed > 1 ? 's' : ''} did NOT match`);
    if (failed && c.bb) c.error(`WARNING: ${failed} of ${lines} computed checksums did NOT match`);
  }
  return c.status;
}

const sum = (name: string, make: (bytes?: number) => Hasher, applet = true): CommandSpec => ({
  name,
  suite: 'coreutils',
  applet,
  async run(c) {
    const o = c.options({
      gnu: `b,binary c,check t,text tag z,zero ignore-missing quiet status strict w,warn${name === 'b2sum' ? ' l,length=' : ''}`,
      busybox: 'c/check s/status w b t',
    });
    const bits = Number(o.value('length') ?? 0);
    const hasher = () => make(bits ? bits / 8 : undefined);
    if (o.has('check')) return check(c, o, hasher);
    for (const path of o.operands.length ? o.operands : ['-']) {
      try {
        const digest = await digestOf(c, path, hasher);
        if (o.has('tag')) c.out(`${name.replace('sum', '').toUpperCase()} (${path}) = ${digest}\n`);
        else c.out(`${digest} ${o.has('binary') ? '*' : ' '}${path}${o.has('zero') ? '\0' : '\n'}`);
      } catch (error) {
        const verb = isErrno(error, 'EISDIR') ? 'read' : 'open';
        c.error(c.bb ? `can't ${verb} '${path}': ${c.reason(error)}` : `${path}: ${c.reason(error)}`);
      }
    }
    return c.status;
  },
});

export const md5sum = sum('md5sum', () => md5.create());
export const sha1sum = sum('sha1sum', () => sha1.create());
export const sha256sum = sum('sha256sum', () => sha256.create());
export const sha512sum = sum('sha512sum', () => sha512.create());
export const sha224sum = sum('sha224sum', () => sha224.create(), false);
export const sha384sum = sum('sha384sum', () => sha384.create(), false);
export const b2sum = sum('b2sum', (dkLen = 64) => blake2b.create({ dkLen }), false);

export const base64: CommandSpec = {
  name: 'base64',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'd,decode i,ignore-garbage w,wrap=', busybox: 'd/decode i/ignore-garbage w/wrap:' });
    const path = o.operands[0] ?? '-';
    let text: string;
    try {
      text = await c.readFile(path);
    } catch (error) {
      return c.fail(`${path}: ${c.reason(error)}`);
    }
    if (!o.has('decode')) {
      const encoded = btoa(text);
      const width = Number(o.value('wrap') ?? 76);
      if (!(width >= 0))
        c.fail(c.bb ? `invalid number '${o.value('wrap')}'` : `invalid wrap size: ${quote(o.value('wrap')!)}`);
      c.raw(width ? encoded.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n') : encoded);
      return 0;
    }
    const clean = o.has('ignore-garbage')
      ? text.replace(/[^A-Za-z0-9+/=]/g, '')
      : text.replace(c.bb ? /\s/g : /\n/g, '');
    const valid = /^[A-Za-z0-9+/]*={0,2}/.exec(clean)![0];
    const whole = valid.replace(/=+$/, '');
    c.raw(atob(whole.length % 4 === 1 ? whole.slice(0, -1) : whole));
    // BusyBox stops without a word at what is no base64.
    if (c.bb && valid !== clean && whole.length % 4 === 0) return 0;
    if (valid !== clean || valid.length % 4 !== 0) c.error(c.bb ? 'truncated input' : 'invalid input');
    return c.status;
  },
};
