import type { Slab } from '../../diagram/index.ts';

/** The slab that an arrow key leads to: up to what stands on it, down to what it stands on, sideways on the same floor. */
export function neighbour(slabs: Slab[], from: Slab, key: string): Slab | undefined {
  const middle = from.x + from.width / 2;
  const near = (a: Slab, b: Slab) => Math.abs(a.x + a.width / 2 - middle) - Math.abs(b.x + b.width / 2 - middle);
  const bottom = (slab: Slab) => slab.y + slab.height;
  const above = (a: Slab, b: Slab) => bottom(a) <= b.y && a.x < b.x + b.width && b.x < a.x + a.width;
  if (key === 'ArrowUp') {
    return slabs.filter((s) => above(s, from)).sort((a, b) => bottom(b) - bottom(a) || near(a, b))[0];
  }
  if (key === 'ArrowDown') return slabs.filter((s) => above(from, s)).sort((a, b) => a.y - b.y || near(a, b))[0];
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined;
  const side = key === 'ArrowRight' ? 1 : -1;
  return slabs
    .filter(
      (s) => Math.sign(s.x - from.x) === side && (side > 0 ? s.x >= from.x + from.width : s.x + s.width <= from.x),
    )
    .sort((a, b) => Math.abs(bottom(a) - bottom(from)) - Math.abs(bottom(b) - bottom(from)) || near(a, b))[0];
}
