/** The network: bridges, cables and addresses, and how the last connections went. */
export * from './outline.ts';
export * from './picture.ts';
export * from './scene.ts';
export * from './stories.ts';
export * from './words.ts';
