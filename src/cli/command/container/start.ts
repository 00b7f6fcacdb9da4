import type { ContainerInspect, WaitResponse } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import type { FlagSet } from '../../flag/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { followSize, proxySignals, pumpStream } from './stream.ts';

export const start: Command = {
  name: 'start',
  use: '[OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Start one or more stopped containers',
  aliasText: 'docker container start, docker start',
  flags: [
    flag('attach', 'a', 'bool', 'Attach STDOUT/STDERR and forward signals'),
    flag('checkpoint', '', 'string', 'Restore from this checkpoint', { experimental: true, ostype: 'linux' }),
    flag('checkpoint-dir', '', 'string', 'Use a custom checkpoint storage directory', {
      experimental: true,
      ostype: 'linux',
    }),
    flag('detach-keys', '', 'string', 'Override the key sequence for detaching a container'),
    flag('interactive', 'i', 'bool', "Attach container's STDIN"),
  ],
  args: { min: 1 },
  async run(cli, flags, args) {
    if (flags.string('checkpoint') && (args.length > 1 || flags.bool('attach') || flags.bool('interactive')))
      throw new StatusError(1, 'drydock: start --checkpoint of more than one container or attached is not simulated');
    if (!flags.bool('attach') && !flags.bool('interactive')) return startAll(cli, flags, args);
    if (args.length > 1) throw new StatusError(1, 'you cannot start and attach multiple containers at once');
    return startAttached(cli, flags, args[0]!);
  },
};

async function startAll(cli: DockerCli, flags: FlagSet, names: readonly string[]): Promise<number> {
  const failed: string[] = [];
  const query = {
    checkpoint: flags.string('checkpoint') || undefined,
    'checkpoint-dir': flags.string('checkpoint-dir') || undefined,
  };
  for (const name of names) {
    try {
      await cli.client.done('POST', `/containers/${encodeURIComponent(name)}/start`, { query });
      await cli.println(name);
    } catch (error) {
      await cli.err(`${(error as Error).message}\n`);
      failed.push(name);
    }
  }
  if (failed.length) throw new StatusError(1, `Error: failed to start containers: ${failed.join(', ')}`);
  return 0;
}

async function startAttached(cli: DockerCli, flags: FlagSet, name: string): Promise<number> {
  const { client } = cli;
  const { Id, Config, HostConfig } = await client.json<ContainerInspect>(
    'GET',
    `/containers/${encodeURIComponent(name)}/json`,
  );
  const keys = flags.string('detach-keys') || cli.config.text('detachKeys');
  const stdin = flags.bool('interactive') && Config.OpenStdin;
  const releases = flags.bool('sig-proxy') && !Config.Tty ? [proxySignals(cli, Id)] : [];
  try {
    const { stream } = await client.hijack(`/containers/${Id}/attach`, {
      query: { stream: true, stdin, stdout: true, stderr: true, detachKeys: keys || undefined },
    });
    const exited = client.json<WaitResponse>('POST', `/containers/${Id}/wait`, {
      query: { condition: HostConfig.AutoRemove ? 'removed' : 'next-exit' },
    });
    exited.catch(() => undefined);
    const pumped = pumpStream(cli, stream, { tty: Config.Tty, stdin, detachKeys: keys, signalsCaught: !Config.Tty });
    pumped.catch(() => undefined);
    try {
      await client.done('POST', `/containers/${Id}/start`);
    } catch (error) {
      stream.close();
      cli.host.stdin.cancel();
      await pumped.catch(() => undefined);
      throw error;
    }
    if (Config.Tty && cli.host.stdout.isTty) releases.push(followSize(cli, `/containers/${Id}`));
    if ((await pumped) === 'detached') return 0;
    return (await exited).StatusCode;
  } finally {
    for (const release of releases) release();
  }
}
