import type { CommandSpec } from '../core/command.ts';
import { quoteInMessage } from '../core/quote.ts';

export const tee: CommandSpec = {
  name: 'tee',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'a,append i,ignore-interrupts p output-error=?',
      busybox: 'a/append i/ignore-interrupts',
    });
    if (o.has('ignore-interrupts')) c.sys.signal(2, 'ignore');
    const append = o.has('append');
    const outputs: [fd: number, name: string][] = [[1, 'standard output']];
    for (const name of o.operands) {
      try {
        const flags = { access: 'write', create: true, append, truncate: !append } as const;
        outputs.push([await c.sys.open(name, flags, 0o666), name]);
      } catch (error) {
        c.error(`${c.bb ? name : quoteInMessage(name)}: ${c.reason(error)}`);
      }
    }
    for (;;) {
      await c.flush();
      const bytes = await c.sys.read(0);
      if (bytes.length === 0) return c.status;
      for (const [fd, name] of outputs) {
        try {
          await c.sys.write(fd, bytes);
        } catch (error) {
          c.error(`${name}: ${c.reason(error)}`);
        }
      }
    }
  },
};
