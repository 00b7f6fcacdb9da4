import type { ArgCount, Command } from './command/command.ts';
import { StatusError } from './command/command.ts';
import { type DaemonTraits, helpFlag, helpScreen, unsupported, useLine } from './command/help.ts';
import { installedPlugins } from './command/plugins.ts';
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
  if (cli.config.problem) await cli.err(`${cli.config.problem}\n`);
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
  cli.config.checkAliases();
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
    if (command.plugin) return this.plugin(path, command, rest);
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

  /** Options of the plugin's own stand before the subcommand's name; what is wrong with them names no usage. */
  private async plugin(path: string[], plugin: Command, rest: readonly string[]): Promise<number | undefined> {
    const above = pluginFlags(plugin, rest);
    const [word, ...argv] = above.args;
    if (word === 'help') return this.pluginHelp(path, plugin, argv);
    if (above.bool('help')) return this.pluginHelp(path, plugin, above.args);
    const named = word ?? (above.bool('version') ? 'version' : '');
    const command = plugin.commands!.find(({ name, aliases }) => name === named || aliases?.includes(named));
    if (!command) {
      await this.help(path, plugin);
      if (word === undefined) return undefined;
      throw new StatusError(1, `unknown docker command: ${JSON.stringify(`${plugin.name} ${word}`)}`);
    }
    const own = [...path, command.name];
    const flags = pluginFlags(command, argv);
    if (flags.bool('help')) return this.help(own, command);
    const wrong = argumentError(own, command, flags.args);
    if (wrong) throw new StatusError(1, wrong);
    return command.run!(this.cli, flags, flags.args, above);
  }

  private pluginHelp(path: string[], plugin: Command, [word]: readonly string[]): Promise<undefined> {
    const command = plugin.commands!.find(({ name, aliases }) => name === word || (word && aliases?.includes(word)));
    return command ? this.help([...path, command.name], command) : this.help(path, plugin);
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
    const { path, command: found, rest } = find(this.root, words);
    const command = found.plugin ? await found.form!(this.cli) : found;
    if (command?.plugin) return this.pluginHelp(path, command, rest);
    if (!command || rest.length > 0) throw new StatusError(1, `unknown help topic: ${rest.join(' ')}`);
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
    const shown = command === this.root ? this.withPlugins() : command;
    return helpScreen(path, shown, daemon, this.cli.host.windowSize()?.columns || 80);
  }
  /** Installed plugins stand among the groups, marked. */
  private withPlugins(): Command {
    const groups = installedPlugins(this.cli.host).map(({ Name, ShortDescription }): Command => {
      return { name: `${Name}*`, use: '', short: ShortDescription, commands: [] };
    });
    return { ...this.root, commands: [...this.root.commands!, ...groups] };
  }
  flagError(path: string[], command: Command, error: Error): StatusError {
    const title = path.join(' ');
    return new StatusError(
      125,
      `${error.message}\n\nUsage:  ${useLine(path, command)}\n\nRun '${title} --help' for more information`,
    );
  }
}

function pluginFlags(command: Command, argv: readonly string[]): FlagSet {
  const flags = command.flags ?? [];
  const help = flags.some(({ short }) => short === 'h') ? helpFlag : { ...helpFlag, short: 'h' };
  try {
    return new FlagSet([...flags, help], command.interspersed ?? true).parse(argv);
  } catch (error) {
    throw error instanceof FlagError ? new StatusError(1, error.message) : error;
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
  if (command.cobraArgs) return cobraError(path, command.args!, args);
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

/** The words of cobra itself. */
function cobraError(path: string[], { min = 0, max, exact }: ArgCount, args: readonly string[]): string {
  const count = args.length;
  if (exact === 0) return `unknown command ${JSON.stringify(args[0])} for ${JSON.stringify(path.join(' '))}`;
  if (exact !== undefined) return `accepts ${exact} arg(s), received ${count}`;
  if (max === undefined) return `requires at least ${min} arg(s), only received ${count}`;
  if (min === 0) return `accepts at most ${max} arg(s), received ${count}`;
  return `accepts between ${min} and ${max} arg(s), received ${count}`;
}
