/** Processes and namespaces: who runs in which box, and what it may use. */
export * from './groups.ts';
export * from './outline.ts';
export * from './scene.ts';
export * from './words.ts';
