/** cksum (POSIX CRC) and sum (BSD and System V). */
import type { Command, CommandSpec } from '../core/command.ts';
import { inputError } from '../core/inputs.ts';
import { eachInput } from '../core/lines.ts';

const table = Array.from({ length: 256 }, (_, i) => {
  let value = i << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

async function eachBlock(c: Command, fd: number, use: (bytes: Uint8Array) => void): Promise<void> {
  for (;;) {
    await c.flush();
    const bytes = await c.sys.read(fd, 1 << 18);
    if (bytes.length === 0) return;
    use(bytes);
    await c.sys.preempt();
  }
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
    const algorithm = o.value('algorithm');
    if (algorithm !== undefined && algorithm !== 'crc') c.fail(`drydock: cksum -a ${algorithm} is not simulated`);
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
      inputError(c),
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
    const sysv = o.last('r', 'sysv') === 'sysv';
    await eachInput(
      c,
      o.operands,
      async (fd, name) => {
        let value = 0;
        let size = 0;
        await eachBlock(c, fd, (bytes) => {
          size += bytes.length;
          for (const byte of bytes)
            value = sysv ? value + byte : (((value >> 1) | ((value & 1) << 15)) + byte) & 0xffff;
        });
        if (sysv) value = (value & 0xffff) + Math.floor(value / 0x10000);
        if (sysv) value = (value & 0xffff) + (value >> 16);
        const blocks = Math.ceil(size / (sysv ? 512 : 1024));
        const label = sysv ? o.operands.length > 0 : c.bb ? o.operands.length > 1 : o.operands.length > 0;
        const numbers = sysv ? `${value} ${blocks}` : `${String(value).padStart(5, '0')} ${String(blocks).padStart(5)}`;
        c.out(`${numbers}${label ? ` ${name}` : ''}\n`);
      },
      inputError(c),
    );
    return c.status;
  },
};
