import { humanSize, shortDigest } from '../text.ts';
import type { BlobPart, Garbage, ManifestPart, RegistryPart } from './picture.ts';
import type { BlobTransfer, CallKind, TransferredBlob } from './transfer.ts';

/** What the picture of registries says, by language. */
export interface RegistryWords {
  picture: string;
  registry(part: RegistryPart): string;
  host: string;
  local(name: string, pushed: boolean): string;
  more(count: number): string;
  others(count: number): string;
  empty: string;
  tag(tag: string): string;
  untagged: string;
  /** Digest and size of a manifest, short. */
  manifest(part: ManifestPart): string;
  here(names: readonly string[]): string;
  notHere: string;
  blob(blob: BlobPart): string;
  blobNote(blob: BlobPart): string;
  /** Lines. */
  garbage(garbage: Garbage): string[];
  transfer(transfer: BlobTransfer): string;
  moved(blob: TransferredBlob, direction: BlobTransfer['direction']): string;
  call(kind: CallKind): string;
  calls(count: number): string;
  noTransfer: string;
  legend: {
    registry: string;
    tag: string;
    manifest: string;
    layer: string;
    shared: string;
    garbage: string;
    pushed: string;
  };
  note: string;
}

const total = (blobs: readonly { size: number }[]): string => humanSize(blobs.reduce((sum, { size }) => sum + size, 0));
const short = (digest: string): string => shortDigest(digest);

const callsEnglish: Record<CallKind, string> = {
  ping: 'which version, and must I log in?',
  token: 'a token for this repository',
  blobHead: 'is this blob there?',
  blobGet: 'give me this blob',
  uploadStart: 'begin an upload',
  mount: 'take this blob from another repository of yours',
  uploadChunk: 'bytes of the blob',
  uploadFinish: 'the blob is whole: check its digest',
  uploadCancel: 'forget this upload',
  manifestHead: 'which digest has this tag?',
  manifestGet: 'give me this manifest',
  manifestPut: 'here is the manifest: the tag leads to it now',
  delete: 'delete',
  list: 'list',
  other: '',
};

/** What an in-toto statement is about, by its predicate's type. */
const attested = (type: string): readonly [english: string, chinese: string] | undefined =>
  type.startsWith('https://spdx.dev/')
    ? ['SBOM', '软件包清单（SBOM）']
    : type.startsWith('https://slsa.dev/provenance/')
      ? ['provenance', '来历（provenance）']
      : undefined;

export const registryWordsEnglish: RegistryWords = {
  picture: 'Registries',
  registry: ({ host, container }) =>
    container ? `${host}: a registry in container ${container}` : host === 'docker.io' ? 'docker.io: Docker Hub' : host,
  host: 'this host',
  local: (name, pushed) => (pushed ? `${name}: also in a registry` : `${name}: only on this host`),
  more: (count) => `and ${count} more`,
  others: (count) => (count === 1 ? '1 other repository' : `${count} other repositories`),
  empty: 'nothing is pushed to it yet',
  tag: (tag) => `tag ${tag}: a name that can be moved to another manifest`,
  untagged: 'no tag leads here',
  manifest: ({ info }) =>
    info.manifests.length > 0
      ? `index ${short(info.digest)}, ${info.manifests.length} manifests`
      : info.attests
        ? `attestations ${short(info.digest)}: ${info.attests.map((type) => attested(type)?.[0] ?? type).join(', ')}`
        : `manifest ${short(info.digest)}`,
  here: (names) => `here: ${names.join(' ')}`,
  notHere: 'not on this host',
  blob: (blob) => `${blob.kind === 'loose' ? 'blob' : blob.kind} ${short(blob.digest)}`,
  blobNote: (blob) => {
    if (blob.users === 0) return `${humanSize(blob.size)}, no manifest names it`;
    return [humanSize(blob.size), blob.users > 1 && `×${blob.users}`, blob.here && 'here'].filter(Boolean).join(', ');
  },
  garbage: ({ blobs, manifests, withThem }) => {
    const first = blobs.length > 0 ? `${blobs.length} blobs, ${total(blobs)}` : 'nothing';
    const more = `With -m also ${manifests.length} untagged manifests, ${withThem.length} blobs, ${total(withThem)}.`;
    return [`Garbage collection would take ${first}.`, ...(manifests.length > 0 ? [more] : [])];
  },
  transfer: ({ direction, registry, repository }) =>
    direction === 'push' ? `Pushed to ${registry}/${repository}` : `Pulled from ${registry}/${repository}`,
  moved: ({ state, from, size }, direction) =>
    ({
      exists: direction === 'push' ? 'already there, not sent' : 'already here, not fetched',
      mounted: `mounted from ${from}: nothing was sent`,
      begin: direction === 'push' ? 'uploading' : 'downloading',
      done: direction === 'push' ? `uploaded, ${humanSize(size)}` : `downloaded, ${humanSize(size)}`,
      failed: 'failed',
    })[state],
  call: (kind) => callsEnglish[kind],
  calls: (count) => `${count} HTTP calls`,
  noTransfer: 'The last command asked no registry.',
  legend: {
    registry: 'registry',
    tag: 'tag',
    manifest: 'manifest',
    layer: 'layer',
    shared: 'shared by manifests',
    garbage: 'garbage: nothing names it',
    pushed: 'local, and in a registry',
  },
  note: 'A tag is a movable name of a manifest; the manifest names its config and layers by digest; a blob is stored once.',
};

const callsChinese: Record<CallKind, string> = {
  ping: '什么版本？需要登录吗？',
  token: '取得此仓库的令牌',
  blobHead: '有这个 blob 吗？',
  blobGet: '取这个 blob',
  uploadStart: '开始一次上传',
  mount: '从你的另一个仓库拿这个 blob',
  uploadChunk: 'blob 的字节',
  uploadFinish: 'blob 已完整，请核对摘要',
  uploadCancel: '放弃这次上传',
  manifestHead: '这个标签的摘要是什么？',
  manifestGet: '取这个清单',
  manifestPut: '这是清单，标签现在指向它',
  delete: '删除',
  list: '列出',
  other: '',
};

export const registryWordsChinese: RegistryWords = {
  picture: '镜像仓库',
  registry: ({ host, container }) =>
    container ? `${host}：容器 ${container} 里的仓库服务` : host === 'docker.io' ? 'docker.io：Docker Hub' : host,
  host: '本机',
  local: (name, pushed) => (pushed ? `${name}：仓库里也有` : `${name}：只在本机`),
  more: (count) => `还有 ${count} 个`,
  others: (count) => `另有 ${count} 个仓库`,
  empty: '还没有推送过任何东西',
  tag: (tag) => `标签 ${tag}：可以移到别的清单上的名字`,
  untagged: '没有标签指向这里',
  manifest: ({ info }) =>
    info.manifests.length > 0
      ? `索引 ${short(info.digest)}，${info.manifests.length} 个清单`
      : info.attests
        ? `证明 ${short(info.digest)}：${info.attests.map((type) => attested(type)?.[1] ?? type).join('、')}`
        : `清单 ${short(info.digest)}`,
  here: (names) => `本机：${names.join(' ')}`,
  notHere: '本机没有',
  blob: (blob) => `${blob.kind === 'loose' ? 'blob' : blob.kind === 'config' ? '配置' : '层'} ${short(blob.digest)}`,
  blobNote: (blob) => {
    if (blob.users === 0) return `${humanSize(blob.size)}，无清单提到`;
    return [humanSize(blob.size), blob.users > 1 && `×${blob.users}`, blob.here && '本机有'].filter(Boolean).join('，');
  },
  garbage: ({ blobs, manifests, withThem }) => {
    const first = blobs.length > 0 ? `${blobs.length} 个 blob，${total(blobs)}` : '无';
    const more = `加 -m 还有 ${manifests.length} 个无标签清单、${withThem.length} 个 blob（${total(withThem)}）。`;
    return [`垃圾回收会清除：${first}。`, ...(manifests.length > 0 ? [more] : [])];
  },
  transfer: ({ direction, registry, repository }) =>
    direction === 'push' ? `推送到 ${registry}/${repository}` : `从 ${registry}/${repository} 拉取`,
  moved: ({ state, from, size }, direction) =>
    ({
      exists: direction === 'push' ? '那里已有，不必发送' : '本机已有，不必下载',
      mounted: `从 ${from} 挂载，什么也没发送`,
      begin: direction === 'push' ? '正在上传' : '正在下载',
      done: direction === 'push' ? `已上传 ${humanSize(size)}` : `已下载 ${humanSize(size)}`,
      failed: '失败',
    })[state],
  call: (kind) => callsChinese[kind],
  calls: (count) => `${count} 次 HTTP 调用`,
  noTransfer: '上一条命令没有访问任何仓库。',
  legend: {
    registry: '镜像仓库服务',
    tag: '标签',
    manifest: '清单',
    layer: '层',
    shared: '被多个清单共用',
    garbage: '垃圾：没有谁提到它',
    pushed: '本机有，仓库里也有',
  },
  note: '标签是清单的可移动的名字；清单用摘要指明配置和各层；每个 blob 只存一份。',
};
