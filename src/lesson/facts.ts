/** What holds now, as goals that may be chosen: for who records a lesson from what was done. */
import type { ImageInfo, Inspection } from '../trace/index.ts';
import { reached } from './check.ts';
import type { Language } from './format.ts';
import type { Goal } from './goals.ts';
import type { World } from './world.ts';

export interface Fact {
  goal: Goal;
  /** What a student reads. */
  texts: Record<Language, string>;
}

/** Those that hold now and did not hold before. `files` are the host's files that may be named. */
export async function newFacts(before: World, now: World, files: readonly string[]): Promise<Fact[]> {
  const found: Fact[] = [];
  for (const fact of candidates(now.inspection, files))
    if ((await reached(fact.goal, now)) && !(await reached(fact.goal, before))) found.push(fact);
  return found;
}

const fact = (goal: Goal, en: string, zh: string): Fact => ({ goal, texts: { en, zh } });
const plain = (reference: string): string => reference.replace(/:latest$/, '');
/** Files of one layer or container that are offered. */
const mostPaths = 4;

function candidates(inspection: Inspection, files: readonly string[]): Fact[] {
  return [
    ...inspection.images.flatMap((image) => imageFacts(image, inspection)),
    ...containerFacts(inspection),
    ...inspection.networks.flatMap(({ name }) =>
      ['bridge', 'host', 'none'].includes(name)
        ? []
        : [fact({ network: { name } }, `there is a network \`${name}\``, `有网络 \`${name}\``)],
    ),
    ...inspection.containers.flatMap(({ name, networks }) =>
      networks.flatMap((network) =>
        network.name === 'bridge'
          ? []
          : [
              fact(
                { network: { name: network.name, containers: [name] } },
                `\`${name}\` is on the network \`${network.name}\``,
                `\`${name}\` 在网络 \`${network.name}\` 上`,
              ),
            ],
      ),
    ),
    ...inspection.volumes.flatMap(({ name }) =>
      /^[0-9a-f]{64}$/.test(name)
        ? []
        : [fact({ volume: { name } }, `there is a volume \`${name}\``, `有数据卷 \`${name}\``)],
    ),
    ...registryFacts(inspection),
    fact({ build: { succeeded: true } }, 'a build succeeded', '一次构建成功了'),
    fact(
      { build: { allHit: true } },
      'every step of the last build came from the cache',
      '上一次构建的每一步都来自缓存',
    ),
    ...files.map((path) => fact({ file: { path } }, `the file \`${path}\` is there`, `有文件 \`${path}\``)),
  ];
}

function imageFacts(image: ImageInfo, { images, layers }: Inspection): Fact[] {
  const below = images
    .filter((one) => one.id !== image.id && one.references.length > 0 && one.layers.length < image.layers.length)
    .filter((one) => one.layers.every((layer, at) => layer === image.layers[at]))
    .sort((a, b) => b.layers.length - a.layers.length)[0];
  const own = new Set(image.layers.slice(below?.layers.length ?? 1));
  const paths = layers
    .filter(({ chainId }) => own.has(chainId))
    .flatMap(({ notable }) => notable.filter(({ kind, type }) => kind !== 'deleted' && type === 'file'))
    .slice(0, mostPaths);
  return image.references.flatMap((full) => {
    const reference = plain(full);
    const here = fact({ image: { reference } }, `the image \`${reference}\` is here`, `镜像 \`${reference}\` 在这里`);
    if (!below) return [here];
    const from = plain(below.references[0]!);
    const layersAbove = own.size;
    return [
      here,
      fact(
        { image: { reference, from, layersAbove } },
        `the image \`${reference}\` stands on \`${from}\``,
        `镜像 \`${reference}\` 站在 \`${from}\` 上`,
      ),
      ...paths.map(({ path }) =>
        fact(
          { image: { reference, layerContains: path } },
          `a layer of \`${reference}\` contains \`${path}\``,
          `\`${reference}\` 的一层里有 \`${path}\``,
        ),
      ),
    ];
  });
}

function containerFacts({ containers }: Inspection): Fact[] {
  return containers.flatMap(({ name, image, status, ports, notable }) => {
    if (status !== 'running' && status !== 'exited' && status !== 'created' && status !== 'paused') return [];
    const words = { running: '正在运行', exited: '已经退出', created: '已经创建', paused: '已经暂停' };
    const of = plain(image);
    const deleted = notable.filter(({ kind }) => kind === 'deleted').slice(0, mostPaths);
    const changed = notable.filter(({ kind, type }) => kind !== 'deleted' && type === 'file').slice(0, mostPaths);
    return [
      fact(
        { container: { name, image: of, status } },
        `the container \`${name}\` of \`${of}\` is ${status}`,
        `\`${of}\` 的容器 \`${name}\` ${words[status]}`,
      ),
      ...ports.map(({ host, container }) => {
        const [hostPort, port] = [host.slice(host.lastIndexOf(':') + 1), container.replace(/\/tcp$/, '')];
        return fact(
          { container: { name, port, hostPort } },
          `port \`${port}\` of \`${name}\` is published as \`${hostPort}\``,
          `\`${name}\` 的端口 \`${port}\` 发布为 \`${hostPort}\``,
        );
      }),
      ...changed.map(({ path }) =>
        fact(
          { container: { name, changed: path } },
          `\`${name}\` has changed \`${path}\``,
          `\`${name}\` 改动了 \`${path}\``,
        ),
      ),
      ...deleted.map(({ path }) =>
        fact(
          { container: { name, deleted: path } },
          `\`${name}\` has deleted \`${path}\``,
          `\`${name}\` 删除了 \`${path}\``,
        ),
      ),
    ];
  });
}

function registryFacts({ registries }: Inspection): Fact[] {
  return registries.flatMap(({ host, repositories }) =>
    repositories
      .filter(({ official }) => !official)
      .flatMap(({ name, tags }) =>
        Object.keys(tags).map((tag) => {
          const where = host === 'docker.io' ? {} : { host };
          return fact(
            { registry: { ...where, repository: name, tag } },
            `\`${host}\` holds \`${name}:${tag}\``,
            `\`${host}\` 里有 \`${name}:${tag}\``,
          );
        }),
      ),
  );
}
