/** cksum (POSIX CRC) and sum (BSD and System V). */
import type { Command, CommandSpec } from '../core/command.ts';
import { inputError } from '../core/inputs.ts';
import { eachInput } from '../core/lines.ts';
import type { Options } from '../core/options.ts';
import { quote } from '../core/quote.ts';
import { digestOf, hashers } from './digests.ts';

const table = Array.from({ length: 256 }, (_, i) => {
  let value = i << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

const openError = (c: Command) => (name: string, reason: string) =>
  c.bb ? c.error(`can't open '${name}': ${reason}`) : inputError(c)(name, reason);

async function eachBlock(c: Command, fd: number, use: (bytes: Uint8Array) => void): Promise<void> {
  for (;;) {
    await c.flush();
    const bytes = await c.sys.read(fd, 1 << 18);
    if (bytes.length === 0) return;
    use(bytes);
    await c.sys.preempt();
  }
}

const algorithms = 'bsd sysv crc md5 sha1 sha224 sha256 sha384 sha512 blake2b sm3'.split(' ');

function wrongAlgorithm(c: Command, name: string): never {
  c.error(`invalid argument ${quote(name)} for '--algorithm'`);
  c.errorText(`Valid arguments are:\n${algorithms.map((one) => `  - '${one}'\n`).join('')}`);
  return c.usage();
}

/** `MD5 (file) = ...`, or with --untagged as md5sum prints it. */
async function digests(c: Command, o: Options, algorithm: string): Promise<number> {
  const make = hashers[algorithm];
  if (!make) return c.fail(`drydock: cksum -a ${algorithm} is not simulated`);
  const title = algorithm === 'blake2b' ? 'BLAKE2b' : algorithm.toUpperCase();
  const end = o.has('zero') ? '\0' : '\n';
  for (const path of o.operands.length ? o.operands : ['-']) {
    try {
      const digest = await digestOf(c, path, make);
      c.out(o.has('untagged') ? `${digest}  ${path}${end}` : `${title} (${path}) = ${digest}${end}`);
    } catch (error) {
      c.error(`${path}: ${c.reason(error)}`);
    }
  }
  return c.status;
}

export const cksum: CommandSpec = {
  name: 'cksum',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'a,algorithm= l,length= c,check base64 debug tag untagged z,zero quiet status strict w,warn',
      busybox: '',
    });
    const algorithm = o.value('algorithm') ?? 'crc';
    if (!algorithms.includes(algorithm)) wrongAlgorithm(c, algorithm);
    if (o.has('check')) c.fail('drydock: cksum --check is not simulated');
    if (algorithm === 'bsd' || algorithm === 'sysv') return sums(c, o.operands, algorithm === 'sysv');
    if (algorithm !== 'crc') return digests(c, o, algorithm);
    await eachInput(
      c,
      o.operands,
      async (fd, name) => {
        let crc = 0;
        let size = 0;
        const feed = (byte: number) => {
          crc = ((crc << 8) ^ table[((crc >>> 24) ^ byte) & 255]!) >>> 0;
        };
        await eachBlock(c, fd, (bytes) => {
          size += bytes.length;
          for (const byte of bytes) feed(byte);
        });
        for (let left = size; left > 0; left = Math.floor(left / 256)) feed(left & 255);
        c.out(`${~crc >>> 0} ${size}${o.operands.length ? ` ${name}` : ''}\n`);
      },
      openError(c),
    );
    return c.status;
  },
};

export const sum: CommandSpec = {
  name: 'sum',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: 'r s,sysv', busybox: 'r s/sysv' });
    return sums(c, o.operands, o.last('r', 'sysv') === 'sysv');
  },
};

async function sums(c: Command, operands: readonly string[], sysv: boolean): Promise<number> {
  await eachInput(
    c,
    operands,
    async (fd, name) => {
      let value = 0;
      let size = 0;
      await eachBlock(c, fd, (bytes) => {
        size += bytes.length;
        for (const byte of bytes) value = sysv ? value + byte : (((value >> 1) | ((value & 1) << 15)) + byte) & 0xffff;
      });
      if (sysv) value = (value & 0xffff) + Math.floor(value / 0x10000);
      if (sysv) value = (value & 0xffff) + (value >> 16);
      const blocks = Math.ceil(size / (sysv ? 512 : 1024));
      const label = sysv || !c.bb ? operands.length > 0 : operands.length > 1;
      const numbers = sysv ? `${value} ${blocks}` : `${String(value).padStart(5, '0')} ${String(blocks).padStart(5)}`;
      c.out(`${numbers}${label ? ` ${name}` : c.bb ? ' ' : ''}\n`);
    },
    openError(c),
  );
  return c.status;
}
