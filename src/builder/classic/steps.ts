import { type Copy, expandWord, type Instruction, type Run } from '../../dockerfile/index.ts';
import { type ContainerConfig, fromUtf8, paced } from '../../spec/index.ts';
import { type Backend, BuildError, type BuildHostConfig, type BuildOptions } from '../backend.ts';
import { isPredefined } from '../build-args.ts';
import { commandLine, envLookup } from '../config.ts';
import { parseOwner } from '../copy/chown.ts';
import type { BuildContext } from '../copy/context.ts';
import { joinHashes } from '../copy/copy-hash.ts';
import { place } from '../copy/place.ts';
import { download, isUrl } from '../copy/remote.ts';
import type { SourceTree } from '../copy/source-tree.ts';
import { type CopySource, findSources } from '../copy/sources.ts';
import { configEffect } from '../instructions/index.ts';
import type { Output } from '../output.ts';
import { destinationPath } from '../paths.ts';
import type { Probe } from './cache.ts';
import { childImage } from './image-config.ts';
import { commentConfig, diffIds, joinedCommentConfig, type State } from './state.ts';

/** What the steps of one stage share. */
export interface Stepping {
  backend: Backend;
  options: BuildOptions;
  output: Output;
  context: BuildContext;
  probe: Probe;
  host: BuildHostConfig;
  escape: string;
  /** Runs `use` on the tree that `--from=name` names. Errors are complete. */
  from<T>(name: string, use: (tree: SourceTree) => Promise<T>): Promise<T>;
  /** Containers made by the current instruction, to be removed after it. */
  containers: string[];
  decided(decision: { hit: boolean; reason: string }): void;
}

const requiresBuildKit = (flag: string) =>
  new BuildError(
    `the ${flag} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled`,
  );

/** Carries out one instruction. Containers it made are gone afterwards, unless --rm=false or it failed. */
export async function dispatch(stepping: Stepping, state: State, instruction: Instruction): Promise<State> {
  stepping.containers = [];
  let failed = true;
  try {
    const next = await carryOut(stepping, state, instruction);
    failed = false;
    return next;
  } finally {
    const { rm = true, forcerm = false } = stepping.options;
    if (forcerm || (rm && !failed)) await removeContainers(stepping);
  }
}

async function removeContainers({ containers, backend, output }: Stepping): Promise<void> {
  for (const id of containers) {
    await backend.removeContainer(id);
    output.stdout(`Removing intermediate container ${id.slice(0, 12)}\n`);
  }
}

async function carryOut(stepping: Stepping, state: State, instruction: Instruction): Promise<State> {
  switch (instruction.keyword) {
    case 'RUN':
      return run(stepping, state, instruction);
    case 'COPY':
    case 'ADD':
      return copy(stepping, state, instruction);
    case 'ARG':
      return arg(stepping, state, instruction);
    case 'MAINTAINER':
      return commit(stepping, { ...state, author: instruction.value }, `MAINTAINER ${instruction.value}`);
    default:
      return configure(stepping, state, instruction);
  }
}

const expander = (stepping: Stepping, state: State) => {
  const visible = [...state.args.visible(state.config.Env ?? [])].map(([key, value]) => `${key}=${value}`);
  const lookup = envLookup(state.config.Env, visible);
  return (word: string) => expandWord(word, lookup, { escape: stepping.escape, profile: 'classic' });
};

/** Instructions that only change the config. */
async function configure(stepping: Stepping, state: State, instruction: Instruction): Promise<State> {
  const expand = expander(stepping, state);
  const { config, cmdSet } = state;
  const scope = {
    config,
    cmdSet,
    form: 'classic' as const,
    expand: (w: string) => expand(w).text,
    expandWords: (w: string) => expand(w).words,
  };
  const effect = configEffect(scope, instruction)!;
  for (const note of effect.notes ?? []) stepping.output.stdout(note);
  const next = { ...state, config: effect.config, cmdSet: cmdSet || instruction.keyword === 'CMD' };
  if (instruction.keyword !== 'WORKDIR') return commit(stepping, next, effect.comment);
  const recorded = joinedCommentConfig(next.config, effect.comment);
  return viaContainer(stepping, next, recorded, (container) => stepping.backend.createWorkingDir(container));
}

/** `ARG <name>[=<default>] ...` */
function arg(stepping: Stepping, state: State, instruction: Extract<Instruction, { keyword: 'ARG' }>): Promise<State> {
  const expand = expander(stepping, state);
  let { args } = state;
  const shown = instruction.args.map(({ key, value }) => {
    const name = expand(key).text;
    const text = value === undefined ? undefined : expand(value).text;
    args = args.with(name, text);
    return text === undefined ? name : `${name}=${text}`;
  });
  return commit(stepping, { ...state, args }, `ARG ${shown.join(' ')}`);
}

const commit = (stepping: Stepping, state: State, comment: string): Promise<State> =>
  viaContainer(stepping, state, commentConfig(state.config, comment));

/** A step that is recorded by committing a container that never ran. */
async function viaContainer(
  stepping: Stepping,
  state: State,
  recorded: ContainerConfig,
  prepare?: (container: string) => Promise<void>,
): Promise<State> {
  const hit = await probe(stepping, state, recorded);
  if (hit) return hit;
  const container = await createContainer(stepping, state, recorded, prepare);
  // What the daemon fills in when it creates the container stays in the config of the step.
  return commitContainer(stepping, state, container, {
    ...recorded,
    Hostname: recorded.Hostname || container.slice(0, 12),
    Labels: recorded.Labels ?? {},
  });
}

async function probe(stepping: Stepping, state: State, wanted: ContainerConfig): Promise<State | undefined> {
  const decision = await stepping.probe.look(state, wanted);
  stepping.decided(decision);
  if (!decision.hit) return undefined;
  stepping.output.stdout(' ---> Using cache\n');
  return { ...state, imageId: decision.image.id, image: decision.image.config };
}

async function createContainer(
  stepping: Stepping,
  state: State,
  config: ContainerConfig,
  prepare?: (container: string) => Promise<void>,
): Promise<string> {
  const { id, warnings } = await stepping.backend.createContainer({ ...config, Image: state.imageId }, stepping.host);
  await prepare?.(id).catch(async (error: unknown) => {
    await stepping.backend.removeContainer(id);
    throw error;
  });
  stepping.containers.push(id);
  for (const warning of warnings) stepping.output.stdout(` ---> [Warning] ${warning}\n`);
  stepping.output.stdout(` ---> Running in ${id.slice(0, 12)}\n`);
  return id;
}

async function commitContainer(
  stepping: Stepping,
  state: State,
  container: string,
  containerConfig: ContainerConfig,
): Promise<State> {
  const { backend } = stepping;
  const layer = await backend.commitContainer(container, (containerConfig.Cmd ?? []).join(' '));
  const image = childImage(state, { container, containerConfig, layer }, backend, backend.clock.now());
  return { ...state, image, imageId: await backend.putImage(image, state.imageId) };
}

/** `RUN <command>`, `RUN ["executable", "parameter", ...]` */
async function run(stepping: Stepping, state: State, instruction: Run): Promise<State> {
  if (instruction.mounts.length > 0) throw requiresBuildKit('--mount');
  const line = commandLine(state.config, instruction);
  const visible = [...state.args.visible(state.config.Env ?? [])];
  const args = visible.map(([key, value]) => `${key}=${value}`);
  // Predefined args change the result only when the Dockerfile names them, so only then they are part of the command.
  const counted = visible
    .filter(([key]) => !isPredefined(key) || state.args.isReferenced(key))
    .map(([key, value]) => `${key}=${value}`)
    .sort();
  const saved = visible.length > 0 ? [`|${counted.length}`, ...counted, ...line] : line;
  const entrypoint = saved.length > 0 ? null : state.config.Entrypoint;
  const recorded = { ...state.config, Cmd: saved, Entrypoint: entrypoint };
  const hit = await probe(stepping, state, recorded);
  if (hit) return hit;
  const config = {
    ...state.config,
    Cmd: line,
    Entrypoint: saved.length > 0 ? [''] : entrypoint,
    Env: [...(state.config.Env ?? []), ...args],
    // A step is not checked, whatever the image says.
    Healthcheck: { Test: ['NONE'] },
  };
  const container = await createContainer(stepping, state, config);
  await runContainer(stepping, container, line);
  return commitContainer(stepping, state, container, recorded);
}

async function runContainer({ backend, output, options }: Stepping, container: string, line: string[]): Promise<void> {
  const stdio = {
    stdout: (bytes: Uint8Array) => output.stdout(fromUtf8(bytes)),
    stderr: (bytes: Uint8Array) => output.stderr(fromUtf8(bytes)),
  };
  const { code } = await backend.startContainer(container, stdio, options.signal);
  if (code !== 0) throw new BuildError(`The command '${line.join(' ')}' returned a non-zero code: ${code}`, code);
}

/** `COPY [--from --chown] <src>... <dest>`, `ADD [--chown] <src>... <dest>` */
async function copy(stepping: Stepping, state: State, instruction: Copy): Promise<State> {
  if (instruction.chmod) throw requiresBuildKit('--chmod');
  const expand = expander(stepping, state);
  const words = instruction.sources.map((word) => expand(word).text);
  const destination = expand(instruction.destination).text;
  const chown = expand(instruction.chown).text;
  const carry = async (tree: SourceTree) => {
    const sources = await named(instruction, words, destination, tree, stepping);
    return copySources(stepping, state, instruction, { sources, destination, chown });
  };
  return instruction.from ? stepping.from(instruction.from, carry) : carry(stepping.context);
}

async function named(
  instruction: Copy,
  words: readonly string[],
  destination: string,
  tree: SourceTree,
  { backend, output }: Stepping,
): Promise<CopySource[]> {
  try {
    const sources: CopySource[] = [];
    for (const word of words) {
      if (!isUrl(word))
        sources.push(...(await paced(findSources(tree, [word], instruction.from === ''), backend.pause)));
      else if (instruction.keyword === 'COPY') throw new BuildError("source can't be a URL for COPY");
      else {
        sources.push(await download(word, destination, backend));
        output.stdout('\n');
      }
    }
    if (sources.length === 0) throw new BuildError('no source files were specified');
    return sources;
  } catch (error) {
    if (error instanceof BuildError) throw new BuildError(`${instruction.keyword} failed: ${error.message}`);
    throw error;
  }
}

async function copySources(
  stepping: Stepping,
  state: State,
  { keyword, from }: Copy,
  { sources, destination, chown }: { sources: CopySource[]; destination: string; chown: string },
): Promise<State> {
  if (sources.length > 1 && !destination.endsWith('/') && !/(^|\/)\.$/.test(destination)) {
    throw new BuildError(
      `When using ${keyword} with more than one source file, the destination must be a directory and end with a /`,
    );
  }
  const hash = joinHashes(sources.map((source) => source.hash));
  const comment = `${keyword} ${chown && `--chown=${chown}`}${hash} in ${destination} `;
  const recorded = joinedCommentConfig(state.config, comment);
  const hit = await probe(stepping, state, recorded);
  if (hit) return hit;
  const { backend } = stepping;
  const workspace = await backend.open(diffIds(state));
  try {
    const hostPath = workspace.root;
    await workspace.tree(async (target) => {
      const root = { uid: 0, gid: 0 };
      const owner = chown ? await chownOwner(chown, target) : from ? undefined : root;
      const unpack = keyword === 'ADD';
      const options = { owner, unpack, hostPath, buildkit: false, now: backend.clock.now() };
      for (const source of sources)
        await placeNamed(() =>
          paced(place(source, target, destinationPath(state.config.WorkingDir, destination), options), backend.pause),
        );
    });
    const layer = await workspace.commit((recorded.Cmd ?? []).join(' '));
    const image = childImage(state, { container: '', containerConfig: recorded, layer }, backend, backend.clock.now());
    return { ...state, image, imageId: await backend.putImage(image, state.imageId) };
  } finally {
    await workspace.discard();
  }
}

const prefixed = async <T>(prefix: string, action: () => T | Promise<T>): Promise<T> => {
  try {
    return await action();
  } catch (error) {
    throw error instanceof BuildError ? new BuildError(`${prefix}: ${error.message}`) : error;
  }
};
const placeNamed = (action: () => Promise<void>) => prefixed('failed to copy files', action);
const chownOwner = (chown: string, target: SourceTree) =>
  prefixed('unable to convert uid/gid chown string to host mapping', () => parseOwner(chown, target));
