import type { LayerChange } from '../trace/index.ts';
import { cut, type Measure } from './text.ts';

/** One stone of the stack. `x` and `y` are of the scene; everything inside is relative to its own left and top. */
export interface Slab {
  id: string;
  kind: 'kernel' | 'base' | 'layer' | 'writable';
  /** Of a writable layer: whether its container runs. */
  running: boolean;
  x: number;
  y: number;
  width: number;
  height: number;
  title: Line;
  detail: Line;
  /** Right-aligned or below the detail, monospace: size and short digest. */
  figure: Line;
  tags: Box[];
  chips: Chip[];
  /** What a screen reader says, and the tooltip: nothing cut. */
  label: string;
  /** How many containers and layers stand on it: more than one is sharing. */
  shared: number;
}

/** A text, its left edge and the top of its row. */
export interface Line {
  text: string;
  x: number;
  y: number;
}

export interface Box extends Line {
  width: number;
}

export interface Chip extends Box {
  kind: LayerChange['kind'];
  path: string;
}

/** What a slab has to say, before it is known how much room there is. */
export interface Told {
  /** The same title at decreasing length: the first that fits is taken. */
  titles: string[];
  /** The same at decreasing length. */
  details: string[];
  figure: string;
  running?: boolean;
  tags?: string[];
  notable?: LayerChange[];
  shared: number;
}

const pad = 12;
const rows = { top: 8, title: 22, tags: 25, text: 20, chips: 26, bottom: 6 };
/** Height of a slab whose title and detail need one row each. */
export const plainHeight = rows.top + rows.title + rows.text + rows.bottom;

/**
 * Lays a slab out in rows. What does not fit beside its neighbour gets a row of its own; only what does not fit in the
 * whole width is cut.
 *
 *     title ................ [tag] [tag]      or   title / [tag] [tag]
 *     detail ............... figure           or   detail / figure
 *     (chip) (chip)
 */
export function layOut(told: Told, width: number, measure: Measure): Omit<Slab, 'id' | 'kind' | 'x' | 'y'> {
  const room = width - 2 * pad;
  const tagWidths = (told.tags ?? []).map((tag) => measure(tag, 11, 'mono') + 16);
  const tagsWidth = tagWidths.reduce((sum, one) => sum + one + 6, 0);
  const fits = (text: string, space: number) => measure(text, 13.5, 'bold') <= space;
  const beside = told.titles.find((title) => fits(title, room - tagsWidth - 4));
  const title =
    beside ?? told.titles.find((one) => fits(one, room)) ?? cut(told.titles.at(-1)!, room, 13.5, 'bold', measure);
  let y = rows.top;
  const titleLine = { text: title, x: pad, y };
  const tagsY = beside === undefined ? y + rows.title + 2 : y;
  y += rows.title + (beside === undefined && tagWidths.length > 0 ? rows.tags : 0);
  const tags = placeTags(
    told.tags ?? [],
    beside === undefined ? pad : width - tagsWidth - 2,
    width - 8,
    tagsY,
    measure,
  );
  const figureWidth = measure(told.figure, 11, 'mono');
  const short = (space: number) => told.details.find((one) => measure(one, 12, 'words') <= space);
  const sameRow = short(room - figureWidth - 10);
  const text = sameRow ?? short(room) ?? cut(told.details.at(-1)!, room, 12, 'words', measure);
  const detail = { text, x: pad, y };
  if (sameRow === undefined) y += rows.text;
  const figure = {
    text: cut(told.figure, room, 11, 'mono', measure),
    x: sameRow === undefined ? pad : width - pad - figureWidth,
    y,
  };
  y += rows.text;
  const chips = placeChips(told.notable ?? [], width, y + 3, measure);
  if (chips.length > 0) y += rows.chips;
  return {
    running: told.running ?? false,
    width,
    height: y + rows.bottom,
    title: titleLine,
    detail,
    figure,
    tags,
    chips,
    label: [told.titles[0], told.details[0], told.figure, ...(told.tags ?? [])].filter(Boolean).join(' · '),
    shared: told.shared,
  };
}

/** Tags are pills; those for which there is no room are counted on the last one that is shown. */
function placeTags(tags: string[], from: number, end: number, y: number, measure: Measure): Box[] {
  const placed: Box[] = [];
  let x = from;
  for (const [index, tag] of tags.entries()) {
    const rest = tags.length - index - 1;
    const more = rest > 0 ? ` +${rest}` : '';
    const width = measure(tag, 11, 'mono') + 16;
    const restFits = tags.slice(index).reduce((sum, one) => sum + measure(one, 11, 'mono') + 22, 0) - 6 <= end - x;
    if (restFits) {
      placed.push({ text: tag, x, y, width });
    } else if (rest > 0 && x + width + measure(`${tags[index + 1]} +9`, 11, 'mono') + 22 <= end) {
      placed.push({ text: tag, x, y, width });
    } else {
      const text = cut(tag, end - x - 16 - measure(more, 11, 'mono'), 11, 'mono', measure) + more;
      if (text) placed.push({ text, x, y, width: measure(text, 11, 'mono') + 16 });
      break;
    }
    x += width + 6;
  }
  return placed;
}

const chipMark = { added: '+', changed: '~', deleted: '−' } as const;

function placeChips(changes: LayerChange[], width: number, y: number, measure: Measure): Chip[] {
  const chips: Chip[] = [];
  let x = pad;
  for (const change of changes) {
    const text = `${chipMark[change.kind]} ${change.kind === 'deleted' ? '.wh.' : ''}${baseName(change.path)}`;
    const shown = cut(text, width - pad - x - 16, 11, 'mono', measure);
    if (!shown || (shown !== text && chips.length > 0)) continue;
    const chip = { kind: change.kind, text: shown, path: change.path, x, y, width: measure(shown, 11, 'mono') + 16 };
    chips.push(chip);
    x += chip.width + 6;
  }
  return chips;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
