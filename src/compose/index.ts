/**
 * Compose files: read, interpolated, merged, checked, made canonical. Knows no engine, no Docker API, no terminal: what a
 * project's services become is the `docker compose` commands' business (`cli/command/compose`).
 */
export type * from './project.ts';
export { ProjectError } from './project.ts';
