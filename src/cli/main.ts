import type { Command } from './command/command.ts';
import { StatusError } from './command/command.ts';
import { type DaemonTraits, helpFlag, helpScreen, unsupported, useLine } from './command/help.ts';
import { rootCommand } from './command/root.ts';
import { DockerCli } from './docker-cli.ts';
import { type Flag, FlagError, FlagSet, flag, HelpRequested } from './flag/index.ts';
import type { CliHost } from './host.ts';

/** The whole program `docker`: runs the command of `host.argv` and resolves to its exit status. */
export async function main(host: CliHost): Promise<number> {
  try {
    return (await dispatch(host)) ?? 0;
  } catch (error) {
    if ((error as { code?: string }).code === 'EPIPE') return 141;
    const message = (error as Error).message;
    if (message) await host.stderr.write(new TextEncoder().encode(`${message}\n`));
    return error instanceof StatusError ? error.status : 1;
  }
}

/** Flags of `docker` itself; their defaults depend on the user. */
export function globalFlags(host: Pick<CliHost, 'env'>): Flag[] {
  const directory = configDirectory(host);
  return [
    flag('config', '', 'string', 'Location of client config files', { default: `"${directory}"` }),
    flag(
      'context',
      'c',
      'string',
      'Name of the context to use to connect to the daemon (overrides DOCKER_HOST env var and default context set with "docker context use")',
    ),
    flag('debug', 'D', 'bool', 'Enable debug mode'),
    flag('help', '', 'bool', 'Print usage', { hidden: true }),
    flag('host', 'H', 'list', 'Daemon socket to connect to'),
    flag('log-level', 'l', 'string', 'Set the logging level ("debug", "info", "warn", "error", "fatal")', {
      default: '"info"',
    }),
    flag('tls', '', 'bool', 'Use TLS; implied by --tlsverify'),
    flag('tlscacert', '', 'string', 'Trust certs signed only by this CA', { default: `"${directory}/ca.pem"` }),
    flag('tlscert', '', 'string', 'Path to TLS certificate file', { default: `"${directory}/cert.pem"` }),
    flag('tlskey', '', 'string', 'Path to TLS key file', { default: `"${directory}/key.pem"` }),
    flag('tlsverify', '', 'bool', 'Use TLS and verify the remote'),
    flag('version', 'v', 'bool', 'Print version information and quit'),
  ];
}

const configDirectory = (host: Pick<CliHost, 'env'>): string =>
  host.env.DOCKER_CONFIG || `${host.env.HOME ?? ''}/.docker`;

async function dispatch(host: CliHost): Promise<number | undefined> {
  const root: Command = { ...rootCommand, flags: globalFlags(host) };
  const global = new FlagSet(root.flags!, false);
  let help = false;
  let failure: FlagError | undefined;
  try {
    global.parse(host.argv);
  } catch (error) {
    if (error instanceof HelpRequested) help = true;
    else failure = error as FlagError;
  }
  const cli = new DockerCli(host, {
    hosts: global.list('host'),
    context: global.string('context') || undefined,
    configDir: global.string('config'),
    debug: global.bool('debug'),
    tls: wantsTls(host, global),
    tlsCa: global.string('tlscacert'),
  });
  const session = new Session(cli, root);
  if (failure) throw session.flagError(['docker'], root, failure);
  checkGlobals(global);
  if (help || global.bool('help')) {
    if (host.argv.some((arg) => /^-\w*h/.test(arg)))
      await cli.err('Flag shorthand -h has been deprecated, use --help\n');
    const { path, command, rest } = find(root, global.args);
    const wrong = command === root ? undefined : argumentError(path, command, rest);
    if (wrong) throw new StatusError(1, wrong);
    return session.help(path, command);
  }
  if (global.bool('version') && find(root, global.args).command === root)
    return void (await cli.println('Docker version 28.2.2, build e6534b4'));
  if (global.args.length === 0) return void (await cli.err(await session.screen(['docker'], root)));
  return session.execute(global.args);
}

/** Keys and certificates alone ask for nothing (cli/flags/options.go SetDefaultOptions). */
function wantsTls({ env }: CliHost, global: FlagSet): boolean {
  const verify = global.changed('tlsverify') ? global.bool('tlsverify') : Boolean(env.DOCKER_TLS_VERIFY);
  return verify || global.bool('tls');
}

function checkGlobals(global: FlagSet): void {
  const level = global.string('log-level');
  if (!['debug', 'info', 'warn', 'warning', 'error', 'fatal', 'panic', 'trace'].includes(level)) {
    throw new StatusError(1, `Unable to parse logging level: ${level}`);
  }
  if (global.list('host').length > 1)
    throw new StatusError(1, 'Failed to initialize: unable to resolve docker endpoint: Specify only one -H');
  if (global.changed('host') && global.changed('context')) {
    throw new StatusError(1, 'conflicting options: cannot specify both --host and --context');
  }
}

/** One run of a command of the tree. */
class Session {
  constructor(
    private readonly cli: DockerCli,
    private readonly root: Command,
  ) {}

  async execute(argv: readonly string[]): Promise<number | undefined> {
    if (argv[0] === 'help') return this.helpTopic(argv.slice(1));
    const { path, command: found, rest } = find(this.root, argv);
    const command = found.form ? await found.form(this.cli) : found;
    if (!command || command === this.root) {
      throw new StatusError(
        1,
        `docker: unknown command: docker ${argv[0]}\n\nRun 'docker --help' for more information`,
      );
    }
    const shortHelp: Flag = { ...helpFlag, short: 'h' };
    const own = command.flags ?? [];
    const helpUsed = own.some((flag) => flag.short === 'h') ? helpFlag : shortHelp;
    const flags = new FlagSet([...own.filter((flag) => flag.name !== 'help'), helpUsed], command.interspersed ?? true);
    try {
      flags.parse(rest);
    } catch (error) {
      if (!(error instanceof FlagError)) throw error;
      throw this.flagError(path, command, error);
    }
    if (flags.bool('help')) {
      if (rest.some((arg) => /^-\w*h/.test(arg)) && helpUsed.short) {
        await this.cli.out('Flag shorthand -h has been deprecated, use --help\n');
      }
      return this.help(path, command);
    }
    for (const notice of flags.notices) await this.cli.out(`${notice}\n`);
    return this.run(path, command, flags);
  }

  private async run(path: string[], command: Command, flags: FlagSet): Promise<number | undefined> {
    if (!command.run) {
      await this.checkSupport(path, command, flags);
      if (flags.args.length === 0) {
        const apart = command.usageApart ? '\n' : '';
        return void (await this.cli.err(apart + (await this.screen(path, command))));
      }
      throw this.unknownSubcommand(path, command, flags.args[0]!);
    }
    if (this.cli.global.tls) this.checkCertificates();
    if (this.cli.global.tls)
      throw new StatusError(1, 'drydock: --tls, --tlsverify and DOCKER_TLS_VERIFY are not simulated');
    await this.checkSupport(path, command, flags);
    const wrong = argumentError(path, command, flags.args);
    if (wrong) throw new StatusError(1, wrong);
    if (command.helpWithoutFlags && flags.given().length === 0) return this.help(path, command);
    return command.run(this.cli, flags, flags.args);
  }

  /** The certificates are read before anything is asked. */
  private checkCertificates(): void {
    const ca = this.cli.global.tlsCa ?? '';
    if (this.cli.host.files.stat(ca)) return;
    throw new StatusError(
      1,
      `Failed to initialize: unable to resolve docker endpoint: open ${ca}: no such file or directory`,
    );
  }

  private unknownSubcommand(path: string[], command: Command, word: string): StatusError {
    const title = path.join(' ');
    return new StatusError(
      1,
      `docker: unknown command: ${title} ${word}\n\nUsage:  ${useLine(path, command)}\n\nRun '${title} --help' for more information`,
    );
  }

  /** The daemon may be too old for a flag, or for the command. */
  private async checkSupport(path: string[], command: Command, flags: FlagSet): Promise<void> {
    const given = flags.given().filter((flag) => flag.since || flag.experimental || flag.ostype);
    // A group that only an experimental daemon has takes its commands along.
    const groups = path.map((_, index) => find(this.root, path.slice(1, index + 1)).command);
    const experimental = [command, ...groups].some((one) => one.experimental);
    if (!command.since && !experimental && given.length === 0) return;
    const daemon = await this.cli.client.ping();
    if (experimental && !daemon.experimental) {
      throw new StatusError(
        1,
        `${path.join(' ')} is only supported on a Docker daemon with experimental features enabled`,
      );
    }
    if (command.since && unsupported(command, daemon)) {
      throw new StatusError(
        1,
        `${path.join(' ')} requires API version ${command.since}, but the Docker daemon API version is ${daemon.apiVersion}`,
      );
    }
    const errors = given.filter((flag) => unsupported(flag, daemon)).map((flag) => flagSupportError(flag, daemon));
    if (errors.length) throw new StatusError(1, errors.join('\n'));
  }

  private async helpTopic(words: readonly string[]): Promise<number | undefined> {
    const { path, command, rest } = find(this.root, words);
    if (rest.length > 0) throw new StatusError(1, `unknown help topic: ${rest.join(' ')}`);
    return this.help(path, command);
  }

  async help(path: string[], command: Command): Promise<undefined> {
    try {
      await this.checkSupport(path, command, new FlagSet([]));
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return void (await this.cli.println(error.message));
    }
    await this.cli.out(await this.screen(path, command));
  }
  async screen(path: string[], command: Command): Promise<string> {
    const daemon: DaemonTraits = await this.cli.client.ping();
    return helpScreen(path, command, daemon, this.cli.host.windowSize()?.columns || 80);
  }
  flagError(path: string[], command: Command, error: Error): StatusError {
    const title = path.join(' ');
    return new StatusError(
      125,
      `${error.message}\n\nUsage:  ${useLine(path, command)}\n\nRun '${title} --help' for more information`,
    );
  }
}

const flagSupportError = (flag: Flag, daemon: DaemonTraits): string => {
  if (flag.since && daemon.apiVersion < flag.since) {
    return `"--${flag.name}" requires API version ${flag.since}, but the Docker daemon API version is ${daemon.apiVersion}`;
  }
  if (flag.ostype && flag.ostype !== daemon.osType) {
    return `"--${flag.name}" is only supported on a Docker daemon running on ${flag.ostype}, but the Docker daemon is running on ${daemon.osType}`;
  }
  return `"--${flag.name}" is only supported on a Docker daemon with experimental features enabled`;
};

/** Walks the tree along the leading words; flags before a subcommand stay in `rest`. */
export function find(root: Command, argv: readonly string[]): { path: string[]; command: Command; rest: string[] } {
  let command = root;
  const path = [root.name];
  let at = 0;
  for (; at < argv.length && command.commands; at++) {
    const next = command.commands.find((sub) => sub.name === argv[at] || sub.aliases?.includes(argv[at]!));
    if (!next) break;
    command = next;
    path.push(next.name);
  }
  return { path, command, rest: argv.slice(at) };
}

function argumentError(path: string[], command: Command, args: readonly string[]): string | undefined {
  const { min = 0, max = Number.POSITIVE_INFINITY, exact } = command.args ?? {};
  const count = args.length;
  if (exact === undefined ? count >= min && count <= max : count === exact) return undefined;
  if (command.cobraArgs) return `accepts ${exact} arg(s), received ${count}`;
  const title = path.join(' ');
  const plural = (number: number): string => `${number} argument${number === 1 ? '' : 's'}`;
  const text = (need: string, see: string): string =>
    `docker: '${title}' ${need}\n\nUsage:  ${useLine(path, command)}\n\n${see} '${title} --help' for more information`;
  if (exact !== undefined)
    return exact === 0 ? text('accepts no arguments', 'Run') : text(`requires ${plural(exact)}`, 'Run');
  if (min > 0 && max !== Number.POSITIVE_INFINITY)
    return text(`requires at least ${min} and at most ${plural(max)}`, 'Run');
  // "SRun" is the real client's.
  return min > 0 ? text(`requires at least ${plural(min)}`, 'See') : text(`requires at most ${plural(max)}`, 'SRun');
}
