import type { Copy, Instruction, Run } from '../../dockerfile/index.ts';
import { type Digest, rfc3339Nano } from '../../spec/index.ts';
import { type Backend, BuildError, type BuildOptions } from '../backend.ts';
import type { BuildContext } from '../copy/context.ts';
import type { SourceTree } from '../copy/source-tree.ts';
import { configEffect } from '../instructions/index.ts';
import { relative } from '../paths.ts';
import { cached, type Inputs, type StepResult } from './cache.ts';
import { executeCopy, planCopy } from './copy.ts';
import type { Progress, VertexHandle } from './progress.ts';
import { argPrefix, executeRun, runCommand } from './run.ts';
import { expander, shownCommand } from './scope.ts';
import { remember, type State } from './state.ts';

/** What the steps of one stage share. */
export interface Stepping {
  backend: Backend;
  options: BuildOptions;
  progress: Progress;
  context: BuildContext;
  escape: string;
  /** "[build 2/3] " of the current vertex. */
  prefix(): string;
  /** Why the cache must not be used; undefined when it may. */
  ignoreCache: string | undefined;
  from<T>(name: string, use: (tree: SourceTree) => Promise<T>): Promise<T>;
  layersOf(name: string): Promise<readonly Digest[]>;
  /** The vertex that loads the context, published on first use. */
  contextVertex(): Promise<Digest>;
  checksumError(path: string): BuildError;
  decided(instruction: Instruction, result: StepResult, started: number): void;
}

/** Instructions that become a vertex of their own. */
export const isVertex = (instruction: Instruction): boolean =>
  ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(instruction.keyword);

const created = (stepping: Stepping): string => rfc3339Nano(stepping.backend.clock.now());

export async function dispatch(stepping: Stepping, state: State, instruction: Instruction): Promise<State> {
  switch (instruction.keyword) {
    case 'RUN':
      return run(stepping, state, instruction);
    case 'COPY':
    case 'ADD':
      return copy(stepping, state, instruction);
    case 'ARG':
      return arg(stepping, state, instruction);
    case 'MAINTAINER': {
      const history = remember(state, `MAINTAINER ${instruction.value}`, false, created(stepping));
      return { ...state, author: instruction.value, history };
    }
    default:
      return configure(stepping, state, instruction);
  }
}

async function configure(stepping: Stepping, state: State, instruction: Instruction): Promise<State> {
  const expand = expander(state, stepping.escape);
  const { config, cmdSet } = state;
  const effect = configEffect(
    { config, cmdSet, form: 'buildkit', expand: (w) => expand(w).text, expandWords: (w) => expand(w).words },
    instruction,
  )!;
  const next = { ...state, config: effect.config, cmdSet: cmdSet || instruction.keyword === 'CMD' };
  if (instruction.keyword === 'WORKDIR') return workdir(stepping, next, instruction, effect.comment);
  return { ...next, history: remember(state, effect.comment, false, created(stepping)) };
}

/** `ARG <name>[=<default>] ...`: no vertex, no layer. */
function arg(stepping: Stepping, state: State, instruction: Extract<Instruction, { keyword: 'ARG' }>): State {
  let next = state;
  const shown = instruction.args.map(({ key, value }) => {
    const text = value === undefined ? undefined : expander(next, stepping.escape)(value).text;
    next = { ...next, args: next.args.with(key, text) };
    const given = next.args.get(key);
    return given === undefined ? key : `${key}=${given}`;
  });
  return { ...next, history: remember(state, `ARG ${shown.join(' ')}`, false, created(stepping)) };
}

/** Runs a vertex through the cache and adds its layer and history to the state. */
async function step(
  stepping: Stepping,
  state: State,
  instruction: Instruction,
  what: {
    inputs: Inputs;
    vertices: Digest[];
    createdBy: string;
    type?: string;
    work(handle: VertexHandle): ReturnType<typeof executeRun>;
  },
): Promise<State> {
  const name = `${stepping.prefix()}${shownCommand(state, firstLine(instruction), stepping.escape)}`;
  const begun = stepping.backend.clock.monotonic();
  return stepping.progress.vertex(name, [...state.vertex, ...what.vertices], async (handle) => {
    const record = {
      inputs: what.inputs,
      description: name,
      type: what.type ?? 'regular',
      ignore: stepping.ignoreCache,
    };
    const result = await cached(stepping.backend, state, record, () => what.work(handle));
    if (result.hit) handle.cached();
    stepping.decided(instruction, result, begun);
    return {
      ...state,
      key: result.key,
      vertex: [handle.digest],
      layers: result.layer ? [...state.layers, result.layer.diffId] : state.layers,
      history: remember(state, what.createdBy, result.layer !== null, created(stepping)),
    };
  });
}

/** The instruction, with what a heredoc holds told in brackets. */
function firstLine(instruction: Instruction): string {
  if (instruction.keyword !== 'RUN' || instruction.heredocs.length === 0) return instruction.source;
  const lines = instruction.heredocs[0]!.content.trim().split('\n');
  return `${instruction.source} (${lines[0]}${lines.length > 1 ? '...' : ''})`;
}

/** `RUN [--mount --network] <command>` */
async function run(stepping: Stepping, state: State, instruction: Run): Promise<State> {
  if (instruction.security === 'insecure') throw new BuildError('failed to load LLB: security.insecure is not allowed');
  if (instruction.devices.length > 0) throw new BuildError('drydock: RUN --device is not simulated');
  const command = runCommand(state, instruction);
  const operation = JSON.stringify({
    run: command.args,
    env: state.config.Env,
    args: argPrefix(state),
    cwd: state.config.WorkingDir,
    user: state.config.User,
    flags: instruction.flags,
    script: command.script,
  });
  const createdBy = `RUN ${argPrefix(state)}${command.args.join(' ')} # buildkit`;
  const work = (handle: VertexHandle) => executeRun(stepping, state, instruction, command, handle);
  const bound = instruction.mounts.some((mount) => !/type=/.test(mount) || /type=bind/.test(mount));
  const vertices = bound ? [await stepping.contextVertex()] : [];
  const inputs = { operation, ...bindInputs(stepping, bound) };
  return step(stepping, state, instruction, { inputs, vertices, createdBy, work });
}

/** A bind mount of the context makes its files part of the key. */
function bindInputs({ context }: Stepping, bound: boolean): Inputs {
  return bound ? { context: context.digest() } : {};
}

/** `COPY [--from --chown --chmod --link] <src>... <dest>`, `ADD ...` */
async function copy(stepping: Stepping, state: State, instruction: Copy): Promise<State> {
  const carry = async (tree: SourceTree, vertices: Digest[]) => {
    const begun = `${stepping.prefix()}${shownCommand(state, instruction.source, stepping.escape)}`;
    const plan = await planCopy(stepping, state, instruction, tree).catch((error: Error) =>
      failVertex(stepping, begun, vertices, error),
    );
    const { files, createdBy } = plan;
    const operation = JSON.stringify([createdBy, state.config.WorkingDir]);
    const work = () => executeCopy(stepping, state, instruction, plan);
    return step(stepping, state, instruction, { inputs: { operation, ...files }, vertices, createdBy, work });
  };
  if (instruction.from) return stepping.from(instruction.from, (tree) => carry(tree, []));
  return carry(stepping.context, instruction.sources.length > 0 ? [await stepping.contextVertex()] : []);
}

/** A vertex that fails before its key is known. */
async function failVertex({ progress }: Stepping, name: string, inputs: Digest[], cause: Error): Promise<never> {
  const failed = progress.vertex(name, inputs, async () => {
    throw cause;
  });
  return failed.catch((error: Error) => {
    const missing = error.message.startsWith('failed to calculate checksum');
    throw missing ? new BuildError(`failed to compute cache key: ${error.message}`) : error;
  });
}

/** `WORKDIR <path>`: a layer only when the directory is not there. */
function workdir(stepping: Stepping, state: State, instruction: Instruction, createdBy: string): Promise<State> {
  const path = relative(state.config.WorkingDir);
  const work = async () => {
    const workspace = await stepping.backend.open(state.layers);
    try {
      await workspace.tree((tree) => {
        const parts = path.split('/').filter(Boolean);
        for (const [index] of parts.entries()) {
          const directory = tree.resolve(parts.slice(0, index + 1).join('/'), true);
          if (!tree.lstat(directory)) tree.mkdir(directory, 0o755);
        }
      });
      return await workspace.commit(createdBy);
    } finally {
      await workspace.discard();
    }
  };
  return step(stepping, state, instruction, { inputs: { operation: createdBy }, vertices: [], createdBy, work });
}
