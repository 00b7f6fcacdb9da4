/** nc: OpenBSD's (Debian's netcat-openbsd) and BusyBox's; telnet as a plain connection. */
import { isErrno } from '../../../spec/index.ts';
import type { SocketAddress, Sys } from '../../kernel/sys.ts';
import { ResolveError, resolveHost } from '../../net/resolve.ts';
import type { Command, CommandSpec } from '../core/command.ts';

interface Job {
  udp: boolean;
  unix: boolean;
  listen: boolean;
  keep: boolean;
  scan: boolean;
  verbose: boolean;
  timeoutMs: number | undefined;
  quitMs: number | undefined;
  port: number | undefined;
  source: string | undefined;
  program: string[] | undefined;
  closeAtEnd: boolean;
}

const openbsd = '4 6 b C D d F h I: i: k l M: m: N n O: P: p: q: r S s: T: t U u V: v W: w: X: x: Z z';

export const nc: CommandSpec = {
  name: 'nc',
  suite: 'netcat',
  applet: true,
  usageHint:
    'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n',
  shortName: true,
  async run(c) {
    const program = c.bb ? takeProgram(c) : undefined;
    const o = c.options({ gnu: openbsd, busybox: 'i: w: l p: f: v u n z k s: e' });
    const job: Job = {
      udp: o.has('u'),
      unix: o.has('U'),
      listen: o.has('l'),
      keep: o.has('k') || o.count('l') > 1,
      scan: o.has('z'),
      verbose: o.has('v'),
      timeoutMs: o.value('w') === undefined ? undefined : Number(o.value('w')) * 1000,
      quitMs: o.value('q') === undefined ? undefined : Number(o.value('q')) * 1000,
      port: o.value('p') === undefined ? undefined : Number(o.value('p')),
      source: o.value('s'),
      program,
      closeAtEnd: o.has('N') || o.has('q') || c.bb,
    };
    if (job.listen) return listen(c, job, o.operands);
    const [host, ports] = o.operands;
    if (host === undefined || (ports === undefined && !job.unix)) c.usage();
    return new Client(c, job).run(host!, ports ?? '');
  },
};

/** BusyBox: everything after -e is the program. */
function takeProgram(c: Command): string[] | undefined {
  const at = c.args.findIndex((arg) => /^-[a-z]*e$/.test(arg));
  if (at < 0) return undefined;
  const program = c.args.splice(at + 1);
  const letters = c.args[at]!.slice(0, -1);
  c.args.splice(at, 1, ...(letters === '-' ? [] : [letters]));
  return program;
}

async function addressOf(c: Command, host: string): Promise<string> {
  try {
    return (await resolveHost(c.sys, host))[0]!;
  } catch (error) {
    if (!(error instanceof ResolveError)) throw error;
    return c.bb
      ? c.fail(`bad address '${host}'`)
      : c.fail(`getaddrinfo for host "${host}" port: ${error.message}`.replace(' port:', ' port 0:'));
  }
}

class Client {
  constructor(
    private readonly c: Command,
    private readonly job: Job,
  ) {}

  async run(host: string, ports: string): Promise<number> {
    const { c, job } = this;
    if (job.unix) return this.one(host, 0, { family: 'unix', path: host });
    const address = await addressOf(c, host);
    const [first, last = first] = ports.split('-').map(Number);
    if (!(first! > 0 && last! < 65536)) c.bb ? c.fail(`bad port '${ports}'`) : c.fail(`port number invalid: ${ports}`);
    let status = 1;
    for (let port = first!; port <= last!; port++) {
      const result = await this.one(host, port, { family: 'inet', address, port });
      if (result === 0) status = 0;
      if (result === 0 && !job.scan) return 0;
    }
    return status;
  }

  private async one(host: string, port: number, to: SocketAddress): Promise<number> {
    const { c, job } = this;
    const fd = c.sys.socket(to.family, job.udp ? 'dgram' : 'stream');
    try {
      if (job.port !== undefined && to.family === 'inet')
        c.sys.bind(fd, { family: 'inet', address: job.source ?? '0.0.0.0', port: job.port });
      await c.sys.connect(fd, to, job.timeoutMs);
    } catch (error) {
      if (!isErrno(error)) throw error;
      this.refused(host, port, to, error.message, error.code === 'ETIMEDOUT');
      c.sys.close(fd);
      return 1;
    }
    const service = port === 80 ? 'http' : port === 443 ? 'https' : port === 22 ? 'ssh' : '*';
    if (job.verbose && !c.bb) {
      const shown = to.family === 'inet' && to.address !== host ? `${host} (${to.address}) ${port}` : `${host} ${port}`;
      c.errorText(`Connection to ${shown} port [${job.udp ? 'udp' : 'tcp'}/${service}] succeeded!\n`);
    } else if (job.verbose && to.family === 'inet') c.errorText(`${host} (${to.address}:${port}) open\n`);
    await c.flush();
    if (!job.scan) await converse(c, job, fd);
    c.sys.close(fd);
    return 0;
  }

  private refused(host: string, port: number, to: SocketAddress, reason: string, timeout: boolean): void {
    const { c, job } = this;
    const address = to.family === 'inet' ? to.address : to.family === 'unix' ? to.path : '';
    if (c.bb) {
      if (job.timeoutMs !== undefined && timeout) c.error('timed out');
      else c.error(`can't connect to remote host (${address}): ${reason}`);
    } else if (job.verbose) {
      const shown = to.family === 'inet' && to.address !== host ? `${host} (${to.address})` : host;
      const text =
        to.family === 'unix'
          ? `unix connect failed: ${reason}`
          : `connect to ${shown} port ${port} (${job.udp ? 'udp' : 'tcp'}) ${timeout ? 'timed out: Operation now in progress' : `failed: ${reason}`}`;
      c.error(text);
    } else if (to.family === 'unix') c.error(`unix connect failed: ${reason}`);
    else c.status = 1;
  }
}

async function listen(c: Command, job: Job, operands: readonly string[]): Promise<number> {
  const { sys } = c;
  const portText = operands.at(-1);
  const port = job.port ?? Number(portText ?? (c.bb ? 0 : Number.NaN));
  if (!job.unix && Number.isNaN(port)) c.usage();
  const host = job.port === undefined ? operands.at(-2) : operands[0];
  const address = job.source ?? (host === undefined ? '0.0.0.0' : await addressOf(c, host));
  const at: SocketAddress = job.unix ? { family: 'unix', path: operands[0]! } : { family: 'inet', address, port };
  const fd = sys.socket(at.family, job.udp ? 'dgram' : 'stream');
  try {
    sys.bind(fd, at);
    if (!job.udp) sys.listen(fd);
  } catch (error) {
    c.fail(c.bb ? `bind: ${c.reason(error)}` : `${c.reason(error)}`);
  }
  if (job.verbose) c.errorText(c.bb ? `listening on ${address}:${port} ...\n` : `Listening on ${address} ${port}\n`);
  await c.flush();
  if (job.udp) return datagrams(c, fd);
  do {
    const connection = await sys.accept(fd);
    if (!job.keep) sys.close(fd);
    const { peer } = connection;
    if (job.verbose && peer.family !== 'unix')
      c.errorText(
        c.bb
          ? `connect to ${address}:${port} from ${peer.address}:${peer.port} (${peer.address}:${peer.port})\n`
          : `Connection received on ${peer.address} ${peer.port}\n`,
      );
    await c.flush();
    if (job.program) await serve(c, job, connection.fd);
    else await converse(c, job, connection.fd);
    sys.close(connection.fd);
  } while (job.keep);
  return 0;
}

/** The program's standard streams are the connection. */
async function serve(c: Command, job: Job, fd: number): Promise<void> {
  const pid = await c.spawn(job.program!, {
    fds: new Map([
      [0, fd],
      [1, fd],
      [2, fd],
    ]),
  });
  if (!job.keep) await c.sys.wait(pid);
}

async function datagrams(c: Command, fd: number): Promise<number> {
  const { sys } = c;
  const first = await sys.recvfrom(fd);
  await sys.connect(fd, first.from);
  await sys.write(1, first.bytes);
  await bothWays(sys, fd, { closeAtEnd: false, timeoutMs: undefined, quitMs: undefined });
  return 0;
}

const converse = (c: Command, job: Job, fd: number): Promise<void> => bothWays(c.sys, fd, job);

/** Standard input to the socket and back until the other side ends; the end of input is passed on if wanted. */
async function bothWays(sys: Sys, fd: number, rules: Pick<Job, 'closeAtEnd' | 'timeoutMs' | 'quitMs'>): Promise<void> {
  let input = true;
  for (;;) {
    const watched = [{ fd, read: true }, ...(input ? [{ fd: 0, read: true }] : [])];
    const limit = input ? rules.timeoutMs : (rules.quitMs ?? rules.timeoutMs);
    const ready = await sys.poll(watched, limit);
    if (ready.length === 0) return;
    try {
      if (ready.some((event) => event.fd === fd)) {
        const bytes = await sys.read(fd);
        if (bytes.length === 0) return;
        await sys.write(1, bytes);
      }
      if (ready.some((event) => event.fd === 0)) {
        const bytes = await sys.read(0);
        if (bytes.length) await sys.write(fd, bytes);
        else {
          input = false;
          if (rules.closeAtEnd) sys.shutdown(fd, 'write');
        }
      }
    } catch (error) {
      if (!isErrno(error, 'ECONNRESET') && !isErrno(error, 'ENOTCONN') && !isErrno(error, 'ECONNREFUSED')) throw error;
      return;
    }
  }
}

export const telnet: CommandSpec = {
  name: 'telnet',
  suite: 'extra',
  applet: true,
  async run(c) {
    const o = c.options({ gnu: '4 6 8 a d E e: K L l: n: r x', busybox: 'a l:' });
    const [host, portText = '23'] = o.operands;
    if (host === undefined) c.bb ? c.usage() : c.fail('drydock: telnet without a host is not simulated');
    let address: string;
    try {
      address = (await resolveHost(c.sys, host!))[0]!;
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error;
      return c.bb ? c.fail(`bad address '${host}'`) : c.fail(`could not resolve ${host}/${portText}: ${error.message}`);
    }
    if (!c.bb) c.out(`Trying ${address}...\n`);
    const fd = c.sys.socket('inet', 'stream');
    try {
      await c.sys.connect(fd, { family: 'inet', address, port: Number(portText) });
    } catch (error) {
      if (c.bb) c.fail(`can't connect to remote host (${address}): ${c.reason(error)}`);
      c.fail(`Unable to connect to remote host: ${c.reason(error)}`);
    }
    c.out(c.bb ? `Connected to ${host}\n` : `Connected to ${host}.\nEscape character is '^]'.\n`);
    if (c.bb) c.out("\nEntering character mode\nEscape character is '^]'.\n\n");
    await c.flush();
    await bothWays(c.sys, fd, { closeAtEnd: true, timeoutMs: undefined, quitMs: undefined });
    c.errorText(c.bb ? 'Connection closed by foreign host\n' : 'Connection closed by foreign host.\n');
    return 1;
  },
};
