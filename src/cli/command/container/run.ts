import type { ContainerCreateRequest, WaitResponse } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import type { FlagSet } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { containerConfig } from './container-config.ts';
import { runFlags } from './container-flags.ts';
import { checkPull, createContainer, withHelp } from './create-container.ts';
import { checkTty, followSize, proxySignals, pumpStream } from './stream.ts';

export const run: Command = {
  name: 'run',
  use: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
  short: 'Create and run a new container from an image',
  aliasText: 'docker container run, docker run',

  flags: runFlags,
  interspersed: false,
  args: { min: 1 },
  async run(cli, flags, args) {
    let request: ContainerCreateRequest;
    try {
      checkPull(flags);
      await cli.takePipes([...flags.list('env-file'), ...flags.list('label-file')]);
      request = containerConfig(cli, flags, args);
    } catch (error) {
      throw withHelp(error as Error, 'run');
    }
    if (flags.bool('detach')) {
      if (flags.list('attach').length)
        throw new StatusError(1, 'conflicting options: cannot specify both --attach and --detach');
      Object.assign(request, { AttachStdin: false, AttachStdout: false, AttachStderr: false, StdinOnce: false });
    } else checkTty(cli, request.AttachStdin ?? false, request.Tty ?? false);
    return runContainer(cli, flags, request);
  },
};

async function runContainer(cli: DockerCli, flags: FlagSet, request: ContainerCreateRequest): Promise<number> {
  const { client } = cli;
  const attached = Boolean(request.AttachStdin || request.AttachStdout || request.AttachStderr);
  const keys = flags.string('detach-keys') || cli.config.text('detachKeys');
  let id: string;
  try {
    id = await createContainer(cli, flags, request);
  } catch (error) {
    throw startError(error as Error);
  }
  const releases: (() => void)[] = [];
  if (flags.bool('sig-proxy') && attached && !request.Tty) releases.push(proxySignals(cli, id));
  try {
    const stream = attached
      ? (
          await client.hijack(`/containers/${id}/attach`, {
            query: {
              stream: true,
              stdin: request.AttachStdin,
              stdout: request.AttachStdout,
              stderr: request.AttachStderr,
              detachKeys: keys || undefined,
            },
          })
        ).stream
      : undefined;
    const exited = attached
      ? client.json<WaitResponse>('POST', `/containers/${id}/wait`, {
          query: { condition: flags.bool('rm') ? 'removed' : 'next-exit' },
        })
      : undefined;
    exited?.catch(() => undefined);
    const pumped =
      stream &&
      pumpStream(cli, stream, {
        tty: request.Tty ?? false,
        stdin: request.AttachStdin ?? false,
        detachKeys: keys,
        signalsCaught: releases.length > 0,
      });
    pumped?.catch(() => undefined);
    try {
      await client.done('POST', `/containers/${id}/start`);
    } catch (error) {
      if (!attached) await cli.println(id);
      stream?.close();
      cli.host.stdin.cancel();
      await pumped?.catch(() => undefined);
      if (flags.bool('rm')) await exited?.catch(() => undefined);
      throw startError(error as Error);
    }
    if (!pumped) {
      await cli.println(id);
      return 0;
    }
    if (request.Tty && cli.host.stdout.isTty) releases.push(followSize(cli, `/containers/${id}`));
    if ((await pumped) === 'detached') return 0;
    const status = await exited!;
    if (status.Error?.Message) throw new StatusError(125, status.Error.Message);
    return status.StatusCode;
  } finally {
    for (const release of releases) release();
  }
}

/** 127: no such program; 126: it may not be run; 125: anything else the daemon said. */
function startError(error: Error): StatusError {
  const failure = withHelp(error, 'run');
  const { message } = error;
  if (/executable file not found|no such file or directory|system cannot find the file specified/.test(message))
    return new StatusError(127, failure.message);
  if (message.includes('permission denied') || message.includes('is a directory'))
    return new StatusError(126, failure.message);
  return failure;
}
