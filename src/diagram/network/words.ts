import type { NetworkInfo } from '../../trace/index.ts';
import type { Listening, Published, Segment, Station } from './picture.ts';
import type { Outcome, Story } from './stories.ts';

/** What the picture of the network says, by language. */
export interface NetworkWords {
  picture: string;
  internet: string;
  internetNote: string;
  host: string;
  hostNote: string;
  station(station: Station): string;
  /** After its name, on the slab. */
  stationNote(station: Station): string;
  guest(name: string): string;
  elsewhere(name: string): string;
  segment(segment: Segment): string;
  segmentNote(network: NetworkInfo | undefined): string;
  listening(one: Listening): string;
  listeningShort(one: Listening): string;
  published(rule: Published): string;
  name(name: string): string;
  resolver: string;
  alone: string;
  /** One or two sentences. */
  story(story: Story): string;
  /** Two or three words at the place where it failed. */
  flaw(story: Story): string;
  stories: string;
  noStories: string;
  times(count: number): string;
  legend: {
    bridge: string;
    station: string;
    interface: string;
    listening: string;
    trap: string;
    published: string;
    flaw: string;
  };
  note: string;
}

const port = (to: string): string => to.slice(to.lastIndexOf(':') + 1);
const address = (to: string): string => (to.includes(':') ? to.slice(0, to.lastIndexOf(':')) : to);
const socket = ({ address, port }: Listening): string => `${address}:${port}`;
const program = ({ comm, protocol }: Listening): string => (protocol === 'udp' ? `${comm} udp` : comm);

const openAt = ({ server }: Story): string[] =>
  (server?.listening ?? []).filter(({ protocol }) => protocol === 'tcp').map(socket);

/** `team (172.17.0.3)`, or the host. */
const who = (station: Station, from: string, host: string): string =>
  station.kind === 'host' ? host : station.name || from || `net:[${station.namespace}]`;

const english = (story: Story): Record<Outcome, () => string> => {
  const { to, from, reached, bound, answers, client, server, via } = story;
  const asks = who(client, from, 'the host');
  const there = server ? who(server, address(reached), 'the host') : address(to);
  const open = openAt(story);
  const instead = open.length > 0 ? ` Open there: ${open.join(', ')}.` : ' No port is open there at all.';
  return {
    connected: () => `${asks} connects to ${to}: ${there} accepts.`,
    published: () => `${asks} connects to ${to}: the published port leads to ${reached} (${there}), which accepts.`,
    internet: () => `${asks} connects to ${to} on the internet, out by the host's eth0.`,
    nobody: () =>
      `${asks} to ${to}: connection refused. Nobody listens at port ${port(reached || to)} of ${there}.${server ? instead : ''}`,
    early: () =>
      `${asks} to ${to}: too early. Nobody listened yet; now ${there} listens at port ${port(reached || to)}.`,
    bound: () =>
      `${asks} to ${to}: connection refused. In ${there} the program listens at ${bound.map((one) => `${one}:${port(reached)}`).join(', ')} only; bind it to 0.0.0.0.`,
    self: () =>
      `${asks} to ${to}: connection refused. Inside a container 127.0.0.1 is the container itself, not the host and not another container.${instead}`,
    proxyNobody: () =>
      `${asks} to ${to}: connection reset. Docker's proxy accepted, but nobody listens at ${reached} (${there}).${instead}`,
    proxyBound: () =>
      `${asks} to ${to}: connection reset. Docker's proxy accepted, but in ${there} the program listens at ${bound.map((one) => `${one}:${port(reached)}`).join(', ')} only, which is that container's own loopback; bind it to 0.0.0.0.`,
    noRoute: () =>
      `${asks} to ${to}: network is unreachable. It has no route there${client.links.length <= 1 ? ': its only interface is lo' : ''}.`,
    noHost: () => `${asks} to ${to}: no route to host. Nobody on that network has the address ${address(to)}.`,
    isolated: () =>
      `${asks} to ${to}: no answer. Docker drops packets between different networks, and out of internal ones.`,
    silent: () => `${asks} to ${to}: no answer. Out there nobody has this address.`,
    failed: () => `${asks} to ${to}: ${answers[0]}.`,
    nameFound: () => `${asks} asks ${reached} for "${to}": ${answers.join(', ') || 'it exists'}.`,
    nameUnknown: () => `${asks} asks ${reached} for "${to}": no such name.`,
    nameElsewhere: () =>
      `${asks} asks ${reached} for "${to}": no such name here. A container is called so, but the two share no network.`,
    nameDefault: () =>
      `${asks} asks ${reached} for "${to}": no such name. A container is called so, but only user-defined networks have names; the default bridge has none.`,
    nameSilent: () => `${asks} asks ${reached} for "${to}": the name server does not answer.`,
    packet: () => `${asks} sends ${story.protocol} to ${to}${via.length > 1 ? '' : ', on this machine'}: it arrives.`,
    packetRefused: () => `${asks} sends ${story.protocol} to ${to}: nobody is there for it.`,
  };
};

const flawsEnglish: Partial<Record<Outcome, (story: Story) => string>> = {
  nobody: ({ reached, to }) => `:${port(reached || to)} nobody listens`,
  early: ({ reached, to }) => `:${port(reached || to)} too early`,
  self: ({ to }) => `${to} nobody listens`,
  bound: ({ reached, bound }) => `:${port(reached)} only at ${bound[0]}`,
  proxyNobody: ({ reached }) => `:${port(reached)} nobody listens`,
  proxyBound: ({ reached, bound }) => `:${port(reached)} only at ${bound[0]}`,
  noRoute: ({ to }) => `no route to ${address(to)}`,
  noHost: ({ to }) => `nobody has ${address(to)}`,
  isolated: ({ to }) => `${to} dropped`,
  silent: ({ to }) => `${to} no answer`,
  nameUnknown: ({ to }) => `"${to}" no such name`,
  nameElsewhere: ({ to }) => `"${to}" on no shared network`,
  nameDefault: ({ to }) => `"${to}" no names here`,
  nameSilent: ({ to }) => `"${to}" no name server`,
  packetRefused: ({ to }) => `${to} nobody there`,
};

export const networkWordsEnglish: NetworkWords = {
  picture: 'Network',
  internet: 'the internet',
  internetNote: 'beyond the host, behind eth0',
  host: 'the host',
  hostNote: 'its own network namespace; it forwards between its bridges and eth0',
  station: (s) =>
    s.kind === 'host'
      ? 'the host'
      : s.kind === 'gone'
        ? `${s.name || `net:[${s.namespace}]`}, which has ended`
        : s.name || `network namespace ${s.namespace}, made by hand`,
  stationNote: (s) => (s.kind === 'gone' ? 'has ended' : s.kind === 'unshared' ? 'made by hand' : ''),
  guest: (name) => `${name}: same network namespace`,
  elsewhere: (name) => `${name}, here too`,
  segment: (s) =>
    `${s.network ? `network ${s.network.name}, ` : ''}bridge ${s.bridge} ${s.addresses.join(' ')}${s.network?.internal ? ', internal' : ''}`,
  segmentNote: (network) => {
    if (!network) return 'made by hand';
    const names = network.name === 'bridge' ? 'no names on the default bridge' : '127.0.0.11 answers names';
    return network.internal ? `internal: no way out; ${names}` : names;
  },
  listening: (one) =>
    one.trap
      ? `${program(one)} listens at ${socket(one)}: only reached from inside this container`
      : `${program(one)} listens at ${socket(one)}`,
  listeningShort: (one) =>
    one.trap ? `${socket(one)} ${program(one)}, inside only` : `${socket(one)} ${program(one)}`,
  published: (rule) => `published: ${rule.host}/${rule.protocol} leads to ${rule.to}${rule.name && ` (${rule.name})`}`,
  name: (name) => `name ${name}`,
  resolver: 'DNS 127.0.0.11',
  alone: 'on no bridge',
  story: (story) => english(story)[story.outcome](),
  flaw: (story) => flawsEnglish[story.outcome]?.(story) ?? story.answers[0] ?? '',
  stories: 'Connections of the last command',
  noStories: 'The last command made no connection.',
  times: (count) => `${count} times`,
  legend: {
    bridge: 'bridge (a network)',
    station: 'container',
    interface: 'interface, address',
    listening: 'listens',
    trap: 'listens on 127.0.0.1: inside only',
    published: 'published port (NAT)',
    flaw: 'failed here',
  },
  note: 'Each container has a network of its own; a veth pair is its cable to a bridge of the host.',
};

const chinese = (story: Story): Record<Outcome, () => string> => {
  const { to, from, reached, bound, answers, client, server, via } = story;
  const asks = who(client, from, '宿主机');
  const there = server ? who(server, address(reached), '宿主机') : address(to);
  const open = openAt(story);
  const instead = open.length > 0 ? `那里开着的是 ${open.join('、')}。` : '那里一个端口也没有开。';
  return {
    connected: () => `${asks} 连接 ${to}：${there} 接受了。`,
    published: () => `${asks} 连接 ${to}：发布的端口通向 ${reached}（${there}），它接受了。`,
    internet: () => `${asks} 经宿主机的 eth0 连接互联网上的 ${to}。`,
    nobody: () =>
      `${asks} 连接 ${to}：连接被拒绝。${there} 的 ${port(reached || to)} 端口没有程序在监听。${server ? instead : ''}`,
    early: () => `${asks} 连接 ${to}：太早了。那时还没有程序在监听；现在 ${there} 在监听 ${port(reached || to)} 端口。`,
    bound: () =>
      `${asks} 连接 ${to}：连接被拒绝。${there} 里的程序只监听 ${bound.map((one) => `${one}:${port(reached)}`).join('、')}；应改为监听 0.0.0.0。`,
    self: () => `${asks} 连接 ${to}：连接被拒绝。在容器里 127.0.0.1 是容器自己，不是宿主机，也不是别的容器。${instead}`,
    proxyNobody: () =>
      `${asks} 连接 ${to}：连接被重置。Docker 的代理接受了，但 ${reached}（${there}）没有程序在监听。${instead}`,
    proxyBound: () =>
      `${asks} 连接 ${to}：连接被重置。Docker 的代理接受了，但 ${there} 里的程序只监听 ${bound.map((one) => `${one}:${port(reached)}`).join('、')}，那是该容器自己的回环地址；应改为监听 0.0.0.0。`,
    noRoute: () =>
      `${asks} 连接 ${to}：网络不可达，没有通往那里的路由${client.links.length <= 1 ? '：它只有 lo 一个接口' : ''}。`,
    noHost: () => `${asks} 连接 ${to}：没有到主机的路由。那个网络上没有谁的地址是 ${address(to)}。`,
    isolated: () => `${asks} 连接 ${to}：没有回应。Docker 丢弃不同网络之间、以及离开内部网络的数据包。`,
    silent: () => `${asks} 连接 ${to}：没有回应，外面没有谁有这个地址。`,
    failed: () => `${asks} 连接 ${to}：${answers[0]}。`,
    nameFound: () => `${asks} 向 ${reached} 询问“${to}”：${answers.join('、') || '存在'}。`,
    nameUnknown: () => `${asks} 向 ${reached} 询问“${to}”：没有这个名字。`,
    nameElsewhere: () =>
      `${asks} 向 ${reached} 询问“${to}”：这里没有这个名字。有容器叫这个名字，但两者不在同一个网络上。`,
    nameDefault: () =>
      `${asks} 向 ${reached} 询问“${to}”：没有这个名字。有容器叫这个名字，但只有自定义网络才有名字解析，默认的 bridge 没有。`,
    nameSilent: () => `${asks} 向 ${reached} 询问“${to}”：域名服务器没有回应。`,
    packet: () => `${asks} 向 ${to} 发送 ${story.protocol}${via.length > 1 ? '' : '（就在本机）'}：到达了。`,
    packetRefused: () => `${asks} 向 ${to} 发送 ${story.protocol}：那里没有人接收。`,
  };
};

const flawsChinese: typeof flawsEnglish = {
  nobody: ({ reached, to }) => `:${port(reached || to)} 无人监听`,
  early: ({ reached, to }) => `:${port(reached || to)} 太早`,
  self: ({ to }) => `${to} 无人监听`,
  bound: ({ reached, bound }) => `:${port(reached)} 只在 ${bound[0]}`,
  proxyNobody: ({ reached }) => `:${port(reached)} 无人监听`,
  proxyBound: ({ reached, bound }) => `:${port(reached)} 只在 ${bound[0]}`,
  noRoute: ({ to }) => `没有到 ${address(to)} 的路由`,
  noHost: ({ to }) => `没有谁是 ${address(to)}`,
  isolated: ({ to }) => `${to} 被丢弃`,
  silent: ({ to }) => `${to} 没有回应`,
  nameUnknown: ({ to }) => `“${to}” 没有此名`,
  nameElsewhere: ({ to }) => `“${to}” 不在同一网络`,
  nameDefault: ({ to }) => `“${to}” 这里没有名字`,
  nameSilent: ({ to }) => `“${to}” 没有域名服务器`,
  packetRefused: ({ to }) => `${to} 无人接收`,
};

export const networkWordsChinese: NetworkWords = {
  picture: '网络',
  internet: '互联网',
  internetNote: '在宿主机之外，eth0 的另一边',
  host: '宿主机',
  hostNote: '它自己的网络命名空间；在各网桥与 eth0 之间转发',
  station: (s) =>
    s.kind === 'host'
      ? '宿主机'
      : s.kind === 'gone'
        ? `${s.name || `net:[${s.namespace}]`}，已结束`
        : s.name || `手工创建的网络命名空间 ${s.namespace}`,
  stationNote: (s) => (s.kind === 'gone' ? '已结束' : s.kind === 'unshared' ? '手工创建' : ''),
  guest: (name) => `${name}：同一个网络命名空间`,
  elsewhere: (name) => `${name}，也在这里`,
  segment: (s) =>
    `${s.network ? `网络 ${s.network.name}，` : ''}网桥 ${s.bridge} ${s.addresses.join(' ')}${s.network?.internal ? '，内部网络' : ''}`,
  segmentNote: (network) => {
    if (!network) return '手工创建';
    const names = network.name === 'bridge' ? '默认网桥没有名字解析' : '127.0.0.11 解析名字';
    return network.internal ? `内部网络：没有出口；${names}` : names;
  },
  listening: (one) =>
    one.trap ? `${program(one)} 监听 ${socket(one)}：只有本容器内部能到达` : `${program(one)} 监听 ${socket(one)}`,
  listeningShort: (one) => (one.trap ? `${socket(one)} ${program(one)}，仅内部` : `${socket(one)} ${program(one)}`),
  published: (rule) => `已发布：${rule.host}/${rule.protocol} 通向 ${rule.to}${rule.name && `（${rule.name}）`}`,
  name: (name) => `名字 ${name}`,
  resolver: 'DNS 127.0.0.11',
  alone: '不在任何网桥上',
  story: (story) => chinese(story)[story.outcome](),
  flaw: (story) => flawsChinese[story.outcome]?.(story) ?? story.answers[0] ?? '',
  stories: '上一条命令的连接',
  noStories: '上一条命令没有建立连接。',
  times: (count) => `${count} 次`,
  legend: {
    bridge: '网桥（一个网络）',
    station: '容器',
    interface: '接口与地址',
    listening: '在监听',
    trap: '监听 127.0.0.1：仅内部',
    published: '发布的端口（NAT）',
    flaw: '在这里失败',
  },
  note: '每个容器有自己的网络；veth 对就是它接到宿主机网桥的网线。',
};
