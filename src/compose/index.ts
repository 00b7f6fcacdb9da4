/**
 * Compose files: read, interpolated, merged, checked, made canonical. Knows no engine, no Docker API, no terminal: what a
 * project's services become is the `docker compose` commands' business (`cli/command/compose`).
 */
export { checkContainerNames } from './consistency.ts';
export { parseDotenv } from './dotenv.ts';
export { networkHash, serviceHash, volumeHash } from './hash.ts';
export { type LoadedModel, loadProject, loadTree, variablesIn } from './load.ts';
export { parsePorts } from './port-spec.ts';
export { printProject, printTree, printVariables } from './print.ts';
export type * from './project.ts';
export { ProjectError } from './project.ts';
export { shellWords } from './shell-words.ts';
export { parseVolume } from './volume-spec.ts';
