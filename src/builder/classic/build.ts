import {
  type Arg,
  type Dockerfile,
  DockerfileError,
  expandWord,
  findStage,
  parseInstruction,
  readDockerfile,
  type Stage,
} from '../../dockerfile/index.ts';
import { randomHex } from '../../port/index.ts';
import { type Digest, goQuote } from '../../spec/index.ts';
import { type Backend, BuildError, type BuildImage, type BuildMessage, type BuildOptions } from '../backend.ts';
import { BuildArgs } from '../build-args.ts';
import { stageConfig } from '../config.ts';
import type { SourceTree } from '../copy/source-tree.ts';
import { hostConfig } from '../host-config.ts';
import { sorted } from '../instructions/index.ts';
import type { Output } from '../output.ts';
import type { Prepared } from '../prepare.ts';
import { told } from '../told.ts';
import { Probe } from './cache.ts';
import { diffIds, type State } from './state.ts';
import { dispatch, type Stepping } from './steps.ts';

/**
 * The classic builder (DOCKER_BUILDKIT=0), dockerd 20.10: instructions in order, each a container and a commit, every
 * intermediate image kept. Resolves to the image's id; rejects with {@link BuildError}.
 */
export async function buildClassic(
  prepared: Prepared,
  options: BuildOptions,
  backend: Backend,
  output: Output,
): Promise<Digest> {
  const file = parse(prepared);
  const stages = withLabels(untilTarget(file.stages, options.target), options.labels ?? {});
  const warnings = file.file.emptyContinuations.map(
    ({ text }) => `[WARNING]: Empty continuation line found in:\n    ${text}\n`,
  );
  if (warnings.length > 0) {
    output.stderr(`${warnings.join('')}[WARNING]: Empty continuation lines will become errors in a future release.\n`);
  }
  return new ClassicBuild(prepared, options, backend, output, file).run(stages);
}

function parse({ dockerfile, name }: Prepared): Dockerfile {
  if (dockerfile === '') throw new BuildError(`the Dockerfile (${name}) cannot be empty`);
  try {
    return readDockerfile(dockerfile, 'classic');
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    if (error.kind === 'syntax') throw new BuildError(`failed to parse ${name}: ${error.message}`);
    if (error.kind === 'structure') throw new BuildError(error.message);
    throw new BuildError(`dockerfile parse error line ${error.lines?.start}: ${error.message}`);
  }
}

function untilTarget(stages: Stage[], target: string | undefined): Stage[] {
  if (!target) return stages;
  const stage = findStage(stages, target);
  if (!stage) throw new BuildError(`failed to reach build target ${target} in Dockerfile`);
  return stages.slice(0, stage.index + 1);
}

/** --label: LABEL instructions at the end of the last stage. */
function withLabels(stages: Stage[], labels: Readonly<Record<string, string>>): Stage[] {
  const last = stages.at(-1);
  if (!last) return stages;
  const added = Object.entries(sorted(labels)).map(([key, value]) => ({
    keyword: 'LABEL' as const,
    typed: 'LABEL',
    source: `LABEL ${key}=${value}`,
    lines: last.from.lines,
    comments: [],
    // Values of --label are taken literally.
    pairs: [{ key: literal(key), value: literal(value), legacy: false }],
  }));
  return [...stages.slice(0, -1), { ...last, instructions: [...last.instructions, ...added] }];
}

/** containerd's platform specifiers: `os`, `arch`, `os/arch`, `os/arch/variant`. */
function checkPlatform(text: string): void {
  const parts = text.split('/');
  const bad = parts.find((part) => !/^[A-Za-z0-9_-]+$/.test(part));
  if (bad !== undefined) {
    throw new BuildError(
      `failed to parse platform ${text}: ${goQuote(bad)} is an invalid component of ${goQuote(text)}: platform specifier component must match "^[A-Za-z0-9_-]+$": invalid argument`,
    );
  }
  if (parts.length > 3)
    throw new BuildError(
      `failed to parse platform ${text}: ${goQuote(text)}: cannot parse platform specifier: invalid argument`,
    );
}

const literal = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;

class ClassicBuild {
  private readonly built: { name?: string; state: State }[] = [];
  private args: BuildArgs;
  private step = 0;
  private total = 0;
  private readonly id: string;
  private current: { stage: Stage; source: string; line: number } | undefined;
  private reported = 0;

  constructor(
    private readonly prepared: Prepared,
    private readonly options: BuildOptions,
    private readonly backend: Backend,
    private readonly output: Output,
    private readonly file: Dockerfile,
  ) {
    this.args = BuildArgs.from(options.buildargs);
    this.id = randomHex(backend.entropy, 12);
  }

  async run(stages: Stage[]): Promise<Digest> {
    this.total = this.file.globalArgs.length + stages.reduce((sum, stage) => sum + 1 + stage.instructions.length, 0);
    if (this.backend.tracer.wants('build.begin')) {
      const about = told(this.prepared, this.file, stages, () => true);
      this.backend.tracer.emit({ type: 'build.begin', build: this.id, steps: this.total, form: 'classic', ...about });
    }
    try {
      const id = await this.runStages(stages);
      this.backend.tracer.emit({ type: 'build.end', build: this.id });
      return id;
    } catch (error) {
      this.backend.tracer.emit({ type: 'build.end', build: this.id, error: (error as Error).message });
      throw error;
    }
  }

  private async runStages(stages: Stage[]): Promise<Digest> {
    for (const arg of this.file.globalArgs) this.globalArg(arg);
    let last: State | undefined;
    for (const stage of stages) {
      if (stage.name && this.built.some((other) => other.name === stage.name)) {
        throw new BuildError(`${stage.name} stage name already used`);
      }
      last = await this.stage(stage);
      this.built.push({ name: stage.name, state: last });
      this.args = this.args.merge(last.args);
    }
    const unused = this.args.unused();
    if (unused.length > 0)
      this.output.stdout(`[Warning] One or more build-args [${unused.join(' ')}] were not consumed\n`);
    if (!last?.imageId) throw new BuildError('No image was generated. Is your Dockerfile empty?');
    return last.imageId;
  }

  private announce(source: string): void {
    this.step++;
    this.output.stdout(`Step ${this.step}/${this.total} : ${source}\n`);
  }

  private arrow(state: State): void {
    this.output.stdout(` ---> ${state.imageId.replace('sha256:', '').slice(0, 12)}\n`);
  }

  /** ARG before FROM: sees the ARGs before it. */
  private globalArg(arg: Arg): void {
    this.announce(arg.source);
    for (const { key, value } of arg.args) {
      const expand = (word: string) => this.word(word, (name) => this.args.get(name));
      this.args = this.args.withGlobal(expand(key), value === undefined ? undefined : expand(value));
    }
  }

  private word(word: string, lookup: (name: string) => string | undefined): string {
    return expandWord(word, lookup, { escape: this.file.file.escape, profile: 'classic' }).text;
  }

  private async stage(stage: Stage): Promise<State> {
    this.current = undefined;
    this.announce(stage.from.source);
    const started = this.backend.clock.monotonic();
    const image = await this.baseImage(stage);
    const step = this.step;
    let state: State = {
      imageId: image?.id ?? '',
      image: image?.config,
      config: stageConfig(image?.config.config),
      author: '',
      cmdSet: false,
      args: this.args.forStage(),
    };
    const stepping = this.stepping(stage);
    this.trace(stage, stage.from.source, stage.from.lines.start, true, 'the base image is there');
    this.ended(step, state, started);
    state = await this.triggers(stepping, state);
    this.arrow(state);
    for (const instruction of stage.instructions) {
      this.announce(instruction.source);
      this.current = { stage, source: instruction.source, line: instruction.lines.start };
      const begun = this.backend.clock.monotonic();
      this.backend.tracer.emit({ type: 'build.step.begin', build: this.id, line: instruction.lines.start });
      state = await dispatch(stepping, state, instruction);
      this.ended(this.step, state, begun);
      this.arrow(state);
    }
    if (state.imageId) this.output.send({ aux: { ID: state.imageId } });
    return state;
  }

  private trace(stage: Stage, instruction: string, line: number, hit: boolean, reason: string): void {
    if (this.reported === this.step) return;
    this.reported = this.step;
    const cache = hit ? 'hit' : 'miss';
    const name = stage.name ?? String(stage.index);
    this.backend.tracer.emit({
      type: 'build.step',
      build: this.id,
      stage: name,
      step: this.step,
      instruction,
      line,
      cache,
      reason,
    });
  }

  private ended(step: number, state: State, started: number): void {
    const ms = this.backend.clock.monotonic() - started;
    const layer = state.image?.rootfs.diff_ids.at(-1);
    this.backend.tracer.emit({ type: 'build.step.end', build: this.id, step, layer, imageId: state.imageId, ms });
  }

  private stepping(stage: Stage): Stepping {
    const { backend, options, output } = this;
    return {
      backend,
      options,
      output,
      context: this.prepared.context,
      probe: new Probe(backend, options.nocache ?? false, options.cachefrom),
      host: hostConfig(options),
      escape: this.file.file.escape,
      containers: [],
      from: (name, use) => this.copyFrom(name, use),
      decided: ({ hit, reason }) => {
        const { source, line } = this.current ?? { source: stage.from.source, line: stage.from.lines.start };
        this.trace(stage, source, line, hit, `${source}: ${reason}`);
      },
    };
  }

  /** ONBUILD instructions of the base image come first. */
  private async triggers(stepping: Stepping, begun: State): Promise<State> {
    const triggers = begun.config.OnBuild ?? [];
    let state: State = { ...begun, config: { ...begun.config, OnBuild: null } };
    if (triggers.length === 0) return state;
    this.output.stdout(`# Executing ${triggers.length} build trigger${triggers.length > 1 ? 's' : ''}\n`);
    for (const trigger of triggers) {
      const instruction = parseInstruction(trigger, 'classic');
      if (instruction.keyword === 'FROM') continue;
      state = await dispatch(stepping, state, instruction);
    }
    return state;
  }

  /** Undefined for scratch. */
  private async baseImage({ from }: Stage): Promise<BuildImage | undefined> {
    const globals = this.args.globals();
    const name = this.word(from.image, (key) => globals.get(key));
    const platform = this.word(from.platform, (key) => globals.get(key));
    if (from.platform) checkPlatform(platform);
    if (name === '') throw new BuildError(`base name (${from.image}) should not be blank`);
    const earlier = this.built.findLast((stage) => stage.name === name.toLowerCase());
    if (earlier) {
      const { imageId, image } = earlier.state;
      return imageId && image ? { id: imageId, config: image } : undefined;
    }
    if (name === 'scratch') return undefined;
    return this.resolve(name, platform || this.options.platform);
  }

  private resolve(name: string, platform: string | undefined): Promise<BuildImage> {
    const { pull = false, auths = {} } = this.options;
    const options = { pull, auths, platform, progress: (message: BuildMessage) => this.output.send(message) };
    return this.backend.resolveImage(name, options).catch((error: Error) => {
      // This daemon's reference package does not quote the name.
      error.message = error.message.replace(/repository name \(.*\) must/, 'repository name must');
      throw error;
    });
  }

  private async copyFrom<T>(name: string, use: (tree: SourceTree) => Promise<T>): Promise<T> {
    const layers = await this.layersOf(name).catch((error: Error) => {
      throw new BuildError(`invalid from flag value ${name}: ${error.message}`);
    });
    return this.backend.view(layers, use);
  }

  private async layersOf(name: string): Promise<readonly Digest[]> {
    if (/^[+-]?\d+$/.test(name)) {
      const stage = this.built[Number(name)];
      const own = Number(name) === this.built.length;
      if (!stage) throw new BuildError(own ? 'refers to current build stage' : 'index out of bounds');
      return diffIds(stage.state);
    }
    const stage = this.built.findLast((other) => other.name === name.toLowerCase());
    if (stage) return diffIds(stage.state);
    return (await this.resolve(name, this.options.platform)).config.rootfs.diff_ids;
  }
}
