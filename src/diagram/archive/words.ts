import { humanSize, percent } from '../text.ts';

/** What the picture of an archive says, by language. */
export interface ArchiveWords {
  picture(name: string): string;
  summary(layers: number, size: string): string;
  efficiency(share: number, wasted: number): string;
  counts(added: number, changed: number, deleted: number): string;
  problem(why: string): string;
  stored(size: string, compression: string): string;
  noCommand: string;
  noFiles: string;
  legend: { base: string; layer: string; problem: string };
  note: string;
}

export const archiveWordsEnglish: ArchiveWords = {
  picture: (name) => `The layers of ${name}`,
  summary: (layers, size) => `${layers} ${layers === 1 ? 'layer' : 'layers'}, ${size}`,
  efficiency: (share, wasted) =>
    wasted === 0
      ? 'nothing is stored twice'
      : `efficiency ${percent(share)}: ${humanSize(wasted)} stored but overwritten or deleted`,
  counts: (added, changed, deleted) => `+ ${added} added   ~ ${changed} changed   − ${deleted} removed`,
  problem: (why) => `cannot be looked into: ${why}`,
  stored: (size, compression) => `${size} in the archive (${compression})`,
  noCommand: 'no command is noted',
  noFiles: 'no files',
  legend: { base: 'lowest layer', layer: 'layer', problem: 'cannot be looked into' },
  note: 'The height of a layer is its size (small ones are drawn taller than they are).',
};

export const archiveWordsChinese: ArchiveWords = {
  picture: (name) => `${name} 的各层`,
  summary: (layers, size) => `${layers} 层，${size}`,
  efficiency: (share, wasted) =>
    wasted === 0 ? '没有重复存储' : `效率 ${percent(share)}：${humanSize(wasted)} 存着，但已被上层覆盖或删除`,
  counts: (added, changed, deleted) => `+ 新增 ${added}   ~ 修改 ${changed}   − 删除 ${deleted}`,
  problem: (why) => `无法查看：${why}`,
  stored: (size, compression) => `在归档中占 ${size}（${compression}）`,
  noCommand: '没有记录命令',
  noFiles: '没有文件',
  legend: { base: '最底层', layer: '层', problem: '无法查看' },
  note: '层的高度表示大小（很小的层会画得高一些）。',
};
