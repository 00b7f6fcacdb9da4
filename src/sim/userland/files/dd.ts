import { isErrno } from '../../../spec/index.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { quote, quoteShell } from '../core/quote.ts';

interface Plan {
  input: string | undefined;
  output: string | undefined;
  inputSize: number;
  outputSize: number;
  count: number;
  skip: number;
  seek: number;
  conversions: ReadonlySet<string>;
  inputFlags: ReadonlySet<string>;
  outputFlags: ReadonlySet<string>;
  status: string;
}

interface Tally {
  wholeIn: number;
  partIn: number;
  wholeOut: number;
  partOut: number;
  bytes: number;
}

const factors: Record<string, number> = {
  c: 1,
  w: 2,
  b: 512,
  kB: 1000,
  K: 1024,
  k: 1024,
  KiB: 1024,
  MB: 1e6,
  M: 1 << 20,
  MiB: 1 << 20,
  GB: 1e9,
  G: 2 ** 30,
  GiB: 2 ** 30,
  TB: 1e12,
  T: 2 ** 40,
  TiB: 2 ** 40,
};

function parseNumber(c: Command, text: string): number {
  let product = 1;
  for (const piece of text.split('x')) {
    const match = /^(\d+)([A-Za-z]*)$/.exec(piece);
    const factor = match ? (match[2] === '' ? 1 : factors[match[2]!]) : undefined;
    if (!match || factor === undefined)
      return c.fail(c.bb ? `invalid number '${text}'` : `invalid number: ${quote(text)}`);
    product *= Number(match[1]) * factor;
  }
  return product;
}

const knownConversions = new Set(
  'ascii ebcdic ibm block unblock lcase ucase sparse swab sync excl nocreat notrunc noerror fdatasync fsync'.split(' '),
);

const busyboxConversions = new Set(['notrunc', 'sync', 'noerror', 'fsync', 'swab']);

const flagWords =
  'append binary cio direct directory dsync noatime nocache noctty nofollow nolinks nonblock sync text fullblock count_bytes skip_bytes seek_bytes'.split(
    ' ',
  );
const words: Readonly<Record<string, readonly string[]>> = {
  iflag: flagWords,
  oflag: flagWords,
  status: ['none', 'noxfer', 'progress'],
};

function checkWords(c: Command, operand: string, given: ReadonlySet<string>, what: string): void {
  for (const one of given) {
    if (words[operand]!.includes(one)) continue;
    if (c.bb) c.fail(`invalid argument '${one}' to '${operand}'`);
    c.usage(`invalid ${what}: ${quote(one)}`);
  }
}

function parsePlan(c: Command): Plan {
  const given = new Map<string, string>();
  for (const arg of c.args.filter((one) => one !== '--')) {
    const match = /^(if|of|bs|ibs|obs|count|skip|seek|iseek|oseek|conv|iflag|oflag|status|cbs)=(.*)$/.exec(arg);
    if (!match) c.usage(c.bb ? undefined : `unrecognized operand ${quote(arg)}`);
    given.set(match![1]!, match![2]!);
  }
  const list = (name: string) => new Set((given.get(name) ?? '').split(',').filter(Boolean));
  const number = (name: string, fallback: number) => (given.has(name) ? parseNumber(c, given.get(name)!) : fallback);
  const conversions = list('conv');
  for (const one of conversions) {
    if (c.bb && !busyboxConversions.has(one)) c.fail(`invalid argument '${one}' to 'conv'`);
    if (!knownConversions.has(one)) c.usage(`invalid conversion: ${quote(one)}`);
    if (/^(ascii|ebcdic|ibm|block|unblock)$/.test(one)) c.fail(`drydock: dd conv=${one} is not simulated`);
  }
  const both = number('bs', 0);
  const sizes = { inputSize: both || number('ibs', 512), outputSize: both || number('obs', 512) };
  if (sizes.inputSize === 0 || sizes.outputSize === 0 || (given.has('bs') && both === 0))
    c.fail(c.bb ? 'number 0 is not in 1..9223372036854775807 range' : `invalid number: ${quote('0')}`);
  const [inputFlags, outputFlags] = [list('iflag'), list('oflag')];
  checkWords(c, 'iflag', inputFlags, 'input flag');
  checkWords(c, 'oflag', outputFlags, 'output flag');
  checkWords(c, 'status', list('status'), 'status level');
  const count = number('count', Infinity);
  const skip = number('skip', number('iseek', 0));
  const seek = number('seek', number('oseek', 0));
  return {
    input: given.get('if'),
    output: given.get('of'),
    ...sizes,
    count: inputFlags.has('count_bytes') ? count : count * sizes.inputSize,
    skip: inputFlags.has('skip_bytes') ? skip : skip * sizes.inputSize,
    seek: outputFlags.has('seek_bytes') ? seek : seek * sizes.outputSize,
    conversions,
    inputFlags,
    outputFlags,
    status: given.get('status') ?? '',
  };
}

async function open(
  c: Command,
  path: string | undefined,
  fd: number,
  flags: Parameters<Command['sys']['open']>[1],
): Promise<number> {
  if (path === undefined) return fd;
  try {
    return await c.sys.open(path, flags, 0o666);
  } catch (error) {
    return c.fail(
      c.bb ? `can't open '${path}': ${c.reason(error)}` : `failed to open ${quoteShell(path)}: ${c.reason(error)}`,
    );
  }
}

async function openOutput(c: Command, plan: Plan): Promise<number> {
  const keep = plan.conversions.has('notrunc') || plan.seek > 0;
  const fd = await open(c, plan.output, 1, {
    nonblock: plan.outputFlags.has('nonblock'),
    access: 'write',
    create: !plan.conversions.has('nocreat'),
    exclusive: plan.conversions.has('excl'),
    truncate: !keep,
    append: plan.outputFlags.has('append'),
  });
  if (plan.seek === 0) return fd;
  try {
    // Without notrunc what lies behind the seek is cut off.
    if (!plan.conversions.has('notrunc')) c.sys.ftruncate(fd, plan.seek);
    c.sys.lseek(fd, plan.seek, 'cur');
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
  return fd;
}

async function skipInput(c: Command, fd: number, plan: Plan): Promise<void> {
  if (plan.skip === 0) return;
  try {
    c.sys.lseek(fd, plan.skip, 'cur');
  } catch {
    for (let left = plan.skip; left > 0; ) {
      const bytes = await c.sys.read(fd, Math.min(left, 1 << 16));
      if (bytes.length === 0) break;
      left -= bytes.length;
    }
  }
}

/** One input block: as one read gives it, or full with fullblock. */
async function readBlock(c: Command, fd: number, size: number, full: boolean): Promise<Uint8Array> {
  const first = await c.sys.read(fd, size);
  if (!full || first.length === 0 || first.length === size) return first;
  const block = new Uint8Array(size);
  block.set(first);
  let at = first.length;
  while (at < size) {
    const more = await c.sys.read(fd, size - at);
    if (more.length === 0) break;
    block.set(more, at);
    at += more.length;
  }
  return block.subarray(0, at);
}

function convert(block: Uint8Array, plan: Plan): Uint8Array {
  const { conversions } = plan;
  let out = block;
  if (conversions.has('sync') && block.length < plan.inputSize) {
    out = new Uint8Array(plan.inputSize);
    out.set(block);
  }
  if (conversions.has('ucase')) out = out.map((byte) => (byte >= 97 && byte <= 122 ? byte - 32 : byte));
  if (conversions.has('lcase')) out = out.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
  if (conversions.has('swab')) out = out.map((_, i, all) => all[i ^ 1] ?? all[i]!);
  return out;
}

async function copy(c: Command, plan: Plan, from: number, to: number, tally: Tally): Promise<void> {
  // A regular file is read in blocks as asked; nothing is gained by reading a byte at a time beyond counting.
  const same = plan.inputSize === plan.outputSize;
  let pending: Uint8Array[] = [];
  let waiting = 0;
  const put = async (bytes: Uint8Array) => {
    await c.sys.write(to, bytes);
    tally.bytes += bytes.length;
    if (bytes.length === plan.outputSize) tally.wholeOut++;
    else tally.partOut++;
  };
  const drainPending = async (all: boolean) => {
    const joined = new Uint8Array(waiting);
    let at = 0;
    for (const piece of pending) {
      joined.set(piece, at);
      at += piece.length;
    }
    at = 0;
    for (; at + plan.outputSize <= joined.length; at += plan.outputSize)
      await put(joined.subarray(at, at + plan.outputSize));
    if (all && at < joined.length) await put(joined.subarray(at));
    pending = all || at === joined.length ? [] : [joined.slice(at)];
    waiting = pending[0]?.length ?? 0;
  };
  for (let left = plan.count; left > 0; left -= plan.inputSize) {
    const block = await readBlock(c, from, Math.min(left, plan.inputSize), plan.inputFlags.has('fullblock'));
    if (block.length === 0) break;
    if (block.length === plan.inputSize) tally.wholeIn++;
    else tally.partIn++;
    const bytes = convert(block, plan);
    if (same) await put(bytes);
    else {
      pending.push(bytes.slice());
      waiting += bytes.length;
      if (waiting >= plan.outputSize) await drainPending(false);
    }
    await c.sys.preempt();
  }
  if (!same) await drainPending(true);
}

/** `1.5 kB`: three digits at most, as gnulib's human_readable does it. */
function human(bytes: number, base: number): string {
  const letters = base === 1000 ? ['B', 'kB', 'MB', 'GB', 'TB'] : ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let power = 0;
  let value = bytes;
  while (value >= base && power < letters.length - 1) {
    value /= base;
    power++;
  }
  const text = power > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return `${text} ${letters[power]}`;
}

function busyboxHuman(bytes: number): string {
  const letters = ['', 'K', 'M', 'G', 'T'];
  let power = 0;
  let value = bytes;
  while (value >= 1024 && power < 4) {
    value /= 1024;
    power++;
  }
  return `${value.toFixed(1)}${letters[power]}B`;
}

function seconds(value: number): string {
  const text = value.toPrecision(6);
  return text.includes('e')
    ? text.replace(/e([+-])(\d)$/, 'e$10$2')
    : text.includes('.')
      ? text.replace(/\.?0+$/, '')
      : text;
}

function report(c: Command, plan: Plan, tally: Tally, elapsed: number): void {
  if (plan.status === 'none') return;
  c.errorText(`${tally.wholeIn}+${tally.partIn} records in\n${tally.wholeOut}+${tally.partOut} records out\n`);
  if (plan.status === 'noxfer') return;
  const { bytes } = tally;
  if (c.bb) {
    c.errorText(
      `${bytes} bytes (${busyboxHuman(bytes)}) copied, ${elapsed.toFixed(6)} seconds, ${busyboxHuman(bytes / elapsed)}/s\n`,
    );
    return;
  }
  const sizes =
    bytes < 1000 ? '' : bytes < 1024 ? ` (${human(bytes, 1000)})` : ` (${human(bytes, 1000)}, ${human(bytes, 1024)})`;
  c.errorText(
    `${bytes} byte${bytes === 1 ? '' : 's'}${sizes} copied, ${seconds(elapsed)} s, ${human(bytes / elapsed, 1000)}/s\n`,
  );
}

export const dd: CommandSpec = {
  name: 'dd',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const plan = parsePlan(c);
    const start = c.sys.monotonic();
    const from = await open(c, plan.input, 0, { nonblock: plan.inputFlags.has('nonblock') });
    const to = await openOutput(c, plan);
    const tally: Tally = { wholeIn: 0, partIn: 0, wholeOut: 0, partOut: 0, bytes: 0 };
    await skipInput(c, from, plan);
    try {
      await copy(c, plan, from, to, tally);
    } catch (error) {
      if (!isErrno(error)) throw error;
      const writing = error.code === 'ENOSPC' || error.code === 'EPIPE' || error.code === 'EFBIG';
      const name = writing ? plan.output : plan.input;
      c.error(
        c.bb
          ? `${writing ? 'error writing' : 'error reading'} '${name ?? ''}': ${error.message}`
          : `error ${writing ? 'writing' : 'reading'} ${quoteShell(name ?? (writing ? 'standard output' : 'standard input'))}: ${error.message}`,
      );
    }
    // Differs from Linux: what a disk would have taken is not simulated; a copy takes at least a microsecond.
    report(c, plan, tally, Math.max((c.sys.monotonic() - start) / 1000, 1e-6));
    return c.status;
  },
};
