import { cut, type Face, type Measure, textWidth } from './text.ts';

/**
 * A picture as plain data: marks in CSS pixels, in the order they are painted, texts already cut to fit. Each view makes
 * one; `app` draws any of them, `sceneSvg` writes any of them. Marks keep their id from one moment to the next, so that
 * what stays moves and what is new arrives.
 */
export interface Scene {
  width: number;
  height: number;
  marks: Mark[];
  /** What the whole picture is, for a screen reader. */
  label: string;
}

export type Mark = BoxMark | TextMark | LinkMark;

/** What a thing is: it decides fill, edge and pattern, so that nothing is told by colour alone. */
export type Role =
  | 'kernel'
  | 'base'
  | 'layer'
  | 'writable'
  /** A writable layer, or anything else, that no longer runs: dashed. */
  | 'stopped'
  | 'whiteout'
  | 'registry'
  | 'good'
  | 'miss'
  | 'bad'
  /** A neutral thing on the ground. */
  | 'panel'
  /** A border around other things. */
  | 'frame'
  /** A shared thing: a frame with a bold, dotted edge. */
  | 'shared'
  /** A name on something: a tag, an address. */
  | 'pill'
  /** The full part of a gauge. */
  | 'gauge';

export interface BoxMark {
  kind: 'box';
  id: string;
  role: Role;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Corner radius; default 6. */
  radius?: number;
  /** What a screen reader says and the tooltip shows: nothing cut. */
  label: string;
  /** It can be chosen: a stop of the keyboard. */
  stop?: boolean;
  /** It came with the latest events. */
  news?: boolean;
  /** Something is going on in it. */
  busy?: boolean;
}

/** On what a text stands: decides its colour. */
export type Tone = 'text' | 'dim' | 'kernel' | 'slab' | 'writable' | 'whiteout' | 'registry' | 'good' | 'miss' | 'pill';

export interface TextMark {
  kind: 'text';
  id: string;
  x: number;
  /** Top of its row; the baseline is `size` below. */
  y: number;
  text: string;
  size: number;
  face: Face;
  tone: Tone;
  anchor?: 'start' | 'middle' | 'end';
}

export interface LinkMark {
  kind: 'link';
  id: string;
  /** Corners of the path, in order. */
  points: readonly (readonly [number, number])[];
  tone: Tone;
  dashed?: boolean;
  /** A head at the last point. */
  arrow?: boolean;
  bold?: boolean;
  /** Something travels along it, as the n-th of its picture (0 first): a packet, a blob, a signal. */
  travels?: number;
  label?: string;
}

/** Every row of text in a scene: id, place, words, and how much room there is. */
export interface TextOptions {
  size?: number;
  face?: Face;
  tone?: Tone;
  anchor?: TextMark['anchor'];
  /** Cut to this width. */
  width?: number;
  measure?: Measure;
}

export function textMark(id: string, x: number, y: number, text: string, options: TextOptions = {}): TextMark {
  const { size = 12, face = 'words', tone = 'text', anchor, width, measure = textWidth } = options;
  const shown = width === undefined ? text : cut(text, width, size, face, measure);
  return { kind: 'text', id, x, y, text: shown, size, face, tone, ...(anchor && { anchor }) };
}

/** A name in a rounded box, as wide as it needs; `most` cuts it. */
export function pillMarks(
  id: string,
  at: { x: number; y: number },
  text: string,
  {
    role = 'pill' as Role,
    tone = 'pill' as Tone,
    most = Number.POSITIVE_INFINITY,
    measure = textWidth as Measure,
  } = {},
): [BoxMark, TextMark] {
  const shown = cut(text, most - 16, 11, 'mono', measure);
  const width = measure(shown, 11, 'mono') + 16;
  return [
    { kind: 'box', id, role, ...at, width, height: 20, radius: 4, label: text },
    { kind: 'text', id: `${id}:text`, x: at.x + 8, y: at.y + 4, text: shown, size: 11, face: 'mono', tone },
  ];
}

/** The tone of text on a box of this role. */
export const toneOn = (role: Role): Tone =>
  ({
    kernel: 'kernel',
    base: 'slab',
    layer: 'slab',
    writable: 'writable',
    stopped: 'writable',
    whiteout: 'whiteout',
    bad: 'whiteout',
    registry: 'registry',
    good: 'good',
    miss: 'miss',
    panel: 'text',
    frame: 'text',
    shared: 'text',
    pill: 'pill',
    gauge: 'text',
  })[role] as Tone;

/** The stop that an arrow key leads to: the nearest one whose middle lies in that direction. */
export function nextStop(scene: Scene, from: string, key: string): BoxMark | undefined {
  const stops = scene.marks.filter((mark): mark is BoxMark => mark.kind === 'box' && mark.stop === true);
  const here = stops.find((stop) => stop.id === from);
  if (!here) return stops[0];
  const middle = (box: BoxMark): [number, number] => [box.x + box.width / 2, box.y + box.height / 2];
  const [x, y] = middle(here);
  const direction = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key];
  if (!direction) return undefined;
  const [dx, dy] = direction as [number, number];
  const away = (box: BoxMark): number => {
    const [bx, by] = middle(box);
    const along = (bx - x) * dx + (by - y) * dy;
    const across = Math.abs((bx - x) * dy) + Math.abs((by - y) * dx);
    return along <= 1 ? Number.POSITIVE_INFINITY : along + 2 * across;
  };
  return stops
    .map((stop) => ({ stop, far: away(stop) }))
    .filter(({ far }) => Number.isFinite(far))
    .sort((a, b) => a.far - b.far)[0]?.stop;
}
