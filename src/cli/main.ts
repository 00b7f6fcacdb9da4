import type { CliHost } from './host.ts';

/** The whole program `docker`: runs the command of `host.argv` and resolves to its exit status. */
export async function main(_host: CliHost): Promise<number> {
  throw new Error('not yet');
}
