/** An image archive that was surveyed: its stack of layers, by size, with what each changes. */
export * from './outline.ts';
export * from './scene.ts';
export * from './words.ts';
