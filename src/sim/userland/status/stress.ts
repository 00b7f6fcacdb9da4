/** stress(1): workers that compute, take memory or write, until a time has passed. */
import { isErrno } from '../../../spec/index.ts';
import type { Program } from '../../kernel/program.ts';
import type { Sys } from '../../kernel/sys.ts';
import { parseDuration } from '../core/numbers.ts';

const version = '1.0.4';

const usage = (name: string): string => `\`stress' imposes certain types of compute stress on your system

Usage: ${name} [OPTION [ARG]] ...
 -?, --help         show this help statement
     --version      show version statement
 -v, --verbose      be verbose
 -q, --quiet        be quiet
 -n, --dry-run      show what would have been done
 -t, --timeout N    timeout after N seconds
     --backoff N    wait factor of N microseconds before work starts
 -c, --cpu N        spawn N workers spinning on sqrt()
 -i, --io N         spawn N workers spinning on sync()
 -m, --vm N         spawn N workers spinning on malloc()/free()
     --vm-bytes B   malloc B bytes per vm worker (default is 256MB)
     --vm-stride B  touch a byte every B bytes (default is 4096)
     --vm-hang N    sleep N secs before free (default none, 0 is inf)
     --vm-keep      redirty memory instead of freeing and reallocating
 -d, --hdd N        spawn N workers spinning on write()/unlink()
     --hdd-bytes B  write B bytes per hdd worker (default is 1GB)

Example: ${name} --cpu 8 --io 4 --vm 2 --vm-bytes 128M --timeout 10s

Note: Numbers may be suffixed with s,m,h,d,y (time) or B,K,M,G (size).

`;

const long: Readonly<Record<string, string>> = { c: 'cpu', i: 'io', m: 'vm', d: 'hdd', t: 'timeout' };
const sizes = ['vm-bytes', 'vm-stride', 'hdd-bytes'];
const times = ['timeout', 'vm-hang'];
const counts = ['cpu', 'io', 'vm', 'hdd', 'backoff'];
const switches: Readonly<Record<string, string>> = { v: 'verbose', q: 'quiet', n: 'dry-run' };

interface Wanted {
  numbers: Record<string, number>;
  flags: Set<string>;
}

export const stress: Program = async (sys) => {
  const name = sys.argv[0] ?? 'stress';
  const say = (kind: string, text: string) =>
    sys.write(kind === 'FAIL' || kind === 'WARN' ? 2 : 1, `stress: ${kind}: [${sys.pid}] ${text}\n`);
  const wanted = readOptions(sys.argv.slice(1));
  if (typeof wanted === 'string') {
    await say('FAIL', wanted);
    return 1;
  }
  const { numbers, flags } = wanted;
  if (flags.has('version')) {
    await sys.write(1, `${name} ${version}\n`);
    return 0;
  }
  const { cpu = 0, io = 0, vm = 0, hdd = 0, timeout = 0 } = numbers;
  if (flags.has('help') || cpu + io + vm + hdd === 0) {
    await sys.write(1, usage(name));
    return 0;
  }
  const loud = !flags.has('quiet');
  if (loud) await say('info', `dispatching hogs: ${cpu} cpu, ${io} io, ${vm} vm, ${hdd} hdd`);
  const began = sys.monotonic();
  const hogs: ((sys: Sys) => Promise<number>)[] = [
    ...Array(cpu).fill(compute),
    ...Array(io).fill(compute),
    ...Array(vm).fill((child: Sys) => takeMemory(child, wanted)),
    ...Array(hdd).fill((child: Sys) => writeFiles(child, wanted)),
  ];
  const workers = new Set(
    flags.has('dry-run') ? [] : hogs.map((hog) => sys.fork((child) => ending(child, hog, timeout))),
  );
  const failed = await reap(sys, workers, say);
  const seconds = Math.floor((sys.monotonic() - began) / 1000);
  if (failed) await say('FAIL', `(451) failed run completed in ${seconds}s`);
  else if (loud) await say('info', `successful run completed in ${seconds}s`);
  return failed ? 1 : 0;
};

/** A worker ends itself by its own alarm, as the real ones do. */
function ending(child: Sys, hog: (sys: Sys) => Promise<number>, timeout: number): Promise<number> {
  if (timeout > 0) child.alarm(timeout);
  return hog(child);
}

type Say = (kind: string, text: string) => Promise<unknown>;

async function reap(sys: Sys, workers: Set<number>, say: Say): Promise<boolean> {
  const alarm = 14;
  let failed = false;
  while (workers.size > 0) {
    const ended = await sys.wait(-1);
    if (!ended || !workers.delete(ended.pid)) continue;
    if (ended.signal === alarm || (ended.signal === undefined && ended.code === 0)) continue;
    if (failed) continue;
    failed = true;
    const how = ended.signal === undefined ? `returned error ${ended.code}` : `got signal ${ended.signal}`;
    await say('FAIL', `(415) <-- worker ${ended.pid} ${how}`);
    await say('WARN', '(417) now reaping child worker processes');
    for (const pid of workers) kill(sys, pid);
  }
  return failed;
}

function kill(sys: Sys, pid: number): void {
  try {
    sys.kill(pid, 10);
  } catch (error) {
    if (!isErrno(error)) throw error; // it ended meanwhile
  }
}

async function compute(sys: Sys): Promise<number> {
  for (;;) await sys.preempt(64);
}

async function takeMemory(sys: Sys, { numbers }: Wanted): Promise<number> {
  const hang = numbers['vm-hang'];
  for (;;) {
    sys.setMemory(numbers['vm-bytes'] ?? 256 << 20);
    if (hang === undefined) await sys.preempt(64);
    else if (hang === 0) await sys.sleep(2 ** 30);
    else await sys.sleep(hang * 1000);
  }
}

/** Differs from Linux: the file has the size, not the bytes. */
async function writeFiles(sys: Sys, { numbers }: Wanted): Promise<number> {
  for (;;) {
    const path = `./stress.${sys.pid}`;
    const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, 0o600);
    sys.unlink(path);
    sys.ftruncate(fd, numbers['hdd-bytes'] ?? 1 << 30);
    await sys.preempt(64);
    sys.close(fd);
  }
}

/** The options, or what is wrong with them. */
function readOptions(args: readonly string[]): Wanted | string {
  const wanted: Wanted = { numbers: {}, flags: new Set() };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const name = arg.startsWith('--') ? arg.slice(2) : (long[arg.slice(1)] ?? switches[arg.slice(1)] ?? arg.slice(1));
    if (['help', '?', 'version', 'vm-keep', 'verbose', 'quiet', 'dry-run'].includes(name)) {
      wanted.flags.add(name === '?' ? 'help' : name);
      continue;
    }
    if (![...sizes, ...times, ...counts].includes(name)) return `(244) unrecognized option: ${arg}`;
    const value = numberOf(name, args[++at] ?? '');
    if (value === undefined)
      return `(${args[at] === undefined ? 228 : 475}) ${args[at] === undefined ? `missing argument to option '${arg}'` : `invalid number: ${args[at]}`}`;
    wanted.numbers[name] = value;
  }
  return wanted;
}

function numberOf(name: string, text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { '': 1, B: 1, K: 1 << 10, M: 1 << 20, G: 1 << 30 };
  const [, digits, unit = ''] = /^(\d+)([A-Za-z]?)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  if (times.includes(name)) {
    const ms = unit === 'y' ? Number(digits) * 31_536_000_000 : parseDuration(text);
    return ms === undefined ? undefined : ms / 1000;
  }
  const factor = sizes.includes(name) ? units[unit.toUpperCase()] : unit === '' ? 1 : undefined;
  return factor === undefined ? undefined : Number(digits) * factor;
}
