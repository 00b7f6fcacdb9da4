import { fromBinary } from '../core/bytes.ts';
import type { CommandSpec } from '../core/command.ts';
import { lines } from '../core/lines.ts';
import { quote, quoteInMessage } from '../core/quote.ts';

export const uniq: CommandSpec = {
  name: 'uniq',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'c,count d,repeated D all-repeated=? f,skip-fields= group=? i,ignore-case s,skip-chars= u,unique w,check-chars= z,zero-terminated',
      busybox:
        'c/count d/repeated u/unique i/ignore-case z/zero-terminated f/skip-fields: s/skip-chars: w/check-chars:',
    });
    const count = (name: string, what: string): number => {
      const text = o.value(name);
      if (text === undefined) return 0;
      if (!/^\d+$/.test(text)) c.fail(c.bb ? `invalid number '${text}'` : `${text}: invalid number of ${what}`);
      return Number(text);
    };
    const fields = count('skip-fields', 'fields to skip');
    const skip = count('skip-chars', 'bytes to skip');
    const most = o.has('check-chars') ? count('check-chars', 'bytes to compare') : undefined;
    const skipFields = new RegExp(`^(?:[ \\t]*[^ \\t]+){0,${fields}}`);
    const key = (line: string): string => {
      if (fields) line = line.replace(skipFields, '');
      line = line.slice(skip, most === undefined ? undefined : skip + most);
      return o.has('ignore-case') ? line.toLowerCase() : line;
    };
    if (o.operands.length > 2) c.usage(c.bb ? undefined : `extra operand ${quote(o.operands[2]!)}`);
    const end = o.has('zero-terminated') ? '\0' : '\n';
    let text = '';
    let group: string[] = [];
    let size = 0;
    let groups = 0;
    const put = (line: string) => {
      if (o.operands[1] === undefined || o.operands[1] === '-') c.raw(line);
      else text += line;
    };
    const finish = () => {
      if (size === 0) return;
      if (o.has('group')) {
        const method = o.value('group') || 'separate';
        const before = method === 'prepend' || method === 'both' || (method === 'separate' && groups > 0);
        if (before && !(method === 'both' && groups > 0)) put(end);
        for (const line of group) put(line + end);
        if (method === 'append' || method === 'both') put(end);
        groups++;
        return;
      }
      if (o.has('D', 'all-repeated')) {
        if (size > 1) for (const line of group) put(line + end);
        return;
      }
      if (o.has('repeated') && size < 2) return;
      if (o.has('unique') && size > 1) return;
      put(`${o.has('count') ? `${String(size).padStart(7)} ` : ''}${group[0]}${end}`);
    };
    const input = o.operands[0] ?? '-';
    let fd: number;
    try {
      fd = await c.openInput(input);
    } catch (error) {
      return c.fail(
        c.bb ? `can't open '${input}': ${c.reason(error)}` : `${quoteInMessage(input)}: ${c.reason(error)}`,
      );
    }
    let current = '';
    for await (const line of lines(c, fd, c.bb ? '\n' : end)) {
      const next = key(line.text);
      if (size > 0 && next === current) {
        size++;
        if (o.has('D', 'all-repeated', 'group')) group.push(line.text);
        continue;
      }
      finish();
      group = [line.text];
      size = 1;
      current = next;
    }
    finish();
    if (text || (o.operands[1] ?? '-') !== '-') {
      const out = await c.sys.open(o.operands[1]!, { access: 'write', create: true, truncate: true }, 0o666);
      await c.sys.write(out, fromBinary(text));
    }
    return 0;
  },
};
