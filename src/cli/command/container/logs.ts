import { bodyChunks, FrameDecoder } from '../../../api/index.ts';
import type { ContainerInspect } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import { type Command, StatusError } from '../command.ts';
import { eventTime } from '../system/event-time.ts';
import { untilAborted } from '../until-aborted.ts';
import { writeFrames } from './stream.ts';

function logTime(cli: DockerCli, flagName: string, text: string): string | undefined {
  try {
    return eventTime(cli, text);
  } catch (error) {
    throw new StatusError(1, `invalid value for "${flagName}": ${(error as Error).message}`);
  }
}

export const logs: Command = {
  name: 'logs',
  use: '[OPTIONS] CONTAINER',
  short: 'Fetch the logs of a container',
  aliasText: 'docker container logs, docker logs',
  flags: [
    flag('details', '', 'bool', 'Show extra details provided to logs'),
    flag('follow', 'f', 'bool', 'Follow log output'),
    flag(
      'since',
      '',
      'string',
      'Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)',
    ),
    flag('tail', 'n', 'string', 'Number of lines to show from the end of the logs', { default: '"all"' }),
    flag('timestamps', 't', 'bool', 'Show timestamps'),
    flag(
      'until',
      '',
      'string',
      'Show logs before a timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)',
    ),
  ],
  args: { exact: 1 },
  async run(cli, flags, [name]) {
    const path = `/containers/${encodeURIComponent(name!)}`;
    const { Config, Id } = await cli.client.json<ContainerInspect>('GET', `${path}/json`);
    const query = {
      stdout: true,
      stderr: true,
      since: logTime(cli, 'since', flags.string('since')),
      until: logTime(cli, 'until', flags.string('until')),
      timestamps: flags.bool('timestamps'),
      details: flags.bool('details'),
      follow: flags.bool('follow'),
      tail: flags.string('tail'),
    };
    const stop = new AbortController();
    const release = cli.host.onSignal(() => stop.abort());
    const decoder = new FrameDecoder();
    try {
      const response = await cli.client.call('GET', `/containers/${Id}/logs`, { query, signal: stop.signal });
      for await (const bytes of untilAborted(bodyChunks(response.body), stop.signal)) {
        if (Config.Tty) await cli.host.stdout.write(bytes);
        else await writeFrames(cli, decoder, bytes);
        if (stop.signal.aborted) break;
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      release();
    }
    return stop.signal.aborted ? 130 : 0;
  },
};
