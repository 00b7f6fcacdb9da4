import type { NetworkPicture } from './picture.ts';
import type { Story } from './stories.ts';

/** Where an interface is drawn. `lane`: the height at which cables part under its bridge. */
export type Place =
  | { kind: 'interface'; x: number; y: number; gutter: number; lane: number }
  | { kind: 'bridge'; lane: number };

export interface World {
  /** By `inode/name`. */
  places: ReadonlyMap<string, Place>;
  /** x of the host's own cable to its bridges. */
  trunk: number;
  /** The host's interfaces. */
  hostY: number;
  /** Published ports by `address:port`. */
  natY: ReadonlyMap<string, number>;
  /** Where the internet begins. */
  out: number;
}

type Point = readonly [number, number];

/** The way of a packet over the picture's cables; empty when it never left its namespace. */
export function route({ client, via, to, reached }: Story, { host, published }: NetworkPicture, world: World): Point[] {
  if (via.length === 0) return [];
  const { trunk, places } = world;
  const points: Point[] = [];
  const go = (x: number, y: number) => {
    const [lastX, lastY] = points.at(-1) ?? [];
    if (lastX !== x || lastY !== y) points.push([x, y]);
  };
  const rule = reached && reached !== to ? published.find((one) => one.to === reached) : undefined;
  const hostY = (rule && world.natY.get(rule.host)) ?? world.hostY;
  /** Into the host proper: its addresses, or the rule that rewrites. */
  const intoHost = () => {
    go(trunk, hostY);
    go(trunk + 14, hostY);
  };
  if (client.kind === 'host') {
    go(trunk + 14, hostY);
    go(trunk, hostY);
  }
  let onHost = client.kind === 'host';
  for (const [index, hop] of via.entries()) {
    const place = places.get(hop);
    if (place?.kind === 'interface') {
      const { x, y, gutter, lane } = place;
      const stops: Point[] = [
        [x, y],
        [gutter, y],
        [gutter, lane],
      ];
      const leaving = hop.startsWith(`${client.namespace}/`) && index === 0;
      for (const [px, py] of leaving ? stops : stops.reverse()) go(px, py);
      onHost = false;
    } else if (place?.kind === 'bridge') {
      const last = index === via.length - 1;
      if (onHost) go(trunk, place.lane);
      else if (last || rule || via[index + 1]?.startsWith(`${host.namespace}/`)) {
        go(trunk, place.lane);
        onHost = true;
        if ((last && reached) || (rule && !last)) {
          intoHost();
          go(trunk, hostY);
        }
      }
    } else if (hop.startsWith(`${host.namespace}/`)) go(trunk, world.out);
  }
  return points;
}
