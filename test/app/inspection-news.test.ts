import { expect, it } from 'vitest';
import { InspectionHearer, InspectionTeller } from '../../src/app/inspection-news.ts';
import type { ImageInfo, Inspection, LayerInfo } from '../../src/trace/index.ts';

const layer = (chainId: string, size = 1) => ({ chainId, size }) as LayerInfo;
const image = (id: string) => ({ id, references: [id] }) as ImageInfo;
const state = (layers: LayerInfo[], images: ImageInfo[], hostname = 'dock') =>
  ({ kernel: { release: '6.8', hostname }, layers, images, containers: [], volumes: [] }) as unknown as Inspection;

it('of what is known only the id is told, of what is as before nothing, and all arrives in its order', () => {
  const [teller, hearer] = [new InspectionTeller(), new InspectionHearer()];
  const told = (now: Inspection) => {
    const news = structuredClone(teller.tell(now));
    const heard = hearer.hear(news);
    expect(heard).toEqual(now);
    return { news, heard };
  };
  const [a, b, c] = [layer('a'), layer('b'), layer('c')];
  const first = told(state([a, b], [image('i')])).heard;
  const same = told(state([a, b], [image('i')], 'other'));
  expect(same.news.layers).toEqual({ order: undefined, fresh: [] });
  expect(same.heard.layers).toBe(first.layers);
  const more = told(state([c, a, b], []));
  expect(more.news.layers.fresh).toEqual([c]);
  expect(more.heard.layers[1]).toBe(first.layers[0]);
  expect(told(state([c, layer('a', 2)], [])).news.layers).toEqual({ order: ['c', 'a'], fresh: [layer('a', 2)] });
});
