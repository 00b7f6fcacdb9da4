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
  /** The rest of a title that one row does not hold. */
  titleMore: Line | undefined;
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
  figures: string[];
  running?: boolean;
  tags?: string[];
  notable?: LayerChange[];
  shared: number;
}

const rows = { top: 8, title: 22, tags: 25, text: 20, chips: 26, bottom: 6 };

/**
 * Lays a slab out in rows. What does not fit beside its neighbour gets a row of its own, a title two; only what does not
 * fit then is cut.
 *
 *     title ................ [tag] [tag]      or   title / more of it / [tag] [tag]
 *     detail ............... figure           or   detail / figure
 *     (chip) (chip)
 */
export function layOut(told: Told, width: number, measure: Measure): Omit<Slab, 'id' | 'kind' | 'x' | 'y'> {
  const pad = width < 150 ? 8 : 12;
  const room = width - 2 * pad;
  const pills = (told.tags ?? []).map((tag) => pillOf(tag, room, measure));
  const tagsWidth = pills.reduce((sum, one) => sum + one.width + 6, 0);
  const fits = (text: string, space: number) => measure(text, 13.5, 'bold') <= space;
  const beside = told.titles.find((title) => fits(title, room - tagsWidth - 4));
  const alone = beside ?? told.titles.find((one) => fits(one, room));
  const [title, more] = alone === undefined ? inTwo(told.titles.at(-1)!, room, measure) : [alone];
  let y = rows.top;
  const titleLine = { text: title, x: pad, y };
  y += rows.title;
  const titleMore = more ? { text: more, x: pad, y: y - 2 } : undefined;
  if (titleMore) y += rows.title - 3;
  const tagsY = beside === undefined ? y + 2 : rows.top;
  if (beside === undefined && pills.length > 0) y += rows.tags;
  const tags = placeTags(pills, beside === undefined ? pad : width - tagsWidth - 2, width - 8, tagsY, measure);
  const wide = (figure: string) => measure(figure, 11, 'mono');
  const short = (space: number) => told.details.find((one) => measure(one, 12, 'words') <= space);
  // In one row if any form of both fits.
  const together = told.figures.find((figure) => short(room - wide(figure) - 10) !== undefined);
  const sameRow = together === undefined ? undefined : short(room - wide(together) - 10);
  const text = sameRow ?? short(room) ?? cut(told.details.at(-1)!, room, 12, 'words', measure);
  const detail = { text, x: pad, y };
  if (sameRow === undefined) y += rows.text;
  const said =
    together ?? told.figures.find((one) => wide(one) <= room) ?? cut(told.figures.at(-1)!, room, 11, 'mono', measure);
  const figure = { text: said, x: together === undefined ? pad : width - pad - wide(said), y };
  y += rows.text;
  const chips = placeChips(told.notable ?? [], width, pad, y + 3, measure);
  if (chips.length > 0) y += rows.chips;
  return {
    running: told.running ?? false,
    width,
    height: y + rows.bottom,
    title: titleLine,
    titleMore,
    detail,
    figure,
    tags,
    chips,
    label: [told.titles[0], told.details[0], told.figures[0], ...(told.tags ?? [])].filter(Boolean).join(' · '),
    shared: told.shared,
  };
}

/** A title on two rows: broken where a word ends, when a good part of it stands before. */
function inTwo(title: string, room: number, measure: Measure): [string, string] {
  let fits = title.length;
  while (fits > 1 && measure(title.slice(0, fits), 13.5, 'bold') > room) fits--;
  const last = (mark: RegExp, after: number) =>
    [...title.slice(0, fits + 1).matchAll(mark)].map(({ index }) => index + after).findLast((at) => at <= fits) ?? 0;
  const enough = (at: number) =>
    at > fits * 0.4 || (at > 0 && measure(title.slice(at).trimStart(), 13.5, 'bold') <= room);
  const [space, mark] = [last(/ /g, 0), last(/(?<![-_/.:])[-_/.:](?=\w)/g, 1)];
  const at = enough(space) ? space : enough(mark) ? mark : fits;
  return [title.slice(0, at).trimEnd(), cut(title.slice(at).trimStart(), room, 13.5, 'bold', measure)];
}

interface Pill {
  text: string;
  width: number;
}

/** A tag in the longest form that fits: `team/web:latest`, `team/web`, `…/web`. */
function pillOf(tag: string, room: number, measure: Measure): Pill {
  const short = tag.replace(/:latest$/, '');
  const wide = (text: string) => measure(text, 11, 'mono') + 16;
  const forms = [tag, short, ...(short.includes('/') ? [short.replace(/^.*\//, '…/')] : [])];
  const text = forms.find((form) => wide(form) <= room) ?? cut(forms.at(-1)!, room - 16, 11, 'mono', measure);
  return { text, width: wide(text) };
}

/** Tags are pills; those for which there is no room are counted on the last one that is shown. */
function placeTags(pills: Pill[], from: number, end: number, y: number, measure: Measure): Box[] {
  const placed: Box[] = [];
  let x = from;
  for (const [index, { text: tag, width }] of pills.entries()) {
    const rest = pills.length - index - 1;
    const more = rest > 0 ? ` +${rest}` : '';
    const restFits = pills.slice(index).reduce((sum, one) => sum + one.width + 6, 0) - 6 <= end - x;
    if (restFits) {
      placed.push({ text: tag, x, y, width });
    } else if (rest > 0 && x + width + measure(`${pills[index + 1]!.text} +9`, 11, 'mono') + 22 <= end) {
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

function placeChips(changes: LayerChange[], width: number, pad: number, y: number, measure: Measure): Chip[] {
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
