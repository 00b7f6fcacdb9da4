/** md5sum, sha1sum, sha256sum, sha512sum, base64. */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { splitLines } from '../core/lines.ts';

interface Hasher {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** Hashing costs much more than reading. */
const bytesPerUnit = 2048;

async function digestOf(c: Command, name: string, make: () => Hasher): Promise<string> {
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

async function check(c: Command, names: string[], make: () => Hasher): Promise<number> {
  for (const list of names.length ? names : ['-']) {
    let failed = 0;
    for (const line of splitLines(decodeText(await c.readFile(list)))) {
      const match = /^([0-9a-fA-F]+) [ *](.*)$/.exec(line);
      if (!match) continue;
      try {
        const good = (await digestOf(c, match[2]!, make)) === match[1]!.toLowerCase();
        if (!good) failed++;
        c.out(`${match[2]}: ${good ? 'OK' : 'FAILED'}\n`);
      } catch (error) {
        c.error(`${match[2]}: ${c.reason(error)}`);
        c.out(`${match[2]}: FAILED open or read\n`);
      }
    }
    if (failed && !c.bb) c.error(`WARNING: ${failed} computed checksum${failed > 1 ? 's' : ''} did NOT match`);
    if (failed && c.bb) c.error(`WARNING: ${failed} of ${failed} computed checksums did NOT match`);
  }
  return c.status;
}

const sum = (name: string, make: () => Hasher): CommandSpec => ({
  name,
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'b,binary c,check t,text tag z,zero ignore-missing quiet status strict w,warn',
      busybox: 'c/check s/status w',
    });
    if (o.has('check')) return check(c, o.operands, make);
    for (const path of o.operands.length ? o.operands : ['-']) {
      try {
        const digest = await digestOf(c, path, make);
        if (o.has('tag')) c.out(`${name.replace('sum', '').toUpperCase()} (${path}) = ${digest}\n`);
        else c.out(`${digest} ${o.has('binary') ? '*' : ' '}${path}${o.has('zero') ? '\0' : '\n'}`);
      } catch (error) {
        c.error(c.bb ? `can't open '${path}': ${c.reason(error)}` : `${path}: ${c.reason(error)}`);
      }
    }
    return c.status;
  },
});

export const md5sum = sum('md5sum', () => md5.create());
export const sha1sum = sum('sha1sum', () => sha1.create());
export const sha256sum = sum('sha256sum', () => sha256.create());
export const sha512sum = sum('sha512sum', () => sha512.create());

export const base64: CommandSpec = {
  name: 'base64',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'd,decode i,ignore-garbage w,wrap=', busybox: 'd/decode w/wrap:' });
    const path = o.operands[0] ?? '-';
    let text: string;
    try {
      text = await c.readFile(path);
    } catch (error) {
      return c.fail(c.bb ? `can't open '${path}': ${c.reason(error)}` : `${path}: ${c.reason(error)}`);
    }
    if (!o.has('decode')) {
      const encoded = btoa(text);
      const width = Number(o.value('wrap') ?? 76);
      c.raw(width ? encoded.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n') : encoded);
      return 0;
    }
    const clean = o.has('ignore-garbage') ? text.replace(/[^A-Za-z0-9+/=]/g, '') : text.replace(/\s/g, '');
    const valid = /^[A-Za-z0-9+/]*={0,2}/.exec(clean)![0];
    const whole = valid.replace(/=+$/, '');
    c.raw(atob(whole.length % 4 === 1 ? whole.slice(0, -1) : whole));
    if (valid !== clean || valid.length % 4 !== 0) c.error(c.bb ? 'truncated input' : 'invalid input');
    return c.status;
  },
};
