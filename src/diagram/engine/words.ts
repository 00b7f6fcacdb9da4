import type { NamespaceKind } from '../../trace/index.ts';
import { humanSize, shortDigest } from '../text.ts';
import type { EngineLane, EngineMessage, Happening } from './calls.ts';

/** What the picture of the engine's calls says, by language. */
export interface EngineWords {
  picture(line: string): string;
  lane(lane: EngineLane): string;
  /** Where there is little room. */
  laneShort(lane: EngineLane): string;
  laneNote(lane: EngineLane): string;
  message(what: Happening): string;
  /** The whole of it: who says what to whom. */
  sentence(message: EngineMessage): string;
  more(count: number): string;
  legend: { request: string; good: string; bad: string; call: string; kernel: string; note: string };
  note: string;
}

const statusTexts: Record<number, string> = {
  101: 'Switching Protocols',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  416: 'Range Not Satisfiable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

export const statusText = (status: number): string => `${status} ${statusTexts[status] ?? ''}`.trim();

/** Ids and digests cut to the 12 digits that docker shows, percent escapes as the characters they are. */
export const shortTarget = (target: string): string => shortIds(unescaped(target).replace(/^\/v1\.\d+(?=\/)/, ''));

const shortIds = (text: string): string => text.replace(/[0-9a-f]{64}/g, (id) => `${id.slice(0, 12)}…`);

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface Said {
  run(call: string, more: number): string;
  clone(pid: number, kinds: readonly NamespaceKind[]): string;
  exec(pid: number, program: string): string;
  signal(pid: number, signal: number): string;
  exit(pid: number, code: number, signal?: number): string;
  event(event: Extract<Happening, { kind: 'event' }>['event']): string;
}

function message(what: Happening, said: Said): string {
  switch (what.kind) {
    case 'request':
      return `${what.request.method} ${shortTarget(what.request.target)}`;
    case 'response':
      return statusText(what.response.status);
    case 'call': {
      const { operation, about } = what.call;
      const failed = what.end?.error ? `: ${what.end.error}` : '';
      return shortIds(`${operation}(${about.replace(/^sha256:/, '')})${failed}`);
    }
    case 'run':
      return said.run(message(what.calls[0]!.what, said).replace(/\)$/, ''), what.calls.length - 1);
    case 'clone':
      return said.clone(what.pid, what.namespaces);
    case 'exec':
      return said.exec(what.pid, what.args.join(' '));
    case 'signal':
      return said.signal(what.pid, what.signal);
    case 'exit':
      return said.exit(what.pid, what.code, what.signal);
    case 'event':
      return said.event(what.event);
  }
}

const counted = (text: string, { count }: EngineMessage): string => (count > 1 ? `${text} ×${count}` : text);
const short = (reference: string): string => reference.replace(/^docker\.io\/(library\/)?/, '');

const lanes: Record<EngineLane, string> = {
  client: 'docker',
  api: 'Engine API',
  engine: 'engine',
  snapshotter: 'snapshotter',
  runtime: 'runtime',
  kernel: 'kernel',
  registry: 'registry',
};
const lanesShort: Record<EngineLane, string> = { ...lanes, api: 'API', snapshotter: 'snaps.' };

const english: Said = {
  run: (call, more) => `${call} and ${more} more)`,
  clone: (pid, kinds) => `clone: PID ${pid}, new ${kinds.join(' ')}`,
  exec: (pid, program) => `execve in PID ${pid}: ${program}`,
  signal: (pid, signal) => `kill(${pid}, ${signal})`,
  exit: (pid, code, signal) => (signal ? `PID ${pid} was killed by signal ${signal}` : `PID ${pid} exited: ${code}`),
  event: (event) => {
    switch (event.type) {
      case 'container.create':
        return `container ${event.name} created`;
      case 'container.state':
        return `container ${event.name}: ${event.status}${event.status === 'exited' ? ` (${event.exitCode})` : ''}`;
      case 'container.remove':
        return `container ${event.name} removed`;
      case 'layer.commit':
        return `layer ${shortDigest(event.diffId)} stored, ${humanSize(event.size)}`;
      case 'layer.remove':
        return `layer ${shortDigest(event.chainId)} removed`;
      case 'image.create':
        return `image ${shortDigest(event.id)} made`;
      case 'image.tag':
        return `${short(event.reference)} → ${shortDigest(event.id)}`;
      case 'image.untag':
        return `untagged ${short(event.reference)}`;
      case 'image.delete':
        return `image ${shortDigest(event.id)} deleted`;
      case 'blob':
        return `blob ${shortDigest(event.digest)}: ${blobEnglish[event.state]}${event.size === undefined ? '' : `, ${humanSize(event.size)}`}`;
      case 'process.oom':
        return `PID ${event.pid} killed: out of memory`;
    }
  },
};
const blobEnglish = {
  exists: 'already exists',
  mounted: 'mounted',
  begin: 'begins',
  done: 'complete',
  failed: 'failed',
};

export const engineWordsEnglish: EngineWords = {
  picture: (line) => `What ${line} asked of the engine, call by call`,
  lane: (lane) => lanes[lane],
  laneShort: (lane) => lanesShort[lane],
  laneNote: (lane) =>
    ({
      client: 'what you typed',
      api: 'HTTP, docker.sock',
      engine: 'dockerd',
      snapshotter: 'overlay2: layers',
      runtime: 'runc: namespaces',
      kernel: 'Linux: processes',
      registry: 'holds the images',
    })[lane],
  message: (what) => message(what, english),
  sentence: (one) => {
    const text = counted(message(one.what, english), one);
    return one.from === one.to ? `${lanes[one.from]}: ${text}` : `${lanes[one.from]} → ${lanes[one.to]}: ${text}`;
  },
  more: (count) => `and ${count} more`,
  legend: {
    request: 'HTTP request',
    good: 'response',
    bad: 'refused or failed',
    call: 'call inside the host',
    kernel: 'kernel',
    note: 'what changed',
  },
  note: 'Time goes down. Pick a message to read what was really said.',
};

const lanesZh: Record<EngineLane, string> = {
  client: 'docker',
  api: 'Engine API',
  engine: '引擎',
  snapshotter: '快照器',
  runtime: '运行时',
  kernel: '内核',
  registry: '仓库',
};
const blobChinese = { exists: '已存在', mounted: '已挂载', begin: '开始', done: '完成', failed: '失败' };
const statusZh: Record<string, string> = {
  created: '已创建',
  running: '运行中',
  paused: '已暂停',
  restarting: '重启中',
  removing: '删除中',
  exited: '已退出',
  dead: '已失效',
};

const chinese: Said = {
  run: (call, more) => `${call} 等 ${more + 1} 个)`,
  clone: (pid, kinds) => `clone：PID ${pid}，新的 ${kinds.join(' ')}`,
  exec: (pid, program) => `PID ${pid} 中 execve：${program}`,
  signal: (pid, signal) => `kill(${pid}, ${signal})`,
  exit: (pid, code, signal) => (signal ? `PID ${pid} 被信号 ${signal} 杀死` : `PID ${pid} 退出：${code}`),
  event: (event) => {
    switch (event.type) {
      case 'container.create':
        return `创建了容器 ${event.name}`;
      case 'container.state':
        return `容器 ${event.name}：${statusZh[event.status] ?? event.status}${event.status === 'exited' ? ` (${event.exitCode})` : ''}`;
      case 'container.remove':
        return `删除了容器 ${event.name}`;
      case 'layer.commit':
        return `存下层 ${shortDigest(event.diffId)}，${humanSize(event.size)}`;
      case 'layer.remove':
        return `删除层 ${shortDigest(event.chainId)}`;
      case 'image.create':
        return `生成镜像 ${shortDigest(event.id)}`;
      case 'image.tag':
        return `${short(event.reference)} → ${shortDigest(event.id)}`;
      case 'image.untag':
        return `去掉标签 ${short(event.reference)}`;
      case 'image.delete':
        return `删除镜像 ${shortDigest(event.id)}`;
      case 'blob':
        return `blob ${shortDigest(event.digest)}：${blobChinese[event.state]}${event.size === undefined ? '' : `，${humanSize(event.size)}`}`;
      case 'process.oom':
        return `PID ${event.pid} 因内存不足被杀死`;
    }
  },
};

export const engineWordsChinese: EngineWords = {
  picture: (line) => `${line} 向引擎提出的调用，逐条列出`,
  lane: (lane) => lanesZh[lane],
  laneShort: (lane) => (lane === 'api' ? 'API' : lanesZh[lane]),
  laneNote: (lane) =>
    ({
      client: '你输入的命令',
      api: 'HTTP，docker.sock',
      engine: 'dockerd',
      snapshotter: 'overlay2：层',
      runtime: 'runc：命名空间',
      kernel: 'Linux：进程',
      registry: '存放镜像',
    })[lane],
  message: (what) => message(what, chinese),
  sentence: (one) => {
    const text = counted(message(one.what, chinese), one);
    return one.from === one.to ? `${lanesZh[one.from]}：${text}` : `${lanesZh[one.from]} → ${lanesZh[one.to]}：${text}`;
  },
  more: (count) => `还有 ${count} 条`,
  legend: {
    request: 'HTTP 请求',
    good: '响应',
    bad: '被拒绝或失败',
    call: '主机内部的调用',
    kernel: '内核',
    note: '发生的变化',
  },
  note: '时间自上而下。点一条消息，看真正说了什么。',
};
