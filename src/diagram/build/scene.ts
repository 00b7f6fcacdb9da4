import {
  type BoxMark,
  type LinkMark,
  type Mark,
  pillMarks,
  type Role,
  type Scene,
  textMark,
  toneOn,
} from '../scene.ts';
import { type Measure, textWidth } from '../text.ts';
import type { BuildView, StageView, StepView } from './builds.ts';
import type { BuildWords } from './words.ts';

export interface BuildSceneOptions {
  width: number;
  words: BuildWords;
  measure?: Measure;
}

const gap = 30;
const gutter = 20;
const pad = 10;
const narrowest = 250;

/**
 * Stages as columns (under one another where there is no room), steps as boxes going down, an arrow from the stage that
 * a COPY --from takes its files of.
 *
 *     [stage 0: build   ]      [stage 1          ]
 *     [✓ COPY . .   0.1s]  +-->[COPY --from=build]
 *     [⧗ RUN make   3.0s]--+
 */
export const buildScene = (build: BuildView, options: BuildSceneOptions): Scene => new Drawing(build, options).draw();

class Drawing {
  private readonly marks: Mark[] = [];
  private readonly links: LinkMark[] = [];
  private readonly measure: Measure;
  private readonly words: BuildWords;
  private readonly boxes = new Map<string, BoxMark>();

  constructor(
    private readonly build: BuildView,
    private readonly options: BuildSceneOptions,
  ) {
    this.measure = options.measure ?? textWidth;
    this.words = options.words;
  }

  draw(): Scene {
    const { width } = this.options;
    const { stages } = this.build;
    const left = stages.length > 1 ? gutter : 0;
    const room = width - left;
    const columns = Math.max(1, Math.min(stages.length, Math.floor((room + gap) / (narrowest + gap))));
    const each = Math.min(520, (room - (columns - 1) * gap) / columns);
    this.text('summary', 0, 0, this.words.summary(this.build), { size: 13, face: 'bold', width });
    let y = this.error(26);
    for (let first = 0; first < stages.length; first += columns) {
      const bottoms = stages
        .slice(first, first + columns)
        .map((stage, column) => this.stage(stage, first + column, left + column * (each + gap), y, each));
      y = Math.max(...bottoms) + gap;
    }
    this.edges();
    return { width, height: y - gap + 4, marks: [...this.links, ...this.marks], label: this.words.picture };
  }

  /** Why the build failed, over as many rows as it needs. */
  private error(y: number): number {
    const { error } = this.build.ended ?? {};
    if (error === undefined) return y;
    const { width } = this.options;
    const rows = wrap(error, width - 2 * pad, this.measure).slice(0, 4);
    const height = rows.length * 17 + 12;
    this.marks.push({ kind: 'box', id: 'error', role: 'bad', x: 0, y, width, height, label: error });
    for (const [index, row] of rows.entries()) {
      this.text(`error:${index}`, pad, y + 6 + index * 17, row, {
        face: 'mono',
        size: 11.5,
        tone: 'whiteout',
        width: width - 2 * pad,
      });
    }
    return y + height + 12;
  }

  private stage(stage: StageView, index: number, x: number, y: number, width: number): number {
    const { words, build } = this;
    const id = `stage${index}`;
    const role: Role = stage.from === undefined ? 'base' : 'layer';
    const [title, base] = [words.stage(stage, index), words.base(stage, build.stages)];
    const head = 44 + this.findingsHeight(stage.findings.length);
    this.box({ kind: 'box', id, role, x, y, width, height: head, label: `${title}; ${base}`, stop: true });
    const room = width - 2 * pad;
    this.text(`${id}:title`, x + pad, y + 6, title, { size: 13, face: 'bold', tone: 'slab', width: room });
    this.text(`${id}:base`, x + pad, y + 24, base, { size: 11.5, face: 'mono', tone: 'slab', width: room });
    this.findings(id, stage.findings, x + pad, y + 44, room);
    let at = y + head + 6;
    for (const step of stage.steps) at = this.step(step, x, at, width) + 6;
    return at - 6;
  }

  private step(step: StepView, x: number, y: number, width: number): number {
    const { words, build } = this;
    const id = `step${step.line}`;
    const role = roleOf(step);
    const small = step.state === 'config' && step.findings.length === 0;
    const commit = words.commit(step);
    const height = (small ? 28 : 48) + (commit ? 17 : 0) + this.findingsHeight(step.findings.length);
    const label = words.step(step, build.stages);
    this.box({
      ...{ kind: 'box', id, role, x, y, width, height, label, stop: true },
      ...(step.state === 'running' && { busy: true }),
    } as BoxMark);
    const tone = toneOn(role);
    const mark = step.cache ? 18 : 0;
    if (step.cache) this.cacheMark(id, step.cache, x + pad, y + 9);
    const room = width - 2 * pad;
    this.text(`${id}:text`, x + pad + mark, y + 7, oneLine(step.text), {
      face: 'mono',
      tone: 'text',
      width: room - mark,
    });
    let at = y + 27;
    if (!small) {
      const measures = words.measures(step);
      const wide = this.measure(measures, 11, 'words') + 10;
      this.text(`${id}:cache`, x + pad, at, words.cache(step), { size: 11.5, tone, width: room - wide });
      this.text(`${id}:measures`, x + width - pad, at, measures, { size: 11, tone: 'dim', anchor: 'end' });
      at += 17;
    }
    if (commit) {
      this.text(`${id}:commit`, x + pad, at, commit, { size: 11, face: 'mono', tone: 'dim', width: room });
      at += 17;
    }
    this.findings(id, step.findings, x + pad, at + 2, room);
    return y + height;
  }

  private findingsHeight = (count: number): number => count * 24;

  private findings(id: string, found: StageView['findings'], x: number, y: number, width: number): void {
    for (const [index, { rule, detail }] of found.entries()) {
      const at = { x, y: y + index * 24 };
      const [box, text] = pillMarks(`${id}:finding${index}`, at, `⚠ ${rule}`, {
        role: 'whiteout',
        tone: 'whiteout',
        most: width,
        measure: this.measure,
      });
      this.marks.push({ ...box, label: `${rule}: ${detail}` }, text);
    }
  }

  /** A tick for what came from the cache, an hourglass for what took its time. */
  private cacheMark(id: string, cache: 'hit' | 'miss', x: number, y: number): void {
    const points: LinkMark['points'] =
      cache === 'hit'
        ? [
            [x, y + 6],
            [x + 4, y + 10],
            [x + 11, y + 1],
          ]
        : [
            [x + 1, y],
            [x + 10, y],
            [x + 1, y + 11],
            [x + 10, y + 11],
            [x + 1, y],
          ];
    this.marks.push({
      kind: 'link',
      id: `${id}:mark`,
      tone: cache === 'hit' ? 'good' : 'miss',
      bold: cache === 'hit',
      points,
    });
  }

  /** From the last step of a stage to the step that takes its files, through the gap left of that. */
  private edges(): void {
    const { stages } = this.build;
    for (const [index, stage] of stages.entries()) {
      if (stage.from !== undefined) this.edge(stage.from, `stage${index}`, this.words.base(stage, stages));
      for (const { from, line } of stage.steps) {
        if (from !== undefined) this.edge(from, `step${line}`, this.words.edge(stages[from]!.name));
      }
    }
  }

  private edge(from: number, to: string, label: string): void {
    const last = this.build.stages[from]!.steps.at(-1);
    const source = this.boxes.get(last ? `step${last.line}` : `stage${from}`);
    const target = this.boxes.get(to);
    if (!source || !target) return;
    const [start, end] = [source.y + source.height / 2, target.y + target.height / 2];
    const lane = target.x - gutter / 2;
    const right = source.x + source.width <= lane;
    const out: [number, number] = right ? [source.x + source.width, start] : [source.x, start];
    this.links.push({
      kind: 'link',
      id: `edge:${from}:${to}`,
      tone: 'registry',
      bold: true,
      arrow: true,
      label,
      points: [out, [lane, start], [lane, end], [target.x, end]],
    });
  }

  private box(mark: BoxMark): void {
    this.marks.push(mark);
    this.boxes.set(mark.id, mark);
  }

  private text(...[id, x, y, text, options]: Parameters<typeof textMark>): void {
    this.marks.push(textMark(id, x, y, text, { ...options, measure: this.measure }));
  }
}

function roleOf({ state, cache }: StepView): Role {
  if (state === 'failed') return 'bad';
  if (state === 'config') return 'frame';
  if (cache === 'hit') return 'good';
  if (cache === 'miss' || state === 'running') return 'miss';
  return 'stopped';
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** Breaks a long text into rows of a width. */
function wrap(text: string, width: number, measure: Measure): string[] {
  const rows = [''];
  for (const word of oneLine(text).split(' ')) {
    const longer = rows.at(-1) ? `${rows.at(-1)} ${word}` : word;
    if (measure(longer, 11.5, 'mono') <= width || rows.at(-1) === '') rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows;
}
