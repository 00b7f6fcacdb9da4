import type { ContainerInspect, WaitResponse } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { checkTty, followSize, proxySignals, pumpStream } from './stream.ts';

/** A size of one more each way, before the real one: the change makes a shell draw its prompt again. */
async function nudgeSize(cli: DockerCli, id: string): Promise<void> {
  const { rows = 0, columns = 0 } = cli.host.windowSize() ?? {};
  const query = { h: rows + 1, w: columns + 1 };
  await cli.client.done('POST', `/containers/${id}/resize`, { query }).catch(() => undefined);
}

export const attach: Command = {
  name: 'attach',
  use: '[OPTIONS] CONTAINER',
  short: 'Attach local standard input, output, and error streams to a running container',
  aliasText: 'docker container attach, docker attach',
  flags: [
    flag('detach-keys', '', 'string', 'Override the key sequence for detaching a container'),
    flag('no-stdin', '', 'bool', 'Do not attach STDIN'),
    flag('sig-proxy', '', 'bool', 'Proxy all received signals to the process', { default: 'true' }),
  ],
  args: { exact: 1 },
  async run(cli, flags, [name]) {
    const { client } = cli;
    const path = `/containers/${encodeURIComponent(name!)}`;
    const { Id, State, Config } = await client.json<ContainerInspect>('GET', `${path}/json`);
    if (!State.Running) throw new StatusError(1, 'You cannot attach to a stopped container, start it first');
    if (State.Paused) throw new StatusError(1, 'You cannot attach to a paused container, unpause it first');
    if (State.Restarting)
      throw new StatusError(1, 'You cannot attach to a restarting container, wait until it is running');
    const stdin = !flags.bool('no-stdin') && Config.OpenStdin;
    checkTty(cli, stdin, Config.Tty);
    const exited = client.json<WaitResponse>('POST', `/containers/${Id}/wait`);
    exited.catch(() => undefined);
    const keys = flags.string('detach-keys') || cli.config.text('detachKeys');
    const { stream } = await client.hijack(`/containers/${Id}/attach`, {
      query: { stream: true, stdin, stdout: true, stderr: true, detachKeys: keys || undefined },
    });
    if (Config.Tty && cli.host.stdout.isTty) await nudgeSize(cli, Id);
    const signalsCaught = flags.bool('sig-proxy') && !Config.Tty;
    const releases = [
      ...(flags.bool('sig-proxy') && !Config.Tty ? [proxySignals(cli, Id)] : []),
      ...(Config.Tty && cli.host.stdout.isTty ? [followSize(cli, `/containers/${Id}`)] : []),
    ];
    try {
      if ((await pumpStream(cli, stream, { tty: Config.Tty, stdin, detachKeys: keys, signalsCaught })) === 'detached') {
        await cli.err('read escape sequence\n');
        return 1;
      }
      const { StatusCode, Error: failure } = await exited;
      if (failure?.Message) throw new StatusError(1, failure.Message);
      return StatusCode;
    } finally {
      for (const release of releases) release();
    }
  },
};
