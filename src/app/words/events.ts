/** One event in a sentence, for the walk through a command. Names come from the state; the terms are the specs'. */
import type { Inspection, TraceEvent } from '../../trace/index.ts';
import type { LanguageCode } from '../i18n.ts';
import type { ViewName } from '../views.ts';

const short = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);
const base = (path: string): string => path.split('/').at(-1) ?? path;
const bytes = (size = 0): string =>
  size < 1000 ? `${size} B` : size < 1e6 ? `${(size / 1e3).toFixed(1)} kB` : `${(size / 1e6).toFixed(1)} MB`;

type Said = { [T in TraceEvent['type']]?: (event: Extract<TraceEvent, { type: T }>, state?: Inspection) => string };

/** Whose writable layer it is: the overlay tells the directory. */
function ownerOf(upper: string, state: Inspection | undefined): string {
  const container = state?.containers.find(({ id }) => upper.includes(id) || upper.includes(id.slice(0, 12)));
  return container?.name ?? base(upper.replace(/\/(diff|upper|fs)$/, ''));
}

const en: Said = {
  'http.request': (e) => `${e.from} asks ${e.to}: ${e.method} ${e.target}`,
  'http.response': (e) => `The answer is ${e.status}${e.status >= 400 ? ', an error' : ''}.`,
  'layer.commit': (e) =>
    e.parent
      ? `A layer of ${bytes(e.size)} was put on top of ${short(e.parent)}.`
      : `A base layer of ${bytes(e.size)} was stored.`,
  'layer.remove': (e) => `Layer ${short(e.chainId)} was removed: nothing stands on it any more.`,
  'image.create': (e) =>
    `Image ${short(e.id)} is there${e.references.length ? `: ${e.references.join(', ')}` : ', without a name'}.`,
  'image.tag': (e) => `${e.reference} now names image ${short(e.id)}. Nothing was copied.`,
  'image.untag': (e) => `The name ${e.reference} was taken away.`,
  'image.delete': (e) => `Image ${short(e.id)} was deleted.`,
  'container.create': (e) => `Container ${e.name} got a thin writable layer on top of ${e.image}.`,
  'container.state': (e) =>
    `Container ${e.name} is ${e.status}${e.exitCode !== undefined && e.status === 'exited' ? ` with code ${e.exitCode}` : ''}${e.pid ? `: its process 1 is pid ${e.pid} on the host` : ''}.`,
  'container.remove': (e) => `Container ${e.name} was removed, and its writable layer with it.`,
  'build.begin': (e) => `A build of ${e.steps} steps begins (${e.form}).`,
  'build.step': (e) => `${e.instruction}: cache ${e.cache}. ${e.reason}`,
  'build.step.end': (e) => (e.layer ? `The step made layer ${short(e.layer)}.` : 'The step made no layer.'),
  'build.end': (e) => (e.error ? `The build failed: ${e.error}` : 'The build is done.'),
  blob: (e) =>
    ({
      exists: `Blob ${short(e.digest)} is already there: it is not sent again.`,
      mounted: `Blob ${short(e.digest)} is mounted from ${e.from ?? 'another repository'}: not a byte is sent.`,
      begin: `Blob ${short(e.digest)} (${bytes(e.size)}) is on its way ${e.direction === 'push' ? 'to' : 'from'} ${e.registry}.`,
      done: `Blob ${short(e.digest)} has arrived.`,
      failed: `Blob ${short(e.digest)} failed.`,
    })[e.state],
  'overlay.copyup': (e, s) =>
    `${e.path} is about to change: it was copied up into the writable layer of ${ownerOf(e.upper, s)} (${bytes(e.size)}).`,
  'overlay.whiteout': (e, s) =>
    `A whiteout in the writable layer of ${ownerOf(e.upper, s)} now covers ${e.path}. Below it is still stored.`,
  'overlay.opaque': (e, s) => `${e.path} became opaque in ${ownerOf(e.upper, s)}: all that lies below it is covered.`,
  'process.exec': (e) => `Process ${e.pid} runs: ${e.args.join(' ')}`,
  'process.exit': (e) =>
    `Process ${e.pid} ended${e.signal ? `, killed by signal ${e.signal}` : ` with code ${e.code}`}.`,
  'process.signal': (e) => `Process ${e.pid} got signal ${e.signal}.`,
  'process.oom': (e) => `Out of memory in ${e.cgroup}: the kernel killed process ${e.pid}.`,
  'net.connect': (e) => `A connection from ${e.from} to ${e.to}: ${e.result}.`,
};

const zh: Said = {
  'http.request': (e) => `${e.from} 向 ${e.to} 请求：${e.method} ${e.target}`,
  'http.response': (e) => `得到的响应是 ${e.status}${e.status >= 400 ? '，一个错误' : ''}。`,
  'layer.commit': (e) =>
    e.parent ? `一个 ${bytes(e.size)} 的层放到了 ${short(e.parent)} 之上。` : `存入了一个 ${bytes(e.size)} 的基础层。`,
  'layer.remove': (e) => `层 ${short(e.chainId)} 已删除：上面不再有任何东西。`,
  'image.create': (e) =>
    `镜像 ${short(e.id)} 有了${e.references.length ? `：${e.references.join('、')}` : '，还没有名字'}。`,
  'image.tag': (e) => `${e.reference} 现在指向镜像 ${short(e.id)}，没有复制任何内容。`,
  'image.untag': (e) => `名字 ${e.reference} 已去掉。`,
  'image.delete': (e) => `镜像 ${short(e.id)} 已删除。`,
  'container.create': (e) => `容器 ${e.name} 在 ${e.image} 之上得到了一个薄薄的可写层。`,
  'container.state': (e) =>
    `容器 ${e.name} 的状态变为 ${e.status}${e.exitCode !== undefined && e.status === 'exited' ? `，退出码 ${e.exitCode}` : ''}${e.pid ? `：它的 1 号进程在宿主机上是 pid ${e.pid}` : ''}。`,
  'container.remove': (e) => `容器 ${e.name} 已删除，它的可写层也一起没了。`,
  'build.begin': (e) => `开始一次 ${e.steps} 步的构建（${e.form}）。`,
  'build.step': (e) => `${e.instruction}：缓存${e.cache === 'hit' ? '命中' : '未命中'}。${e.reason}`,
  'build.step.end': (e) => (e.layer ? `这一步生成了层 ${short(e.layer)}。` : '这一步没有生成层。'),
  'build.end': (e) => (e.error ? `构建失败：${e.error}` : '构建完成。'),
  blob: (e) =>
    ({
      exists: `blob ${short(e.digest)} 对方已有，不再发送。`,
      mounted: `blob ${short(e.digest)} 从 ${e.from ?? '另一个仓库'} 挂载而来，一个字节也不用发送。`,
      begin: `blob ${short(e.digest)}（${bytes(e.size)}）正在${e.direction === 'push' ? '发往' : '来自'} ${e.registry}。`,
      done: `blob ${short(e.digest)} 已到达。`,
      failed: `blob ${short(e.digest)} 传输失败。`,
    })[e.state],
  'overlay.copyup': (e, s) => `${e.path} 将被修改：先复制到 ${ownerOf(e.upper, s)} 的可写层（${bytes(e.size)}）。`,
  'overlay.whiteout': (e, s) => `${ownerOf(e.upper, s)} 的可写层里有了一个 whiteout，盖住了 ${e.path}；下层仍存着它。`,
  'overlay.opaque': (e, s) => `${e.path} 在 ${ownerOf(e.upper, s)} 中变为 opaque：下层的内容全被盖住。`,
  'process.exec': (e) => `进程 ${e.pid} 运行：${e.args.join(' ')}`,
  'process.exit': (e) => `进程 ${e.pid} 结束${e.signal ? `，被信号 ${e.signal} 杀死` : `，退出码 ${e.code}`}。`,
  'process.signal': (e) => `进程 ${e.pid} 收到信号 ${e.signal}。`,
  'process.oom': (e) => `${e.cgroup} 内存不足：内核杀死了进程 ${e.pid}。`,
  'net.connect': (e) => `从 ${e.from} 到 ${e.to} 的连接：${e.result}。`,
};

const said: Record<LanguageCode, Said> = { en, zh };

export function eventSentence(event: TraceEvent, language: LanguageCode, state?: Inspection): string {
  const say = said[language][event.type] as ((event: TraceEvent, state?: Inspection) => string) | undefined;
  return say?.(event, state) ?? event.type;
}

const viewsByRoot: Record<string, string> = {
  http: 'engine',
  layer: 'layers',
  image: 'layers',
  container: 'layers',
  overlay: 'layers',
  build: 'build',
  blob: 'registry',
  process: 'processes',
  net: 'network',
};

/** The view in which such an event is best seen; it may not be there. */
export const viewOf = (event: TraceEvent): ViewName => viewsByRoot[event.type.split('.')[0]!] as ViewName;
