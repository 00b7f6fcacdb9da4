import type { ContainerInfo, LayerInfo } from '../trace/index.ts';
import { instruction, shortDigest } from './text.ts';

/** The words a scene says, by language: a scene never concatenates a sentence itself. */
export interface Words {
  kernelTitle: string;
  kernelDetail: string;
  /** From the longest to the shortest; `from` is the name a base layer is known by. */
  layerTitles(layer: LayerInfo, from: string): string[];
  /** From the longest to the shortest, as the next. */
  layerDetails(layer: LayerInfo, standing: number): string[];
  writableTitle(name: string): string;
  containerDetails(container: ContainerInfo): string[];
}

type Counts = Pick<LayerInfo, 'added' | 'changed' | 'hidden'>;

const counts = (l: Counts): string =>
  [l.added && `+${l.added}`, l.changed && `~${l.changed}`, l.hidden && `−${l.hidden}`].filter(Boolean).join(' ');

/** "+12 added · ~3 changed" in the words of a language. */
const counted = (l: Counts, added: string, changed: string, hidden: string): string =>
  join(
    l.added && `+${l.added} ${added}`,
    l.changed && `~${l.changed} ${changed}`,
    l.hidden && `−${l.hidden} ${hidden}`,
  );

const ports = (container: ContainerInfo): string =>
  container.ports.map((port) => `:${port.host.split(':').at(-1)} → ${port.container.split('/')[0]}`).join(' ');

const short = (reference: string): string => reference.replace(/:latest$/, '');

const program = (c: ContainerInfo): string => (c.command[0] ?? '').replace(/^.*\//, '');

const join = (...parts: (string | false | 0 | undefined)[]): string => parts.filter(Boolean).join(' · ');

export const english: Words = {
  kernelTitle: 'bootfs: the host kernel',
  kernelDetail: 'shared by every container, never inside an image',
  layerTitles: (layer, from) => {
    if (from) return [`FROM ${short(from)}: root filesystem`, `FROM ${short(from)}`];
    const made = instruction(layer.createdBy);
    return [made ?? (layer.createdBy ? `commit: ${layer.createdBy}` : `layer ${shortDigest(layer.diffId)}`)];
  },
  layerDetails: (layer, standing) => {
    const stands = standing > 1 && `${standing} stand on it`;
    if (layer.parent === '') return [join('base image', `${layer.added} files`, stands), join(`${layer.added} files`)];
    return [join(counted(layer, 'added', 'changed', 'hidden') || 'no files', stands), counts(layer) || 'no files'];
  },
  writableTitle: (name) => `${name}: writable layer`,
  containerDetails: (c) => {
    const state = c.status === 'exited' ? `exited (${c.exitCode})` : c.status;
    const process = c.status === 'running' && `pid ${c.pid} ${program(c)}`;
    const held = counts(c) || 'empty';
    return [
      join(state, process, ports(c), counted(c, 'added', 'changed', 'hidden') || 'empty'),
      join(state, process, ports(c), held),
      join(state, ports(c), held),
      join(state, held),
    ];
  },
};

const statusZh: Record<ContainerInfo['status'], string> = {
  created: '已创建',
  running: '运行中',
  paused: '已暂停',
  restarting: '重启中',
  exited: '已退出',
  dead: '已失效',
  removing: '删除中',
};

export const chinese: Words = {
  kernelTitle: 'bootfs：宿主机内核',
  kernelDetail: '所有容器共用，从不在镜像里',
  layerTitles: (layer, from) => {
    if (from) return [`FROM ${short(from)}：根文件系统`, `FROM ${short(from)}`];
    const made = instruction(layer.createdBy);
    return [made ?? (layer.createdBy ? `commit：${layer.createdBy}` : `层 ${shortDigest(layer.diffId)}`)];
  },
  layerDetails: (layer, standing) => {
    const stands = standing > 1 && `上面有 ${standing} 层`;
    if (layer.parent === '') return [join('基础镜像', `${layer.added} 个文件`, stands), `${layer.added} 个文件`];
    return [join(counted(layer, '新增', '修改', '隐藏') || '没有文件', stands), counts(layer) || '没有文件'];
  },
  writableTitle: (name) => `${name}：可写层`,
  containerDetails: (c) => {
    const state = c.status === 'exited' ? `${statusZh.exited} (${c.exitCode})` : statusZh[c.status];
    const process = c.status === 'running' && `pid ${c.pid} ${program(c)}`;
    const held = counts(c) || '空';
    return [
      join(state, process, ports(c), counted(c, '新增', '修改', '隐藏') || '空'),
      join(state, process, ports(c), held),
      join(state, ports(c), held),
      join(state, held),
    ];
  },
};
