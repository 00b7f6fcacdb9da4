import type { LayersScene } from './layers-scene.ts';
import { dark, light, type Palette } from './palette.ts';
import { patternDefs, round } from './scene-paint.ts';
import type { Chip, Line, Slab } from './slab.ts';

export { dark, light, type Palette };

/** A scene as a self-contained SVG document: the export, and the form goldens are kept in. */
export function layersSvg(scene: LayersScene, palette: Palette): string {
  const { width, height } = scene;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}">`,
    `<defs>${patternDefs(palette)}</defs>`,
    `<rect width="100%" height="100%" fill="${palette.ground}"/>`,
    ...scene.slabs.map((slab) => slabSvg(slab, palette)),
    '</svg>',
    '',
  ].join('\n');
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
  const line = ({ text: content, x, y }: Line, size: number, face: string) =>
    content &&
    `<text x="${round(x)}" y="${round(y + 14)}" font-family="${face}" font-size="${size}" fill="${text}">${escapeXml(content)}</text>`;
  return [
    `<g transform="translate(${round(slab.x)} ${round(slab.y)})"><title>${escapeXml(slab.label)}</title>`,
    `<rect width="${round(slab.width)}" height="${slab.height}" rx="4" fill="${fill}" stroke="${edge}" stroke-width="2"${dashed}/>`,
    line(slab.title, 13.5, 'system-ui" font-weight="600'),
    slab.titleMore && line(slab.titleMore, 13.5, 'system-ui" font-weight="600'),
    line(slab.detail, 12, 'system-ui'),
    line(slab.figure, 11, 'monospace'),
    ...slab.tags.map((tag) => pill(tag, palette)),
    ...slab.chips.map((chip) => chipSvg(chip, palette)),
    '</g>',
  ]
    .filter(Boolean)
    .join('');
}

const pill = ({ text, x, y, width }: Slab['tags'][number], palette: Palette): string =>
  `<rect x="${round(x)}" y="${y}" width="${round(width)}" height="20" rx="3" fill="${palette.pill}"/>` +
  `<text x="${round(x + 8)}" y="${y + 14}" font-family="monospace" font-size="11" fill="${palette.pillText}">${escapeXml(text)}</text>`;

function chipSvg(chip: Chip, palette: Palette): string {
  const gone = chip.kind === 'deleted';
  return (
    `<rect x="${round(chip.x)}" y="${chip.y}" width="${round(chip.width)}" height="20" rx="10" fill="${gone ? palette.whiteout : palette.ground}" stroke="${gone ? palette.whiteoutText : palette.writableEdge}"${gone ? ' stroke-dasharray="3 2"' : ''}/>` +
    `<text x="${round(chip.x + 8)}" y="${chip.y + 14}" font-family="monospace" font-size="11" fill="${gone ? palette.whiteoutText : palette.text}">${escapeXml(chip.text)}</text>`
  );
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
