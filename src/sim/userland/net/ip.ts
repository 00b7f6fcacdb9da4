/** ip: iproute2 6.1 and BusyBox. */
import { type Errno, isErrno } from '../../../spec/index.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import {
  broadcastMac,
  flagNames,
  fullName,
  type LinkView,
  linkViews,
  queueLength,
  queueOf,
  stateOf,
} from './link-text.ts';

interface View {
  brief: boolean;
  oneLine: boolean;
  family: 'inet' | 'inet6' | 'link' | undefined;
  statistics: boolean;
  details: boolean;
}

const usage =
  'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n       ip [ -force ] -batch filename\nwhere  OBJECT := { address | addrlabel | amt | fou | help | ila | ioam | l2tp |\n                   link | macsec | maddress | monitor | mptcp | mroute | mrule |\n                   neighbor | neighbour | netconf | netns | nexthop | ntable |\n                   ntbl | route | rule | sr | tap | tcpmetrics |\n                   token | tunnel | tuntap | vrf | xfrm }\n';

export const ip: CommandSpec = {
  name: 'ip',
  suite: 'iproute2',
  applet: true,
  usageStatus: 255,
  async run(c) {
    const words = [...c.args];
    const view: View = { brief: false, oneLine: false, family: undefined, statistics: false, details: false };
    while (words[0]?.startsWith('-')) await option(c, words, view);
    const [object, ...rest] = words;
    if (object === undefined || object === 'help') {
      if (c.bb) c.usage();
      c.errorText(usage);
      return 255;
    }
    const found = Object.keys(objects).find((name) => name.startsWith(object) && object.length > 0);
    if (!found) {
      if (c.bb) c.usage();
      c.errorText(`Object "${object}" is unknown, try "ip help".\n`);
      return 1;
    }
    try {
      return await objects[found]!(c, rest, view);
    } catch (error) {
      if (isErrno(error)) return rejected(c, error);
      throw error;
    }
  },
};

async function option(c: Command, words: string[], view: View): Promise<void> {
  const word = words.shift()!.replace(/^--?/, '');
  const family = { '4': 'inet', '6': 'inet6', '0': 'link' }[word] as View['family'];
  if (family) view.family = family;
  else if (/^br(i|ie|ief)?$/.test(word)) view.brief = true;
  else if (/^o(neline)?$/.test(word)) view.oneLine = true;
  else if (/^s(tat.*)?$/.test(word)) view.statistics = true;
  else if (/^d(etails)?$/.test(word)) view.details = true;
  else if (/^f(amily)?$/.test(word)) view.family = words.shift() as View['family'];
  else if (/^c(olor)?(=.*)?$/.test(word)) return;
  else if (/^n(etns)?$/.test(word)) await enterNamespace(c, words.shift()!);
  else if (word === 'V' || word === 'Version') {
    c.out('ip utility, iproute2-6.1.0, libbpf 1.1.0\n');
    c.exit(0);
  } else if (/^j|^p/.test(word)) c.fail(`drydock: ip -${word} is not simulated`);
  else {
    c.errorText(`Option "-${word}" is unknown, try "ip -help".\n`);
    c.exit(255);
  }
}

async function enterNamespace(c: Command, name: string): Promise<void> {
  try {
    c.sys.setns(await c.sys.open(`${netnsDirectory}/${name}`), 'net');
  } catch (error) {
    c.errorText(`Cannot open network namespace "${name}": ${c.reason(error)}\n`);
    c.exit(255);
  }
}

/** What the kernel said no to. */
function rejected(c: Command, error: Errno): number {
  if (c.bb) {
    c.errorText(
      error.code === 'ENODEV'
        ? `ip: can't find device '${error.path ?? ''}'\n`
        : `ip: RTNETLINK answers: ${error.message}\n`,
    );
    return error.code === 'ENODEV' ? 1 : 2;
  }
  if (error.code === 'ENODEV') {
    c.errorText(`Cannot find device "${error.path ?? ''}"\n`);
    return 1;
  }
  c.errorText(`RTNETLINK answers: ${error.message}\n`);
  return 2;
}

type Action = (c: Command, words: string[], view: View) => Promise<number> | number;

const isShow = (word: string | undefined): boolean =>
  word === undefined || /^(s|sh|sho|show|l|li|lis|lst|list|ls)$/.test(word);

/** `dev` is optional before a name. */
function deviceIn(words: readonly string[]): string | undefined {
  const at = words.indexOf('dev');
  return at >= 0
    ? words[at + 1]
    : words.find((word) => !['up', 'permanent', 'scope', 'global', 'type', 'master'].includes(word));
}

function chosenLinks(c: Command, words: readonly string[]): LinkView[] {
  const links = linkViews(c);
  const at = words.findIndex((word) => word === 'type' || word === 'master');
  const filters = at >= 0 ? words.slice(at, at + 2) : [];
  const rest = words.filter((word) => !filters.includes(word));
  const name = deviceIn(rest);
  const typed = links.filter((link) =>
    filters[0] === 'type' ? link.kind === filters[1] : filters[0] === 'master' ? link.master === filters[1] : true,
  );
  const up = rest.includes('up') ? typed.filter((link) => link.up) : typed;
  if (name === undefined) return up;
  const found = up.filter((link) => link.name === name);
  if (found.length) return found;
  c.errorText(c.bb ? `ip: can't find device '${name}'\n` : `Device "${name}" does not exist.\n`);
  return c.exit(1);
}

function head(c: Command, link: LinkView, all: readonly LinkView[], mode: string): string {
  const master = link.master ? ` master ${link.master}` : '';
  const start = `${link.index}: ${fullName(link, all)}: <${flagNames(link, c.bb).join(',')}> mtu ${link.mtu} qdisc ${queueOf(link)}`;
  if (c.bb) return `${start}${master} ${queueLength(link)}\n`;
  return `${start}${master} state ${stateOf(link)} ${mode}group default ${queueLength(link)}\n`;
}

function hardware(c: Command, link: LinkView): string {
  const kind = link.kind === 'loopback' ? 'loopback' : 'ether';
  const peer = link.peerNetns !== undefined && !c.bb ? ` link-netnsid ${link.peerNetns}` : '';
  return `    link/${kind} ${link.mac} brd ${broadcastMac(link)}${peer}\n`;
}

function statistics(link: LinkView): string {
  const row = (bytes: number, packets: number) =>
    `    ${String(bytes).padEnd(10)} ${String(packets).padEnd(8)} 0       0       0       0       \n`;
  return `    RX:  bytes packets errors dropped  missed   mcast           \n${row(link.rxBytes, link.rxPackets)}    TX:  bytes packets errors dropped carrier collsns           \n${row(link.txBytes, link.txPackets)}`;
}

function addressLines(link: LinkView, family: View['family']): string[] {
  return link.addresses
    .filter((address) => family === undefined || address.family === family)
    .map((address) => {
      const broadcast = address.broadcast ? ` brd ${address.broadcast}` : '';
      return `    ${address.family} ${address.cidr}${broadcast} scope ${address.scope} ${link.name}\n       valid_lft forever preferred_lft forever\n`;
    });
}

const changeAddress =
  (remove: boolean): Action =>
  (c, words) => {
    const dev = words[words.indexOf('dev') + 1];
    const cidr = words[0] === 'local' ? words[1]! : words[0]!;
    if (!words.includes('dev') || dev === undefined) {
      c.errorText(c.bb ? 'ip: need "dev IFACE"\n' : 'Not enough information: "dev" argument is required.\n');
      return 1;
    }
    const full = cidr.includes('/') ? cidr : `${cidr}/32`;
    remove ? c.sys.netlink.deleteAddress(dev, full) : c.sys.netlink.addAddress(dev, full);
    return 0;
  };

function showAddresses(c: Command, words: readonly string[], view: View): number {
  const all = linkViews(c);
  for (const link of chosenLinks(c, words)) {
    const lines = addressLines(link, view.family);
    if (view.brief) {
      const shown = link.addresses.filter((address) => view.family === undefined || address.family === view.family);
      if (view.family && shown.length === 0) continue;
      c.out(
        `${fullName(link, all).padEnd(16)} ${stateOf(link).padEnd(14)} ${shown.map((address) => `${address.cidr} `).join('')}\n`,
      );
    } else if (view.oneLine) {
      for (const line of lines)
        c.out(`${link.index}: ${link.name}${line.replace(/\n(?=.)/, '\\').replace(/ {4}/, '    ')}`);
    } else {
      if (view.family && lines.length === 0) continue;
      c.out(head(c, link, all, ''));
      if (!view.family) c.out(hardware(c, link));
      c.out(lines.join(''));
      if (view.statistics) c.out(statistics(link));
    }
  }
  return 0;
}

function showLinks(c: Command, words: readonly string[], view: View): number {
  const all = linkViews(c);
  for (const link of chosenLinks(c, words)) {
    if (view.brief) {
      c.out(
        `${fullName(link, all).padEnd(16)} ${stateOf(link).padEnd(14)} ${link.mac} <${flagNames(link, false).join(',')}> \n`,
      );
      continue;
    }
    const text = head(c, link, all, 'mode DEFAULT ') + hardware(c, link) + (view.statistics ? statistics(link) : '');
    c.out(view.oneLine ? `${text.trimEnd().replace(/\n/g, '\\')}\n` : text);
  }
  return 0;
}

/** ip link add [name] NAME type KIND [peer name NAME]. */
function addLink(c: Command, words: string[]): number {
  const at = words.indexOf('peer');
  const [ownWords, peerWords] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at + 1)];
  const valueIn = (list: readonly string[], word: string) =>
    list.includes(word) ? list[list.indexOf(word) + 1] : undefined;
  const after = (word: string) => valueIn(ownWords, word);
  const netnsIn = (list: readonly string[]) => {
    const text = valueIn(list, 'netns');
    return text === undefined ? undefined : namespaceOf(text);
  };
  const own = words[0] === 'name' || words[0] === 'dev' ? words[1] : words[0] === 'type' ? undefined : words[0];
  const kind = after('type');
  if (kind === undefined) {
    c.errorText('Not enough information: "type" argument is required\n');
    return 255;
  }
  if (!['bridge', 'veth', 'dummy'].includes(kind)) c.fail(`drydock: ip link type ${kind} is not simulated`);
  const peer = peerWords[0] === 'name' ? peerWords[1] : peerWords[0] === 'netns' ? undefined : peerWords[0];
  const free = (prefix: string) => {
    const names = c.sys.netlink.links().map((link) => link.name);
    for (let i = 0; ; i++) if (!names.includes(`${prefix}${i}`)) return `${prefix}${i}`;
  };
  c.sys.netlink.addLink({
    name: own ?? free(kind),
    kind,
    peer,
    mac: after('address'),
    netns: netnsIn(ownWords),
    peerNetns: netnsIn(peerWords),
  });
  return 0;
}

/** busybox asks for it by ioctl(2), and says by which. */
function setFlags(c: Command, set: () => void): void {
  try {
    set();
  } catch (error) {
    if (c.bb && isErrno(error, 'EPERM')) c.fail(`SIOCSIFFLAGS: ${error.message}`, 2);
    throw error;
  }
}

function setLink(c: Command, words: string[]): number {
  const rest = words[0] === 'dev' ? words.slice(1) : [...words];
  const name = rest.shift();
  if (name === undefined) {
    c.errorText('Not enough of information: "dev" argument is required.\n');
    return 255;
  }
  const { netlink } = c.sys;
  while (rest.length) {
    const word = rest.shift()!;
    if (word === 'up' || word === 'down') setFlags(c, () => netlink.setLink(name, { up: word === 'up' }));
    else if (word === 'master') netlink.setLink(name, { master: rest.shift()! });
    else if (word === 'nomaster') netlink.setLink(name, { master: null });
    else if (word === 'name') netlink.setLink(name, { rename: rest.shift()! });
    else if (word === 'address') netlink.setLink(name, { mac: rest.shift()! });
    else if (word === 'mtu') netlink.setLink(name, { mtu: Number(rest.shift()) });
    else if (word === 'netns') netlink.setLink(name, namespaceOf(rest.shift()!));
    else {
      c.errorText(`Error: either "dev" is duplicate, or "${word}" is a garbage.\n`);
      return 255;
    }
  }
  return 0;
}

const namespaceOf = (text: string): { netnsPid: number } | { netnsPath: string } =>
  /^\d+$/.test(text) ? { netnsPid: Number(text) } : { netnsPath: `${netnsDirectory}/${text}` };

function showRoutes(c: Command, words: readonly string[]): number {
  const dev = words.includes('dev') ? words[words.indexOf('dev') + 1] : undefined;
  const only = words.find((word) => word === 'default');
  const routes = c.sys.netlink
    .routes()
    .filter((route) => (dev === undefined || route.link === dev) && (!only || route.destination === only));
  const links = linkViews(c);
  for (const route of routes) {
    const down = links.some((link) => link.name === route.link && link.up && !link.carrier) ? 'linkdown ' : '';
    const parts = [
      route.destination.replace(/\/32$/, ''),
      route.gateway && `via ${route.gateway}`,
      `dev ${route.link}`,
      route.proto && !c.bb && `proto ${route.proto}`,
      route.scope && `scope ${route.scope}`,
      c.bb && route.scope && '',
      route.source && `src ${route.source}`,
    ].filter((part) => part !== undefined && part !== false);
    c.out(`${parts.join(' ')} ${down}\n`);
  }
  return 0;
}

const changeRoute =
  (remove: boolean): Action =>
  (c, words) => {
    const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
    const destination = words[0]!;
    if (remove) c.sys.netlink.deleteRoute(destination, after('via'));
    else {
      try {
        c.sys.netlink.addRoute({ destination, gateway: after('via'), link: after('dev'), source: after('src') });
      } catch (error) {
        if (c.bb || !isErrno(error, 'ENETUNREACH')) throw error;
        c.errorText('Error: Nexthop has invalid gateway.\n');
        return 2;
      }
    }
    return 0;
  };

/** ip route get ADDRESS. */
function routeGet(c: Command, words: readonly string[]): number {
  const address = words[0]!;
  const { netlink } = c.sys;
  if (netlink.addresses().some((own) => own.cidr.startsWith(`${address}/`))) {
    c.out(`local ${address} dev lo src ${address} uid ${c.sys.cred.uid} \n    cache <local> \n`);
    return 0;
  }
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const prefix = (text: string) => (text === 'default' ? 0 : Number(text.split('/')[1] ?? 32));
  const matching = netlink.routes().filter(({ destination }) => {
    const size = 2 ** (32 - prefix(destination));
    return (
      destination === 'default' ||
      Math.floor(number(address) / size) === Math.floor(number(destination.split('/')[0]!) / size)
    );
  });
  const best = matching.sort((a, b) => prefix(b.destination) - prefix(a.destination))[0];
  if (!best) {
    c.errorText('RTNETLINK answers: Network is unreachable\n');
    return 2;
  }
  const source =
    best.source ??
    netlink
      .addresses()
      .find((own) => own.link === best.link)
      ?.cidr.split('/')[0];
  c.out(
    `${address} ${best.gateway ? `via ${best.gateway} ` : ''}dev ${best.link} src ${source} uid ${c.sys.cred.uid} \n    cache \n`,
  );
  return 0;
}

function showNeighbours(c: Command, words: readonly string[]): number {
  const dev = words.includes('dev') ? words[words.indexOf('dev') + 1] : undefined;
  for (const one of c.sys.netlink.neighbours())
    if (dev === undefined || one.link === dev)
      c.out(`${one.address} dev ${one.link} lladdr ${one.mac} ${c.bb ? 'used 0/0/0 probes 0 ' : ''}${one.state} \n`);
  return 0;
}

const netnsDirectory = '/run/netns';

/** Named namespaces are bind mounts of /proc/self/ns/net under /run/netns. */
const netns: Action = async (c, words) => {
  const [verb, name, ...command] = words;
  const { sys } = c;
  if (isShow(verb)) {
    try {
      for (const entry of sys.readdir(netnsDirectory)) c.out(`${entry.name}\n`);
    } catch {
      // No directory: no names.
    }
    return 0;
  }
  if (verb === 'add') return netnsAdd(c, name!);
  if (verb === 'delete' || verb === 'del') {
    try {
      sys.umount(`${netnsDirectory}/${name}`, { lazy: true });
      sys.unlink(`${netnsDirectory}/${name}`);
      return 0;
    } catch (error) {
      c.errorText(`Cannot remove namespace file "/run/netns/${name}": ${c.reason(error)}\n`);
      return 1;
    }
  }
  if (verb === 'exec') {
    await enterNamespace(c, name!);
    try {
      return await c.exec(command);
    } catch (error) {
      c.errorText(`exec of "${command[0]}" failed: ${c.reason(error)}\n`);
      return 255;
    }
  }
  c.errorText(`Command "${verb}" is unknown, try "ip netns help".\n`);
  return 255;
};

async function netnsAdd(c: Command, name: string): Promise<number> {
  const { sys } = c;
  for (const directory of ['/run', netnsDirectory]) {
    try {
      sys.mkdir(directory, 0o755);
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }
  try {
    sys.close(sys.openSync(`${netnsDirectory}/${name}`, { create: true, exclusive: true }, 0));
  } catch (error) {
    c.errorText(`Cannot create namespace file "/run/netns/${name}": ${c.reason(error)}\n`);
    return 1;
  }
  sys.unshare(['net']);
  sys.mount('/proc/self/ns/net', `${netnsDirectory}/${name}`, 'none', ['bind']);
  return 0;
}

function verbs(object: string, show: Action, others: Record<string, Action>): Action {
  return (c, words, view) => {
    const [verb, ...rest] = words;
    if (isShow(verb)) return show(c, rest, view);
    const found = Object.keys(others).find((name) => name.startsWith(verb!));
    if (found) return others[found]!(c, rest, view);
    if (verb === 'dev') return show(c, words, view);
    c.errorText(
      c.bb ? `ip: invalid argument '${verb}' to 'ip'\n` : `Command "${verb}" is unknown, try "ip ${object} help".\n`,
    );
    return c.bb ? 1 : 255;
  };
}

const objects: Record<string, Action> = {
  address: verbs('addr', showAddresses, { add: changeAddress(false), delete: changeAddress(true) }),
  link: verbs('link', showLinks, {
    add: addLink,
    set: setLink,
    delete: (c, words) => {
      c.sys.netlink.deleteLink(words[0] === 'dev' ? words[1]! : words[0]!);
      return 0;
    },
  }),
  route: verbs('route', (c, words) => showRoutes(c, words), {
    add: changeRoute(false),
    delete: changeRoute(true),
    replace: changeRoute(false),
    get: routeGet,
  }),
  neighbour: verbs('neigh', (c, words) => showNeighbours(c, words), {}),
  neighbor: verbs('neigh', (c, words) => showNeighbours(c, words), {}),
  netns,
};
