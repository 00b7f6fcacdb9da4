import { type ApiClient, ApiError } from '../../../api/index.ts';
import {
  type LoadedModel,
  type LoadedProject,
  type LoadOptions,
  loadProject,
  loadTree,
  ProjectError,
  type ProjectFiles,
} from '../../../compose/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import type { FlagSet } from '../../flag/index.ts';
import { type Command, StatusError } from '../command.ts';
import { LogConsumer } from './log-consumer.ts';
import { warn } from './logger.ts';
import { type ProgressMode, type ProgressWriter, withProgress } from './progress.ts';
import { type ActiveProject, activate } from './project.ts';

/** `docker compose` with its options read: what every subcommand works with. */
export class Compose {
  readonly client: ApiClient;
  /** Between the parts of a container's name. */
  readonly separator: string;
  /** `build` and `run` may turn it to quiet. */
  progressMode: ProgressMode;
  private readonly ansi: string;
  private serverApi?: Promise<string>;

  constructor(
    readonly cli: DockerCli,
    private readonly options: FlagSet,
  ) {
    this.client = cli.client;
    const { env } = cli.host;
    this.separator = options.bool('compatibility') || isTrue(env.COMPOSE_COMPATIBILITY) ? '_' : '-';
    this.ansi = options.changed('ansi') ? options.string('ansi') : (env.COMPOSE_ANSI ?? options.string('ansi'));
    this.progressMode = progressMode(
      options.changed('progress') ? options.string('progress') : (env.COMPOSE_PROGRESS ?? 'auto'),
      this.ansi,
    );
  }

  env(name: string): string | undefined {
    return this.cli.host.env[name];
  }

  /** Colours are wanted on stdout. */
  get color(): boolean {
    if (this.env('NO_COLOR')) return false;
    return this.ansi === 'always' || (this.ansi === 'auto' && this.cli.host.stdout.isTty);
  }

  /** API version of the daemon itself, which may be older than what it is asked in. */
  apiVersion(): Promise<string> {
    this.serverApi ??= this.client.json<{ ApiVersion: string }>('GET', '/version').then(({ ApiVersion }) => ApiVersion);
    return this.serverApi;
  }
  async apiAtLeast(version: string): Promise<boolean> {
    const [have, want] = [await this.apiVersion(), version].map((text) => text.split('.').map(Number));
    return have![0]! - want![0]! || have![1]! - want![1]!
      ? have![0]! > want![0]! || (have![0] === want![0] && have![1]! > want![1]!)
      : true;
  }

  /** Told once. */
  async suggest(text: string): Promise<void> {
    if (!this.suggested.has(text)) await this.cli.out(`${text}\n`);
    this.suggested.add(text);
  }
  private readonly suggested = new Set<string>();

  warn(message: string): Promise<void> {
    return warn(this.cli, message);
  }

  progress<T>(title: string, work: (writer: ProgressWriter) => Promise<T>): Promise<T> {
    const { progressMode: mode } = this;
    return withProgress(this.cli, { mode, title, color: !this.env('NO_COLOR') }, work);
  }

  logConsumer(options: { color: boolean; prefix: boolean; timestamps?: boolean }): LogConsumer {
    return new LogConsumer(this.cli, { ...options, color: options.color && this.color });
  }

  /** The project of the files, as `-f`, `-p`, ... name them, before it is put to work. */
  load(services: readonly string[], more: Partial<LoadOptions> = {}): Promise<LoadedProject> {
    return this.warning(loadProject(this.projectFiles, { ...this.loadOptions(services), ...more }));
  }

  /** {@link load}, with nothing made of the canonical tree: for what is not interpolated. */
  loadTree(more: Partial<LoadOptions> = {}): Promise<LoadedModel> {
    return this.warning(loadTree(this.projectFiles, { ...this.loadOptions([]), ...more }));
  }

  /** What is warned of is said also when the project is refused in the end. */
  private async warning<T extends { warnings: string[] }>(loading: Promise<T>): Promise<T> {
    const { warnings, loaded, error } = await loading.then(
      (done) => ({ warnings: done.warnings, loaded: done, error: undefined }),
      (reason: unknown) => ({
        warnings: reason instanceof ProjectError ? reason.warnings : [],
        loaded: undefined,
        error: reason,
      }),
    );
    for (const message of warnings) await this.warn(message);
    if (!loaded) throw error;
    return loaded;
  }

  private get projectFiles(): ProjectFiles {
    const { files } = this.cli.host;
    return {
      type: (path) => {
        const type = files.stat(path)?.type;
        return type === undefined ? undefined : type === 'directory' ? 'directory' : 'file';
      },
      read: async (path) => {
        await this.cli.takePipes([path]);
        return this.cli.readText(path);
      },
    };
  }

  private loadOptions(services: readonly string[]): LoadOptions {
    const { cwd, env } = this.cli.host;
    return {
      files: this.options.list('file'),
      name: this.options.string('project-name') || undefined,
      directory: this.options.string('project-directory') || this.options.string('workdir') || undefined,
      profiles: this.options.list('profile'),
      envFiles: this.envFiles,
      services: [...services],
      allResources: this.allResources,
      cwd,
      env,
      stdin: () => this.input(),
    };
  }

  private async input(): Promise<string> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const bytes of this.cli.input()) text += decoder.decode(bytes, { stream: true });
    return text;
  }

  private get envFiles(): string[] {
    return this.options.list('env-file');
  }

  /** The project with the named services enabled and selected. */
  async project(services: readonly string[] = []): Promise<ActiveProject> {
    const { cwd } = this.cli.host;
    const absolute = this.envFiles.map((path) => (path.startsWith('/') ? path : `${cwd}/${path}`));
    return activate(await this.load(services), absolute);
  }

  /** With `-p` alone no file is read. */
  async projectOrName(services: readonly string[] = []): Promise<{ project?: ActiveProject; name: string }> {
    const given = this.options.string('project-name');
    if (given && this.options.list('file').length === 0) return { name: given.toLowerCase() };
    try {
      const project = await this.project(services);
      return { project, name: project.name };
    } catch (error) {
      const name = this.env('COMPOSE_PROJECT_NAME');
      if (name && !(error instanceof ApiError)) return { name: name.toLowerCase() };
      throw error;
    }
  }

  async projectName(): Promise<string> {
    const given = this.options.string('project-name') || this.env('COMPOSE_PROJECT_NAME');
    return given ? given.toLowerCase() : (await this.project()).name;
  }

  get allResources(): boolean {
    return this.options.bool('all-resources');
  }
}

function progressMode(given: string, ansi: string): ProgressMode {
  switch (given) {
    case 'auto':
      return ansi === 'never' ? 'plain' : 'auto';
    case 'tty':
      if (ansi === 'never') throw new StatusError(1, "can't use --progress tty while ANSI support is disabled");
      return 'tty';
    case 'plain':
      if (ansi === 'always') throw new StatusError(1, "can't use --progress plain while ANSI support is forced");
      return 'plain';
    case 'quiet':
    case 'none':
      return 'quiet';
    case 'json':
      return 'json';
    default:
      throw new StatusError(1, `unsupported --progress value ${JSON.stringify(given)}`);
  }
}

/** utils.StringToBool */
export const isTrue = (text: string | undefined): boolean =>
  ['true', '1', 'y', 'yes', 't', 'on'].includes((text ?? '').toLowerCase().trim());

/** What a subcommand does, over the options that stood before its name. */
export const composeRun =
  (
    run: (compose: Compose, flags: FlagSet, args: string[]) => Promise<number | undefined>,
  ): NonNullable<Command['run']> =>
  async (cli, flags, args, above) => {
    if (above!.bool('dry-run') || flags.bool('dry-run'))
      throw new StatusError(1, 'drydock: compose --dry-run is not simulated');
    return run(new Compose(cli, above!), flags, args);
  };
