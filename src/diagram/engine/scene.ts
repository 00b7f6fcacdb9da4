import { type Mark, type Role, type Scene, textMark, toneOn } from '../scene.ts';
import { cut, type Measure, textWidth } from '../text.ts';
import { type EngineLane, type EngineMessage, engineLanes } from './calls.ts';
import type { EngineWords } from './words.ts';

export interface EngineOptions {
  width: number;
  words: EngineWords;
  /** The command whose calls these are. */
  line: string;
  measure?: Measure;
}

/** A command that said more than this is cut: nobody reads on, and the page would crawl. */
const mostMessages = 300;
const head = 46;
const row = 38;
const chip = 22;

/**
 * A sequence diagram: lanes side by side, a message a row, time going down. The words of a message stand on a chip over
 * its arrow.
 *
 *     docker    Engine API    engine   …
 *       |  POST /containers/create
 *       |----------->|           |
 */
export const engineScene = (messages: readonly EngineMessage[], options: EngineOptions): Scene =>
  new Drawing(messages, options).draw();

/** Lanes that a message begins or ends at, from left to right. */
export function usedLanes(messages: readonly EngineMessage[]): EngineLane[] {
  const used = new Set(messages.flatMap(({ from, to }) => [from, to]));
  return engineLanes.filter((lane) => used.has(lane));
}

class Drawing {
  private readonly marks: Mark[] = [];
  private readonly measure: Measure;
  private readonly lanes: EngineLane[];
  private readonly shown: readonly EngineMessage[];

  constructor(
    private readonly messages: readonly EngineMessage[],
    private readonly options: EngineOptions,
  ) {
    this.measure = options.measure ?? textWidth;
    this.lanes = usedLanes(messages);
    this.shown = messages.slice(0, mostMessages);
  }

  draw(): Scene {
    const { words, width, line } = this.options;
    const label = words.picture(line);
    if (this.messages.length === 0) return { width, height: 0, marks: [], label };
    const rest = this.messages.length - this.shown.length;
    const bottom = head + 12 + this.shown.length * row;
    const height = bottom + (rest > 0 ? 28 : 8);
    this.lifelines(bottom);
    this.heads();
    for (const [index, message] of this.shown.entries()) this.message(message, head + 12 + index * row);
    if (rest > 0) this.marks.push(textMark('more', 0, bottom + 6, words.more(rest), { tone: 'dim' }));
    return { width, height, marks: this.marks, label };
  }

  private middle(lane: EngineLane): number {
    const each = this.options.width / this.lanes.length;
    return Math.round((this.lanes.indexOf(lane) + 0.5) * each);
  }

  private heads(): void {
    const { words, width } = this.options;
    const each = width / this.lanes.length;
    const wide = Math.floor(each - Math.min(10, each * 0.08));
    for (const lane of this.lanes) {
      const x = this.middle(lane) - wide / 2;
      const label = `${words.lane(lane)}: ${words.laneNote(lane)}`;
      const role = laneRole(lane);
      this.marks.push({ kind: 'box', id: `lane:${lane}`, role, x, y: 0, width: wide, height: head, label });
      const noted = wide >= 110;
      const full = words.lane(lane);
      const name = this.measure(full, noted ? 13 : 11, 'bold') <= wide - 8 ? full : words.laneShort(lane);
      const at = { tone: toneOn(role), anchor: 'middle', width: wide - 8, measure: this.measure } as const;
      this.marks.push(
        textMark(`lane:${lane}:name`, x + wide / 2, noted ? 7 : 15, name, {
          size: noted ? 13 : 11,
          face: 'bold',
          ...at,
        }),
      );
      if (noted)
        this.marks.push(textMark(`lane:${lane}:note`, x + wide / 2, 26, words.laneNote(lane), { size: 10.5, ...at }));
    }
  }

  private lifelines(bottom: number): void {
    for (const lane of this.lanes) {
      const x = this.middle(lane);
      this.marks.push({
        kind: 'link',
        id: `life:${lane}`,
        tone: 'dim',
        dashed: true,
        points: [
          [x, head],
          [x, bottom],
        ],
      });
    }
  }

  private message(message: EngineMessage, y: number): void {
    const { words, width } = this.options;
    const [from, to] = [this.middle(message.from), this.middle(message.to)];
    const role = roleOf(message);
    const count = message.count > 1 ? ` ×${message.count}` : '';
    const room = width - 16 - this.measure(count, 11.5, 'mono');
    const text = cut(words.message(message.what), room, 11.5, 'mono', this.measure) + count;
    const wide = Math.min(width, this.measure(text, 11.5, 'mono') + 16);
    const x = Math.max(0, Math.min(width - wide, (from + to) / 2 - wide / 2));
    if (from !== to) this.arrow(message, from, to, y + chip + 7);
    this.marks.push({
      kind: 'box',
      id: message.id,
      role,
      x,
      y,
      width: wide,
      height: chip,
      radius: from === to ? 11 : 4,
      label: words.sentence(message),
      stop: true,
    });
    this.marks.push(
      textMark(`${message.id}:text`, x + 8, y + 5, text, { size: 11.5, face: 'mono', tone: toneOn(role) }),
    );
  }

  private arrow(message: EngineMessage, from: number, to: number, y: number): void {
    const back = message.what.kind === 'response' || message.what.kind === 'exit';
    this.marks.push({
      kind: 'link',
      id: `${message.id}:arrow`,
      tone: message.failed ? 'whiteout' : message.what.kind === 'response' ? 'good' : 'text',
      dashed: back,
      arrow: true,
      points: [
        [from, y],
        [to, y],
      ],
    });
  }
}

const laneRole = (lane: EngineLane): Role =>
  lane === 'kernel' ? 'kernel' : lane === 'registry' ? 'registry' : 'panel';

function roleOf({ what, failed }: EngineMessage): Role {
  if (failed) return 'bad';
  switch (what.kind) {
    case 'request':
      return 'pill';
    case 'response':
      return 'good';
    case 'call':
      return 'panel';
    case 'run':
      return 'frame';
    case 'event':
      return 'writable';
    default:
      return 'kernel';
  }
}
