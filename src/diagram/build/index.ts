/** A build: its stages and steps, what the cache said of each, and what another order would save. */
export * from './builds.ts';
export * from './outline.ts';
export * from './reorder.ts';
export * from './scene.ts';
export * from './words.ts';
