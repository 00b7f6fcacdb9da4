import type { Measure } from '../diagram/index.ts';

/** Widths as this browser will draw them; asked again and again for the same texts, so they are kept. */
export function screenMeasure(): Measure {
  const context = document.createElement('canvas').getContext('2d')!;
  const style = getComputedStyle(document.documentElement);
  const faces = { words: style.getPropertyValue('--words'), mono: style.getPropertyValue('--mono') };
  const known = new Map<string, number>();
  return (text, size, face) => {
    const font = `${face === 'bold' ? '600 ' : ''}${size}px ${face === 'mono' ? faces.mono : faces.words}`;
    const key = `${font}|${text}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    context.font = font;
    const width = context.measureText(text).width;
    // Thousands of slabs have a few texts each: a store that they overflow would be filled anew for each picture.
    if (known.size > 50_000) known.clear();
    known.set(key, width);
    return width;
  };
}
