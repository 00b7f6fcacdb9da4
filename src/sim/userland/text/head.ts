import { toBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { parseSize } from '../core/numbers.ts';
import { quote, quoteShell } from '../core/quote.ts';

interface Wish {
  count: number;
  bytes: boolean;
  /** All but the last `count`. */
  elide: boolean;
  separator: string;
}

async function headBytes(c: Command, fd: number, count: number): Promise<void> {
  for (let left = count; left > 0; ) {
    await c.flush();
    const bytes = await c.sys.read(fd, Math.min(left, 1 << 17));
    if (bytes.length === 0) return;
    c.raw(toBinary(bytes));
    left -= bytes.length;
  }
}

async function headLines(c: Command, fd: number, count: number, separator: string): Promise<void> {
  for (let left = count; left > 0; ) {
    await c.flush();
    const text = toBinary(await c.sys.read(fd, 8192));
    if (text === '') return;
    let end = 0;
    while (left > 0) {
      const at = text.indexOf(separator, end);
      if (at < 0) {
        end = text.length;
        break;
      }
      end = at + 1;
      left--;
    }
    c.raw(text.slice(0, end));
    if (left === 0 && end < text.length) giveBack(c, fd, end - text.length);
  }
}

/** What was read too far is given back when the input can seek, as head does. */
function giveBack(c: Command, fd: number, offset: number): void {
  try {
    c.sys.lseek(fd, offset, 'cur');
  } catch {
    // A pipe: what was read is gone.
  }
}

async function headElided(c: Command, fd: number, wish: Wish): Promise<void> {
  const text = await c.readAllText(fd);
  if (wish.bytes) return c.raw(text.slice(0, Math.max(0, text.length - wish.count)));
  let end = text.length;
  for (let left = wish.count; left > 0 && end > 0; left--) {
    end = text.lastIndexOf(wish.separator, end - (text[end - 1] === wish.separator ? 2 : 1)) + 1;
    if (end === 0) break;
  }
  c.raw(text.slice(0, end));
}

function parseWish(c: Command, text: string, bytes: boolean, separator: string): Wish {
  const elide = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '');
  const count = parseSize(digits, c.bb ? 'bkmKMG' : 'bkKmMGTPEZY');
  if (count === undefined) {
    if (c.bb) c.fail(`invalid number '${text}'`);
    c.fail(`invalid number of ${bytes ? 'bytes' : 'lines'}: ${quote(text)}`);
  }
  return { count: count!, bytes, elide, separator };
}

export const head: CommandSpec = {
  name: 'head',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    // The old form: head -5.
    if (/^-\d+/.test(c.args[0] ?? '')) c.args.splice(0, 1, '-n', c.args[0]!.slice(1));
    const o = c.options({
      gnu: 'c,bytes= n,lines= q,quiet silent v,verbose z,zero-terminated',
      busybox: 'c/bytes: n/lines: q/quiet v/verbose',
    });
    const separator = o.has('zero-terminated') ? '\0' : '\n';
    const unit = o.last('bytes', 'lines');
    const wish = unit
      ? parseWish(c, o.value(unit)!, unit === 'bytes', separator)
      : { count: 10, bytes: false, elide: false, separator };
    const names = o.operands.length ? o.operands : ['-'];
    const headers = o.has('verbose') || (names.length > 1 && !o.has('quiet', 'silent'));
    let first = true;
    for (const name of names) {
      let fd: number;
      try {
        fd = await c.openInput(name);
      } catch (error) {
        c.error(
          c.bb ? `${name}: ${c.reason(error)}` : `cannot open ${quoteShell(name)} for reading: ${c.reason(error)}`,
        );
        continue;
      }
      try {
        if (headers) c.out(`${first ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`);
        first = false;
        if (wish.elide) await headElided(c, fd, wish);
        else if (wish.bytes) await headBytes(c, fd, wish.count);
        else await headLines(c, fd, wish.count, separator);
      } catch (error) {
        c.error(c.bb ? `${name}: ${c.reason(error)}` : `error reading ${quoteShell(name)}: ${c.reason(error)}`);
      } finally {
        c.closeInput(fd);
      }
    }
    return c.status;
  },
};
