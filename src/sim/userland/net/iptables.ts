/** iptables -L and -S of the nat and filter tables: what Docker's network driver has set up, read from netlink. */
import type { Command, CommandSpec } from '../core/command.ts';

interface Rule {
  target: string;
  protocol: string;
  source: string;
  destination: string;
  more: string;
}

const any = (numeric: boolean): string => (numeric ? '0.0.0.0/0' : 'anywhere');

function natChains(c: Command, numeric: boolean): [title: string, rules: Rule[]][] {
  const all = any(numeric);
  const bridges = c.sys.netlink.links().filter((link) => link.kind === 'bridge');
  const networks = c.sys.netlink
    .routes()
    .filter((route) => bridges.some((bridge) => bridge.name === route.link))
    .map((route) => route.destination);
  const local = (destination: string): Rule => ({
    target: 'DOCKER',
    protocol: 'all',
    source: all,
    destination,
    more: 'ADDRTYPE match dst-type LOCAL',
  });
  const published = c.sys.netlink.nat();
  return [
    ['Chain PREROUTING (policy ACCEPT)', [local(all)]],
    ['Chain INPUT (policy ACCEPT)', []],
    ['Chain OUTPUT (policy ACCEPT)', [local(`!${numeric ? '127.0.0.0/8' : 'localhost/8'}`)]],
    [
      'Chain POSTROUTING (policy ACCEPT)',
      networks.map((source) => ({ target: 'MASQUERADE', protocol: 'all', source, destination: all, more: '' })),
    ],
    [
      'Chain DOCKER (2 references)',
      [
        ...networks.map(() => ({ target: 'RETURN', protocol: 'all', source: all, destination: all, more: '' })),
        ...published.map((rule) => ({
          target: 'DNAT',
          protocol: rule.protocol,
          source: all,
          destination: rule.hostIp === '0.0.0.0' ? all : rule.hostIp,
          more: `${rule.protocol} dpt:${rule.hostPort} to:${rule.toIp}:${rule.toPort}`,
        })),
      ],
    ],
  ];
}

function line(rule: Rule): string {
  return `${rule.target.padEnd(10)} ${rule.protocol.padEnd(4)} --  ${rule.source.padEnd(20)} ${rule.destination.padEnd(20)} ${rule.more}\n`;
}

export const iptables: CommandSpec = {
  name: 'iptables',
  suite: 'extra',
  usageStatus: 2,
  run(c) {
    const o = c.options({
      gnu: 't,table= L,list S,list-rules n,numeric v,verbose line-numbers A,append= D,delete= I,insert= F,flush N,new-chain= P,policy= x',
    });
    const changes = ['append', 'delete', 'insert', 'flush', 'new-chain', 'policy', 'list-rules'].find((name) =>
      o.has(name),
    );
    if (changes) c.fail(`drydock: iptables --${changes} is not simulated`, 2);
    if (!o.has('list')) c.usage('no command specified');
    if (c.sys.cred.euid !== 0)
      c.fail('Could not fetch rule set generation id: Permission denied (you must be root)', 4);
    if (o.value('table') !== 'nat')
      c.fail(`drydock: the ${o.value('table') ?? 'filter'} table of iptables is not simulated`, 3);
    const wanted = o.operands[0];
    const chains = natChains(c, o.has('numeric')).filter(([title]) => !wanted || title.startsWith(`Chain ${wanted} `));
    chains.forEach(([title, rules], i) => {
      c.out(
        `${i ? '\n' : ''}${title}\ntarget     prot opt source               destination         \n${rules.map(line).join('')}`,
      );
    });
    return 0;
  },
};
