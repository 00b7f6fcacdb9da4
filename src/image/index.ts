/**
 * image: immutable images and what is done with them: config as Docker writes it, mutate, validate, the store of
 * images with their names, save and load (docker archive and OCI layout), import, and the survey of an
 * archive too large to load.
 *
 * Does not know how layers are mounted or made (`layer`), nor any registry.
 */

export { readLayerTar } from './archive-files.ts';
export * from './config.ts';
export * from './image.ts';
export * from './image-store.ts';
export * from './import.ts';
export {
  type Lane,
  type PartIndexer,
  partIndexer,
  type SurveyLimits,
  surveyLimits,
} from './layer-index.ts';
export * from './load-archive.ts';
export * from './mutate.ts';
export * from './save-archive.ts';
export * from './survey.ts';
export type { SurveyedChange } from './survey-layer.ts';
export * from './v1-id.ts';
export * from './validate.ts';
