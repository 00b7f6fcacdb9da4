import type { DockerCli } from '../docker-cli.ts';
import type { Flag, FlagSet } from '../flag/index.ts';

/** How many arguments a command takes, and how it complains (cli/required.go). */
export interface ArgCount {
  min?: number;
  max?: number;
  exact?: number;
}

/**
 * One command of the tree, as data, and what it does. The same object may stand at two places (`docker run`,
 * `docker container run`): its path comes from how it was reached.
 */
export interface Command {
  name: string;
  /** What follows the path in the usage line: `[OPTIONS] CONTAINER [CONTAINER...]`. */
  use: string;
  short: string;
  /** Instead of `short` on its own help screen. */
  long?: string;
  /** Other names among its siblings. */
  aliases?: string[];
  /** The "Aliases:" of its help screen, when they are not just the siblings'. */
  aliasText?: string;
  flags?: Flag[];
  /** False: flags end at the first argument (`run`, `exec`). */
  interspersed?: boolean;
  args?: ArgCount;
  /** Its arguments are counted by cobra itself, whose words are others. */
  cobraArgs?: boolean;
  /** Given no flag at all, it shows its help screen. */
  helpWithoutFlags?: boolean;
  /** Which of its forms this environment has, asked before the flags are read; it may warn. Undefined: it is not there. */
  form?: (cli: DockerCli) => Promise<Command | undefined>;
  /** Returns the exit status; nothing means 0. `above`: the options of the command that it was reached through. */
  run?: (cli: DockerCli, flags: FlagSet, args: string[], above?: FlagSet) => Promise<number | undefined>;
  commands?: Command[];
  /** Position among "Common Commands"; those are left out of "Commands". */
  top?: number;
  swarm?: boolean;
  hidden?: boolean;
  since?: string;
  experimental?: boolean;
  /** A plugin of the client: options of its own stand before the subcommand's name, errors name no usage. */
  plugin?: boolean;
  /** Given nothing, a blank line stands before its usage. */
  usageApart?: boolean;
  /** The client's own experiment: its help screen says so. */
  experimentalCli?: boolean;
}

/** An error with its own exit status; an empty message prints nothing. */
export class StatusError extends Error {
  constructor(
    readonly status: number,
    message = '',
  ) {
    super(message);
  }
}
