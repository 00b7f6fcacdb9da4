import type { LookLayer, LookThrough, TraceEvent } from '../../trace/index.ts';
import { type BoxMark, type Mark, type Role, type Scene, type Tone, textMark, toneOn } from '../scene.ts';
import { cut, type Measure, textWidth } from '../text.ts';
import type { UnionWords } from './words.ts';

export interface UnionOptions {
  width: number;
  words: UnionWords;
  /** Layers that have been asked so far, when it is shown slowly; default: all. */
  asked?: number;
  /** What happened lately in this mount: a copy-up is seen rising. */
  recent?: readonly TraceEvent[];
  measure?: Measure;
}

const pad = 12;
const rowHeight = 50;
const gap = 8;

/**
 * The lookup as a fall: from the merged view down through upperdir and each lowerdir, ending at the layer that answers.
 *
 *     [merged            | result            ]
 *              |
 *     [upperdir  ----|---- not here          ]   [workdir]
 *     [lowerdir  ----|---- here: file 9 B  * ]
 *     [lowerdir            still stored      ]
 */
export function unionScene(look: LookThrough, options: UnionOptions): Scene {
  return new Drawing(look, options).draw();
}

/** Which layer the beam ends at: the first that says yes or no for good; a merged directory asks them all. */
export function beamEnd(look: LookThrough): number {
  const end = look.layers.findIndex(
    ({ found, kind, opaque }) => found === 'whiteout' || (found === 'hit' && (kind !== 'directory' || opaque)),
  );
  return end < 0 ? look.layers.length - 1 : end;
}

class Drawing {
  private readonly marks: Mark[] = [];
  private readonly measure: Measure;
  private readonly beamX: number;
  private readonly end: number;
  private readonly asked: number;

  constructor(
    private readonly look: LookThrough,
    private readonly options: UnionOptions,
  ) {
    this.measure = options.measure ?? textWidth;
    this.beamX = Math.round(Math.min(options.width * 0.52, options.width - 190));
    this.end = beamEnd(look);
    this.asked = options.asked ?? look.layers.length;
  }

  draw(): Scene {
    const { words, width } = this.options;
    let y = this.merged();
    for (const [index, layer] of this.look.layers.entries()) {
      this.layer(layer, index, y);
      if (index === 0) y = this.workdir(y + rowHeight) - rowHeight;
      y += rowHeight + gap;
    }
    this.beam();
    this.rising();
    return {
      width,
      height: y - gap + 2,
      marks: this.marks,
      label: `${words.picture}: ${this.look.container}:${this.look.path}`,
    };
  }

  private merged(): number {
    const { words, width } = this.options;
    const done = this.asked > this.end;
    const result = done ? words.result(this.look) : '…';
    const height = rowHeight + 20;
    this.box('merged', 'panel', 0, height, `${words.merged}; ${this.look.path}: ${result}`);
    this.text('merged:title', pad, 8, words.merged, { size: 13.5, face: 'bold', width: width - 2 * pad });
    this.text('merged:path', pad, 29, this.look.path, { face: 'mono', width: width - 2 * pad });
    const tone = done && this.look.merged === 'absent' ? 'whiteout' : 'good';
    this.text('merged:result', pad, 48, result, { tone: done ? tone : 'dim', width: this.beamX - 2 * pad });
    return height + 22;
  }

  private layer(layer: LookLayer, index: number, y: number): void {
    const { words, width } = this.options;
    const role = roleOf(layer);
    const id = `layer${index}`;
    const title = layer.role === 'upper' ? words.upper : layer.role === 'init' ? words.init : words.lower(layer);
    const reached = index < this.asked;
    const asked = reached && index <= this.end;
    const said = !reached
      ? ''
      : asked || layer.found === 'covered'
        ? words.answer(layer, this.look.path)
        : words.notAsked;
    this.box(id, role, y, rowHeight, `${title}; ${layer.dir}; ${said}`);
    const tone = toneOn(role);
    const left = this.beamX - 2 * pad;
    this.text(`${id}:title`, pad, y + 8, title, { size: 12.5, face: 'bold', tone, width: left });
    this.text(`${id}:dir`, pad, y + 28, shortDir(layer.dir), { size: 11, face: 'mono', tone, width: left });
    if (said) this.answer(id, layer, said, y, width - this.beamX - 16, tone);
  }

  /** What the layer says, to the right of the beam. */
  private answer(id: string, layer: LookLayer, said: string, y: number, room: number, tone: Tone): void {
    const text = cut(said, room - 18, 11.5, 'words', this.measure);
    const role: Role | undefined =
      layer.found === 'hit'
        ? 'good'
        : layer.found === 'whiteout'
          ? 'bad'
          : layer.found === 'covered'
            ? 'whiteout'
            : undefined;
    const x = this.beamX + 14;
    if (role) {
      const width = this.measure(text, 11.5, 'words') + 16;
      this.marks.push({
        kind: 'box',
        id: `${id}:chip`,
        role,
        x,
        y: y + 13,
        width,
        height: 24,
        radius: 12,
        label: said,
      });
    }
    this.text(`${id}:answer`, x + (role ? 8 : 0), y + 18, text, { size: 11.5, tone: role ? toneOn(role) : tone });
  }

  private workdir(y: number): number {
    const { words, width } = this.options;
    const text = `${words.workdir}: ${words.workdirNote}`;
    const x = pad * 2;
    const room = width - 2 * x;
    const box = { x, y: y + 4, width: Math.min(room, this.measure(text, 11, 'words') + 16), height: 24 };
    this.marks.push({ kind: 'box', id: 'workdir', role: 'stopped', ...box, label: `${text}; ${this.look.workdir}` });
    this.text('workdir:title', x + 8, y + 10, text, { size: 11, tone: 'writable', width: room - 16 });
    return y + 32;
  }

  /** Falls through the layers that were asked; a head where it ends. */
  private beam(): void {
    const rows = this.marks.filter((mark): mark is BoxMark => mark.kind === 'box' && /^layer\d+$/.test(mark.id));
    const last = rows[Math.min(this.end, this.asked - 1)];
    if (!last) return;
    const start = this.marks.find((mark) => mark.id === 'merged') as BoxMark;
    const gone = this.look.layers[this.end]?.found === 'whiteout' && this.asked > this.end;
    const bottom = last.y + rowHeight / 2;
    this.marks.push({
      kind: 'link',
      id: 'beam',
      tone: gone ? 'whiteout' : this.asked > this.end && this.look.merged !== 'absent' ? 'good' : 'miss',
      bold: true,
      arrow: true,
      points: [
        [this.beamX, start.y + start.height],
        [this.beamX, bottom],
      ],
    });
  }

  /** A copy-up of this path just now: from the lower layer that held it up into the writable one. */
  private rising(): void {
    const { words, recent = [] } = this.options;
    const upper = this.look.layers[0];
    const event = recent.findLast(
      (one) => one.type === 'overlay.copyup' && one.upper === upper?.dir && sameOrAbove(one.path, this.look.path),
    );
    const from = this.look.layers.findIndex(({ found, role }) => found === 'covered' && role !== 'upper');
    const row = (index: number) => this.marks.find((mark) => mark.id === `layer${index}`) as BoxMark | undefined;
    const [low, high] = [row(from), row(0)];
    if (!event || !low || !high) return;
    const x = this.options.width - 14;
    this.marks.push({
      kind: 'link',
      id: 'copyup',
      tone: 'miss',
      dashed: true,
      arrow: true,
      travels: 0,
      label: words.copyUp,
      points: [
        [x, low.y + 10],
        [x, high.y + rowHeight - 4],
      ],
    });
  }

  private box(id: string, role: Role, y: number, height: number, label: string): void {
    this.marks.push({ kind: 'box', id, role, x: 0, y, width: this.options.width, height, label, stop: true });
  }

  private text(...[id, x, y, text, options]: Parameters<typeof textMark>): void {
    this.marks.push(textMark(id, x, y, text, { ...options, measure: this.measure }));
  }
}

const sameOrAbove = (path: string, of: string): boolean => path === of || of.startsWith(`${path}/`);

function roleOf(layer: LookLayer): Role {
  if (layer.role === 'upper') return 'writable';
  return layer.role === 'init' ? 'panel' : layer.base ? 'base' : 'layer';
}

/** `overlay2/1f2e…/diff`: the part of a directory that tells it from others. */
const shortDir = (dir: string): string => dir.replace(/^.*\/overlay2\/([^/]{12})[^/]*\//, 'overlay2/$1…/');
