/** ping: iputils 20221126 and BusyBox, over ICMP sockets (icmp(7)). */
import { isErrno } from '../../../spec/index.ts';
import { ResolveError, resolveHost } from '../../net/resolve.ts';
import type { Command, CommandSpec } from '../core/command.ts';

const headerSize = 8;
const ipAndIcmpHeaders = 28;

interface Job {
  host: string;
  address: string;
  count: number;
  intervalMs: number;
  size: number;
  /** Whole run. */
  deadlineMs: number;
  waitMs: number;
  quiet: boolean;
  ttl: number;
}

interface Tally {
  sent: number;
  received: number;
  times: number[];
  errors: number;
}

export const ping: CommandSpec = {
  name: 'ping',
  suite: 'iputils',
  applet: true,
  usageStatus: 2,
  usageHint: '\nUsage\n  ping [options] <destination>\n',
  shortName: true,
  async run(c) {
    const o = c.options({
      gnu: 'a A b B c: C D d e: f F: h H i: I: l: L m: M: n O p: Q: q r R s: S: t: T: U v V w: W: 4 6',
      busybox: 'c: s: i: I: t: W: w: q A p: 4 6',
    });
    const host = o.operands.at(-1);
    if (host === undefined) c.bb ? c.usage() : c.usage('usage error: Destination address required');
    const address = await resolve(c, host!);
    const count = o.value('c') === undefined ? Number.POSITIVE_INFINITY : Number(o.value('c'));
    if (!(count > 0))
      c.bb ? c.fail(`invalid number '${o.value('c')}'`) : c.fail(`invalid argument: '${o.value('c')}'`, 1);
    return new Pinger(c, {
      host: host!,
      address,
      count,
      intervalMs: Number(o.value('i') ?? 1) * 1000,
      size: Number(o.value('s') ?? 56),
      deadlineMs: o.value('w') === undefined ? Number.POSITIVE_INFINITY : Number(o.value('w')) * 1000,
      waitMs: Number(o.value('W') ?? 10) * 1000,
      quiet: o.has('q'),
      ttl: Number(o.value('t') ?? 64),
    }).run();
  },
};

async function resolve(c: Command, host: string): Promise<string> {
  try {
    return (await resolveHost(c.sys, host))[0]!;
  } catch (error) {
    if (!(error instanceof ResolveError)) throw error;
    return c.bb ? c.fail(`bad address '${host}'`) : c.fail(`${host}: ${error.message}`, 2);
  }
}

class Pinger {
  private readonly tally: Tally = { sent: 0, received: 0, times: [], errors: 0 };
  private fd = -1;
  private interrupted = false;
  private readonly started: number;

  constructor(
    private readonly c: Command,
    private readonly job: Job,
  ) {
    this.started = c.sys.monotonic();
  }

  async run(): Promise<number> {
    const { c, job } = this;
    const size = c.bb ? `${job.size} data bytes` : `${job.size}(${job.size + ipAndIcmpHeaders}) bytes of data.`;
    const title = (): void => c.out(`PING ${job.host} (${job.address})${c.bb ? ':' : ''} ${size}\n`);
    if (c.bb) title();
    try {
      this.fd = c.sys.socket('inet', c.bb ? 'raw' : 'dgram', 'icmp');
    } catch (error) {
      c.bb
        ? c.fail('permission denied (are you root?)')
        : c.fail(`socktype: SOCK_RAW\nping: socket: ${c.reason(error)}`, 2);
    }
    if (!c.bb) title();
    c.sys.signal(2, () => {
      this.interrupted = true;
    });
    try {
      await this.loop();
    } catch (error) {
      if (!isErrno(error, 'EINTR')) throw error;
    }
    this.summary();
    if (c.bb) return this.tally.received > 0 ? 0 : 1;
    return this.tally.received > 0 ? 0 : 1;
  }

  private async loop(): Promise<void> {
    const { c, job, tally } = this;
    for (let sequence = c.bb ? 0 : 1; tally.sent < job.count && !this.interrupted; sequence++) {
      const sentAt = c.sys.monotonic();
      if (!(await this.send(sequence))) return;
      const last = tally.sent === job.count;
      const left = this.started + job.deadlineMs - sentAt;
      if (left <= 0) return;
      await c.flush();
      const answered = await this.receive(sequence, sentAt, Math.min(left, last ? job.waitMs : job.intervalMs));
      if (last) return;
      const pause = Math.min(this.started + job.deadlineMs, sentAt + job.intervalMs) - c.sys.monotonic();
      if (answered && pause > 0) await c.sys.sleep(pause);
      if (c.sys.monotonic() - this.started >= job.deadlineMs) return;
    }
  }

  /** False when nothing can be sent at all: the command ends. */
  private async send(sequence: number): Promise<boolean> {
    const { c, job } = this;
    const packet = new Uint8Array(headerSize + job.size);
    packet.set([8, 0, 0, 0, 0, 1, (sequence >> 8) & 255, sequence & 255]);
    this.tally.sent++;
    try {
      await c.sys.sendto(this.fd, packet, { family: 'inet', address: job.address, port: 0 });
      return true;
    } catch (error) {
      if (!isErrno(error)) throw error;
      // That nobody has the address shows after the packet is gone, and busybox does not ask.
      if (c.bb && error.code === 'EHOSTUNREACH') return true;
      if (c.bb) c.fail(`sendto: ${error.message}`);
      if (error.code === 'EHOSTUNREACH') {
        this.tally.errors++;
        c.out(`From ${this.ownAddress()} icmp_seq=${sequence} Destination Host Unreachable\n`);
        return true;
      }
      return c.fail(`connect: ${error.message}`, 2);
    }
  }

  private ownAddress(): string {
    const own = this.c.sys.netlink.addresses().find((address) => address.scope === 'global');
    return own?.cidr.replace(/\/.*/, '') ?? '127.0.0.1';
  }

  private async receive(sequence: number, sentAt: number, timeoutMs: number): Promise<boolean> {
    const { c, job, tally } = this;
    const ready = await c.sys.poll([{ fd: this.fd, read: true }], timeoutMs);
    if (ready.length === 0) return false;
    const { bytes } = await c.sys.recvfrom(this.fd);
    const ms = c.sys.monotonic() - sentAt;
    tally.received++;
    tally.times.push(ms);
    if (job.quiet) return true;
    const named = job.host !== job.address && !c.bb;
    const from = named ? `${await this.nameOf(job.address)} (${job.address})` : job.address;
    const ttl = this.hops();
    c.out(
      c.bb
        ? `${bytes.length} bytes from ${from}: seq=${sequence} ttl=${ttl} time=${ms.toFixed(3)} ms\n`
        : `${bytes.length} bytes from ${from}: icmp_seq=${sequence} ttl=${ttl} time=${roundTrip(ms)} ms\n`,
    );
    return true;
  }

  /** Differs from Linux: the name asked for stands where iputils shows what the address resolves back to. */
  private async nameOf(_address: string): Promise<string> {
    return this.job.host;
  }

  /** Answers from one's own network or machine arrive with the full 64. */
  private hops(): number {
    const { address } = this.job;
    const routes = this.c.sys.netlink.routes();
    const direct = routes.some((route) => !route.gateway && within(address, route.destination));
    return direct || address.startsWith('127.') || this.isOwn(address) ? 64 : 63;
  }
  private isOwn(address: string): boolean {
    return this.c.sys.netlink.addresses().some((own) => own.cidr.startsWith(`${address}/`));
  }

  private summary(): void {
    const { c, job, tally } = this;
    const loss = tally.sent === 0 ? 0 : Math.floor((100 * (tally.sent - tally.received)) / tally.sent);
    c.out(`\n--- ${job.host} ping statistics ---\n`);
    const { times } = tally;
    const [least, most] = [Math.min(...times), Math.max(...times)];
    const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
    if (c.bb) {
      c.out(`${tally.sent} packets transmitted, ${tally.received} packets received, ${loss}% packet loss\n`);
      if (times.length)
        c.out(`round-trip min/avg/max = ${[least, mean, most].map((ms) => ms.toFixed(3)).join('/')} ms\n`);
      return;
    }
    const errors = tally.errors ? `, +${tally.errors} errors` : '';
    const elapsed = Math.round(c.sys.monotonic() - this.started);
    c.out(
      `${tally.sent} packets transmitted, ${tally.received} received${errors}, ${loss}% packet loss, time ${elapsed}ms\n`,
    );
    const deviation = Math.sqrt(Math.max(0, times.reduce((sum, ms) => sum + ms * ms, 0) / times.length - mean * mean));
    if (times.length)
      c.out(`rtt min/avg/max/mdev = ${[least, mean, most, deviation].map((ms) => ms.toFixed(3)).join('/')} ms\n`);
    else c.out('\n');
  }
}

/** Three significant digits, as iputils prints a round trip. */
const roundTrip = (ms: number): string =>
  ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms >= 1 ? ms.toFixed(2) : ms.toFixed(3);

export function within(address: string, cidr: string): boolean {
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const [network, length] = cidr.split('/');
  if (length === undefined) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(number(address) / size) === Math.floor(number(network!) / size);
}
