import { bodyChunks, jsonValues } from '../../../api/index.ts';
import { base64, type JsonMessage, utf8 } from '../../../spec/index.ts';
import { parseBytes } from '../../flag/index.ts';
import { buildContext } from '../builder/build-context.ts';
import { type BuildProgress, buildProgress } from '../builder/progress.ts';
import { StatusError } from '../command.ts';
import { authConfig, encodeAuth } from '../registry/auth.ts';
import type { Compose } from './compose.ts';
import { inDependencyOrder } from './graph.ts';
import type { LocalImages } from './images.ts';
import { composeVersion, label } from './labels.ts';
import { happens, type ProgressWriter } from './progress.ts';
import { type ActiveProject, type ActiveService, imageOf, selectServices } from './project.ts';
import { pushImage } from './push-image.ts';

export interface BuildOptions {
  services: readonly string[];
  args?: readonly string[];
  noCache?: boolean;
  pull?: boolean;
  push?: boolean;
  quiet?: boolean;
  /** Also what the services depend on. */
  withDependencies?: boolean;
  /** Images that are here already and need no building. */
  local?: LocalImages;
}

const bakeSuggestion =
  'Compose can now delegate builds to bake for better performance.\n To do so, set COMPOSE_BAKE=true.';

/** Builds the images of services, those that others are built on first; ids by image name (pkg/compose/build.go). */
export async function buildServices(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  options: BuildOptions,
): Promise<Map<string, string>> {
  const built = new Map<string, string>();
  const selected = selectServices(project, options.services);
  const wanted = Object.values(selected.services).filter((service) => {
    if (!service.build) return false;
    if (options.services.length && !options.withDependencies && !options.services.includes(service.name)) return false;
    return !options.local?.has(imageOf(service, project, compose.separator)) || service.pull_policy === 'build';
  });
  if (wanted.length === 0) return built;
  for (const service of wanted) refuse(compose, service);
  const quiet = options.quiet || compose.progressMode === 'quiet';
  if (!quiet && compose.progressMode !== 'json') await compose.suggest(bakeSuggestion);
  const progress = buildProgress(compose.cli, quiet ? 'quiet' : compose.progressMode, 'stdout');
  await progress.describe('building with "default" instance using docker driver');
  const order: string[] = [];
  await inDependencyOrder(selected, 'up', async (name) => {
    const service = wanted.find((one) => one.name === name);
    if (!service) return;
    built.set(
      imageOf(service, project, compose.separator),
      await buildOne(compose, project, service, options, progress),
    );
    order.push(name);
    if (options.push && service.image) await pushImage(compose, service.image, writer, false);
  });
  await progress.done();
  for (const name of order.sort()) writer.event(happens(name, 'Built'));
  return built;
}

function refuse(compose: Compose, { build, name }: ActiveService): void {
  const refusal = (what: string): StatusError =>
    new StatusError(1, `drydock: build.${what} (service ${name}) is not simulated`);
  const { additional_contexts = {}, cache_to, ssh, privileged, platforms = [] } = build!;
  if (Object.keys(additional_contexts).length) throw refusal('additional_contexts');
  if (cache_to?.length) throw refusal('cache_to');
  if (ssh?.length) throw refusal('ssh');
  if (privileged) throw refusal('privileged');
  if (platforms.length > 1) throw refusal('platforms with more than one platform');
  if (compose.env('DOCKER_BUILDKIT') === '0')
    throw new StatusError(1, 'drydock: compose build with DOCKER_BUILDKIT=0 is not simulated');
}

async function buildOne(
  compose: Compose,
  project: ActiveProject,
  service: ActiveService,
  options: BuildOptions,
  progress: BuildProgress,
): Promise<string> {
  const { cli, client } = compose;
  const { context = project.workingDir, dockerfile = 'Dockerfile', dockerfile_inline: inline } = service.build!;
  const remote = /^[a-z]+:\/\//.test(context);
  const file = dockerfile.startsWith('/') || remote ? dockerfile : `${context}/${dockerfile}`;
  if (!remote && inline === undefined && cli.host.files.stat(context) && !cli.host.files.stat(file))
    throw new StatusError(
      1,
      `failed to solve: failed to read dockerfile: open ${dockerfile}: no such file or directory`,
    );
  const made = await buildContext(cli, context, remote ? '' : file, true, inline);
  const auths = cli.config.servers().map((server) => [server, authConfig(server, cli.config.credentials(server))]);
  const response = await client.call('POST', '/build', {
    query: { ...buildQuery(compose, project, service, options), dockerfile: made.dockerfile },
    body: made.body,
    headers: [
      ['Content-Type', 'application/x-tar'],
      ['X-Registry-Config', encodeAuth(Object.fromEntries(auths))],
    ],
  });
  // Builds that run at the same time share the one progress; each learns its own id.
  let id = '';
  const messages = async function* (): AsyncGenerator<JsonMessage & { id?: string; aux?: unknown }> {
    for await (const message of jsonValues<JsonMessage & { id?: string; aux?: unknown }>(bodyChunks(response.body))) {
      if (message.id === 'moby.image.id') id = (message.aux as { ID: string }).ID;
      yield message;
    }
  };
  await progress.show(messages(), service.name);
  return id;
}

function buildQuery(compose: Compose, project: ActiveProject, service: ActiveService, options: BuildOptions) {
  const build = service.build!;
  return {
    version: '2',
    rm: '1',
    t: [imageOf(service, project, compose.separator), ...(build.tags ?? [])],
    nocache: build.no_cache || options.noCache,
    pull: build.pull || options.pull ? '1' : undefined,
    networkmode: build.network || 'default',
    target: build.target,
    shmsize: build.shm_size ? parseBytes(String(build.shm_size)) : undefined,
    buildargs: JSON.stringify(buildArgs(compose, project, build.args ?? {}, options.args ?? [])),
    labels: JSON.stringify({
      ...build.labels,
      [label.version]: composeVersion,
      [label.project]: project.name,
      [label.service]: service.name,
    }),
    cachefrom: JSON.stringify(build.cache_from ?? []),
    extrahosts: (build.extra_hosts ?? []).map((text) => text.replace('=', ':')),
    platform: build.platforms?.[0] || service.platform || undefined,
    secrets: build.secrets?.length ? JSON.stringify(secrets(compose, project, service)) : undefined,
  };
}

/** Those of the file, those of `--build-arg`, and the proxies; what has no value takes it from the environment. */
function buildArgs(
  { cli }: Compose,
  project: ActiveProject,
  own: Record<string, string | null>,
  given: readonly string[],
): Record<string, string> {
  const all: Record<string, string | null> = { ...own };
  for (const text of [...given]) {
    const at = text.indexOf('=');
    all[at < 0 ? text : text.slice(0, at)] = at < 0 ? null : text.slice(at + 1);
  }
  const args: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    const resolved = value ?? project.environment[name];
    if (resolved !== undefined) args[name] = resolved;
  }
  const proxies = Object.fromEntries(cli.config.proxyEnv.map((text) => text.split(/=(.*)/s).slice(0, 2)));
  return { ...proxies, ...args };
}

/** Base64 of each build secret by id. */
function secrets({ cli }: Compose, project: ActiveProject, { build }: ActiveService): Record<string, string> {
  return Object.fromEntries(
    (build!.secrets ?? []).map(({ source, target }) => {
      const { file, environment } = project.secrets[source] ?? {};
      const id = target || source;
      if (file) {
        if (!cli.host.files.stat(file))
          throw new StatusError(1, `failed to stat ${file}: stat ${file}: no such file or directory`);
        const content = cli.host.files.content(file);
        return [id, base64(content.read(0, content.size))];
      }
      if (environment) return [id, base64(utf8(project.environment[environment] ?? cli.host.env[environment] ?? ''))];
      throw new StatusError(
        1,
        `build.secrets only supports environment or file-based secrets: ${JSON.stringify(source)}`,
      );
    }),
  );
}
