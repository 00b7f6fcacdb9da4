/** Where the moments stand on the timeline: in order of time from left to right, each branch in a lane of its own. */
import type { TimelineState } from '../trace/index.ts';

export interface Mark {
  id: number;
  x: number;
  /** 0: the way to the present moment and what redo leads to. */
  lane: number;
  label: string;
}
export interface Link {
  from: Mark;
  to: Mark;
}

export const lanes = 3;
const wide = 88;
const narrow = 26;

/** The command in a word or two: `docker run -it ubuntu bash` is `run -it`. */
export function shortLabel(line: string): string {
  // Of several commands the first that is docker's: `echo x > f; docker build .` is a build.
  const commands = line.split(/;|&&|\|\|/).map((one) => one.trim());
  const words = (commands.find((one) => /^(sudo )?docker /.test(one)) ?? commands[0]!)
    .split(/\s+/)
    .filter((word) => !/^(sudo|\w+=.*)$/.test(word));
  const docker = words[0] === 'docker';
  const [first = '', second = ''] = docker ? words.slice(1) : words;
  const name = first.split('/').at(-1)!;
  const group = docker && /^(image|container|network|volume|system|builder|buildx|context|manifest)$/.test(first);
  const label = group || (docker && /^-\w{1,3}$/.test(second)) ? `${name} ${second}` : name;
  return label;
}

export function layOut(state: TimelineState, label: (id: number, line: string) => string) {
  const { moments } = state;
  const parents = new Map(moments.map(({ id, parent }) => [id, parent]));
  const main = new Set<number>();
  for (let at: number | undefined = state.current; at !== undefined; at = parents.get(at)) main.add(at);
  // What redo would bring back lies on the same line.
  for (let at = state.redo; at !== undefined; at = moments.find(({ parent }) => parent === at)?.id) main.add(at);
  const marks: Mark[] = [];
  const laneOf = new Map<number, number>();
  let x = 0;
  let used = 0;
  for (const { id, parent, line } of moments) {
    const beside = parent === undefined ? undefined : laneOf.get(parent);
    if (!main.has(id) && !beside) used++;
    const lane = main.has(id) ? 0 : beside || 1 + ((used - 1) % (lanes - 1));
    laneOf.set(id, lane);
    x += marks.length === 0 ? wide / 2 : lane === 0 ? wide : narrow;
    marks.push({ id, x, lane, label: lane === 0 ? label(id, line) : '' });
  }
  const byId = new Map(marks.map((mark) => [mark.id, mark]));
  const links: Link[] = marks.flatMap((to) => {
    const from = byId.get(parents.get(to.id) ?? -1);
    return from ? [{ from, to }] : [];
  });
  return { marks, links, width: x + wide / 2 };
}
