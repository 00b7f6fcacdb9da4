/**
 * image: immutable images and what is done with them: config as Docker writes it, mutate, validate, the store of
 * images with their names, save and load (docker archive and OCI layout), import.
 *
 * Does not know how layers are mounted or made (`layer`), nor any registry.
 */
export * from './image.ts';
export * from './image-store.ts';
