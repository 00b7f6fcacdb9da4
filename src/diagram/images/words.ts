import { humanSize, percent } from '../text.ts';

/** What the picture of two images says, by language. */
export interface ImagesWords {
  picture: string;
  shared(count: number, size: string): string;
  own(name: string, count: number, size: string): string;
  nothingOwn(name: string): string;
  /** There is no other to compare it with. */
  alone(name: string, count: number, size: string): string;
  efficiency(share: number, wasted: number): string;
  layer(text: string, size: number): string;
  legend: { base: string };
  note: string;
}

export const imagesWordsEnglish: ImagesWords = {
  picture: 'Two images, side by side',
  shared: (count, size) => `${count} ${count === 1 ? 'layer' : 'layers'} in both, stored once: ${size}`,
  own: (name, count, size) => `${name}: ${count} of its own, ${size}`,
  nothingOwn: (name) => `${name}: no layer of its own`,
  alone: (name, count, size) => `${name}: ${count} ${count === 1 ? 'layer' : 'layers'}, ${size}`,
  efficiency: (share, wasted) =>
    wasted === 0
      ? 'nothing is stored twice'
      : `efficiency ${percent(share)}: ${humanSize(wasted)} stored but overwritten or deleted`,
  layer: (text, size) => `${text}, ${humanSize(size)}`,
  legend: { base: 'base image' },
  note: 'The height of a layer is its size (small ones are drawn taller than they are).',
};

export const imagesWordsChinese: ImagesWords = {
  picture: '两个镜像并排比较',
  shared: (count, size) => `两边共有 ${count} 层，只存一份：${size}`,
  own: (name, count, size) => `${name}：自己的 ${count} 层，${size}`,
  nothingOwn: (name) => `${name}：没有自己的层`,
  alone: (name, count, size) => `${name}：${count} 层，${size}`,
  efficiency: (share, wasted) =>
    wasted === 0 ? '没有重复存储' : `效率 ${percent(share)}：${humanSize(wasted)} 存着，但已被上层覆盖或删除`,
  layer: (text, size) => `${text}，${humanSize(size)}`,
  legend: { base: '基础镜像' },
  note: '层的高度表示大小（很小的层会画得高一些）。',
};
