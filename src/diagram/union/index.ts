/** The union filesystem: how a lookup falls through the layers of a mount. */
export * from './outline.ts';
export * from './scene.ts';
export * from './words.ts';
