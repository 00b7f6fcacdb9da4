import type { CommandSpec } from '../core/command.ts';
import { parseSize } from '../core/numbers.ts';

/** Differs from Linux: the new space is a hole, as truncate(1) makes it; it counts when it is written. */
export const fallocate: CommandSpec = {
  name: 'fallocate',
  suite: 'util-linux',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'c,collapse-range d,dig-holes i,insert-range l,length= n,keep-size o,offset= p,punch-hole z,zero-range x,posix v,verbose',
      busybox: 'l/length: o/offset: n/keep-size',
    });
    if (o.has('collapse-range', 'dig-holes', 'insert-range', 'punch-hole', 'zero-range'))
      c.fail('drydock: fallocate -c, -d, -i, -p and -z are not simulated');
    const [path] = o.operands;
    if (!o.has('length')) c.usage(c.bb ? undefined : 'no length argument specified');
    if (path === undefined) c.usage(c.bb ? undefined : 'no filename specified');
    const length = parseSize(o.value('length')!, 'kKMGTPEZY');
    if (length === undefined) c.fail(c.bb ? `invalid number '${o.value('length')}'` : 'failed to parse length');
    if (length! <= 0) c.fail('invalid length value specified');
    const end = length! + (parseSize(o.value('offset') ?? '0', 'kKMGTPEZY') ?? 0);
    const fd = await c.sys
      .open(path!, { access: 'readwrite', create: true }, 0o666)
      .catch((error) => c.fail(`cannot open ${path}: ${c.reason(error)}`));
    if (!o.has('keep-size') && c.sys.fstat(fd).size < end) c.sys.ftruncate(fd, end);
    return 0;
  },
};
