import { RuntimeError } from '../port/index.ts';
import type { Attachment, ExecCreateRequest, ExecInspect } from '../spec/index.ts';
import type { Exec } from './container.ts';
import { attachment, parseDetachKeys } from './container-attach.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, conflict, messageOf, notFound } from './errors.ts';
import { execProcess } from './runtime-spec.ts';
import { StreamHub } from './stream-hub.ts';

const requests = new WeakMap<Exec, ExecCreateRequest>();

/** POST /containers/{id}/exec: what is to run, not yet run. */
export async function containerExec(daemon: Daemon, name: string, request: ExecCreateRequest): Promise<{ Id: string }> {
  const container = daemon.containers.find(name);
  if (!container.isRunning) throw conflict(`Container ${container.id} is not running`);
  if (container.state.paused) throw conflict(`Container ${name} is paused, unpause the container before exec`);
  if (container.state.restarting) {
    throw conflict(`Container ${name} is restarting, wait until the container is running`);
  }
  parseDetachKeys(request.DetachKeys ?? '', 'escape');
  const [entrypoint = '', ...args] = request.Cmd ?? [];
  const inspect: ExecInspect = {
    ID: daemon.newId(),
    Running: false,
    ExitCode: null,
    ProcessConfig: {
      tty: request.Tty ?? false,
      entrypoint,
      arguments: args,
      privileged: request.Privileged ?? false,
      ...(request.User ? { user: request.User } : {}),
    },
    OpenStdin: request.AttachStdin ?? false,
    OpenStderr: request.AttachStderr ?? false,
    OpenStdout: request.AttachStdout ?? false,
    CanRemove: false,
    ContainerID: container.id,
    DetachKeys: request.DetachKeys ?? '',
    Pid: 0,
  };
  const exec: Exec = {
    id: inspect.ID,
    container,
    inspect,
    env: request.Env ?? [],
    user: request.User ?? '',
    workingDir: request.WorkingDir ?? '',
    hub: new StreamHub(),
    started: false,
  };
  requests.set(exec, request);
  daemon.execs.set(exec.id, exec);
  container.execs.set(exec.id, exec);
  // The space before the id is the daemon's own.
  daemon.containerEvent(container, execAction('create', entrypoint!, args), { execID: exec.id });
  return { Id: exec.id };
}

function findExec(daemon: Daemon, id: string): Exec {
  const exec = daemon.execs.get(id);
  if (!exec) throw notFound(`No such exec instance: ${id}`);
  return exec;
}

/** POST /exec/{id}/start. Undefined when detached. */
export async function execStart(
  daemon: Daemon,
  id: string,
  options: { detach: boolean; tty: boolean },
): Promise<Attachment | undefined> {
  const exec = findExec(daemon, id);
  const { container, inspect, hub } = exec;
  if (!container.task) throw conflict(`Container ${container.id} is not running`);
  if (container.state.paused) throw conflict(`Container ${container.id} is paused, unpause the container before exec`);
  if (exec.started) {
    throw conflict(
      inspect.Running ? `Error: Exec command ${id} is already running` : `Error: Exec command ${id} has already run`,
    );
  }
  exec.started = true;
  const queue = options.detach ? undefined : hub.subscribe(inspect.OpenStdout, inspect.OpenStderr);
  const stdin = inspect.OpenStdin && !options.detach;
  const { entrypoint, arguments: args, tty } = inspect.ProcessConfig;
  daemon.containerEvent(container, execAction('start', entrypoint!, args), { execID: id });
  try {
    const spec = await execProcess(daemon, container, requests.get(exec)!);
    exec.process = await container.task.exec(
      spec,
      hub.stdio(stdin, () => {}),
    );
  } catch (error) {
    return failed(exec, error, queue === undefined);
  }
  inspect.Running = true;
  inspect.Pid = exec.process.pid;
  void watch(daemon, exec);
  return (
    queue &&
    attachment(hub, queue, {
      tty,
      stdin,
      endsStdin: true,
      keys: tty ? parseDetachKeys(inspect.DetachKeys) : [],
      onDetach() {},
    })
  );
}

async function watch(daemon: Daemon, exec: Exec): Promise<void> {
  const { code } = await exec.process!.wait();
  exec.inspect.Running = false;
  exec.inspect.ExitCode = code;
  exec.inspect.Pid = exec.process!.pid;
  exec.hub.reset();
  exec.container.execs.delete(exec.id);
  daemon.containerEvent(exec.container, 'exec_die', { execID: exec.id, exitCode: String(code) });
}

/**
 * The connection was hijacked already when the process fails to start: the error is written where its output would go
 * (real dockerd: on stdout, exit status 126).
 */
function failed(exec: Exec, error: unknown, detached: boolean): Attachment {
  const { inspect, hub, container } = exec;
  inspect.Running = false;
  inspect.ExitCode = 126;
  container.execs.delete(exec.id);
  const text = error instanceof RuntimeError ? `OCI runtime exec failed: ${error.message}: unknown` : messageOf(error);
  if (detached) throw error instanceof RuntimeError ? badRequest(text) : error;
  const queue = hub.subscribe(true, true);
  void queue.push({ stream: 'stdout', bytes: new TextEncoder().encode(`${text}\r\n`) });
  queue.end();
  return attachment(hub, queue, {
    tty: inspect.ProcessConfig.tty,
    stdin: false,
    endsStdin: true,
    keys: [],
    onDetach() {},
  });
}

/** GET /exec/{id}/json */
export async function execInspect(daemon: Daemon, id: string): Promise<ExecInspect> {
  return { ...findExec(daemon, id).inspect };
}

/** POST /exec/{id}/resize */
export async function execResize(daemon: Daemon, id: string, height: number, width: number): Promise<void> {
  const exec = findExec(daemon, id);
  if (!exec.process || !exec.inspect.Running) throw notFound(`No such exec instance: ${id}`);
  await exec.process.resize(width, height);
}

/** POST /containers/{id}/resize */
export async function containerResize(daemon: Daemon, name: string, height: number, width: number): Promise<void> {
  const container = daemon.containers.find(name);
  if (!container.task) throw conflict(`Container ${container.id} is not running`);
  await container.task.resize(width, height);
  daemon.containerEvent(container, 'resize', { height: String(height), width: String(width) });
}

/** A command without arguments leaves its space behind. */
export const execAction = (verb: 'create' | 'start', entrypoint: string, args: readonly string[]): string =>
  `exec_${verb}: ${entrypoint} ${args.join(' ')}`;
