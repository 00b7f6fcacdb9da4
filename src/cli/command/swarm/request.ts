import type { DockerCli } from '../../docker-cli.ts';
import type { FlagSet } from '../../flag/index.ts';
import { StatusError } from '../command.ts';

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
