import type { FileKind, LookLayer, LookThrough } from '../../trace/index.ts';
import { humanSize, instruction } from '../text.ts';

/** What the picture of a union mount says, by language. */
export interface UnionWords {
  picture: string;
  merged: string;
  mergedNote: string;
  upper: string;
  upperNote: string;
  init: string;
  lower(layer: LookLayer): string;
  workdir: string;
  workdirNote: string;
  /** What a layer says of the path: short, on the slab. */
  answer(layer: LookLayer, path: string): string;
  notAsked: string;
  result(look: LookThrough): string;
  kind(kind: FileKind): string;
  copyUp: string;
  hidden: string;
  entry(name: string, from: string, hidden: boolean): string;
  legend: { merged: string; upper: string; lower: string; hit: string; whiteout: string; covered: string };
  note: string;
}

const made = (layer: LookLayer): string => instruction(layer.createdBy) ?? layer.createdBy;
const named = (layer: LookLayer): string => (layer.role === 'upper' ? 'upperdir' : 'lowerdir');

const kindsEnglish: Record<FileKind, string> = {
  file: 'file',
  directory: 'directory',
  symlink: 'symbolic link',
  other: 'special file',
};

const stored = (layer: LookLayer, kind: (kind: FileKind) => string): string =>
  layer.kind === 'file' ? `${kind('file')}, ${humanSize(layer.size ?? 0)}` : kind(layer.kind ?? 'other');

export const unionWordsEnglish: UnionWords = {
  picture: 'Union look-through',
  merged: 'merged: what the container sees',
  mergedNote: 'asked from the top down; the first that has it answers',
  upper: 'upperdir: the writable layer',
  upperNote: 'every write lands here',
  init: 'lowerdir: put there by the engine (/etc/hosts, /dev …)',
  lower: (layer) => `lowerdir: ${made(layer)}`,
  workdir: 'workdir',
  workdirNote: "overlayfs' own bench: a copy is finished here, then moved up at once",
  answer: (layer, path) => {
    if (layer.found === 'miss') return 'not here';
    if (layer.found === 'whiteout') return layer.at === path ? 'whiteout: says it is gone' : `whiteout of ${layer.at}`;
    if (layer.found === 'covered') return `still stored (${stored(layer, (k) => kindsEnglish[k])}), but hidden`;
    if (layer.opaque) return 'opaque directory: nothing below shows';
    return `here: ${stored(layer, (k) => kindsEnglish[k])}`;
  },
  notAsked: 'not asked',
  result: (look) => {
    if (look.merged === 'absent') {
      const whiteout = look.layers.find(({ found }) => found === 'whiteout');
      return whiteout ? 'No such file: a whiteout hides it' : 'No such file in any layer';
    }
    const hits = look.layers.filter(({ found }) => found === 'hit');
    if (look.merged === 'directory' && hits.length > 1) return `a directory merged from ${hits.length} layers`;
    return `${kindsEnglish[look.merged]} served by ${named(hits[0]!)}`;
  },
  kind: (kind) => kindsEnglish[kind],
  copyUp: 'copied up',
  hidden: 'hidden',
  entry: (name, from, hidden) => (hidden ? `${name}, hidden; stored in ${from}` : `${name}, from ${from}`),
  legend: {
    merged: 'merged view',
    upper: 'upperdir (writable)',
    lower: 'lowerdir (read-only)',
    hit: 'answers',
    whiteout: 'whiteout',
    covered: 'stored, but hidden',
  },
  note: 'Pick a path. The beam shows the kernel asking layer after layer until one answers.',
};

const kindsChinese: Record<FileKind, string> = {
  file: '文件',
  directory: '目录',
  symlink: '符号链接',
  other: '特殊文件',
};

export const unionWordsChinese: UnionWords = {
  picture: '透视联合文件系统',
  merged: 'merged：容器看到的',
  mergedNote: '自上而下逐层询问，第一个有它的层来回答',
  upper: 'upperdir：可写层',
  upperNote: '所有写入都落在这里',
  init: 'lowerdir：引擎放入的（/etc/hosts、/dev …）',
  lower: (layer) => `lowerdir：${made(layer)}`,
  workdir: 'workdir',
  workdirNote: 'overlayfs 自己的工作台：副本在这里完成，再一次移上去',
  answer: (layer, path) => {
    if (layer.found === 'miss') return '这里没有';
    if (layer.found === 'whiteout') return layer.at === path ? 'whiteout：声明它已删除' : `${layer.at} 的 whiteout`;
    if (layer.found === 'covered') return `仍然存着（${stored(layer, (k) => kindsChinese[k])}），但被盖住`;
    if (layer.opaque) return '不透明目录：下面的都不显示';
    return `在这里：${stored(layer, (k) => kindsChinese[k])}`;
  },
  notAsked: '没有问到',
  result: (look) => {
    if (look.merged === 'absent') {
      const whiteout = look.layers.find(({ found }) => found === 'whiteout');
      return whiteout ? '没有此文件：被 whiteout 盖住了' : '哪一层都没有此文件';
    }
    const hits = look.layers.filter(({ found }) => found === 'hit');
    if (look.merged === 'directory' && hits.length > 1) return `由 ${hits.length} 层合并成的目录`;
    return `${kindsChinese[look.merged]}，由 ${named(hits[0]!)} 提供`;
  },
  kind: (kind) => kindsChinese[kind],
  copyUp: '复制上来',
  hidden: '被盖住',
  entry: (name, from, hidden) => (hidden ? `${name}，被盖住；存在 ${from}` : `${name}，来自 ${from}`),
  legend: {
    merged: '合并视图',
    upper: 'upperdir（可写）',
    lower: 'lowerdir（只读）',
    hit: '作出回答',
    whiteout: 'whiteout',
    covered: '存着，但被盖住',
  },
  note: '选一个路径。光束表示内核一层一层地问，直到有一层回答。',
};
