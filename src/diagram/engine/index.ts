/** The engine at work: the calls of one command, from the client down to the kernel and out to the registry. */
export * from './calls.ts';
export * from './outline.ts';
export * from './scene.ts';
export * from './words.ts';
