import type { ContainerInfo, LayerInfo } from '../trace/index.ts';

/** The words a scene says, by language: a scene never concatenates a sentence itself. */
export interface Words {
  kernelTitle: string;
  kernelDetail: string;
  baseTitle(reference: string): string;
  layerDetail(layer: LayerInfo, standing: number): string;
  writableTitle(name: string): string;
  containerState(container: ContainerInfo): string;
}

const counts = (l: { added: number; changed: number; hidden: number }): string =>
  [l.added && `+${l.added}`, l.changed && `~${l.changed}`, l.hidden && `−${l.hidden}`].filter(Boolean).join(' ');

const ports = (container: ContainerInfo): string =>
  container.ports.map((port) => `${port.host}→${port.container}`).join(' ');

const join = (...parts: (string | false | 0 | undefined)[]): string => parts.filter(Boolean).join(' · ');

export const english: Words = {
  kernelTitle: 'bootfs: the host kernel',
  kernelDetail: 'shared by every container, never inside an image',
  baseTitle: (reference) => `FROM ${reference}: root filesystem`,
  layerDetail: (layer, standing) =>
    join(
      layer.parent === '' && 'base image',
      layer.parent === '' ? `${layer.added} files` : counts(layer) || 'no files',
      standing > 1 && `${standing} stand on it`,
    ),
  writableTitle: (name) => `${name}: writable layer`,
  containerState: (c) =>
    join(
      c.status === 'exited' ? `exited (${c.exitCode})` : c.status,
      c.status === 'running' && `pid ${c.pid} ${c.command[0] ?? ''}`,
      ports(c),
      counts(c) || 'empty',
    ),
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
  kernelTitle: 'bootfs:宿主机内核',
  kernelDetail: '所有容器共用,从不在镜像里',
  baseTitle: (reference) => `FROM ${reference}:根文件系统`,
  layerDetail: (layer, standing) =>
    join(
      layer.parent === '' && '基础镜像',
      layer.parent === '' ? `${layer.added} 个文件` : counts(layer) || '没有文件',
      standing > 1 && `上面有 ${standing} 层`,
    ),
  writableTitle: (name) => `${name}:可写层`,
  containerState: (c) =>
    join(
      c.status === 'exited' ? `${statusZh.exited} (${c.exitCode})` : statusZh[c.status],
      c.status === 'running' && `pid ${c.pid} ${c.command[0] ?? ''}`,
      ports(c),
      counts(c) || '空',
    ),
};
