/**
 * cli: the program `docker` (docker/cli 28.2.2), one file per subcommand, over an Engine API handler.
 *
 * Imports spec, archive and api. It reaches the engine only by HTTP messages, and the world only by {@link CliHost};
 * it does not know whether that is a simulated process or a Node one, nor whether the engine is ours or a real dockerd.
 */
export { completions, grammarWords } from './completions.ts';
export * from './host.ts';
export { main } from './main.ts';
