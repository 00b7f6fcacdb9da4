import { reasonChinese } from '../build/words.ts';
import type { Story } from '../network/stories.ts';
import { networkWordsChinese, networkWordsEnglish } from '../network/words.ts';
import type { Facts, Transfer } from './facts.ts';

/** The sentences, by language. `[[term|words]]` links to the glossary. */
export interface NarrationWords {
  calls(lines: string[], more: number): string;
  onlyLooked: string;
  refused(status: number, message: string): string;
  pulled(sum: Transfer, size: string): string;
  pushed(sum: Transfer, size: string): string;
  built(form: 'classic' | 'buildkit', steps: number, hits: number): string;
  missed(instruction: string, reason: string): string;
  buildFailed(error: string): string;
  frozen(instruction: string, size: string): string;
  moreLayers(count: number): string;
  tagged(references: string[]): string;
  moved(references: string[]): string;
  untagged(references: string[], images: number, layers: number): string;
  networksMade(names: string[]): string;
  networksGone(names: string[]): string;
  volumesMade(names: string[]): string;
  volumesGone(names: string[]): string;
  created(name: string, image: string): string;
  started(name: string, pid: number, own: number): string;
  paused(name: string): string;
  ended(end: Facts['ended'][number]): string;
  removed(names: string[]): string;
  wrote(name: string, files: number, size: string): string;
  copiedUp(paths: Some): string;
  whiteouts(paths: Some): string;
  /** Before what the command itself did not do. */
  meanwhile(sentence: string): string;
  failure(story: Story): string;
}

interface Some {
  shown: string[];
  more: number;
}

/** Not taken for a link. */
const plain = (message: string): string => message.replaceAll('[[', '[ [');
const s = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const list = (items: string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
const some = ({ shown, more }: Some): string => (more > 0 ? `${shown.join(', ')} and ${more} more` : list(shown));

export const narrationEnglish: NarrationWords = {
  calls: (lines, more) =>
    `The client sent ${list(lines)}${more > 0 ? ` (and ${s(more, 'more call')})` : ''} to the [[engine-api|engine]].`,
  onlyLooked: 'Nothing was changed: it only looked.',
  refused: (status, message) => `The engine refused (${status})${message ? `: ${plain(message)}` : '.'}`,
  pulled: ({ registry, repository, done, exists }, size) => {
    const came =
      done > 0
        ? `${s(done, '[[blob|blob]]', '[[blob|blobs]]')} (${size}) of ${repository} came from the [[registry|registry]] ${registry}`
        : '';
    const here =
      exists > 0
        ? `${exists} ${exists === 1 ? 'was' : 'were'} here already: the same [[digest|digest]] is never fetched twice`
        : '';
    return `${[came, here].filter(Boolean).join('; ') || `${repository} on ${registry} was asked for: nothing had to be fetched`}.`;
  },
  pushed: ({ registry, repository, done, exists, mounted, from }, size) => {
    const parts = [
      done > 0 && `${s(done, '[[blob|blob]]', '[[blob|blobs]]')} (${size}) went up`,
      mounted > 0 &&
        `${mounted} ${mounted === 1 ? 'was' : 'were'} [[cross-mount|mounted]] from ${from ?? 'another repository'}, not uploaded`,
      exists > 0 && `${exists} ${exists === 1 ? 'was' : 'were'} there already`,
    ];
    return `To ${registry}/${repository}: ${parts.filter(Boolean).join('; ') || 'nothing had to be sent'}.`;
  },
  built: (form, steps, hits) =>
    hits === 0
      ? `The ${form === 'classic' ? 'classic builder' : 'BuildKit builder'} ran ${s(steps, 'step')}; nothing was in the [[build-cache|cache]].`
      : `Of ${s(steps, 'step')}, ${hits} came from the [[build-cache|cache]].`,
  missed: (instruction, reason) => `${instruction} was run anew: ${reason}. After a miss, every later step is too.`,
  buildFailed: (error) => `The build stopped: ${error}`,
  frozen: (instruction, size) => `A new [[layer|layer]] was frozen (${size}): ${instruction}`,
  moreLayers: (count) => `Before these, ${s(count, 'more [[layer|layer]]', 'more [[layer|layers]]')}.`,
  tagged: (references) =>
    `${list(references)} is now the [[tag|name]] of an image. A name is only a pointer: nothing was copied.`,
  moved: (references) =>
    `${list(references)} now [[tag|names]] another image. The one it named before stays, without that name.`,
  untagged: (references, images, layers) =>
    images === 0
      ? `The name ${list(references)} is gone; the image stays, for something still needs it.`
      : `The name ${list(references)} is gone, and with it ${s(images, 'image')}${layers > 0 ? ` and ${s(layers, '[[layer|layer]]', '[[layer|layers]]')} that nothing else needs` : '; other images still use its layers'}.`,
  networksMade: (names) =>
    `${names.length === 1 ? 'A network was' : 'Networks were'} made, ${list(names)}: a bridge on the host, on which containers find each other by name.`,
  networksGone: (names) =>
    `The ${names.length === 1 ? 'network' : 'networks'} ${list(names)} ${names.length === 1 ? 'is' : 'are'} gone.`,
  volumesMade: (names) =>
    `${names.length === 1 ? 'A volume was' : 'Volumes were'} made, ${list(names)}: a directory on the host that outlives the containers it is mounted in.`,
  volumesGone: (names) =>
    `The ${names.length === 1 ? 'volume' : 'volumes'} ${list(names)} ${names.length === 1 ? 'is' : 'are'} gone, with all that was in ${names.length === 1 ? 'it' : 'them'}.`,
  created: (name, image) =>
    `The engine put a thin [[writable-layer|writable layer]] for ${name} on top of ${image}. Nothing below was copied.`,
  started: (name, pid, own) =>
    `The kernel started the [[pid|process 1]] of ${name}${own > 0 ? ` in ${s(own, 'new [[namespace|namespace]]', 'new [[namespace|namespaces]]')}` : ''}. On the host it is pid ${pid}.`,
  paused: (name) =>
    `The processes of ${name} are frozen by their [[cgroup|control group]]: they keep their memory and get no cpu.`,
  ended: ({ name, exitCode, oom, signal }) => {
    if (oom) return `${name} used more memory than its [[cgroup|control group]] may: the kernel killed it (137).`;
    if (signal === 9) return `${name} was killed by [[signal|SIGKILL]] (137 = 128 + 9).`;
    if (signal === 15) return `${name} ended on [[signal|SIGTERM]] (143 = 128 + 15).`;
    return `Process 1 of ${name} ended with ${exitCode}, so the container is over. Its [[writable-layer|writable layer]] is still there.`;
  },
  removed: (names) =>
    `${list(names)} ${names.length === 1 ? 'is' : 'are'} gone, and what was written in ${names.length === 1 ? 'its' : 'their'} [[writable-layer|writable layer]] with ${names.length === 1 ? 'it' : 'them'}.`,
  wrote: (name, files, size) =>
    `${s(files, 'more file')} (${size}) ${files === 1 ? 'is' : 'are'} in the [[writable-layer|writable layer]] of ${name}.`,
  copiedUp: (paths) =>
    `${some(paths)} came from a lower layer: [[copy-up|copied up]] first, then changed. The image stays as it was.`,
  meanwhile: (sentence) => `Meanwhile, in the background: ${sentence}`,
  whiteouts: (paths) =>
    `${some(paths)} ${paths.shown.length + paths.more === 1 ? 'is' : 'are'} stored in a lower layer: deleting left a [[whiteout|whiteout]] over it.`,
  failure: (story) => networkWordsEnglish.story(story),
};

const someZh = ({ shown, more }: Some): string =>
  more > 0 ? `${shown.join('、')} 等 ${shown.length + more} 个` : shown.join('、');

export const narrationChinese: NarrationWords = {
  calls: (lines, more) =>
    `客户端向[[engine-api|引擎]]发送了 ${lines.join('、')}${more > 0 ? `（以及另外 ${more} 个调用）` : ''}。`,
  onlyLooked: '什么都没有改变：只是查看。',
  refused: (status, message) => `引擎拒绝了（${status}）${message ? `：${plain(message)}` : '。'}`,
  pulled: ({ registry, repository, done, exists }, size) => {
    const came =
      done > 0 ? `从[[registry|仓库]] ${registry} 取来 ${repository} 的 ${done} 个 [[blob|blob]]（${size}）` : '';
    const here = exists > 0 ? `${exists} 个本来就在：[[digest|摘要]]相同就不会再取` : '';
    return `${[came, here].filter(Boolean).join('；') || `向 ${registry} 询问了 ${repository}：没有需要取的`}。`;
  },
  pushed: ({ registry, repository, done, exists, mounted, from }, size) => {
    const parts = [
      done > 0 && `上传了 ${done} 个 [[blob|blob]]（${size}）`,
      mounted > 0 && `${mounted} 个从 ${from ?? '另一个存储库'} [[cross-mount|挂载]]过来，没有上传`,
      exists > 0 && `${exists} 个本来就在`,
    ];
    return `推送到 ${registry}/${repository}：${parts.filter(Boolean).join('；') || '没有需要发送的'}。`;
  },
  built: (form, steps, hits) =>
    hits === 0
      ? `${form === 'classic' ? '经典构建器' : 'BuildKit'}执行了 ${steps} 步，[[build-cache|缓存]]里一步也没有。`
      : `${steps} 步中有 ${hits} 步取自[[build-cache|缓存]]。`,
  missed: (instruction, reason) => `“${instruction}”重新执行：${reasonChinese(reason)}。未命中之后的每一步也都如此。`,
  buildFailed: (error) => `构建停止：${error}`,
  frozen: (instruction, size) => `冻结了新的一[[layer|层]]（${size}）：${instruction}`,
  moreLayers: (count) => `这之前还冻结了 ${count} [[layer|层]]。`,
  tagged: (references) => `${references.join('、')} 现在是某个镜像的[[tag|名字]]。名字只是指针，没有复制任何东西。`,
  moved: (references) =>
    `${references.join('、')} 现在是另一个镜像的[[tag|名字]]。以前叫这个名字的镜像还在，只是没有了这个名字。`,
  untagged: (references, images, layers) =>
    images === 0
      ? `名字 ${references.join('、')} 没有了；镜像还在，因为还有东西需要它。`
      : `名字 ${references.join('、')} 没有了，同时删除了 ${images} 个镜像${layers > 0 ? `和没人再需要的 ${layers} 个[[layer|层]]` : '；别的镜像还在用它的层'}。`,
  networksMade: (names) => `建了网络 ${names.join('、')}：宿主机上的网桥，容器在上面按名字找到对方。`,
  networksGone: (names) => `网络 ${names.join('、')} 没有了。`,
  volumesMade: (names) => `建了卷 ${names.join('、')}：宿主机上的目录，挂载它的容器没有了它也还在。`,
  volumesGone: (names) => `卷 ${names.join('、')} 没有了，里面的东西也一起没有了。`,
  created: (name, image) => `引擎为 ${name} 在 ${image} 上面放了薄薄的[[writable-layer|可写层]]。下面什么都没有复制。`,
  started: (name, pid, own) =>
    `内核启动了 ${name} 的[[pid|1 号进程]]${own > 0 ? `，放在 ${own} 个新的[[namespace|命名空间]]里` : ''}。在宿主机上它是 pid ${pid}。`,
  paused: (name) => `${name} 的进程被[[cgroup|控制组]]冻结：内存还在，得不到 CPU。`,
  ended: ({ name, exitCode, oom, signal }) => {
    if (oom) return `${name} 的内存超过了[[cgroup|控制组]]的限额：内核杀死了它（137）。`;
    if (signal === 9) return `${name} 被 [[signal|SIGKILL]] 杀死（137 = 128 + 9）。`;
    if (signal === 15) return `${name} 因 [[signal|SIGTERM]] 结束（143 = 128 + 15）。`;
    return `${name} 的 1 号进程以 ${exitCode} 结束，容器也就结束了。它的[[writable-layer|可写层]]还在。`;
  },
  removed: (names) => `${names.join('、')} 没有了，写在[[writable-layer|可写层]]里的东西也一起没有了。`,
  wrote: (name, files, size) => `${name} 的[[writable-layer|可写层]]里多了 ${files} 个文件（${size}）。`,
  copiedUp: (paths) => `${someZh(paths)} 来自下层：先[[copy-up|复制上来]]，再修改。镜像保持原样。`,
  meanwhile: (sentence) => `与此同时，在后台：${sentence}`,
  whiteouts: (paths) => `${someZh(paths)} 存在下层：删除只是留下 [[whiteout|whiteout]] 把它盖住。`,
  failure: (story) => networkWordsChinese.story(story),
};
