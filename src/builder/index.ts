/**
 * builder: turns a Dockerfile and a context into an image. One dispatcher per instruction; the cache says why; two
 * front ends, the classic builder (a step is a container and a commit) and BuildKit (a graph of vertices).
 *
 * Sits above image and dockerfile and below engine, which calls {@link build} and gives it a {@link Backend}. It does
 * not know how layers are stored, how processes run, or what a registry is.
 */
export * from './backend.ts';
export { build } from './build.ts';
export { applyChanges } from './changes.ts';
