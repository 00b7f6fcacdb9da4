import { humanSize, shortDigest } from '../text.ts';
import type { BuildView, StageView, StepView } from './builds.ts';

/** What the picture of a build says, by language. */
export interface BuildWords {
  picture: string;
  /** One line over the picture. */
  summary(build: BuildView): string;
  stage(stage: StageView, index: number): string;
  base(stage: StageView, stages: readonly StageView[]): string;
  /** HIT or MISS with why; what else there is to say of a step that has no such. */
  cache(step: StepView): string;
  measures(step: StepView): string;
  commit(step: StepView): string;
  /** The whole of a step, for a screen reader. */
  step(step: StepView, stages: readonly StageView[]): string;
  edge(from: string): string;
  legend: { hit: string; miss: string; waiting: string; config: string; failed: string; finding: string };
  note: string;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;

const join = (parts: (string | false | undefined)[], by = ' · '): string => parts.filter(Boolean).join(by);

const measures = ({ ms, size }: StepView): string =>
  join([ms !== undefined && seconds(ms), size !== undefined && `+${humanSize(size)}`]);

const commit = ({ commit: made }: StepView, container: string, image: string): string =>
  made
    ? join(
        [made.container && `${container} ${shortDigest(made.container)}`, `${image} ${shortDigest(made.image)}`],
        ' → ',
      )
    : '';

function cacheText(
  step: StepView,
  words: { hit: string; miss: string; states: Record<StepView['state'], string> },
): string {
  if (!step.cache) return words.states[step.state];
  return step.cache === 'hit' ? words.hit : `${words.miss}: ${step.reason ?? ''}`;
}

export const buildWordsEnglish: BuildWords = {
  picture: 'The last build, stage by stage',
  summary: (build) => {
    const state = build.ended ? (build.ended.error === undefined ? 'built' : 'failed') : 'building';
    const form = build.form === 'classic' ? 'classic builder' : 'BuildKit';
    return join([form, state, `${build.hits} from the cache`, `${build.misses} run`, seconds(build.ms)]);
  },
  stage: ({ name }, index) => (/^\d+$/.test(name) ? `stage ${index}` : `stage ${index}: ${name}`),
  base: ({ base, from }, stages) => (from === undefined ? `FROM ${base}` : `FROM stage ${stages[from]!.name}`),
  cache: (step) =>
    cacheText(step, {
      hit: 'HIT: nothing it depends on changed',
      miss: 'MISS',
      states: {
        waiting: 'not run',
        running: 'running',
        done: 'done',
        failed: 'failed',
        config: 'sets configuration only',
      },
    }),
  measures,
  commit: (step) => commit(step, 'container', 'image'),
  step: (step, stages) =>
    join(
      [
        `line ${step.line}: ${step.text}`,
        buildWordsEnglish.cache(step),
        measures(step),
        buildWordsEnglish.commit(step),
        step.from !== undefined && buildWordsEnglish.edge(stages[step.from]!.name),
        ...step.findings.map(({ rule, detail }) => `${rule}: ${detail}`),
      ],
      '; ',
    ),
  edge: (from) => `takes files from stage ${from}`,
  legend: {
    hit: '✓ HIT: from the cache',
    miss: 'MISS: run anew',
    waiting: 'not run',
    config: 'configuration only',
    failed: 'failed',
    finding: 'finding of the checks',
  },
  note: 'Steps go down. After the first MISS of a stage all later steps run again.',
};

const reasonsChinese: [RegExp, string][] = [
  [/^it was not built before$/, '以前没有构建过'],
  [/^what it stands on changed$/, '它下面的步骤变了'],
  [/^an earlier step of this stage was not cached$/, '本阶段前面的步骤没有命中缓存'],
  [/^(.*) changed$/, '$1 变了'],
];

export const reasonChinese = (reason = ''): string => {
  const [from, to] = reasonsChinese.find(([pattern]) => pattern.test(reason)) ?? [];
  return from ? reason.replace(from, to!) : reason;
};

export const buildWordsChinese: BuildWords = {
  picture: '最近一次构建，按阶段',
  summary: (build) => {
    const state = build.ended ? (build.ended.error === undefined ? '构建成功' : '构建失败') : '正在构建';
    const form = build.form === 'classic' ? '经典构建器' : 'BuildKit';
    return join([form, state, `${build.hits} 步来自缓存`, `${build.misses} 步执行`, seconds(build.ms)]);
  },
  stage: ({ name }, index) => (/^\d+$/.test(name) ? `阶段 ${index}` : `阶段 ${index}：${name}`),
  base: ({ base, from }, stages) => (from === undefined ? `FROM ${base}` : `FROM 阶段 ${stages[from]!.name}`),
  cache: (step) =>
    cacheText(
      { ...step, ...(step.reason !== undefined && { reason: reasonChinese(step.reason) }) },
      {
        hit: 'HIT：它依赖的都没变',
        miss: 'MISS',
        states: { waiting: '未执行', running: '正在执行', done: '完成', failed: '失败', config: '只写入配置' },
      },
    ),
  measures,
  commit: (step) => commit(step, '容器', '镜像'),
  step: (step, stages) =>
    join(
      [
        `第 ${step.line} 行：${step.text}`,
        buildWordsChinese.cache(step),
        measures(step),
        buildWordsChinese.commit(step),
        step.from !== undefined && buildWordsChinese.edge(stages[step.from]!.name),
        ...step.findings.map(({ rule, detail }) => `${rule}: ${detail}`),
      ],
      '；',
    ),
  edge: (from) => `从阶段 ${from} 取文件`,
  legend: {
    hit: '✓ HIT：来自缓存',
    miss: 'MISS：重新执行',
    waiting: '未执行',
    config: '只写入配置',
    failed: '失败',
    finding: '检查发现的问题',
  },
  note: '步骤自上而下。一个阶段里第一个 MISS 之后的步骤都要重新执行。',
};
