import { describe, expect, it } from 'vitest';
import { layOut, shortLabel } from '../../src/app/timeline-layout.ts';
import type { TimelineState } from '../../src/trace/index.ts';

const moment = (id: number, parent: number | undefined, line = `docker pull i${id}`) => ({
  id,
  parent,
  line,
  terminal: 'pts/0',
  status: 0,
  timeMs: id,
  events: 0,
  eventsLeftOut: 0,
  kept: true,
});
const state = (parents: (number | undefined)[], current: number, redo?: number): TimelineState => ({
  moments: parents.map((parent, id) => moment(id, parent)),
  current,
  undo: parents[current],
  redo,
});
const lanesOf = (told: TimelineState) => layOut(told, (_, line) => line).marks.map(({ lane }) => lane);

describe('the timeline', () => {
  it.each([
    ['docker run -it ubuntu bash', 'run -it'],
    ['sudo docker commit web team/site', 'commit'],
    ['docker image rm alpine', 'image rm'],
    ['DOCKER_BUILDKIT=0 docker build .', 'build'],
    ['/usr/bin/apt-get install -y apache2', 'apt-get'],
    ['mkdir app; cd app && docker build -t app .', 'build -t'],
    ['echo hi > /tmp/docker', 'echo'],
  ])('labels %s', (line, label) => {
    expect(shortLabel(line)).toBe(label);
  });

  it('keeps the way to the present, and what redo leads to, on one line; branches lie beside it', () => {
    expect(lanesOf(state([undefined, 0, 1, 2], 3))).toEqual([0, 0, 0, 0]);
    expect(lanesOf(state([undefined, 0, 1, 2], 1, 2))).toEqual([0, 0, 0, 0]);
    // Undone twice, then something else was typed: 1 and 2 are left behind.
    expect(lanesOf(state([undefined, 0, 1, 0], 3))).toEqual([0, 1, 1, 0]);
  });

  it('goes from left to right in order of time, with a line from each moment to what it came after', () => {
    const { marks, links, width } = layOut(state([undefined, 0, 1, 0, 3], 4), (_, line) => line);
    const xs = marks.map(({ x }) => x);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(width).toBeGreaterThan(xs.at(-1)!);
    expect(links.map(({ from, to }) => [from.id, to.id])).toEqual([
      [0, 1],
      [1, 2],
      [0, 3],
      [3, 4],
    ]);
  });
});
