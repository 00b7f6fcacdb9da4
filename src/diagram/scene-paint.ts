import type { Palette } from './palette.ts';
import type { LinkMark, Role, Tone } from './scene.ts';

/** How a box of a role looks. `fill` may name a pattern of {@link patternDefs}. */
export interface Paint {
  fill: string;
  edge: string;
  edgeWidth: number;
  dash?: string;
}

/** The same for every painter: the page hands in CSS variables, the export the colours themselves. */
export function paintBox(role: Role, p: Palette): Paint {
  const plain = (fill: string, edge = 'none', edgeWidth = 1, dash?: string): Paint => ({
    fill,
    edge,
    edgeWidth,
    ...(dash && { dash }),
  });
  switch (role) {
    case 'kernel':
      return plain('url(#hatch)');
    case 'base':
      return plain('url(#dots)');
    case 'layer':
      return plain(p.layer);
    case 'writable':
      return plain(p.writable, p.writableEdge, 2);
    case 'stopped':
      return plain(p.panel, p.writableEdge, 1.5, '6 4');
    case 'whiteout':
    case 'bad':
      return plain(p.whiteout, p.whiteoutText, 1, role === 'bad' ? undefined : '3 2');
    case 'registry':
      return plain(p.panel, p.registry, 2);
    case 'good':
      return plain(p.panel, p.good, 1.5);
    case 'miss':
      return plain(p.panel, p.writableEdge, 1.5, '2 3');
    case 'panel':
      return plain(p.panel, p.line, 1);
    case 'frame':
      return plain('none', p.line, 1.5);
    case 'shared':
      return plain('none', p.registry, 2, '1 4');
    case 'pill':
      return plain(p.pill, p.base);
    case 'gauge':
      return plain(p.writableEdge);
  }
}

export const paintText = (tone: Tone, p: Palette): string =>
  ({
    text: p.text,
    dim: p.dim,
    kernel: p.kernelText,
    slab: p.onSlab,
    writable: p.writableText,
    whiteout: p.whiteoutText,
    registry: p.registry,
    good: p.good,
    miss: p.miss,
    pill: p.pillText,
  })[tone];

/** The `d` of a link's path, its corners rounded a little. */
export function linkPath({ points }: Pick<LinkMark, 'points'>): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${round(first[0])} ${round(first[1])}`;
  for (const [index, [x, y]] of rest.entries()) {
    const after = rest[index + 1];
    const before = points[index]!;
    if (!after) path += `L${round(x)} ${round(y)}`;
    else {
      const [ax, ay] = towards([x, y], before);
      const [bx, by] = towards([x, y], after);
      path += `L${round(ax)} ${round(ay)}Q${round(x)} ${round(y)} ${round(bx)} ${round(by)}`;
    }
  }
  return path;
}

/** A point up to 6 pixels from `from` on the way to `to`. */
function towards([x, y]: [number, number], to: readonly [number, number]): [number, number] {
  const far = Math.hypot(to[0] - x, to[1] - y);
  const share = far === 0 ? 0 : Math.min(6, far / 2) / far;
  return [x + (to[0] - x) * share, y + (to[1] - y) * share];
}

/** The head of an arrow: a triangle at the last point. */
export function arrowHead({ points }: Pick<LinkMark, 'points'>): string {
  const [x, y] = points.at(-1)!;
  const [fx, fy] = points.at(-2) ?? [x - 1, y];
  const angle = Math.atan2(y - fy, x - fx);
  const corner = (turn: number) => `${round(x - 8 * Math.cos(angle + turn))} ${round(y - 8 * Math.sin(angle + turn))}`;
  return `M${round(x)} ${round(y)}L${corner(0.45)}L${corner(-0.45)}Z`;
}

export const patternDefs = (p: Palette): string =>
  `<pattern id="hatch" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="10" height="10" style="fill:${p.kernel[0]}"/><rect width="5" height="10" style="fill:${p.kernel[1]}"/></pattern>` +
  `<pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" style="fill:${p.base}"/><circle cx="2" cy="2" r="0.9" fill="#fff" opacity="0.28"/></pattern>`;

export const round = (n: number): number => Math.round(n * 10) / 10;
