import type { Palette } from './palette.ts';
import type { BoxMark, LinkMark, Mark, Scene, TextMark } from './scene.ts';
import { arrowHead, linkPath, paintBox, paintText, patternDefs, round } from './scene-paint.ts';

/** A scene as a self-contained SVG document: the export, and the form goldens are kept in. One mark a line. */
export function sceneSvg(scene: Scene, palette: Palette): string {
  const [width, height] = [round(scene.width), round(scene.height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(scene.label)}</title><defs>${patternDefs(palette)}</defs>`,
    `<rect width="100%" height="100%" fill="${palette.ground}"/>`,
    ...scene.marks.map((mark) => markSvg(mark, palette)),
    '</svg>',
    '',
  ].join('\n');
}

function markSvg(mark: Mark, palette: Palette): string {
  if (mark.kind === 'box') return boxSvg(mark, palette);
  return mark.kind === 'text' ? textSvg(mark, palette) : linkSvg(mark, palette);
}

function boxSvg(box: BoxMark, palette: Palette): string {
  const { fill, edge, edgeWidth, dash } = paintBox(box.role, palette);
  return (
    `<rect x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="${box.radius ?? 6}" fill="${fill}" stroke="${edge}" stroke-width="${edgeWidth}"${dash ? ` stroke-dasharray="${dash}"` : ''}>` +
    `<title>${escapeXml(box.label)}</title></rect>`
  );
}

function textSvg(text: TextMark, palette: Palette): string {
  const face = text.face === 'mono' ? 'monospace' : 'system-ui, sans-serif';
  const weight = text.face === 'bold' ? ' font-weight="600"' : '';
  const anchor = text.anchor && text.anchor !== 'start' ? ` text-anchor="${text.anchor}"` : '';
  return `<text x="${round(text.x)}" y="${round(text.y + text.size)}" font-family="${face}" font-size="${text.size}"${weight}${anchor} fill="${paintText(text.tone, palette)}">${escapeXml(text.text)}</text>`;
}

function linkSvg(link: LinkMark, palette: Palette): string {
  const colour = paintText(link.tone, palette);
  const dash = link.dashed ? ' stroke-dasharray="5 4"' : '';
  const title = link.label ? `<title>${escapeXml(link.label)}</title>` : '';
  const head = link.arrow ? `<path d="${arrowHead(link)}" fill="${colour}"/>` : '';
  return `<path d="${linkPath(link)}" fill="none" stroke="${colour}" stroke-width="${link.bold ? 2.5 : 1.5}"${dash}>${title}</path>${head}`;
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
