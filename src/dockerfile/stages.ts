import { DockerfileError } from './error.ts';
import type { Arg, From, Instruction } from './instruction.ts';
import { parseInstructions } from './instructions.ts';
import { type ParsedFile, type Profile, parseDockerfile } from './parse.ts';

export interface Stage {
  index: number;
  from: From;
  /** Lower case; undefined when it has none. */
  name?: string;
  instructions: Instruction[];
}

export interface Dockerfile {
  file: ParsedFile;
  /** ARGs before the first FROM. */
  globalArgs: Arg[];
  stages: Stage[];
}

/** Text to stages. Throws DockerfileError only. */
export function readDockerfile(text: string, profile: Profile = 'buildkit'): Dockerfile {
  const file = parseDockerfile(text, profile);
  const globalArgs: Arg[] = [];
  const stages: Stage[] = [];
  for (const instruction of parseInstructions(file.nodes, profile)) {
    if (instruction.keyword === 'FROM') {
      stages.push({ index: stages.length, from: instruction, name: instruction.name, instructions: [] });
    } else if (stages.length > 0) stages.at(-1)!.instructions.push(instruction);
    else if (instruction.keyword === 'ARG') globalArgs.push(instruction);
    else throw new DockerfileError('structure', 'no build stage in current context', instruction.lines);
  }
  return { file, globalArgs, stages };
}

/** The stage of that name (the last one, any case) among those before `before`. */
export function findStage(stages: readonly Stage[], name: string, before = stages.length): Stage | undefined {
  return stages.slice(0, before).findLast((stage) => stage.name === name.toLowerCase());
}
