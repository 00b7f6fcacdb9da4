import type { NetworkResource } from '../../../spec/index.ts';
import { flag, keyValues } from '../../flag/index.ts';
import { chooseFormat, formatHelp, inspectFormatHelp, printListing, shortId, timeText } from '../../format/index.ts';
import { type Command, StatusError } from '../command.ts';
import { checkLabel, isIp4 } from '../container/option-checks.ts';
import { filterQuery } from '../filters.ts';
import { inspectObjects } from '../inspect-objects.ts';
import { pruneCommand, prune as pruneObjects } from '../prune.ts';

const connect: Command = {
  name: 'connect',
  use: '[OPTIONS] NETWORK CONTAINER',
  short: 'Connect a container to a network',
  flags: [
    flag('alias', '', 'strings', 'Add network-scoped alias for the container'),
    flag('driver-opt', '', 'strings', 'driver options for the network'),
    flag(
      'gw-priority',
      '',
      'int',
      'Highest gw-priority provides the default gateway. Accepts positive and negative values.',
    ),
    flag('ip', '', 'string', 'IPv4 address (e.g., "172.30.100.104")'),
    flag('ip6', '', 'string', 'IPv6 address (e.g., "2001:db8::33")'),
    flag('link', '', 'list', 'Add link to another container'),
    flag('link-local-ip', '', 'strings', 'Add a link-local address for the container'),
  ],
  args: { exact: 2 },
  async run(cli, flags, [network, container]) {
    const ip = flags.string('ip');
    const ip6 = flags.string('ip6');
    const linkLocal = flags.list('link-local-ip');
    const EndpointConfig = {
      ...(ip || ip6 || linkLocal.length
        ? {
            IPAMConfig: {
              ...(ip ? { IPv4Address: ip } : {}),
              ...(ip6 ? { IPv6Address: ip6 } : {}),
              ...(linkLocal.length ? { LinkLocalIPs: linkLocal } : {}),
            },
          }
        : {}),
      Links: flags.list('link'),
      Aliases: flags.list('alias'),
      DriverOpts: flags.map('driver-opt'),
      ...(flags.changed('gw-priority') ? { GwPriority: flags.int('gw-priority') } : {}),
    };
    await cli.client.done('POST', `/networks/${encodeURIComponent(network!)}/connect`, {
      json: { Container: container, EndpointConfig },
    });
    return 0;
  },
};

const disconnect: Command = {
  name: 'disconnect',
  use: '[OPTIONS] NETWORK CONTAINER',
  short: 'Disconnect a container from a network',
  flags: [flag('force', 'f', 'bool', 'Force the container to disconnect from a network')],
  args: { exact: 2 },
  async run(cli, flags, [network, Container]) {
    await cli.client.done('POST', `/networks/${encodeURIComponent(network!)}/disconnect`, {
      json: { Container, Force: flags.bool('force') },
    });
    return 0;
  },
};

const create: Command = {
  name: 'create',
  use: '[OPTIONS] NETWORK',
  short: 'Create a network',
  flags: [
    flag('attachable', '', 'bool', 'Enable manual container attachment'),
    flag('aux-address', '', 'map', 'Auxiliary IPv4 or IPv6 addresses used by Network driver', { default: 'map[]' }),
    flag('config-from', '', 'string', 'The network from which to copy the configuration'),
    flag('config-only', '', 'bool', 'Create a configuration only network'),
    flag('driver', 'd', 'string', 'Driver to manage the Network', { default: '"bridge"' }),
    flag('gateway', '', 'strings', 'IPv4 or IPv6 Gateway for the master subnet'),
    flag('ingress', '', 'bool', 'Create swarm routing-mesh network'),
    flag('internal', '', 'bool', 'Restrict external access to the network'),
    flag('ip-range', '', 'strings', 'Allocate container ip from a sub-range'),
    flag('ipam-driver', '', 'string', 'IP Address Management Driver', { default: '"default"' }),
    flag('ipam-opt', '', 'map', 'Set IPAM driver specific options', { default: 'map[]' }),
    flag('ipv4', '', 'bool', 'Enable or disable IPv4 address assignment', { default: 'true' }),
    flag('ipv6', '', 'bool', 'Enable or disable IPv6 address assignment'),
    flag('label', '', 'list', 'Set metadata on a network', { check: checkLabel }),
    flag('opt', 'o', 'map', 'Set driver specific options', { default: 'map[]' }),
    flag('scope', '', 'string', "Control the network's scope"),
    flag('subnet', '', 'strings', 'Subnet in CIDR format that represents a network segment'),
  ],
  args: { exact: 1 },
  async run(cli, flags, [Name]) {
    const subnets = flags.list('subnet');
    const at = (name: string, index: number): string | undefined => flags.list(name)[index];
    if (subnets.length === 0 && (flags.list('ip-range').length || flags.list('gateway').length))
      throw new Error('every ip-range or gateway must have a corresponding subnet');
    const Config = subnets.map((Subnet, index) => ({
      Subnet,
      ...(at('ip-range', index) ? { IPRange: at('ip-range', index) } : {}),
      ...(at('gateway', index) ? { Gateway: at('gateway', index) } : {}),
      ...(index === 0 && flags.list('aux-address').length ? { AuxiliaryAddresses: flags.map('aux-address') } : {}),
    }));
    const inside = (address: string): boolean => subnets.some((subnet) => holds(subnet, address));
    for (const range of flags.list('ip-range')) {
      if (!/^[\da-fA-F.:]+\/\d+$/.test(range)) throw new StatusError(1, `invalid CIDR address: ${range}`);
      if (!inside(range)) throw new StatusError(1, `no matching subnet for range ${range}`);
    }
    for (const gateway of flags.list('gateway'))
      if (!inside(gateway)) throw new StatusError(1, `no matching subnet for gateway ${gateway}`);
    for (const address of Object.values(flags.map('aux-address')))
      if (!inside(address)) throw new StatusError(1, `no matching subnet for aux-address ${address}`);
    const json = {
      Name,
      CheckDuplicate: true,
      Driver: flags.string('driver'),
      Scope: flags.string('scope'),
      EnableIPv4: flags.changed('ipv4') ? flags.bool('ipv4') : undefined,
      EnableIPv6: flags.changed('ipv6') ? flags.bool('ipv6') : undefined,
      IPAM: { Driver: flags.string('ipam-driver'), Options: flags.map('ipam-opt'), Config },
      Internal: flags.bool('internal'),
      Attachable: flags.bool('attachable'),
      Ingress: flags.bool('ingress'),
      ConfigOnly: flags.bool('config-only'),
      ConfigFrom: flags.string('config-from') ? { Network: flags.string('config-from') } : null,
      Options: flags.map('opt'),
      Labels: keyValues(flags.list('label')),
    };
    const { Id } = await cli.client.json<{ Id: string }>('POST', '/networks/create', { json });
    await cli.println(Id);
    return 0;
  },
};

/** Whether an address (or a range's first) lies in an IPv4 subnet; what is not of IPv4 is the daemon's to judge. */
function holds(subnet: string, address: string): boolean {
  const number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const [base = '', bits = '32'] = subnet.split('/');
  const ip = address.split('/')[0]!;
  if (!isIp4(base)) return true;
  const size = 2 ** (32 - Number(bits));
  return isIp4(ip) && Math.floor(number(base) / size) === Math.floor(number(ip) / size);
}

const inspect: Command = {
  name: 'inspect',
  use: '[OPTIONS] NETWORK [NETWORK...]',
  short: 'Display detailed information on one or more networks',
  flags: [
    flag('format', 'f', 'string', inspectFormatHelp),
    flag('verbose', 'v', 'bool', 'Verbose output for diagnostics'),
  ],
  args: { min: 1 },
  async run(cli, flags, args) {
    return inspectObjects(cli, args, flags.string('format'), (name) =>
      cli.client.text('GET', `/networks/${encodeURIComponent(name)}`, { query: { verbose: flags.bool('verbose') } }),
    );
  },
};

const ls: Command = {
  name: 'ls',
  use: '[OPTIONS]',
  short: 'List networks',
  aliases: ['list'],
  aliasText: 'docker network ls, docker network list',
  flags: [
    flag('filter', 'f', 'filter', 'Provide filter values (e.g. "driver=bridge")'),
    flag('format', '', 'string', formatHelp),
    flag('no-trunc', '', 'bool', 'Do not truncate the output'),
    flag('quiet', 'q', 'bool', 'Only display network IDs'),
  ],
  args: { exact: 0 },
  async run(cli, flags) {
    const whole = flags.bool('no-trunc');
    const format = chooseFormat(
      cli,
      flags.string('format'),
      flags.bool('quiet'),
      'networksFormat',
      '{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}',
      '{{.ID}}',
      flags.bool('quiet')
        ? 'network_id: {{.ID}}'
        : 'network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n',
    );
    const networks = await cli.client.json<NetworkResource[]>('GET', '/networks', {
      query: { filters: filterQuery(flags.list('filter')) },
    });
    networks.sort((a, b) => a.Name.localeCompare(b.Name, 'en', { numeric: true }));
    await printListing(cli, format, networks, {
      type: '*network.networkContext',
      headers: {
        ID: 'NETWORK ID',
        Name: 'NAME',
        Driver: 'DRIVER',
        Scope: 'SCOPE',
        IPv4: 'IPV4',
        IPv6: 'IPV6',
        Internal: 'INTERNAL',
        Labels: 'LABELS',
        CreatedAt: 'CREATED AT',
      },
      methods: (item) => ({ Label: (name) => item.Labels?.[String(name)] ?? '' }),
      fields: (item) => ({
        ID: whole ? item.Id : shortId(item.Id),
        Name: item.Name,
        Driver: item.Driver,
        Scope: item.Scope,
        IPv4: String((item as NetworkResource & { EnableIPv4?: boolean }).EnableIPv4 ?? false),
        IPv6: String(item.EnableIPv6),
        Internal: String(item.Internal),
        Labels: Object.entries(item.Labels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .sort()
          .join(','),
        CreatedAt: timeText(item.Created),
      }),
    });
    return 0;
  },
};

const prune: Command = {
  name: 'prune',
  use: '[OPTIONS]',
  short: 'Remove all unused networks',
  flags: [
    flag('filter', '', 'filter', 'Provide filter values (e.g. "until=<timestamp>")'),
    flag('force', 'f', 'bool', 'Do not prompt for confirmation'),
  ],
  ...pruneCommand(
    'WARNING! This will remove all custom networks not used by at least one container.\nAre you sure you want to continue?',
    (cli, flags) => pruneObjects(cli, 'networks', flags.list('filter')),
  ),
};

const rm: Command = {
  name: 'rm',
  use: 'NETWORK [NETWORK...]',
  short: 'Remove one or more networks',
  aliases: ['remove'],
  aliasText: 'docker network rm, docker network remove',
  flags: [flag('force', 'f', 'bool', 'Do not error if the network does not exist')],
  args: { min: 1 },
  async run(cli, flags, args) {
    let status = 0;
    for (const name of args) {
      try {
        await cli.client.done('DELETE', `/networks/${encodeURIComponent(name)}`);
        await cli.println(name);
      } catch (error) {
        if (flags.bool('force') && /not found/.test((error as Error).message)) continue;
        await cli.err(`${(error as Error).message}\n`);
        status = 1;
      }
    }
    // The real one returns an error without a text, which says so.
    if (status !== 0) throw new StatusError(status, `exit status ${status}`);
    return 0;
  },
};

export const network: Command = {
  name: 'network',
  use: '',
  short: 'Manage networks',
  commands: [connect, create, disconnect, inspect, ls, prune, rm],
};
