import type { ContainerInspect } from '../../../spec/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';

const join = (ip: string, port: string): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

export const port: Command = {
  name: 'port',
  use: 'CONTAINER [PRIVATE_PORT[/PROTO]]',
  short: 'List port mappings or a specific mapping for the container',
  aliasText: 'docker container port, docker port',
  args: { min: 1, max: 2 },
  async run(cli, _flags, [name, wanted]) {
    const { NetworkSettings } = await cli.client.json<ContainerInspect>(
      'GET',
      `/containers/${encodeURIComponent(name!)}/json`,
    );
    const ports = NetworkSettings.Ports ?? {};
    if (wanted !== undefined) {
      const [number, protocol = 'tcp'] = wanted.split('/') as [string, string?];
      if (!/^\d+(-\d+)?$/.test(number)) {
        const why = `strconv.ParseUint: parsing ${JSON.stringify(number)}: invalid syntax`;
        throw new StatusError(1, `Error: invalid port (${number}): ${why}`);
      }
      const bindings = ports[`${number}/${protocol}`];
      if (!bindings?.length) throw new StatusError(1, `Error: No public port '${wanted}' published for ${name}`);
      await cli.out(bindings.map((host) => `${join(host.HostIp, host.HostPort)}\n`).join(''));
      return 0;
    }
    const lines = Object.entries(ports).flatMap(([from, bindings]) =>
      (bindings ?? []).map((host) => `${from} -> ${join(host.HostIp, host.HostPort)}\n`),
    );
    const key = (line: string): number => Number.parseInt(line, 10);
    await cli.out(lines.sort((a, b) => key(a) - key(b) || (a < b ? -1 : 1)).join(''));
    return 0;
  },
};
