import type { Instruction } from '../../dockerfile/index.ts';
import type { ContainerConfig } from '../../spec/index.ts';

/** Which builder asks: their history texts and some rules differ. */
export type Form = 'classic' | 'buildkit';

/** What an instruction does to a stage's config, and how the history tells it (without "/bin/sh -c #(nop) "). */
export interface Effect {
  config: ContainerConfig;
  comment: string;
  /** Lines for the build's output. */
  notes?: string[];
}

export interface Scope {
  config: ContainerConfig;
  /** CMD was given in this stage: a later ENTRYPOINT keeps it. */
  cmdSet: boolean;
  form: Form;
  /** Expands variables and removes quotes. Throws DockerfileError of kind 'word'. */
  expand(word: string): string;
  /** The same, split into words. */
  expandWords(word: string): string[];
}

export type Dispatcher<I extends Instruction = Instruction> = (scope: Scope, instruction: I) => Effect;
