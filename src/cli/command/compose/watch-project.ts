import { TarContent, type TarEntry } from '../../../archive/index.ts';
import type { ImageSummary } from '../../../spec/index.ts';
import { paced } from '../../../spec/index.ts';
import { FlagSet } from '../../flag/index.ts';
import { StatusError } from '../command.ts';
import { exec as dockerExec } from '../container/exec.ts';
import { treeEntries } from '../tree-entries.ts';
import { type BuildOptions, buildServices } from './build.ts';
import type { Compose } from './compose.ts';
import { environmentList } from './container-request.ts';
import { listContainers } from './containers.ts';
import { createProject } from './create.ts';
import { settled } from './images.ts';
import { label } from './labels.ts';
import { restartProject } from './lifecycle-commands.ts';
import { type LogConsumer, watchLogger } from './log-consumer.ts';
import { type ActiveProject, selectServices } from './project.ts';
import { startProject } from './start.ts';
import { type WatchRule, watchRules } from './watch-rules.ts';

export interface WatchOptions {
  /** Absent: nothing may be built. */
  build?: BuildOptions;
  consumer: LogConsumer;
  signal: AbortSignal;
  /** Images that a rebuild leaves without a name are removed. */
  prune: boolean;
}

const silent = { event: () => undefined, tail: () => undefined, stop: async () => undefined };

/** Carries what changes in the project's files into its containers, until told to stop (pkg/compose/watch.go). */
export async function watchProject(
  compose: Compose,
  whole: ActiveProject,
  services: readonly string[],
  options: WatchOptions,
): Promise<void> {
  const project = selectServices(whole, services);
  const { consumer, signal } = options;
  consumer.register(watchLogger);
  const { rules, paths } = await watchRules(compose, project, options.build !== undefined);
  const { host } = compose.cli;
  let before = await look(compose, paths, rules);
  consumer.log(watchLogger, 'Watch enabled');
  // Differs from Docker: files are looked at once a second; the kernel is not asked to tell of changes.
  for (;;) {
    await host.sleep(1000, signal);
    if (signal.aborted) break;
    const after = await look(compose, paths, rules);
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (path) => before.get(path) !== after.get(path),
    );
    before = after;
    if (changed.length === 0) continue;
    try {
      await handle(compose, project, rules, changed.sort(), options);
    } catch (error) {
      await compose.warn(`Error handling changed files: ${(error as Error).message}`);
    }
  }
  consumer.log(watchLogger, 'Watch disabled');
}

/** Every file below the paths with what changes when it does. */
async function look(
  compose: Compose,
  paths: readonly string[],
  rules: readonly WatchRule[],
): Promise<Map<string, string>> {
  const { files, pause } = compose.cli.host;
  const found = new Map<string, string>();
  function* visit(path: string): Generator<undefined, void> {
    yield;
    const stat = files.lstat(path);
    if (!stat) return;
    if (stat.type !== 'directory') {
      found.set(path, `${stat.mtime.sec}.${stat.mtime.nsec} ${stat.size} ${stat.ino} ${stat.mode}`);
      return;
    }
    if (rules.every((rule) => rule.skips(path))) return;
    for (const name of files.readdir(path)) yield* visit(path === '/' ? `/${name}` : `${path}/${name}`);
  }
  for (const path of paths) await paced(visit(path), pause);
  return found;
}

async function handle(
  compose: Compose,
  project: ActiveProject,
  rules: readonly WatchRule[],
  changed: readonly string[],
  options: WatchOptions,
): Promise<void> {
  const rebuild = new Set<string>();
  const restart = new Set<string>();
  const sync = new Map<string, Mapping[]>();
  const execute = new Set<WatchRule>();
  for (const path of changed) {
    for (const rule of rules) {
      const mapping = rule.match(path);
      if (!mapping) continue;
      const { service, trigger } = rule;
      if (trigger.action === 'rebuild') rebuild.add(service);
      else if (trigger.action !== 'restart') sync.set(service, [...(sync.get(service) ?? []), mapping]);
      if (trigger.action === 'restart' || trigger.action === 'sync+restart') restart.add(service);
      if (trigger.action === 'sync+exec') execute.add(rule);
    }
  }
  if (rebuild.size) await rebuildServices(compose, project, [...rebuild], options);
  const { consumer } = options;
  for (const [service, mappings] of sync) {
    consumer.log(
      watchLogger,
      `Syncing service ${JSON.stringify(service)} after ${mappings.length} changes were detected`,
    );
    await syncFiles(compose, project, service, mappings);
  }
  if (restart.size) {
    const services = [...restart];
    await restartProject(compose, silent, project.name, { project, services });
    consumer.log(watchLogger, `service(s) ${quotedList(services)} restarted`);
  }
  for (const { service, trigger } of execute) await runExec(compose, project, service, trigger.exec!);
}

const quotedList = (services: readonly string[]): string => `[${services.map((one) => JSON.stringify(one)).join(' ')}]`;

interface Mapping {
  hostPath: string;
  containerPath: string;
}

/** Copies what is there into every container of a service, and removes what is gone (internal/sync/tar.go). */
async function syncFiles(
  compose: Compose,
  project: ActiveProject,
  service: string,
  mappings: readonly Mapping[],
): Promise<void> {
  const { cli, client } = compose;
  const { files, pause } = cli.host;
  const containers = await listContainers(compose, project.name, { oneOff: 'exclude', all: true, services: [service] });
  const gone = mappings.filter(({ hostPath }) => !files.stat(hostPath));
  const entries: TarEntry[] = [];
  for (const { hostPath, containerPath } of mappings.filter((one) => !gone.includes(one)))
    entries.push(...(await paced(treeEntries(files, hostPath, containerPath.replace(/^\//, '')), pause)));
  await settled(
    containers.map(async ({ Id }) => {
      if (gone.length) await execQuietly(compose, Id, ['rm', '-rf', ...gone.map(({ containerPath }) => containerPath)]);
      await client.done('PUT', `/containers/${Id}/archive`, {
        query: { path: '/', noOverwriteDirNonDir: true, copyUIDGID: true },
        body: new TarContent(entries),
        headers: [['Content-Type', 'application/x-tar']],
      });
    }),
  );
}

async function execQuietly({ client }: Compose, container: string, Cmd: string[]): Promise<void> {
  const { Id } = await client.json<{ Id: string }>('POST', `/containers/${container}/exec`, {
    json: { Cmd, AttachStderr: true },
  });
  const { stream } = await client.hijack(`/exec/${Id}/start`, { json: { Detach: false, Tty: false } });
  while (await stream.read());
  const { ExitCode } = await client.json<{ ExitCode: number | null }>('GET', `/exec/${Id}/json`);
  if (ExitCode) throw new StatusError(1, `deleting paths in ${container}: exit code ${ExitCode}`);
}

async function runExec(
  compose: Compose,
  project: ActiveProject,
  service: string,
  { command, user, privileged, working_dir, environment = {} }: NonNullable<WatchRule['trigger']['exec']>,
): Promise<void> {
  const options = { oneOff: 'exclude', all: false, services: [service] } as const;
  for (const { Id } of await listContainers(compose, project.name, options)) {
    const argv = [
      ...(user ? [`--user=${user}`] : []),
      ...(privileged ? ['--privileged'] : []),
      ...(working_dir ? [`--workdir=${working_dir}`] : []),
      ...environmentList(environment).map((text) => `--env=${text}`),
    ];
    await dockerExec.run!(compose.cli, new FlagSet(dockerExec.flags!, false).parse(argv), [Id, ...command]);
  }
}

async function rebuildServices(
  compose: Compose,
  project: ActiveProject,
  services: string[],
  { consumer, build, prune }: WatchOptions,
): Promise<void> {
  const say = (message: string): void => consumer.log(watchLogger, message);
  const names = quotedList(services);
  say(`Rebuilding service(s) ${names} after changes were detected...`);
  let built: Map<string, string>;
  try {
    built = await buildServices(compose, silent, project, { ...build, services });
  } catch (error) {
    say(`Build failed. Error: ${(error as Error).message}`);
    throw error;
  }
  if (prune) await pruneDangling(compose, project.name, [...built.values()]);
  say(`service(s) ${names} successfully built`);
  try {
    await createProject(compose, silent, project, {
      services,
      recreate: 'force',
      recreateDependencies: 'diverged',
      inherit: true,
    });
  } catch (error) {
    say(`Failed to recreate services after update. Error: ${(error as Error).message}`);
    throw error;
  }
  try {
    await startProject(compose, silent, project.name, { project: selectServices(project, services) });
  } catch (error) {
    say(`Application failed to start after update. Error: ${(error as Error).message}`);
  }
}

async function pruneDangling({ client }: Compose, project: string, kept: readonly string[]): Promise<void> {
  const filters = JSON.stringify({ dangling: ['true'], label: [`${label.project}=${project}`] });
  const images = await client.json<ImageSummary[]>('GET', '/images/json', { query: { filters } });
  for (const { Id } of images)
    if (!kept.includes(Id)) await client.done('DELETE', `/images/${Id}`).catch(() => undefined);
}
