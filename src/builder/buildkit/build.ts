import { TarContent } from '../../archive/index.ts';
import { digestOfBytes } from '../../content/index.ts';
import {
  type CheckOptions,
  checkDockerfile,
  checkIsError,
  type Dockerfile,
  DockerfileError,
  type Instruction,
  parseInstruction,
  readDockerfile,
} from '../../dockerfile/index.ts';
import { compareUpper } from '../../layer/index.ts';
import { randomHex } from '../../port/index.ts';
import type { Package } from '../../sbom/index.ts';
import {
  base64,
  type Digest,
  goQuote,
  type HistoryEntry,
  paced,
  rfc3339Nano,
  type Steps,
  utf8,
} from '../../spec/index.ts';
import {
  type Backend,
  BuildError,
  type BuildImage,
  type BuildMessage,
  type BuildOptions,
  type BuildResult,
  type ContextUpload,
} from '../backend.ts';
import { stageConfig } from '../config.ts';
import { BuildContext } from '../copy/context.ts';
import type { SourceTree } from '../copy/source-tree.ts';
import { sorted } from '../instructions/index.ts';
import { type Prepared, prepare } from '../prepare.ts';
import { familiar, normalizeReference, normalizeTags } from '../reference.ts';
import { told } from '../told.ts';
import type { BuildFacts, BuiltStep } from './attest.ts';
import type { StepResult } from './cache.ts';
import { imageConfig } from './image-config.ts';
import { makePlan, type Plan, type PlannedStage, stageIndex } from './plan.ts';
import { Progress, type VertexHandle } from './progress.ts';
import type { State } from './state.ts';
import { dispatch, isVertex, type Stepping } from './steps.ts';

/**
 * BuildKit: the Dockerfile as a graph of vertices, of which only those are built that the target needs, each cached by
 * the content of what goes into it. The order is that of the file; nothing runs at the same time, so that equal builds
 * give equal output.
 *
 * Differs from Docker: vertices run one after the other.
 */
export async function buildKit(
  options: BuildOptions,
  upload: ContextUpload,
  backend: Backend,
  emit: (message: BuildMessage) => void,
): Promise<BuildResult> {
  const progress = new Progress(backend, emit);
  const solve = new Solve(options, backend, progress);
  try {
    const tags = normalizeTags(options.t);
    const imageId = await solve.run(upload, tags);
    if (imageId) progress.send({ id: 'moby.image.id', aux: { ID: imageId } });
    return { imageId };
  } catch (error) {
    if (!progress.started) throw error;
    const message = solve.explain(error as Error);
    progress.send({ errorDetail: { message }, error: message });
    return {};
  }
}

/** Bytes of a message; a multiple of three. */
const exportPiece = 3 << 18;

const bytes = (text: string): number => utf8(text).length;

class Solve {
  private readonly id: string;
  private prepared!: Prepared;
  private file!: Dockerfile;
  private plan!: Plan;
  private readonly images = new Map<string, BuildImage>();
  private readonly built = new Map<number, State>();
  private loadedContext: Digest | undefined;
  private step = 0;
  /** For the provenance. */
  private readonly steps: BuiltStep[] = [];
  private readonly started: string;

  constructor(
    private readonly options: BuildOptions,
    private readonly backend: Backend,
    private readonly progress: Progress,
  ) {
    this.id = randomHex(backend.entropy, 12);
    this.started = progress.now();
  }

  async run(upload: ContextUpload, tags: readonly string[]): Promise<Digest | undefined> {
    await this.loadDefinition(upload);
    this.file = readDockerfile(this.prepared.dockerfile);
    if (this.options.check) {
      this.lint();
      return undefined;
    }
    this.plan = makePlan(this.file, this.options, this.backend.platform);
    for (const planned of this.plan.needed) await this.loadMetadata(planned);
    await this.loadIgnore();
    this.lint();
    const steps = this.plan.needed.reduce((sum, planned) => sum + this.vertices(planned), 0);
    this.begun(steps);
    try {
      for (const planned of this.plan.needed) this.built.set(planned.stage.index, await this.stage(planned));
      const result = this.built.get(this.plan.target.stage.index)!;
      const id = this.options.output ? await this.send(result, this.options.output) : await this.export(result, tags);
      this.backend.tracer.emit({ type: 'build.end', build: this.id });
      return id;
    } catch (error) {
      this.backend.tracer.emit({ type: 'build.end', build: this.id, error: (error as Error).message });
      throw error;
    }
  }

  private begun(steps: number): void {
    const { tracer } = this.backend;
    if (!tracer.wants('build.begin')) return;
    const stages = this.plan.needed.map(({ stage }) => stage);
    const about = told(this.prepared, this.file, stages, isVertex, this.checkOptions());
    tracer.emit({ type: 'build.begin', build: this.id, steps, form: 'buildkit', ...about });
  }

  /** The error's last line, and the place in the Dockerfile for whoever shows an excerpt. */
  explain(error: Error): string {
    if (!(error instanceof DockerfileError)) return `failed to solve: ${error.message}`;
    if (error.lines) this.pointAt(error.lines);
    const where = error.kind === 'instruction' ? `dockerfile parse error on line ${error.lines?.start}: ` : '';
    return `failed to solve: ${where}${error.message}`;
  }

  private pointAt(range: { start: number; end: number }): void {
    if (this.prepared) this.progress.source({ filename: this.prepared.name, data: this.prepared.dockerfile, range });
  }

  private async loadDefinition(upload: ContextUpload): Promise<void> {
    const name = shownName(this.options.dockerfile || 'Dockerfile');
    await this.progress.vertex(`[internal] load build definition from ${name}`, [], async (handle) => {
      try {
        this.prepared = prepare(await paced(BuildContext.reading(upload), this.backend.pause), this.options);
      } catch (error) {
        handle.task('transferring dockerfile:', { current: 2, done: true });
        if (!(error instanceof BuildError) || error.status !== 500) throw error;
        throw new BuildError(`failed to read dockerfile: open ${name}: no such file or directory`);
      }
      handle.task('transferring dockerfile:', {
        current: transferSize(name, bytes(this.prepared.dockerfile)),
        done: true,
      });
    });
    if (this.prepared.dockerfile.trim() === '') throw new BuildError('the Dockerfile cannot be empty');
  }

  private async loadMetadata(planned: PlannedStage): Promise<void> {
    if (planned.base.kind !== 'image' || this.images.has(planned.base.reference)) return;
    const { reference, typed } = planned.base;
    try {
      await this.progress.vertex(`[internal] load metadata for ${reference}`, [], async () => {
        this.images.set(reference, await this.resolve(reference, planned.platform));
      });
    } catch (error) {
      this.pointAt(planned.stage.from.lines);
      throw new BuildError(`${typed}: failed to resolve source metadata for ${reference}: ${(error as Error).message}`);
    }
  }

  private resolve(reference: string, platform: string | undefined): Promise<BuildImage> {
    const { pull = false, auths = {} } = this.options;
    return this.backend.resolveImage(reference, { pull, auths, platform });
  }

  private async loadIgnore(): Promise<void> {
    const { ignore } = this.prepared;
    await this.progress.vertex('[internal] load .dockerignore', [], async (handle) => {
      const size = ignore.patterns.length === 0 ? 2 : transferSize('.dockerignore', bytes(ignore.patterns.join('\n')));
      handle.task('transferring context:', { current: size, done: true });
    });
  }

  private checkOptions(): CheckOptions {
    const { ignore } = this.prepared;
    const buildArgs = Object.fromEntries(
      Object.entries(this.options.buildargs ?? {}).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    );
    const baseEnv = (image: string) => {
      const found = this.images.get(safeReference(image) ?? '');
      return (found?.config.config?.Env ?? []).map((entry) => entry.split('=', 1)[0]!);
    };
    return { buildArgs, baseEnv, excluded: (path) => ignore.excludes(path) };
  }

  private lint(): void {
    const { name: filename, dockerfile: data } = this.prepared;
    const warnings = checkDockerfile(this.file, this.checkOptions());
    const vertex = digestOfBytes(utf8(`[internal] load build definition from ${shownName(filename)}\n`));
    this.progress.warn(
      warnings.map(({ rule, detail, description, url, lines }) => ({
        vertex,
        level: 1,
        short: `${rule}: ${detail} (line ${lines.start})`,
        detail: [description],
        url,
        info: { filename, data },
        range: lines,
      })),
    );
    if (warnings.length > 0 && checkIsError(this.file)) {
      const rules = [...new Set(warnings.map(({ rule }) => rule))].sort();
      throw new BuildError(`lint violation found for rules: ${rules.join(', ')}`);
    }
  }

  private vertices({ base, stage }: PlannedStage): number {
    return (base.kind === 'image' ? 1 : 0) + stage.instructions.filter(isVertex).length;
  }

  private async stage(planned: PlannedStage): Promise<State> {
    const triggers = this.triggers(planned);
    const total = this.vertices(planned) + triggers.filter(isVertex).length;
    let count = planned.base.kind === 'image' ? 1 : 0;
    const prefix = () => `[${planned.label ? `${planned.label} ` : ''}${count}/${total}] `;
    let state = await this.begin(planned, prefix);
    const stepping = this.stepping(planned, prefix);
    for (const instruction of [...triggers, ...planned.stage.instructions]) {
      if (isVertex(instruction)) {
        count++;
        this.backend.tracer.emit({ type: 'build.step.begin', build: this.id, line: instruction.lines.start });
      }
      try {
        state = await dispatch(stepping, state, instruction);
      } catch (error) {
        // Errors of a word carry no place, those of a vertex neither: both are this instruction's.
        if (error instanceof DockerfileError) throw error.at(instruction.lines);
        if (!triggers.includes(instruction)) this.pointAt(instruction.lines);
        throw error;
      }
    }
    return state;
  }

  /** ONBUILD of the base. */
  private triggers(planned: PlannedStage): Instruction[] {
    const config =
      planned.base.kind === 'image'
        ? this.images.get(planned.base.reference)?.config.config
        : planned.base.kind === 'stage'
          ? this.built.get(planned.base.stage.index)?.config
          : undefined;
    return (config?.OnBuild ?? []).flatMap((text) => {
      const instruction = parseInstruction(text, 'buildkit');
      return instruction.keyword === 'FROM' ? [] : [instruction];
    });
  }

  private async begin(planned: PlannedStage, prefix: () => string): Promise<State> {
    const args = this.plan.args.forStage();
    const { base } = planned;
    if (base.kind === 'stage') {
      const state = this.built.get(base.stage.index)!;
      return { ...state, args, cmdSet: false, config: { ...state.config, OnBuild: null } };
    }
    if (base.kind === 'scratch') {
      const key = digestOfBytes(utf8('scratch'));
      return {
        key,
        vertex: [],
        layers: [],
        config: stageConfig(undefined),
        history: [],
        args,
        cmdSet: false,
        author: '',
      };
    }
    const image = this.images.get(base.reference)!;
    const shown = base.reference + (image.manifestDigest ? `@${image.manifestDigest}` : '');
    const { lines } = planned.stage.from;
    this.steps.push({ stage: planned.stage.index, image: shown, lines, layers: image.config.rootfs.diff_ids });
    return this.progress.vertex(`${prefix()}FROM ${shown}`, [], async (handle) => ({
      key: digestOfBytes(utf8(JSON.stringify(image.config.rootfs.diff_ids))),
      vertex: [handle.digest],
      layers: image.config.rootfs.diff_ids,
      config: { ...stageConfig(image.config.config), OnBuild: null },
      history: image.config.history ?? [],
      args,
      cmdSet: false,
      author: image.config.author ?? '',
    }));
  }

  private stepping(planned: PlannedStage, prefix: () => string): Stepping {
    const { backend, options, progress } = this;
    const filtered = options.nocachefilter?.includes(planned.stage.name ?? '') ?? false;
    return {
      backend,
      options,
      progress,
      context: this.prepared.context,
      escape: this.file.file.escape,
      prefix,
      ignoreCache: options.nocache ? '--no-cache' : filtered ? '--no-cache-filter' : undefined,
      from: async (name, use) => backend.view(await this.layersOf(name, planned), use),
      layersOf: (name) => this.layersOf(name, planned),
      contextVertex: () => this.loadContext(),
      checksumError: (path) => {
        const reference = `${randomHex(backend.entropy, 25)}::${randomHex(backend.entropy, 25)}`;
        return new BuildError(`failed to calculate checksum of ref ${reference}: "${path}": not found`);
      },
      decided: (instruction, result, started) => this.report(planned, instruction, result, started),
    };
  }

  private report(planned: PlannedStage, instruction: Instruction, result: StepResult, started: number): void {
    this.step++;
    const { source, lines } = instruction;
    this.noteStep(planned, instruction, result);
    const stage = planned.label || String(planned.stage.index);
    const cache = result.hit ? 'hit' : 'miss';
    const reason = `${source}: ${result.reason}`;
    const { tracer, clock } = this.backend;
    tracer.emit({
      type: 'build.step',
      build: this.id,
      stage,
      step: this.step,
      instruction: source,
      line: lines.start,
      cache,
      reason,
    });
    const ms = clock.monotonic() - started;
    const { diffId: layer, size = 0 } = result.layer ?? {};
    tracer.emit({ type: 'build.step.end', build: this.id, step: this.step, layer, size, ms });
  }

  private noteStep({ stage, base }: PlannedStage, { source, lines }: Instruction, { layer }: StepResult): void {
    const start = base.kind === 'stage' ? (this.built.get(base.stage.index)?.layers ?? []) : [];
    const below = this.steps.findLast((one) => one.stage === stage.index)?.layers ?? start;
    const layers = layer ? [...below, layer.diffId] : below;
    this.steps.push({ stage: stage.index, command: source, lines, layers });
  }

  private async loadContext(): Promise<Digest> {
    this.loadedContext ??= await this.progress.vertex('[internal] load build context', [], async (handle) => {
      handle.task('transferring context:', {
        current: await paced(contextSize(this.prepared.context, ''), this.backend.pause),
        done: true,
      });
      return handle.digest;
    });
    return this.loadedContext;
  }

  private async layersOf(name: string, planned: PlannedStage): Promise<readonly Digest[]> {
    const index = stageIndex(name, this.file.stages, planned.stage.index);
    if (index !== undefined) return this.built.get(index)!.layers;
    if (name === 'scratch') return [];
    const reference = normalizeReference(this.options.contexts?.[name]?.replace(/^docker-image:\/\//, '') ?? name);
    const known = this.images.get(reference);
    if (known) return known.config.rootfs.diff_ids;
    return this.progress.vertex(`FROM ${reference}`, [], async (handle) => {
      const image = await this.resolve(reference, planned.platform);
      handle.task(`resolve ${reference}`, { done: true });
      this.images.set(reference, image);
      return image.config.rootfs.diff_ids;
    });
  }

  /**
   * Differs from Docker: the files travel in the answer to the build, as a tar in pieces, instead of over a gRPC session.
   */
  private async send(state: State, output: 'local' | 'tar'): Promise<undefined> {
    const name = output === 'local' ? 'exporting to client directory' : 'exporting to client tarball';
    await this.progress.vertex(name, state.vertex, async (handle) => {
      const task = output === 'local' ? 'copying files' : 'sending tarball';
      handle.task(task, { done: false });
      const tar = await this.backend.view(state.layers, (tree) => new TarContent(compareUpper(tree)));
      for (let at = 0; at < tar.size; at += exportPiece) {
        const piece = tar.read(at, Math.min(exportPiece, tar.size - at));
        this.progress.send({ id: 'moby.buildkit.export', aux: { data: base64(piece) } });
        await this.backend.pause?.();
      }
      const files = tar.entries.reduce((sum, entry) => sum + entry.size, 0);
      handle.task(task, { ...(output === 'local' && { current: files }), done: true });
    });
    return undefined;
  }

  private async export(state: State, tags: readonly string[]): Promise<Digest> {
    const attested = await this.attestations(state);
    return this.progress.vertex('exporting to image', state.vertex, async (handle) => {
      handle.task('exporting layers', { done: false });
      handle.task('exporting layers', { done: true });
      const labels = sorted({ ...state.config.Labels, ...this.options.labels });
      const config = { ...state.config, Labels: Object.keys(labels).length > 0 ? labels : null };
      const fixed = sourceDateEpoch(this.options.buildargs);
      const created = fixed ?? rfc3339Nano(this.backend.clock.now());
      const history = fixed === undefined ? state.history : state.history.map((entry) => noLater(entry, fixed));
      const image = imageConfig({ ...state, config, history }, this.backend.platform, created);
      const id = await this.backend.putImage(image, '');
      if (attested) await this.attest(handle, id, image.created ?? '', tags, attested);
      else handle.task(`writing image ${id}`, { done: true });
      for (const tag of tags) {
        await this.backend.tag(id, tag);
        handle.task(`naming to ${nameShown(tag)}`, { done: true });
      }
      return id;
    });
  }

  /** What is asked to be told beside the image; the packages are looked for as a step of the build. */
  private async attestations(state: State): Promise<Attestations | undefined> {
    const { attests = {} } = this.options;
    const { sbom, provenance } = attests;
    const store = this.backend.attestations;
    if ((sbom === undefined && provenance === undefined) || !store) return undefined;
    const about = await this.loaded(import('./attest.ts'));
    const mode = provenance === undefined ? undefined : about.provenanceMode(provenance);
    const { os, architecture } = this.backend.platform;
    const config = { config: state.config, rootfs: { type: 'layers' as const, diff_ids: [...state.layers] } };
    const scan = () => about.scanImage(config, store.layer);
    const packages =
      sbom === undefined
        ? undefined
        : await this.progress.vertex(`[${os}/${architecture}] generating sbom`, state.vertex, scan);
    return { about, mode, packages };
  }

  /** While code comes, the build goes on giving way, so that no time passes for the host. */
  private async loaded<T>(code: Promise<T>): Promise<T> {
    let over = false;
    const done = code.finally(() => {
      over = true;
    });
    while (!over && this.backend.pause) await this.backend.pause();
    return done;
  }

  private async attest(
    handle: VertexHandle,
    id: Digest,
    created: string,
    tags: readonly string[],
    { about, mode, packages }: Attestations,
  ): Promise<void> {
    const { platform } = this.backend;
    const predicates = packages ? [about.sbomOf(packages, id, created)] : [];
    if (mode) predicates.push(about.provenance(this.facts(), mode));
    const names = tags.map((tag) => about.imagePurl(tag, platform));
    const { manifest, attestation, index } = await this.backend.attestations!.attest(id, names, predicates);
    handle.task(`exporting manifest ${manifest}`, { done: true });
    handle.task(`exporting config ${id}`, { done: true });
    handle.task(`exporting attestation manifest ${attestation}`, { done: true });
    handle.task(`exporting manifest list ${index}`, { done: true });
  }

  private facts(): BuildFacts {
    const { name, dockerfile } = this.prepared;
    return {
      id: this.id,
      started: this.started,
      finished: this.progress.now(),
      options: this.options,
      platform: this.backend.platform,
      filename: shownName(name),
      dockerfile,
      images: [...this.images].map(([reference, { manifestDigest: digest }]) => ({ reference, digest })),
      steps: this.steps,
    };
  }
}

interface Attestations {
  about: typeof import('./attest.ts');
  mode: 'min' | 'max' | undefined;
  packages: Package[] | undefined;
}

/** The build argument that fixes when the image was made, as RFC 3339 (dockerui's, of BuildKit from 0.11). */
function sourceDateEpoch(args: BuildOptions['buildargs']): string | undefined {
  const given = args?.SOURCE_DATE_EPOCH;
  if (!given) return undefined;
  if (/^-?\d{1,12}$/.test(given)) return rfc3339Nano({ sec: Number(given), nsec: 0 });
  const why = `strconv.ParseInt: parsing ${goQuote(given)}: invalid syntax`;
  throw new BuildError(`invalid SOURCE_DATE_EPOCH: ${given}: ${why}`);
}

/** Both are UTC, so that their texts order as their times do, to the second. */
const noLater = (entry: HistoryEntry, latest: string): HistoryEntry =>
  entry.created !== undefined && entry.created.slice(0, 19) < latest.slice(0, 19)
    ? entry
    : { ...entry, created: latest };

/** "docker.io/library/app:latest" as BuildKit's exporter prints it: the tag is left out when nobody typed one. */
const nameShown = (tag: string): string => (familiar(tag).endsWith(':latest') ? tag.replace(/:latest$/, '') : tag);

/**
 * Bytes that a file takes on the wire of the context's transfer: one stat packet, and the data with its packet heads.
 */
const transferSize = (name: string, size: number): number =>
  22 + name.length + (size > 0 ? size + (size < 128 ? 5 : 7) : 0);

function* contextSize(tree: SourceTree, directory: string): Steps<number> {
  let size = directory === '' ? 2 : 0;
  for (const name of tree.readdir(directory)) {
    yield;
    const path = directory ? `${directory}/${name}` : name;
    const stat = tree.lstat(path)!;
    size += transferSize(path, stat.type === 'file' ? stat.size : 0);
    if (stat.type === 'directory') size += yield* contextSize(tree, path);
  }
  return size;
}

function safeReference(name: string): string | undefined {
  try {
    return normalizeReference(name);
  } catch {
    return undefined;
  }
}

/** A Dockerfile that came from elsewhere than the context travels under a name of chance; nobody is told that one. */
const shownName = (name: string): string => (/^\.dockerfile\.[0-9a-f]{20}$/.test(name) ? 'Dockerfile' : name);
