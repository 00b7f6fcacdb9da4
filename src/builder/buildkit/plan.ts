import {
  type Arg,
  closest,
  type Dockerfile,
  DockerfileError,
  expandWord,
  parseMountFlag,
  type Stage,
} from '../../dockerfile/index.ts';
import type { BuildOptions } from '../backend.ts';
import { BuildArgs } from '../build-args.ts';
import { normalizeReference } from '../reference.ts';

/** Where a stage starts: at another stage, at an image, or at nothing. */
export type Base =
  | { kind: 'scratch' }
  | { kind: 'stage'; stage: Stage }
  | { kind: 'image'; reference: string; typed: string };

export interface PlannedStage {
  stage: Stage;
  base: Base;
  /** "build", "stage-1", or '' when the file has one stage without a name. */
  label: string;
  platform?: string;
}

/** The stages and what they start from, with the global arguments. */
export interface Plan {
  stages: PlannedStage[];
  target: PlannedStage;
  args: BuildArgs;
  /** The stages that the target needs, itself included, in file order. */
  needed: PlannedStage[];
}

const fail = (message: string, stage?: Stage): never => {
  throw new DockerfileError('structure', message, stage?.from.lines);
};

/** Predefined platform arguments (global scope; a stage sees them after ARG). */
const platformArgs = (options: BuildOptions, platform: { os: string; architecture: string }): [string, string][] => {
  const target = options.platform || `${platform.os}/${platform.architecture}`;
  const [os = '', arch = '', variant = ''] = target.split('/');
  const names = ['PLATFORM', 'OS', 'ARCH', 'VARIANT'];
  const build = [`${platform.os}/${platform.architecture}`, platform.os, platform.architecture, ''];
  return [
    ...names.map((name, index): [string, string] => [`BUILD${name}`, build[index]!]),
    ...names.map((name, index): [string, string] => [`TARGET${name}`, [target, os, arch, variant][index]!]),
    ['TARGETSTAGE', options.target || 'default'],
  ];
};

export function makePlan(
  file: Dockerfile,
  options: BuildOptions,
  platform: { os: string; architecture: string },
): Plan {
  if (file.stages.length === 0) fail('dockerfile contains no stages to build');
  const args = globalArgs(file.globalArgs, options, platformArgs(options, platform), file.file.escape);
  const stages: PlannedStage[] = [];
  for (const stage of file.stages) stages.push(planStage(stage, stages, file, args, options));
  const target = findTarget(stages, options.target);
  const wanted = new Set<PlannedStage>();
  const visit = (planned: PlannedStage) => {
    if (wanted.has(planned)) return;
    wanted.add(planned);
    for (const index of dependencies(planned, file.stages)) visit(stages[index]!);
  };
  visit(target);
  return { stages, target, args, needed: stages.filter((planned) => wanted.has(planned)) };
}

function globalArgs(
  declared: readonly Arg[],
  options: BuildOptions,
  predefined: [string, string][],
  mark: string,
): BuildArgs {
  let args = BuildArgs.from(options.buildargs);
  for (const [key, value] of predefined) args = args.withGlobal(key, value);
  for (const arg of declared) {
    for (const { key, value } of arg.args) {
      const text = value === undefined ? undefined : expandWord(value, (name) => args.get(name), { escape: mark }).text;
      args = args.withGlobal(key, text);
    }
  }
  return args;
}

function planStage(
  stage: Stage,
  before: PlannedStage[],
  file: Dockerfile,
  args: BuildArgs,
  options: BuildOptions,
): PlannedStage {
  const globals = args.globals();
  const expand = (word: string) => expandWord(word, (name) => globals.get(name), { escape: file.file.escape }).text;
  const name = expand(stage.from.image);
  if (name === '') fail(`base name (${stage.from.image}) should not be blank`, stage);
  const platform = expand(stage.from.platform);
  if (stage.from.platform && platform === '')
    fail(`empty platform value from expression ${stage.from.platform}`, stage);
  const label = stage.name ?? (file.stages.length > 1 ? `stage-${stage.index}` : '');
  const planned = { stage, label, platform: platform || options.platform };
  const earlier = before.findLast((other) => other.stage.name === name.toLowerCase());
  if (earlier) return { ...planned, base: { kind: 'stage', stage: earlier.stage } };
  if (name === 'scratch') return { ...planned, base: { kind: 'scratch' } };
  const given = options.contexts?.[name]?.replace(/^docker-image:\/\//, '');
  try {
    return { ...planned, base: { kind: 'image', reference: normalizeReference(given ?? name), typed: name } };
  } catch (error) {
    return fail(`failed to parse stage name "${name}": ${(error as Error).message}`, stage);
  }
}

function findTarget(stages: PlannedStage[], name: string | undefined): PlannedStage {
  if (!name) return stages.at(-1)!;
  const found =
    stages.findLast(({ stage }) => stage.name === name.toLowerCase()) ?? stages[/^\d+$/.test(name) ? Number(name) : -1];
  if (found) return found;
  const names = stages.flatMap(({ stage }) => stage.name ?? []);
  const near = closest(name, names);
  return fail(`target stage "${name}" could not be found${near ? ` (did you mean ${near}?)` : ''}`);
}

/** Indices of the stages that a stage uses: as its base, by COPY --from, by RUN --mount from=. */
function dependencies(planned: PlannedStage, stages: readonly Stage[]): number[] {
  const names = planned.stage.instructions.flatMap((instruction) => {
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') return instruction.from;
    if (instruction.keyword === 'RUN') return instruction.mounts.map((mount) => parseMountFlag(mount, String).from);
    return [];
  });
  const used = names.flatMap((name) => (name ? (stageIndex(name, stages, planned.stage.index) ?? []) : []));
  return planned.base.kind === 'stage' ? [planned.base.stage.index, ...used] : used;
}

/** The stage that `--from=name` means: a name of an earlier stage, or an index. */
export function stageIndex(name: string, stages: readonly Stage[], before: number): number | undefined {
  if (/^\d+$/.test(name)) {
    const index = Number(name);
    return index < before ? index : fail(`invalid stage index ${index}`);
  }
  return stages.slice(0, before).findLast((stage) => stage.name === name.toLowerCase())?.index;
}
