import { type ExitStatus, RuntimeError } from '../port/index.ts';
import { EngineError, isErrno } from '../spec/index.ts';
import type { Container } from './container.ts';
import { removeContainer } from './container-delete.ts';
import { handleExit } from './container-exit.ts';
import { writeContainerFiles } from './container-files.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, conflict, messageOf, notModified, serverError } from './errors.ts';
import { startHealthChecks } from './health.ts';
import { hostExists, hostPath, logPathOf } from './host-paths.ts';
import { startLogDriver } from './log-driver.ts';
import { LogFile, type LogFileOptions } from './log-file.ts';
import { extraAttributes, rotationOf } from './log-options.ts';
import { connectNetworks, disconnectNetworks } from './network-attachment.ts';
import { runtimeSpec } from './runtime-spec.ts';

/** POST /containers/{id}/start. 304 when it runs. */
export async function containerStart(daemon: Daemon, name: string, _detachKeys = ''): Promise<void> {
  const container = daemon.containers.find(name);
  if (container.state.paused) throw conflict('cannot start a paused container, try unpause instead');
  if (container.isRunning && !container.state.restarting) throw notModified();
  container.cancelRestart?.();
  container.record.manuallyStopped = false;
  // Who starts it by hand gives it all its attempts anew.
  container.record.restartCount = 0;
  container.restartDelay = 100;
  await container.lock.run(() => startLocked(daemon, container));
  await container.task?.underway?.();
}

/** Brings it up, or leaves it as it was with its error noted. Needs the container's lock. */
export async function startLocked(daemon: Daemon, container: Container): Promise<void> {
  if (container.isRunning && !container.state.restarting) return;
  if (container.state.removing || container.state.dead) {
    throw conflict('container is marked for removal and cannot be started');
  }
  try {
    await bringUp(daemon, container);
  } catch (error) {
    await failed(daemon, container, error);
  }
}

async function bringUp(daemon: Daemon, container: Container): Promise<void> {
  const { record, hub } = container;
  const { runtime, snapshotter, hostTree, clock } = daemon.ports;
  for (const mount of record.mounts) {
    if (mount.mustExist && !hostExists(daemon, mount.Source)) {
      throw badRequest(`invalid mount config for type "bind": bind source path does not exist: ${mount.Source}`);
    }
  }
  const netns = await connectNetworks(daemon, container);
  writeContainerFiles(daemon, container);
  const spec = await runtimeSpec(daemon, container, netns);
  volumeEvents(daemon, container, 'mount');
  const { Type: driver, Config: logOptions } = record.hostConfig.LogConfig;
  await startLogDriver(daemon, driver, logOptions);
  const logging = driver !== 'none';
  container.log = logging
    ? new LogFile(hostTree, hostPath(logPathOf(record.id)), clock, logSettings(record))
    : undefined;
  const stdio = hub.stdio(record.config.OpenStdin, (frame) => container.log?.write(frame));
  const rootfs = await snapshotter.mounts(record.id);
  const task = await runtime.create(record.id, { spec, rootfs }, stdio);
  try {
    await task.start();
  } catch (error) {
    await task.delete();
    throw error;
  }
  container.task = task;
  Object.assign(record.state, {
    running: true,
    paused: false,
    restarting: false,
    oomKilled: false,
    pid: task.pid,
    exitCode: 0,
    error: '',
    startedAt: daemon.now(),
  });
  daemon.save(container);
  startHealthChecks(daemon, container);
  daemon.containerEvent(container, 'start');
  daemon.traceState(container);
  container.exited = watch(daemon, container, task.wait());
}

function logSettings(record: Container['record']): LogFileOptions {
  const { config, hostConfig } = record;
  const options = hostConfig.LogConfig.Config;
  const tagged = { ...record, image: config.Image };
  return { ...rotationOf(options), attrs: extraAttributes(options, config.Labels ?? {}, config.Env ?? [], tagged) };
}

const watch = (daemon: Daemon, container: Container, ended: Promise<ExitStatus>): Promise<void> =>
  ended.then((status) => container.lock.run(() => handleExit(daemon, container, status)));

export function volumeEvents(daemon: Daemon, container: Container, action: 'mount' | 'unmount'): void {
  for (const mount of container.record.mounts) {
    if (mount.Type !== 'volume') continue;
    const where: Record<string, string> =
      action === 'mount'
        ? { destination: mount.Destination, propagation: mount.Propagation, 'read/write': String(mount.RW) }
        : {};
    daemon.volumeEvent(action, mount.Name!, { container: container.id, ...where });
  }
}

async function failed(daemon: Daemon, container: Container, error: unknown): Promise<never> {
  const translated = translate(daemon, container, error);
  const { state, hostConfig } = container.record;
  state.error = translated.message;
  state.running = false;
  state.restarting = false;
  state.pid = 0;
  if (state.exitCode === 0) state.exitCode = 128;
  container.hub.reset();
  await disconnectNetworks(daemon, container);
  daemon.save(container);
  daemon.traceState(container);
  container.notify('next-exit');
  if (hostConfig.AutoRemove) await removeContainer(daemon, container, { force: true, volumes: true });
  throw translated;
}

/** moby daemon/errors.go translateContainerdStartErr: status, exit code and hint by what runc said. */
function translate(daemon: Daemon, container: Container, error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  if (!(error instanceof RuntimeError)) {
    return serverError(isErrno(error) ? error.message.toLowerCase() : messageOf(error));
  }
  const { state, path } = container.record;
  const text = `${daemon.profile.createTaskFailed}${error.message}: unknown`;
  const lower = text.toLowerCase();
  if (lower.includes('not a directory')) {
    state.exitCode = 127;
    return badRequest(
      `${text}: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`,
    );
  }
  if (lower.includes('permission denied')) {
    state.exitCode = 126;
    return badRequest(text);
  }
  const missing = ['executable file not found', 'no such file or directory', 'failed to run runc create/exec call'];
  if (text.includes(path) && missing.some((part) => lower.includes(part))) {
    state.exitCode = 127;
    return badRequest(text);
  }
  return serverError(text);
}
