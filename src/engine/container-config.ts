import type { ContainerConfig, ContainerCreateRequest } from '../spec/index.ts';
import { badRequest } from './errors.ts';
import { parseSignal } from './signals.ts';

/** What was asked, in Docker's field order, nothing merged yet. */
export function requestedConfig(request: ContainerCreateRequest): ContainerConfig {
  return ordered({
    Hostname: request.Hostname ?? '',
    Domainname: request.Domainname ?? '',
    User: request.User ?? '',
    AttachStdin: request.AttachStdin ?? false,
    AttachStdout: request.AttachStdout ?? false,
    AttachStderr: request.AttachStderr ?? false,
    ExposedPorts: request.ExposedPorts,
    Tty: request.Tty ?? false,
    OpenStdin: request.OpenStdin ?? false,
    StdinOnce: request.StdinOnce ?? false,
    Env: request.Env ?? null,
    Cmd: request.Cmd ?? null,
    Healthcheck: request.Healthcheck,
    ArgsEscaped: request.ArgsEscaped,
    Image: request.Image ?? '',
    Volumes: request.Volumes ?? null,
    WorkingDir: request.WorkingDir ?? '',
    Entrypoint: request.Entrypoint ?? null,
    NetworkDisabled: request.NetworkDisabled,
    MacAddress: request.MacAddress,
    OnBuild: request.OnBuild ?? null,
    Labels: request.Labels ?? {},
    StopSignal: request.StopSignal,
    StopTimeout: request.StopTimeout,
    Shell: request.Shell,
  });
}

/** Drops what Go's omitempty drops. The order is that of the literal. */
function ordered(config: ContainerConfig): ContainerConfig {
  const out = { ...config };
  const empty = (value: unknown) =>
    value === undefined ||
    value === false ||
    value === '' ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  for (const key of [
    'ExposedPorts',
    'Healthcheck',
    'ArgsEscaped',
    'NetworkDisabled',
    'MacAddress',
    'StopSignal',
    'Shell',
  ] as const) {
    if (empty(out[key])) delete out[key];
  }
  if (out.StopTimeout === undefined || out.StopTimeout === null) delete out.StopTimeout;
  return out;
}

/** moby daemon/commit.go merge: what the user did not say comes from the image. */
export function mergeConfig(user: ContainerConfig, image: ContainerConfig | undefined): ContainerConfig {
  if (!image) return { ...user, Entrypoint: unlessBlank(user.Entrypoint) };
  const entrypointGiven = user.Entrypoint !== null && user.Entrypoint.length > 0;
  const takeCommand = !entrypointGiven;
  const cmd = takeCommand && !user.Cmd?.length && user.Entrypoint === null ? image.Cmd : user.Cmd;
  const entrypoint = user.Entrypoint ?? image.Entrypoint;
  return ordered({
    ...requestedConfig(user),
    User: user.User || image.User,
    ExposedPorts: { ...(image.ExposedPorts ?? {}), ...(user.ExposedPorts ?? {}) },
    Env: mergeEnv(user.Env, image.Env),
    Cmd: cmd,
    Entrypoint: unlessBlank(entrypoint),
    Healthcheck: mergeHealthcheck(user.Healthcheck, image.Healthcheck),
    Volumes: mergeVolumes(user.Volumes, image.Volumes),
    WorkingDir: user.WorkingDir || image.WorkingDir,
    Labels: { ...(image.Labels ?? {}), ...(user.Labels ?? {}) },
    StopSignal: user.StopSignal || image.StopSignal,
    StopTimeout: user.StopTimeout ?? image.StopTimeout,
    Shell: user.Shell?.length ? user.Shell : image.Shell,
  });
}

/** `--entrypoint ''` and the RUN of a build arrive as [""]: no entrypoint. */
const unlessBlank = (entrypoint: string[] | null): string[] | null =>
  entrypoint?.length === 1 && entrypoint[0] === '' ? null : entrypoint;

function mergeEnv(user: string[] | null, image: string[] | null): string[] | null {
  if (!user?.length) return image?.length ? image : user;
  const names = new Set(user.map(nameOf));
  return [...user, ...(image ?? []).filter((entry) => !names.has(nameOf(entry)))];
}

export const nameOf = (entry: string): string => entry.split('=', 1)[0]!;

function mergeVolumes(user: ContainerConfig['Volumes'], image: ContainerConfig['Volumes']): ContainerConfig['Volumes'] {
  if (!image || Object.keys(image).length === 0) return user && Object.keys(user).length > 0 ? user : null;
  return { ...(user ?? {}), ...image };
}

type Healthcheck = ContainerConfig['Healthcheck'];

function mergeHealthcheck(user: Healthcheck, image: Healthcheck): Healthcheck {
  if (!user) return image;
  if (!image || user.Test?.[0] === 'NONE') return user;
  return {
    Test: user.Test?.length ? user.Test : image.Test,
    Interval: user.Interval || image.Interval,
    Timeout: user.Timeout || image.Timeout,
    StartPeriod: user.StartPeriod || image.StartPeriod,
    Retries: user.Retries || image.Retries,
  };
}

/** moby verifyContainerSettings: what can be told from the config alone. */
export function verifyConfig(config: ContainerConfig): void {
  if (config.WorkingDir && !config.WorkingDir.startsWith('/')) {
    throw badRequest(`the working directory '${config.WorkingDir}' is invalid, it needs to be an absolute path`);
  }
  for (const entry of config.Env ?? []) {
    if (entry === '' || entry.startsWith('=')) throw badRequest(`invalid environment variable: ${entry}`);
  }
  if (config.StopSignal) parseSignal(config.StopSignal);
  verifyHealthcheck(config.Healthcheck);
}

const second = 1e9;

function verifyHealthcheck(check: Healthcheck): void {
  if (!check) return;
  if (check.Interval && check.Interval < second / 1000)
    throw badRequest('Interval in Healthcheck cannot be less than 1ms');
  if (check.Timeout && check.Timeout < second / 1000)
    throw badRequest('Timeout in Healthcheck cannot be less than 1ms');
  if (check.Retries !== undefined && check.Retries < 0) throw badRequest('Retries in Healthcheck cannot be negative');
}

/** Entrypoint and command as one: what is run, and its arguments. */
export function commandOf(config: ContainerConfig): { path: string; args: string[] } {
  const all = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  return { path: all[0] ?? '', args: all.slice(1) };
}
