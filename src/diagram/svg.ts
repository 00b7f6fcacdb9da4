import type { Chip, LayersScene, Slab } from './layers-scene.ts';
import { dark, light, type Palette } from './palette.ts';

export { dark, light, type Palette };

/** A scene as a self-contained SVG document: the export, and the form goldens are kept in. */
export function layersSvg(scene: LayersScene, palette: Palette): string {
  const { width, height } = scene;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}">`,
    `<defs>${patterns(palette)}</defs>`,
    `<rect width="100%" height="100%" fill="${palette.ground}"/>`,
    ...scene.slabs.map((slab) => slabSvg(slab, palette)),
    '</svg>',
    '',
  ].join('\n');
}

function patterns(palette: Palette): string {
  return (
    `<pattern id="hatch" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="10" height="10" fill="${palette.kernel[0]}"/><rect width="5" height="10" fill="${palette.kernel[1]}"/></pattern>` +
    `<pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="${palette.base}"/><circle cx="2" cy="2" r="0.9" fill="#fff" opacity="0.28"/></pattern>`
  );
}

const fills = (slab: Slab, palette: Palette): { fill: string; text: string; edge: string } => {
  if (slab.kind === 'kernel') return { fill: 'url(#hatch)', text: palette.kernelText, edge: 'none' };
  if (slab.kind === 'base') return { fill: 'url(#dots)', text: palette.onSlab, edge: 'none' };
  if (slab.kind === 'layer') return { fill: palette.layer, text: palette.onSlab, edge: 'none' };
  return { fill: palette.writable, text: palette.writableText, edge: palette.writableEdge };
};

function slabSvg(slab: Slab, palette: Palette): string {
  const { fill, text, edge } = fills(slab, palette);
  const dashed = slab.kind === 'writable' && !slab.running ? ' stroke-dasharray="6 4"' : '';
  const right = round(slab.x + slab.width - 12);
  return [
    `<g><title>${escapeXml(slab.label)}</title>`,
    `<rect x="${round(slab.x)}" y="${round(slab.y)}" width="${round(slab.width)}" height="${slab.height}" rx="4" fill="${fill}" stroke="${edge}" stroke-width="2"${dashed}/>`,
    `<text x="${round(slab.x + 12)}" y="${round(slab.y + 22)}" font-family="system-ui" font-weight="600" font-size="13.5" fill="${text}">${escapeXml(slab.title)}</text>`,
    `<text x="${round(slab.x + 12)}" y="${round(slab.y + 42)}" font-family="system-ui" font-size="12" fill="${text}">${escapeXml(slab.detail)}</text>`,
    slab.figure &&
      `<text x="${right}" y="${round(slab.y + 42)}" text-anchor="end" font-family="monospace" font-size="11" fill="${text}">${escapeXml(slab.figure)}</text>`,
    ...slab.tags.map(
      (tag) =>
        `<rect x="${round(tag.x)}" y="${round(slab.y + 8)}" width="${round(tag.width)}" height="20" rx="3" fill="${palette.pill}"/><text x="${round(tag.x + 8)}" y="${round(slab.y + 22)}" font-family="monospace" font-size="11" fill="${palette.pillText}">${escapeXml(tag.text)}</text>`,
    ),
    ...slab.chips.map((chip) => chipSvg(chip, slab, palette)),
    '</g>',
  ]
    .filter(Boolean)
    .join('');
}

function chipSvg(chip: Chip, slab: Slab, palette: Palette): string {
  const gone = chip.kind === 'deleted';
  const y = slab.y + 52;
  return (
    `<rect x="${round(chip.x)}" y="${round(y)}" width="${round(chip.width)}" height="20" rx="10" fill="${gone ? palette.whiteout : palette.ground}" stroke="${gone ? palette.whiteoutText : palette.writableEdge}"${gone ? ' stroke-dasharray="3 2"' : ''}/>` +
    `<text x="${round(chip.x + 8)}" y="${round(y + 14)}" font-family="monospace" font-size="11" fill="${gone ? palette.whiteoutText : palette.text}">${escapeXml(chip.text)}</text>`
  );
}

const round = (n: number): number => Math.round(n * 10) / 10;
const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
