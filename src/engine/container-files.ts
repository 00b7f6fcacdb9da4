import type { Container } from './container.ts';
import type { Daemon } from './daemon.ts';
import { containerDir, hostPath, writeText } from './host-paths.ts';
import { isUserNetwork } from './network-attachment.ts';

const hostsHead = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
ff00::0\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;

/** hostname, hosts and resolv.conf under /var/lib/docker/containers/ID, which are bind-mounted into the container. */
export function writeContainerFiles(daemon: Daemon, container: Container): void {
  const { hostTree } = daemon.ports;
  const dir = containerDir(container.id);
  writeText(hostTree, `${dir}/hostname`, `${container.record.config.Hostname}\n`);
  writeText(hostTree, `${dir}/hosts`, hosts(daemon, container));
  writeText(hostTree, `${dir}/resolv.conf`, resolvConf(daemon, container));
}

function hosts(daemon: Daemon, container: Container): string {
  const { record } = container;
  const { config, hostConfig } = record;
  if (hostConfig.NetworkMode === 'host') return readHost(daemon, '/etc/hosts') + extraHosts(daemon, container);
  const full = config.Domainname ? `${config.Hostname}.${config.Domainname}` : config.Hostname;
  const names = full.includes('.') ? `${full} ${full.split('.')[0]}` : full;
  const own = Object.values(record.networks)
    .filter((endpoint) => endpoint.address !== '')
    .map((endpoint) => `${endpoint.address}\t${names}\n`)
    .join('');
  return hostsHead + extraHosts(daemon, container) + linkHosts(daemon, container) + own;
}

const extraHosts = (daemon: Daemon, { record }: Container): string =>
  extraHostLines(daemon, record.hostConfig.ExtraHosts ?? []);

/** `--add-host NAME:IP` as lines of /etc/hosts. */
export const extraHostLines = (daemon: Daemon, entries: readonly string[]): string =>
  entries
    .map((entry) => {
      const at = entry.indexOf(':');
      const [name, ip] = [entry.slice(0, at), entry.slice(at + 1)];
      return `${ip === 'host-gateway' ? bridgeGateway(daemon) : ip}\t${name}\n`;
    })
    .join('');

const bridgeGateway = (daemon: Daemon): string => daemon.networks.byName('bridge')?.gateway ?? '';

/** `--link NAME:ALIAS` on the default bridge. */
function linkHosts(daemon: Daemon, container: Container): string {
  if (isUserNetwork(container.record.hostConfig.NetworkMode)) return '';
  return links(daemon, container)
    .map(({ target, alias }) => {
      const address = target.record.networks.bridge?.address;
      const names = [...new Set([alias, target.record.config.Hostname, target.name])];
      return address ? `${address}\t${names.join(' ')}\n` : '';
    })
    .join('');
}

export function links(daemon: Daemon, container: Container): { target: Container; alias: string }[] {
  return (container.record.hostConfig.Links ?? []).flatMap((link) => {
    const [name = '', alias = name] = link.split(':');
    const target = daemon.containers.lookup(name);
    return target ? [{ target, alias: alias.split('/').at(-1)! }] : [];
  });
}

function resolvConf(daemon: Daemon, { record }: Container): string {
  const { Dns, DnsSearch, DnsOptions, NetworkMode } = record.hostConfig;
  const host = readHost(daemon, '/etc/resolv.conf');
  const lines = host.split('\n');
  const pick = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const search = DnsSearch?.length ? DnsSearch.filter((name) => name !== '.') : pick('search');
  const options = DnsOptions?.length ? DnsOptions : pick('options');
  // One user network is enough, joined at any time (libnetwork starts the resolver when a sandbox joins one).
  const joined = Object.keys(record.networks).some((name) => daemon.networks.byName(name)?.predefined === false);
  const user = isUserNetwork(NetworkMode) || joined;
  const servers = user ? ['127.0.0.11'] : Dns?.length ? Dns : externalServers(pick('nameserver'), NetworkMode);
  const out = [
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(user
      ? [`options ${[...options, 'ndots:0'].join(' ')}`]
      : options.length > 0
        ? [`options ${options.join(' ')}`]
        : []),
  ];
  return `${out.join('\n')}\n`;
}

/** The host's resolv.conf as a build step sees it. */
export function externalResolvConf(daemon: Daemon): string {
  const lines = readHost(daemon, '/etc/resolv.conf').split('\n');
  const servers = lines
    .filter((line) => line.startsWith('nameserver '))
    .map((line) => line.slice('nameserver '.length));
  const others = lines.filter((line) => line !== '' && !line.startsWith('nameserver '));
  return `${[...others, ...externalServers(servers, '').map((server) => `nameserver ${server}`)].join('\n')}\n`;
}

// A name server on the host's loopback cannot be reached from a container (libnetwork resolvconf.FilterResolvDNS).
function externalServers(servers: string[], mode: string): string[] {
  if (mode === 'host') return servers;
  const external = servers.filter((server) => !server.startsWith('127.'));
  return external.length > 0 ? external : ['8.8.8.8', '8.8.4.4'];
}

function readHost(daemon: Daemon, path: string): string {
  const { hostTree } = daemon.ports;
  try {
    const content = hostTree.content(hostTree.resolve(hostPath(path), true));
    return new TextDecoder().decode(content.read(0, content.size));
  } catch {
    return '';
  }
}
