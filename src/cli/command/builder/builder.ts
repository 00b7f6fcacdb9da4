import { bodyChunks, jsonValues } from '../../../api/index.ts';
import { type JsonMessage, parseReference, textContent } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { type FlagSet, flag, keyValues, parseBool } from '../../flag/index.ts';
import { humanSize } from '../../format/index.ts';
import { type Command, StatusError } from '../command.ts';
import { checkHost, checkLabel, checkVariable, parseUlimit } from '../container/option-checks.ts';
import { refuseContentTrust } from '../content-trust.ts';
import { messageOutput, showMessages } from '../json-messages.ts';
import { hasPlugin } from '../plugins.ts';
import { pruneCommand, prune as pruneObjects } from '../prune.ts';
import { authConfig, encodeAuth } from '../registry/auth.ts';
import { buildContext } from './build-context.ts';
import { type BuildOutput, Receiver, readOutput } from './build-output.ts';
import { attestations, buildKitQuery } from './buildkit-query.ts';
import { buildProgress } from './progress.ts';

/** Options of buildx's build; the classic help screen does not show them. */
const buildxFlags = (
  [
    ['progress', '', 'string'],
    ['secret', '', 'list'],
    ['ssh', '', 'list'],
    ['output', 'o', 'list'],
    ['check', '', 'bool'],
    ['load', '', 'bool'],
    ['push', '', 'bool'],
    ['provenance', '', 'string'],
    ['sbom', '', 'string'],
    ['builder', '', 'string'],
    ['build-context', '', 'list'],
    ['cache-to', '', 'list'],
    ['no-cache-filter', '', 'list'],
  ] as const
).map(([name, short, type]) => flag(name, short, type, '', { hidden: true }));

/** Value of -t: a name that can be read. */
function tagName(text: string): string {
  parseReference(text);
  return text;
}

/** Value of --ulimit: one that can be read. */
function ulimitText(text: string): string {
  parseUlimit(text);
  return text;
}

/**
 * `docker build`, in the form of buildx unless DOCKER_BUILDKIT says no; the classic form does not know buildx's flags.
 */
const buildForm = async (cli: DockerCli): Promise<Command> => {
  if (useBuildKit(cli)) return buildCommand;
  await warnLegacy(cli);
  return { ...buildCommand, flags: buildCommand.flags!.filter((own) => !buildxFlags.includes(own)) };
};

export const buildCommand: Command = {
  name: 'build',
  form: buildForm,
  use: '[OPTIONS] PATH | URL | -',
  short: 'Build an image from a Dockerfile',
  aliasText: 'docker image build, docker build, docker builder build',
  flags: [
    flag('add-host', '', 'list', 'Add a custom host-to-IP mapping ("host:ip")', { check: checkHost }),
    flag('build-arg', '', 'list', 'Set build-time variables', { check: checkVariable }),
    flag('cache-from', '', 'strings', 'Images to consider as cache sources'),
    flag('cgroup-parent', '', 'string', 'Set the parent cgroup for the "RUN" instructions during build'),
    flag('compress', '', 'bool', 'Compress the build context using gzip'),
    flag('cpu-period', '', 'int', 'Limit the CPU CFS (Completely Fair Scheduler) period'),
    flag('cpu-quota', '', 'int', 'Limit the CPU CFS (Completely Fair Scheduler) quota'),
    flag('cpu-shares', 'c', 'int', 'CPU shares (relative weight)'),
    flag('cpuset-cpus', '', 'string', 'CPUs in which to allow execution (0-3, 0,1)'),
    flag('cpuset-mems', '', 'string', 'MEMs in which to allow execution (0-3, 0,1)'),
    flag('disable-content-trust', '', 'bool', 'Skip image verification', { default: 'true' }),
    flag('file', 'f', 'string', 'Name of the Dockerfile (Default is "PATH/Dockerfile")'),
    flag('force-rm', '', 'bool', 'Always remove intermediate containers'),
    flag('iidfile', '', 'string', 'Write the image ID to the file'),
    flag('isolation', '', 'string', 'Container isolation technology'),
    flag('label', '', 'list', 'Set metadata for an image', { check: checkLabel }),
    flag('memory', 'm', 'bytes', 'Memory limit'),
    flag('memory-swap', '', 'bytes', 'Swap limit equal to memory plus swap: -1 to enable unlimited swap'),
    flag('network', '', 'string', 'Set the networking mode for the RUN instructions during build', {
      default: '"default"',
    }),
    flag('no-cache', '', 'bool', 'Do not use cache when building the image'),
    flag('platform', '', 'string', 'Set platform if server is multi-platform capable'),
    flag('pull', '', 'bool', 'Always attempt to pull a newer version of the image'),
    flag('quiet', 'q', 'bool', 'Suppress the build output and print image ID on success'),
    flag('rm', '', 'bool', 'Remove intermediate containers after a successful build', { default: 'true' }),
    flag('security-opt', '', 'strings', 'Security options'),
    flag('shm-size', '', 'bytes', 'Size of "/dev/shm"'),
    flag('squash', '', 'bool', 'Squash newly built layers into a single new layer', { experimental: true }),
    flag('tag', 't', 'list', 'Name and optionally a tag in the "name:tag" format', { check: tagName }),
    flag('target', '', 'string', 'Set the target build stage to build.'),
    flag('ulimit', '', 'ulimit', 'Ulimit options', { default: '[]', check: ulimitText }),
    ...buildxFlags,
  ],
  args: { exact: 1 },
  async run(cli, flags, [context]) {
    const buildKit = useBuildKit(cli);
    if (buildKit) refuseUnsimulated(cli, flags);
    else refuseContentTrust(cli, flags);
    const output = buildKit ? await readOutput(cli, flags.list('output')) : undefined;
    const attests = buildKit ? await attestations(cli, flags) : undefined;
    const tags = flags.list('tag');
    // No stale id stays behind when the build fails.
    const idFile = flags.string('iidfile');
    if (idFile && cli.host.files.lstat(idFile)) cli.host.files.remove(idFile);
    const { body, dockerfile } = await buildContext(cli, context!, flags.string('file'), buildKit);
    const quiet = flags.bool('quiet');
    const auths = Object.fromEntries(
      cli.config.servers().map((server) => [server, authConfig(server, cli.config.credentials(server))]),
    );
    const sending = buildKit ? '' : `Sending build context to Docker daemon  ${humanSize(body.size)}\r\r\n`;
    if (!quiet) await cli.out(sending);
    const request = cli.client.call('POST', '/build', {
      query: {
        ...buildQuery(cli, flags),
        version: buildKit ? '2' : '1',
        t: tags,
        dockerfile,
        outputs: output && outputsQuery(output),
        attests,
      },
      body,
      headers: [
        ['Content-Type', 'application/x-tar'],
        ['X-Registry-Config', encodeAuth(auths)],
      ],
    });
    const response = await request.catch(async (error: unknown) => {
      if (quiet) await cli.err(sending);
      throw error;
    });
    const chunks = bodyChunks(response.body);
    return buildKit ? showTrace(cli, flags, chunks, output) : showBuild(cli, flags, chunks, sending);
  },
};

/** The classic form. With -q all of it is held back, and shown on stderr when the build fails. */
async function showBuild(
  cli: DockerCli,
  flags: FlagSet,
  chunks: AsyncIterable<Uint8Array>,
  sending: string,
): Promise<number> {
  const quiet = flags.bool('quiet');
  const output = messageOutput(cli);
  let held = '';
  let id = '';
  try {
    await showMessages(
      quiet ? { ...output, tty: false, write: async (text) => void (held += text) } : output,
      jsonValues<JsonMessage>(chunks),
      (aux) => {
        id = (aux as { ID?: string }).ID ?? id;
      },
    );
  } catch (error) {
    if (quiet) await cli.err(sending + held);
    throw error;
  }
  if (quiet) {
    id = held.trim();
    await cli.out(held);
  }
  const file = flags.string('iidfile');
  if (file) {
    if (!id) throw new StatusError(1, `server did not provide an image ID. Cannot write ${file}`);
    // Of a quiet build the line is written as it was printed.
    writeId(cli, file, quiet ? held : id);
  }
  return 0;
}

function writeId(cli: DockerCli, file: string, id: string): void {
  try {
    cli.host.files.writeFile(file, textContent(id), 0o666);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new StatusError(
      1,
      `open ${file}: ${code === 'ENOENT' ? 'no such file or directory' : message.toLowerCase()}`,
    );
  }
}

function buildQuery(cli: DockerCli, flags: FlagSet): Record<string, string | number | boolean | undefined | string[]> {
  const args = Object.fromEntries(
    [...cli.config.proxyEnv, ...flags.list('build-arg')].map((text) => {
      const at = text.indexOf('=');
      // A name alone takes its value from the environment, or stays unset.
      return at < 0 ? [text, cli.host.env[text] ?? null] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );
  // buildx hands its own on (build/opt.go).
  const epoch = useBuildKit(cli) ? cli.host.env.SOURCE_DATE_EPOCH : undefined;
  if (epoch && !Object.hasOwn(args, 'SOURCE_DATE_EPOCH')) args.SOURCE_DATE_EPOCH = epoch;
  return {
    q: flags.bool('quiet'),
    nocache: flags.bool('no-cache'),
    pull: flags.bool('pull') ? '1' : undefined,
    rm: flags.bool('rm') ? '1' : '0',
    forcerm: flags.bool('force-rm'),
    squash: flags.bool('squash'),
    memory: flags.bytes('memory'),
    memswap: flags.bytes('memory-swap'),
    cpushares: flags.int('cpu-shares'),
    cpuquota: flags.int('cpu-quota'),
    cpuperiod: flags.int('cpu-period'),
    cpusetcpus: flags.string('cpuset-cpus'),
    cpusetmems: flags.string('cpuset-mems'),
    cgroupparent: flags.string('cgroup-parent'),
    shmsize: flags.bytes('shm-size'),
    ulimits: JSON.stringify(flags.list('ulimit').map(parseUlimit)),
    networkmode: flags.string('network') || 'default',
    target: flags.string('target'),
    buildargs: JSON.stringify(args),
    labels: JSON.stringify(keyValues(flags.list('label'))),
    cachefrom: JSON.stringify(flags.list('cache-from')),
    extrahosts: flags.list('add-host'),
    platform: flags.string('platform') || undefined,
    isolation: flags.string('isolation') || undefined,
    securityopt: flags.list('security-opt').length ? JSON.stringify(flags.list('security-opt')) : undefined,
    ...(useBuildKit(cli) ? buildKitQuery(cli, flags) : {}),
    version: '1',
  };
}

/** Whether the BuildKit form is wanted: where buildx is installed, unless DOCKER_BUILDKIT says no (cli cmd/docker/builder.go). */
function useBuildKit(cli: DockerCli): boolean {
  const wanted = cli.host.env.DOCKER_BUILDKIT;
  const installed = hasPlugin(cli, 'buildx');
  if (!wanted) return installed;
  let enabled: boolean;
  try {
    enabled = parseBool(wanted);
  } catch (error) {
    throw new StatusError(1, `DOCKER_BUILDKIT environment variable expects boolean value: ${(error as Error).message}`);
  }
  if (enabled && !installed) {
    throw new StatusError(
      1,
      'ERROR: BuildKit is enabled but the buildx component is missing or broken.\n       Install the buildx component to build images with BuildKit:\n       https://docs.docker.com/go/buildx/',
    );
  }
  return enabled;
}

/** The group's own screen, too, comes after the warning. */
async function builderForm(cli: DockerCli): Promise<Command> {
  if (!useBuildKit(cli)) await warnLegacy(cli);
  return builder;
}

/** `--progress`, or what the environment says for it (buildx commands/build.go). */
const progressMode = (cli: DockerCli, flags: FlagSet): string =>
  (flags.changed('progress') ? flags.string('progress') : cli.host.env.BUILDKIT_PROGRESS) || 'auto';

function refuseUnsimulated(cli: DockerCli, flags: FlagSet): void {
  for (const name of ['squash', 'ssh', 'check', 'push', 'build-context', 'cache-to']) {
    if (flags.changed(name)) throw new StatusError(1, `drydock: build --${name} is not simulated`);
  }
  const builder = flags.string('builder');
  if (builder && builder !== 'default') throw new StatusError(1, `ERROR: no builder "${builder}" found`);
  const progress = progressMode(cli, flags);
  if (!['', 'auto', 'plain', 'tty', 'quiet', 'rawjson'].includes(progress)) {
    throw new StatusError(1, `ERROR: invalid progress mode ${progress}`);
  }
  if (progress === 'rawjson') throw new StatusError(1, 'drydock: build --progress=rawjson is not simulated');
}

async function warnLegacy(cli: DockerCli): Promise<void> {
  const why = cli.host.env.DOCKER_BUILDKIT
    ? '            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0\n            environment-variable.\n'
    : '            Install the buildx component to build images with BuildKit:\n            https://docs.docker.com/go/buildx/\n';
  await cli.err(`DEPRECATED: The legacy builder is deprecated and will be removed in a future release.\n${why}\n`);
}

const outputsQuery = ({ type }: BuildOutput): string => JSON.stringify([{ Type: type, Attrs: {} }]);

/** BuildKit's progress on stderr; with -q only the image's id, on stdout. */
async function showTrace(
  cli: DockerCli,
  flags: FlagSet,
  chunks: AsyncIterable<Uint8Array>,
  output?: BuildOutput,
): Promise<number> {
  const quiet = flags.bool('quiet');
  const progress = buildProgress(cli, quiet ? 'quiet' : progressMode(cli, flags));
  const received = new Receiver();
  await progress.show(received.from(jsonValues<JsonMessage>(chunks)));
  await progress.tellWarnings();
  if (output) {
    await received.write(cli, output);
    return 0;
  }
  if (quiet) await cli.println(progress.imageId);
  const file = flags.string('iidfile');
  if (file) writeId(cli, file, progress.imageId);
  return 0;
}

const prune: Command = {
  name: 'prune',
  form: async (cli) => {
    if (!useBuildKit(cli)) await warnLegacy(cli);
    return prune;
  },
  use: '',
  short: 'Remove build cache',
  flags: [
    flag('all', 'a', 'bool', 'Remove all unused build cache, not just dangling ones'),
    flag('filter', '', 'filter', 'Provide filter values (e.g. "until=24h")'),
    flag('force', 'f', 'bool', 'Do not prompt for confirmation'),
    flag('keep-storage', '', 'bytes', 'Amount of disk space to keep for cache'),
  ],
  ...pruneCommand(
    (flags) =>
      flags.bool('all')
        ? 'WARNING! This will remove all build cache. Are you sure you want to continue?'
        : 'WARNING! This will remove all dangling build cache. Are you sure you want to continue?',
    async (cli, flags) => {
      return pruneObjects(cli, 'build', flags.list('filter'), {
        ...(flags.bool('all') ? { all: '1' } : {}),
        ...(flags.bytes('keep-storage') ? { 'keep-storage': String(flags.bytes('keep-storage')) } : {}),
      });
    },
  ),
};

export const builder: Command = {
  name: 'builder',
  use: '',
  short: 'Manage builds',
  commands: [buildCommand, prune],
  form: builderForm,
};
