import type { DockerCli } from '../../docker-cli.ts';
import type { FlagSet } from '../../flag/index.ts';
import { StatusError } from '../command.ts';
import { inspectObjects } from '../inspect-objects.ts';

type Run = (cli: DockerCli, flags: FlagSet, args: string[]) => Promise<never>;

export const lacks: Run = async () => {
  throw new StatusError(1, 'drydock: swarm mode is not simulated');
};

/** Asks the daemon what the real client asks first: outside a swarm its refusal is the answer. */
export const sends =
  (method: string, path: string): Run =>
  async (cli, flags, args) => {
    await cli.client.json(method, path, method === 'POST' ? { json: {} } : {});
    return lacks(cli, flags, args);
  };

/** The same of each name given; the refusals are printed together. */
export const each =
  (method: string, path: string): Run =>
  async (cli, flags, args) => {
    const errors: string[] = [];
    for (const name of args) {
      await cli.client
        .json(method, `${path}${encodeURIComponent(name)}`)
        .catch((error: Error) => errors.push(error.message));
    }
    if (errors.length) throw new StatusError(1, errors.join('\n'));
    return lacks(cli, flags, args);
  };

/** `inspect` of objects that only a swarm or an installed plugin has. */
export const inspects =
  (path: string, suffix = '') =>
  (cli: DockerCli, flags: FlagSet, args: string[]): Promise<number> =>
    inspectObjects(cli, args, flags.string('format'), (name) =>
      cli.client.text('GET', `${path}${encodeURIComponent(name)}${suffix}`),
    );

/** The compose files of `docker stack`. */
export const composed =
  (then: Run): Run =>
  async (cli, flags, args) => {
    const files = flags.list('compose-file');
    if (files.length === 0) throw new StatusError(1, 'Specify a Compose file (with --compose-file)');
    for (const file of files) missing(cli, file, '');
    return then(cli, flags, args);
  };

function missing(cli: DockerCli, file: string, prefix: string): void {
  if (file === '-' || cli.host.files.stat(file)) return;
  throw new StatusError(1, `${prefix}open ${file}: no such file or directory`);
}

/** A secret or a config is read before the daemon is asked. */
export const fromFile =
  (path: string, prefix: (file: string) => string, required: boolean): Run =>
  async (cli, flags, [name, file]) => {
    if (file === undefined && !flags.string('driver')) {
      if (required) throw new StatusError(1, 'secret file is required');
    } else if (file !== undefined) missing(cli, file, prefix(file));
    return sends('POST', path)(cli, flags, [name!]);
  };

/** `SERVICE=REPLICAS` each. */
export const scales: Run = async (cli, flags, args) => {
  const errors: string[] = [];
  for (const text of args) {
    const [name, count] = text.split('=');
    if (count === undefined) {
      throw new StatusError(
        1,
        `invalid scale specifier '${text}'.\nSee 'docker service scale --help'.\n\nUsage:  docker service scale SERVICE=REPLICAS [SERVICE=REPLICAS...]\n\nScale one or multiple replicated services`,
      );
    }
    if (!/^\d+$/.test(count))
      errors.push(`${name}: invalid replicas value ${count}: strconv.ParseUint: parsing "${count}": invalid syntax`);
    else
      await cli.client
        .json('GET', `/services/${encodeURIComponent(name!)}`)
        .catch((error: Error) => errors.push(`${name}: ${error.message}`));
  }
  if (errors.length) throw new StatusError(1, errors.join('\n'));
  return lacks(cli, flags, args);
};

/** What the daemon says, after the client's own words. */
export const prefixed =
  (prefix: string, run: Run): Run =>
  async (cli, flags, args) =>
    run(cli, flags, args).catch((error: Error) => {
      throw new StatusError(1, /^drydock:/.test(error.message) ? error.message : `${prefix}: ${error.message}`);
    });

/** `swarm unlock` asks whether there is a swarm at all. */
export const unlocks: Run = async (cli, flags, args) => {
  const info = await cli.client.json<{ Swarm?: { LocalNodeState?: string } }>('GET', '/info');
  if ((info.Swarm?.LocalNodeState ?? 'inactive') === 'inactive') {
    throw new StatusError(1, 'Error: This node is not part of a swarm');
  }
  return lacks(cli, flags, args);
};
