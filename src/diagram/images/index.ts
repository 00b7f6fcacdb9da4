/** Images compared: which layers they share, which files differ, and what is stored in vain. */
export * from './compare.ts';
export * from './efficiency.ts';
export { type FileChange, mergedFiles, type SeenFile } from './files.ts';
export * from './outline.ts';
export { imagesScene, nameOf } from './scene.ts';
export * from './words.ts';
