/** Registries: tags, manifests and blobs, and how they travelled. */
export * from './outline.ts';
export * from './picture.ts';
export * from './scene.ts';
export * from './transfer.ts';
export * from './words.ts';
