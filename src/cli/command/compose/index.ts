/** `docker compose` (v2.36.2): loaded when it is first typed. */
import { flag } from '../../flag/index.ts';
import { type Command, StatusError } from '../command.ts';
import { config } from './config.ts';
import { down } from './down.ts';
import { attach, exec } from './exec.ts';
import { build, images, pull, push } from './image-commands.ts';
import { create, kill, pause, restart, rm, scale, start, stop, unpause } from './lifecycle-commands.ts';
import { logs } from './logs.ts';
import { ps } from './ps.ts';
import { commit, cp, events, exportService, ls, port, stats, top, version, wait } from './query-commands.ts';
import { run } from './run.ts';
import { up } from './up.ts';
import { watch } from './watch.ts';

/** What is not made says so. */
const missing = (name: string, use: string, short: string, hidden = false): Command => ({
  name,
  use,
  short,
  hidden,
  run: async () => {
    throw new StatusError(1, `drydock: docker compose ${name} is not simulated`);
  },
});

const dryRun = flag('dry-run', '', 'bool', 'Execute command in dry run mode');

const commands: Command[] = [
  attach,
  build,
  commit,
  config,
  cp,
  create,
  down,
  events,
  exec,
  exportService,
  images,
  kill,
  logs,
  ls,
  pause,
  port,
  ps,
  missing('publish', '[OPTIONS] REPOSITORY[:TAG]', 'Publish compose application'),
  pull,
  push,
  restart,
  rm,
  run,
  scale,
  start,
  stats,
  stop,
  top,
  unpause,
  up,
  version,
  wait,
  watch,
  missing('alpha', 'COMMAND', 'Experimental commands', true),
];

export const compose: Command = {
  name: 'compose',
  use: '[OPTIONS] COMMAND',
  short: 'Docker Compose',
  long: 'Define and run multi-container applications with Docker',
  plugin: true,
  flags: [
    flag('ansi', '', 'string', 'Control when to print ANSI control characters ("never"|"always"|"auto")', {
      default: '"auto"',
    }),
    flag('all-resources', '', 'bool', 'Include all resources, even those not used by services'),
    flag('compatibility', '', 'bool', 'Run compose in backward compatibility mode'),
    dryRun,
    flag('env-file', '', 'stringArray', 'Specify an alternate environment file'),
    flag('file', 'f', 'stringArray', 'Compose configuration files'),
    // Differs from Docker: accepted; everything that may happen at the same time does.
    flag('parallel', '', 'int', 'Control max parallelism, -1 for unlimited', { default: '-1' }),
    flag('profile', '', 'stringArray', 'Specify a profile to enable'),
    flag('progress', '', 'string', 'Set type of progress output (auto, tty, plain, json, quiet)', {
      default: '"auto"',
    }),
    flag(
      'project-directory',
      '',
      'string',
      'Specify an alternate working directory\n(default: the path of the, first specified, Compose file)',
    ),
    flag('project-name', 'p', 'string', 'Project name'),
    flag('version', 'v', 'bool', 'Show the Docker Compose version information', { hidden: true }),
    flag('verbose', '', 'bool', 'Show more output', { hidden: true }),
    flag('no-ansi', '', 'bool', 'Do not print ANSI control characters (DEPRECATED)', { hidden: true }),
    flag('workdir', '', 'string', 'DEPRECATED! USE --project-directory INSTEAD.', { hidden: true }),
  ],
  interspersed: false,
  commands: commands.map((command) => ({ ...command, flags: [...(command.flags ?? []), dryRun] })),
};
