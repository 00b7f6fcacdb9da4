import type { ContainerConfig } from '../spec/index.ts';

export const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export const defaultShell = ['/bin/sh', '-c'];

export const emptyConfig: ContainerConfig = {
  Hostname: '',
  Domainname: '',
  User: '',
  AttachStdin: false,
  AttachStdout: false,
  AttachStderr: false,
  Tty: false,
  OpenStdin: false,
  StdinOnce: false,
  Env: null,
  Cmd: null,
  Image: '',
  Volumes: null,
  WorkingDir: '',
  Entrypoint: null,
  OnBuild: null,
  Labels: null,
};

/** NAME of NAME=value. */
export const envName = (entry: string): string => entry.split('=', 1)[0]!;

/** A list of NAME=value with one more; an old value of that name is replaced in its place. */
export function withEnv(env: readonly string[] | null, name: string, value: string): string[] {
  const entry = `${name}=${value}`;
  const list = env ?? [];
  return list.some((old) => envName(old) === name)
    ? list.map((old) => (envName(old) === name ? entry : old))
    : [...list, entry];
}

/** Looks names up in NAME=value lists; the first list that has it wins. */
export function envLookup(...lists: (readonly string[] | null)[]): (name: string) => string | undefined {
  const values = new Map<string, string>();
  for (const entry of lists.flatMap((list) => list ?? []).reverse()) {
    const at = entry.indexOf('=');
    values.set(at < 0 ? entry : entry.slice(0, at), at < 0 ? '' : entry.slice(at + 1));
  }
  return (name) => values.get(name);
}

/** A base image's config as the start of a stage: PATH is always set. */
export function stageConfig(base: ContainerConfig | undefined): ContainerConfig {
  const config = { ...emptyConfig, ...base, OpenStdin: false, StdinOnce: false };
  const env = config.Env ?? [];
  return { ...config, Env: env.some((entry) => envName(entry) === 'PATH') ? env : [...env, defaultPath] };
}

/** A command line as it will be executed: shell form gets the stage's shell. */
export const commandLine = (config: ContainerConfig, line: { args: string[]; shellForm: boolean }): string[] =>
  line.shellForm ? [...(config.Shell?.length ? config.Shell : defaultShell), ...line.args] : line.args;
