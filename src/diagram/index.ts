/**
 * diagram: trace and inspection in, scenes out. A scene is plain data (positions, texts, kinds), so it is tested as a
 * small SVG golden and drawn by whoever has a screen.
 *
 * Knows no DOM, no engine; its words come from a `Words` of some language.
 */
export * from './archive/index.ts';
export * from './build/index.ts';
export * from './engine/index.ts';
export * from './images/index.ts';
export * from './layer-tree.ts';
export * from './layers-scene.ts';
export * from './narration/index.ts';
export * from './network/index.ts';
export * from './outline.ts';
export { cssPalette } from './palette.ts';
export * from './processes/index.ts';
export * from './registry/index.ts';
export * from './scene.ts';
export { arrowHead, linkPath, type Paint, paintBox, paintText, patternDefs } from './scene-paint.ts';
export { sceneSvg } from './scene-svg.ts';
export type { Box, Chip, Line, Slab } from './slab.ts';
export * from './svg.ts';
export * from './text.ts';
export * from './union/index.ts';
export * from './words.ts';
