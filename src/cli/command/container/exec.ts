import type { ContainerInspect, ExecInspect } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { readEnv } from './container-config.ts';
import { checkVariable } from './option-checks.ts';
import { checkTty, followSize, pumpStream } from './stream.ts';

export const exec: Command = {
  name: 'exec',
  use: '[OPTIONS] CONTAINER COMMAND [ARG...]',
  short: 'Execute a command in a running container',
  aliasText: 'docker container exec, docker exec',
  flags: [
    flag('detach', 'd', 'bool', 'Detached mode: run command in the background'),
    flag('detach-keys', '', 'string', 'Override the key sequence for detaching a container'),
    flag('env', 'e', 'list', 'Set environment variables', { check: checkVariable }),
    flag('env-file', '', 'list', 'Read in a file of environment variables'),
    flag('interactive', 'i', 'bool', 'Keep STDIN open even if not attached'),
    flag('privileged', '', 'bool', 'Give extended privileges to the command'),
    flag('tty', 't', 'bool', 'Allocate a pseudo-TTY'),
    flag('user', 'u', 'string', 'Username or UID (format: "<name|uid>[:<group|gid>]")'),
    flag('workdir', 'w', 'string', 'Working directory inside the container'),
  ],
  interspersed: false,
  args: { min: 2 },
  async run(cli, flags, [name, ...Cmd]) {
    const { client } = cli;
    const detach = flags.bool('detach');
    const tty = flags.bool('tty');
    const stdin = flags.bool('interactive') && !detach;
    const keys = flags.string('detach-keys') || cli.config.text('detachKeys');
    await cli.takePipes(flags.list('env-file'));
    const Env = readEnv(cli, flags.list('env-file'), flags.list('env'));
    const path = `/containers/${encodeURIComponent(name!)}`;
    await client.json<ContainerInspect>('GET', `${path}/json`);
    if (!detach) checkTty(cli, stdin, tty);
    const { Id } = await client.json<{ Id: string }>('POST', `${path}/exec`, {
      json: {
        User: flags.string('user'),
        Privileged: flags.bool('privileged'),
        Tty: tty,
        AttachStdin: stdin,
        AttachStderr: !detach,
        AttachStdout: !detach,
        DetachKeys: keys,
        Env: Env.length ? Env : null,
        WorkingDir: flags.string('workdir'),
        Cmd,
      },
    });
    if (!Id) throw new StatusError(1, 'exec ID empty');
    if (detach) {
      await client.done('POST', `/exec/${Id}/start`, { json: { Detach: true, Tty: tty } });
      return 0;
    }
    const { stream } = await client.hijack(`/exec/${Id}/start`, { json: { Detach: false, Tty: tty } });
    const release = tty && cli.host.stdin.isTty ? followSize(cli, `/exec/${Id}`) : undefined;
    try {
      if ((await pumpStream(cli, stream, { tty, stdin, detachKeys: keys })) === 'detached') {
        await cli.err('read escape sequence\n');
        return 1;
      }
    } finally {
      release?.();
    }
    return (await client.json<ExecInspect>('GET', `/exec/${Id}/json`)).ExitCode ?? 0;
  },
};
