import { FlagSet, flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { attach as dockerAttach } from '../container/attach.ts';
import { exec as dockerExec } from '../container/exec.ts';
import { composeRun } from './compose.ts';
import { oneContainer } from './containers.ts';

export const exec: Command = {
  name: 'exec',
  use: '[OPTIONS] SERVICE COMMAND [ARGS...]',
  short: 'Execute a command in a running container',
  flags: [
    flag('detach', 'd', 'bool', 'Detached mode: Run command in the background'),
    flag('env', 'e', 'stringArray', 'Set environment variables'),
    flag('index', '', 'int', 'Index of the container if service has multiple replicas'),
    flag('privileged', '', 'bool', 'Give extended privileges to the process'),
    flag('user', 'u', 'string', 'Run the command as this user'),
    flag('no-TTY', 'T', 'bool', 'Disable pseudo-TTY allocation. By default docker compose exec allocates a TTY.', {
      valueName: 'docker compose exec',
    }),
    flag('workdir', 'w', 'string', 'Path to workdir directory for this command'),
    flag('interactive', 'i', 'bool', 'Keep STDIN open even if not attached', { default: 'true', hidden: true }),
    flag('tty', 't', 'bool', 'Allocate a pseudo-TTY', { default: 'true', hidden: true }),
  ],
  interspersed: false,
  args: { min: 2 },
  cobraArgs: true,
  run: composeRun(async (compose, flags, [service, ...command]) => {
    const { cli } = compose;
    const project = await compose.projectName();
    const { Id } = await oneContainer(compose, project, service!, {
      oneOff: 'include',
      all: false,
      index: flags.int('index'),
    });
    const noTty = flags.changed('no-TTY') ? flags.bool('no-TTY') : !cli.host.stdout.isTty;
    const argv = [
      ...(flags.bool('detach') ? ['--detach'] : []),
      ...(flags.bool('interactive') ? ['--interactive'] : []),
      ...(noTty ? [] : ['--tty']),
      ...(flags.bool('privileged') ? ['--privileged'] : []),
      ...flags.list('env').map((text) => `--env=${text}`),
      ...(flags.string('user') ? [`--user=${flags.string('user')}`] : []),
      ...(flags.string('workdir') ? [`--workdir=${flags.string('workdir')}`] : []),
    ];
    return dockerExec.run!(cli, new FlagSet(dockerExec.flags!, false).parse(argv), [Id, ...command]);
  }),
};

export const attach: Command = {
  name: 'attach',
  use: '[OPTIONS] SERVICE',
  short: "Attach local standard input, output, and error streams to a service's running container",
  flags: [
    flag('index', '', 'int', 'index of the container if service has multiple replicas.'),
    flag('detach-keys', '', 'string', 'Override the key sequence for detaching from a container.'),
    flag('no-stdin', '', 'bool', 'Do not attach STDIN'),
    flag('sig-proxy', '', 'bool', 'Proxy all received signals to the process', { default: 'true' }),
  ],
  args: { min: 1 },
  cobraArgs: true,
  run: composeRun(async (compose, flags, [service]) => {
    const project = await compose.projectName();
    const options = { oneOff: 'include', all: false, index: flags.int('index') } as const;
    const { Id } = await oneContainer(compose, project, service!, options);
    const argv = [
      `--no-stdin=${flags.bool('no-stdin')}`,
      `--sig-proxy=${flags.bool('sig-proxy')}`,
      ...(flags.string('detach-keys') ? [`--detach-keys=${flags.string('detach-keys')}`] : []),
    ];
    return dockerAttach.run!(compose.cli, new FlagSet(dockerAttach.flags!).parse(argv), [Id]);
  }),
};
