/** ifconfig, route, arp, netstat (net-tools and BusyBox), brctl. */
import { isErrno } from '../../../spec/index.ts';
import type { SocketInfo } from '../../net/netlink.ts';
import { Accounts } from '../core/accounts.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { type LinkView, linkViews, maskText } from './link-text.ts';

const human = (bytes: number): string => {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
};

const flagBits: Record<string, number> = { UP: 1, BROADCAST: 2, LOOPBACK: 8, RUNNING: 64, MULTICAST: 4096 };

function linkFlags(link: LinkView): string[] {
  const flags = link.up ? ['UP'] : [];
  flags.push(link.kind === 'loopback' ? 'LOOPBACK' : 'BROADCAST');
  if (link.carrier) flags.push('RUNNING');
  if (link.kind !== 'loopback') flags.push('MULTICAST');
  return flags;
}

const queue = (link: LinkView): number => (link.kind === 'loopback' || link.kind === 'ethernet' ? 1000 : 0);

function gnuLink(link: LinkView): string {
  const flags = linkFlags(link);
  const bits = flags.reduce((sum, flag) => sum + flagBits[flag]!, 0);
  const lines = [`${link.name}: flags=${bits}<${flags.join(',')}>  mtu ${link.mtu}`];
  for (const { cidr, broadcast } of link.addresses) {
    const [address, prefix] = cidr.split('/');
    lines.push(
      `        inet ${address}  netmask ${maskText(Number(prefix))}${broadcast ? `  broadcast ${broadcast}` : ''}`,
    );
  }
  lines.push(
    link.kind === 'loopback'
      ? `        loop  txqueuelen ${queue(link)}  (Local Loopback)`
      : `        ether ${link.mac}  txqueuelen ${queue(link)}  (Ethernet)`,
    `        RX packets ${link.rxPackets}  bytes ${link.rxBytes} (${human(link.rxBytes)})`,
    '        RX errors 0  dropped 0  overruns 0  frame 0',
    `        TX packets ${link.txPackets}  bytes ${link.txBytes} (${human(link.txBytes)})`,
    '        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0',
    '',
  );
  return `${lines.join('\n')}\n`;
}

function busyboxLink(link: LinkView): string {
  const name = link.name.padEnd(9);
  const lines = [
    link.kind === 'loopback'
      ? `${name} Link encap:Local Loopback  `
      : `${name} Link encap:Ethernet  HWaddr ${link.mac.toUpperCase()}  `,
  ];
  for (const { cidr, broadcast } of link.addresses) {
    const [address, prefix] = cidr.split('/');
    lines.push(
      `          inet addr:${address}${broadcast ? `  Bcast:${broadcast}` : ''}  Mask:${maskText(Number(prefix))}`,
    );
  }
  lines.push(
    `          ${linkFlags(link).join(' ')}  MTU:${link.mtu}  Metric:1`,
    `          RX packets:${link.rxPackets} errors:0 dropped:0 overruns:0 frame:0`,
    `          TX packets:${link.txPackets} errors:0 dropped:0 overruns:0 carrier:0`,
    `          collisions:0 txqueuelen:${queue(link)} `,
    `          RX bytes:${link.rxBytes} (${human(link.rxBytes)})  TX bytes:${link.txBytes} (${human(link.txBytes)})`,
    '',
  );
  return `${lines.join('\n')}\n`;
}

export const ifconfig: CommandSpec = {
  name: 'ifconfig',
  suite: 'net-tools',
  applet: true,
  run(c) {
    const words = c.args.filter((arg) => arg !== '-a' && arg !== '-v' && arg !== '-s');
    const [name, ...changes] = words;
    const links = linkViews(c);
    if (changes.length) return configure(c, name!, changes);
    const chosen =
      name === undefined
        ? links.filter((link) => link.up || c.args.includes('-a'))
        : links.filter((link) => link.name === name);
    if (chosen.length === 0 && name !== undefined) {
      c.errorText(
        c.bb
          ? `ifconfig: ${name}: error fetching interface information: Device not found\n`
          : `${name}: error fetching interface information: Device not found\n`,
      );
      return 1;
    }
    // Both list by name, loopback where the alphabet puts it.
    const sorted = [...chosen].sort((a, b) => (a.name < b.name ? -1 : 1));
    c.out(sorted.map(c.bb ? busyboxLink : gnuLink).join(''));
    return 0;
  },
};

function configure(c: Command, name: string, changes: string[]): number {
  const { netlink } = c.sys;
  try {
    let address: string | undefined;
    let prefix = 24;
    while (changes.length) {
      const word = changes.shift()!;
      if (word === 'up' || word === 'down') netlink.setLink(name, { up: word === 'up' });
      else if (word === 'mtu') netlink.setLink(name, { mtu: Number(changes.shift()) });
      else if (word === 'netmask') prefix = prefixOf(changes.shift()!);
      else if (word === 'hw') {
        changes.shift();
        netlink.setLink(name, { mac: changes.shift()! });
      } else if (word === 'broadcast') changes.shift();
      else {
        const [plain, length] = word.split('/');
        address = plain!;
        prefix = length === undefined ? classOf(plain!) : Number(length);
      }
    }
    if (address !== undefined) {
      for (const old of netlink.addresses()) if (old.link === name) netlink.deleteAddress(name, old.cidr);
      if (address !== '0.0.0.0') netlink.addAddress(name, `${address}/${prefix}`);
      netlink.setLink(name, { up: true });
    }
    return 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    c.error(c.bb ? `SIOCSIFADDR: ${error.message}` : `SIOCSIFADDR: ${error.message}`);
    return 1;
  }
}

const prefixOf = (mask: string): number =>
  mask.split('.').reduce((sum, part) => sum + Number(part).toString(2).replace(/0/g, '').length, 0);
const classOf = (address: string): number =>
  Number(address.split('.')[0]) < 128 ? 8 : Number(address.split('.')[0]) < 192 ? 16 : 24;

/** `netstat -r` tells of windows what `route` tells of metrics. */
function routeTable(c: Command, numeric: boolean, windows = false): void {
  const columns = windows ? '  MSS Window  irtt Iface' : 'Metric Ref    Use Iface';
  c.out(`Kernel IP routing table\nDestination     Gateway         Genmask         Flags ${columns}\n`);
  const routes = [...c.sys.netlink.routes()].sort(
    (a, b) => Number(b.destination === 'default') - Number(a.destination === 'default'),
  );
  for (const { destination, gateway, link } of routes) {
    const [network, prefix = '32'] = destination === 'default' ? ['0.0.0.0', '0'] : destination.split('/');
    const flags = `U${gateway ? 'G' : ''}${prefix === '32' ? 'H' : ''}`;
    const shown = destination === 'default' && !numeric ? 'default' : network!;
    const via = gateway ?? (numeric ? '0.0.0.0' : '*');
    const cells = [shown.padEnd(15), via.padEnd(15), maskText(Number(prefix)).padEnd(15), flags.padEnd(5)];
    const numbers = windows ? '    0 0          0' : `${'0'.padEnd(6)} ${'0'.padEnd(2)} ${'0'.padStart(7)}`;
    c.out(`${cells.join(' ')} ${numbers} ${link}\n`);
  }
}

export const route: CommandSpec = {
  name: 'route',
  suite: 'net-tools',
  applet: true,
  run(c) {
    const [verb, ...words] = c.args.filter((arg) => !arg.startsWith('-'));
    const numeric = c.args.some((arg) => /^-\w*n/.test(arg));
    if (verb === undefined) {
      routeTable(c, numeric);
      return 0;
    }
    const kind = words[0] === '-net' || words[0] === 'net' ? words.slice(1) : words;
    const after = (word: string) => (kind.includes(word) ? kind[kind.indexOf(word) + 1] : undefined);
    const mask = after('netmask');
    const destination =
      kind[0] === 'default' ? 'default' : mask === undefined ? kind[0]! : `${kind[0]}/${prefixOf(mask)}`;
    try {
      if (verb === 'add') c.sys.netlink.addRoute({ destination, gateway: after('gw'), link: after('dev') });
      else if (verb === 'del') c.sys.netlink.deleteRoute(destination, after('gw'));
      else c.usage();
      return 0;
    } catch (error) {
      c.errorText(
        c.bb
          ? `route: SIOC${verb === 'add' ? 'ADD' : 'DEL'}RT: ${c.reason(error)}\n`
          : `SIOC${verb === 'add' ? 'ADD' : 'DEL'}RT: ${c.reason(error)}\n`,
      );
      return c.bb ? 1 : 7;
    }
  },
};

export const arp: CommandSpec = {
  name: 'arp',
  suite: 'net-tools',
  applet: true,
  run(c) {
    const o = c.options({ gnu: 'a e n,numeric v i: H: s d D f', busybox: 'a n v i: H: s d D f' });
    const rows = c.sys.netlink.neighbours().filter((one) => o.value('i') === undefined || one.link === o.value('i'));
    if (c.bb || o.has('a')) {
      for (const one of rows) c.out(`? (${one.address}) at ${one.mac} [ether]${c.bb ? ' ' : ''} on ${one.link}\n`);
      return 0;
    }
    if (rows.length) c.out('Address                  HWtype  HWaddress           Flags Mask            Iface\n');
    for (const one of rows) c.out(`${one.address.padEnd(24)} ether   ${one.mac}   C                     ${one.link}\n`);
    return 0;
  },
};

const longStates: Record<string, string> = {
  LISTEN: 'LISTEN',
  ESTAB: 'ESTABLISHED',
  'TIME-WAIT': 'TIME_WAIT',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'FIN-WAIT-2': 'FIN_WAIT2',
  CLOSE: 'CLOSE',
  UNCONN: '',
};

/** Whether -l, -a or neither wants this one. */
export function wantedSocket(socket: SocketInfo, listening: boolean, every: boolean): boolean {
  const passive = socket.state === 'LISTEN' || socket.state === 'UNCONN';
  return every || passive === listening;
}

export const netstat: CommandSpec = {
  name: 'netstat',
  suite: 'net-tools',
  applet: true,
  run(c) {
    const o = c.options({
      gnu: 'r,route i,interfaces g,groups s,statistics M,masquerade v,verbose W,wide n,numeric e,extend p,programs l,listening a,all c,continuous t,tcp u,udp w,raw x,unix 4 6',
      busybox: 'r/route a/all l/listening t/tcp u/udp w/raw x/unix e n/numeric W p/programs',
    });
    if (o.has('route')) {
      routeTable(c, o.has('numeric'), true);
      return 0;
    }
    const scope = o.has('all') ? '(servers and established)' : o.has('listening') ? '(only servers)' : '(w/o servers)';
    const any = !o.has('tcp', 'udp', 'unix', 'raw');
    const program = o.has('programs');
    const extended = o.has('extend');
    const accounts = new Accounts(c.sys);
    if (any || o.has('tcp', 'udp', 'raw')) {
      c.out(`Active Internet connections ${scope}\n`);
      c.out(
        `Proto Recv-Q Send-Q Local Address           Foreign Address         State       ${extended && !c.bb ? 'User       Inode      ' : ''}${program ? 'PID/Program name    ' : ''}\n`,
      );
      for (const socket of c.sys.netlink.sockets()) {
        if (!(any || o.has(socket.protocol)) || socket.protocol === 'unix') continue;
        if (!wantedSocket(socket, o.has('listening'), o.has('all'))) continue;
        const owner =
          extended && !c.bb
            ? `${(o.has('numeric') ? String(socket.uid) : accounts.user(socket.uid)).padEnd(10)} ${String(socket.inode).padEnd(10)} `
            : '';
        const who = program ? (socket.pid ? `${socket.pid}/${socket.comm}` : '-').padEnd(20) : '';
        c.out(
          `${socket.protocol.padEnd(5)} ${String(socket.recvQueue).padStart(6)} ${String(socket.sendQueue).padStart(6)} ${socket.local.padEnd(23)} ${socket.remote.padEnd(23)} ${(longStates[socket.state] ?? socket.state).padEnd(11)} ${owner}${who}\n`,
        );
      }
    }
    if (any || o.has('unix'))
      c.out(
        `Active UNIX domain sockets ${scope}\nProto RefCnt Flags       Type       State         I-Node ${program ? 'PID/Program name    ' : '  '}Path\n`,
      );
    return 0;
  },
};

export const brctl: CommandSpec = {
  name: 'brctl',
  suite: 'bridge-utils',
  applet: true,
  run(c) {
    const [verb, bridge, port] = c.args;
    const { netlink } = c.sys;
    if (verb === 'show') {
      const links = linkViews(c);
      c.out('bridge name\tbridge id\t\tSTP enabled\tinterfaces\n');
      for (const link of links.filter(
        (one) => one.kind === 'bridge' && (bridge === undefined || one.name === bridge),
      )) {
        const ports = links.filter((one) => one.master === link.name).map((one) => one.name);
        c.out(`${link.name}\t\t8000.${link.mac.replace(/:/g, '')}\tno\t\t${ports.join('\n\t\t\t\t\t\t\t')}\n`);
      }
      return 0;
    }
    try {
      if (verb === 'addbr') netlink.addLink({ name: bridge!, kind: 'bridge' });
      else if (verb === 'delbr') netlink.deleteLink(bridge!);
      else if (verb === 'addif') netlink.setLink(port!, { master: bridge! });
      else if (verb === 'delif') netlink.setLink(port!, { master: null });
      else c.usage();
      return 0;
    } catch (error) {
      return c.fail(`${bridge}: ${c.reason(error)}`);
    }
  },
};
