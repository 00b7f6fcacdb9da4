/** A build as `build.begin` tells it. */
import {
  type CheckOptions,
  checkDockerfile,
  type Dockerfile,
  type Instruction,
  parseMountFlag,
  type Stage,
} from '../dockerfile/index.ts';
import { type BuildFinding, type BuildStage, dockerfileShown } from '../trace/index.ts';
import type { Prepared } from './prepare.ts';

export interface Told {
  dockerfile: { name: string; text: string };
  stages: BuildStage[];
  findings: BuildFinding[];
}

export const told = (
  { name, dockerfile, ignore }: Prepared,
  file: Dockerfile,
  stages: readonly Stage[],
  isStep: (instruction: Instruction) => boolean,
  check: CheckOptions = {},
): Told => ({
  dockerfile: { name, text: dockerfile.slice(0, dockerfileShown) },
  stages: stages.map((stage) => toldStage(stage, stages, isStep)),
  findings: checkDockerfile(file, { excluded: (path) => ignore.excludes(path), ...check }).map(
    ({ rule, detail, url, lines }) => ({ rule, detail, url, line: lines.start }),
  ),
});

function toldStage(stage: Stage, all: readonly Stage[], isStep: (instruction: Instruction) => boolean): BuildStage {
  const from = earlier(stage.from.image, stage, all, false);
  return {
    name: stage.name ?? String(stage.index),
    base: stage.from.image,
    ...(from !== undefined && { from }),
    line: stage.from.lines.start,
    instructions: stage.instructions.map((instruction) => {
      const { source, lines } = instruction;
      const used = usedStage(instruction, stage, all);
      return {
        text: source,
        line: lines.start,
        end: lines.end,
        step: isStep(instruction),
        ...(used !== undefined && { from: used }),
      };
    }),
  };
}

function usedStage(instruction: Instruction, stage: Stage, all: readonly Stage[]): number | undefined {
  const names =
    instruction.keyword === 'COPY' || instruction.keyword === 'ADD'
      ? [instruction.from]
      : instruction.keyword === 'RUN'
        ? instruction.mounts.map(mountFrom)
        : [];
  return names.map((name) => (name ? earlier(name, stage, all, true) : undefined)).find((index) => index !== undefined);
}

/** A mount that cannot be read is the build's to refuse. */
function mountFrom(flag: string): string | undefined {
  try {
    return parseMountFlag(flag, String).from;
  } catch {
    return undefined;
  }
}

/** Where in `all` the earlier stage of that name, or number, is. */
function earlier(name: string, { index }: Stage, all: readonly Stage[], numbers: boolean): number | undefined {
  const named = (stage: Stage) =>
    numbers && /^\d+$/.test(name) ? stage.index === Number(name) : stage.name === name.toLowerCase();
  const found = all.findLastIndex((stage) => stage.index < index && named(stage));
  return found < 0 ? undefined : found;
}
