/**
 * What BuildKit tells of a build beside its image: where it came from (SLSA provenance v0.2) and what is in it (SPDX).
 * Loaded when a build asks for it.
 */
import { SeekingReader } from '../../archive/index.ts';
import { type Package, type SpdxDocument, scanLayers, spdxDocument } from '../../sbom/index.ts';
import { base64, type Content, type Digest, type ImageConfig, type Platform, utf8 } from '../../spec/index.ts';
import { BuildError, type BuildOptions, type Predicate } from '../backend.ts';
import { familiar } from '../reference.ts';

/** A vertex that was built, or taken from the cache. */
export interface BuiltStep {
  /** Of the plan. */
  stage: number;
  /** `FROM node:24` has an image, the others what they do. */
  image?: string;
  command?: string;
  lines: { start: number; end: number };
  /** All layers up to and including its own. */
  layers: readonly Digest[];
}

export interface BuildFacts {
  id: string;
  started: string;
  finished: string;
  options: BuildOptions;
  platform: Platform;
  filename: string;
  dockerfile: string;
  /** Normalised references of what the build stands on, with the digests they were pulled by. */
  images: readonly { reference: string; digest: Digest | undefined }[];
  steps: readonly BuiltStep[];
}

const platformOf = ({ os, architecture }: Platform): string => `${os}/${architecture}`;

/** `pkg:docker/node@24-slim?platform=linux%2Famd64` */
export function imagePurl(reference: string, platform: Platform): string {
  const [name = '', tag] = splitTag(familiar(reference));
  const query = `platform=${encodeURIComponent(platformOf(platform))}`;
  return `pkg:docker/${name}${tag ? `@${encodeURIComponent(tag)}` : ''}?${query}`;
}

function splitTag(reference: string): [string, string?] {
  const bare = reference.replace(/@.*$/, '');
  const colon = bare.lastIndexOf(':');
  return colon > bare.lastIndexOf('/') ? [bare.slice(0, colon), bare.slice(colon + 1)] : [bare];
}

/** `mode` of the attribute: min, or max. */
export function provenanceMode(attribute: string): 'min' | 'max' {
  const mode = /(?:^|,)mode=([^,]*)/.exec(attribute)?.[1] ?? 'min';
  if (mode !== 'min' && mode !== 'max') throw new BuildError(`invalid mode ${JSON.stringify(mode)}`);
  return mode;
}

/**
 * The build's provenance. Descriptors of layers are not known yet: whoever writes the image puts them in the place of the
 * diffIDs. Differs from Docker: of a step's operation it tells the source or the command alone.
 */
export function provenance(facts: BuildFacts, mode: 'min' | 'max'): Predicate {
  const { options, platform, images, filename } = facts;
  const max = mode === 'max';
  const materials = images.map(({ reference, digest }) => ({
    uri: imagePurl(reference, platform),
    ...(digest && { digest: { sha256: digest.replace('sha256:', '') } }),
  }));
  const args = { ...(max && argsOf(options)), ...(options.target && { target: options.target }) };
  return {
    type: 'https://slsa.dev/provenance/v0.2',
    predicate: {
      builder: { id: '' },
      buildType: 'https://mobyproject.org/buildkit@v1',
      ...(materials.length > 0 && { materials }),
      invocation: {
        configSource: { entryPoint: filename },
        parameters: {
          frontend: 'dockerfile.v0',
          ...(Object.keys(args).length > 0 && { args }),
          ...(max && options.secrets && Object.keys(options.secrets).length > 0
            ? { secrets: Object.keys(options.secrets).map((id) => ({ id })) }
            : {}),
          locals: [{ name: 'context' }, { name: 'dockerfile' }],
        },
        environment: { platform: platformOf(platform) },
      },
      ...(max && { buildConfig: { llbDefinition: facts.steps.map((step, at) => definition(facts, step, at)) } }),
      metadata: {
        buildInvocationID: facts.id,
        buildStartedOn: facts.started,
        buildFinishedOn: facts.finished,
        completeness: { parameters: max, environment: true, materials: false },
        reproducible: false,
        'https://mobyproject.org/buildkit@v1#metadata': max ? maxMetadata(facts) : {},
      },
    },
  };
}

const argsOf = ({ buildargs = {}, labels = {}, nocache }: BuildOptions): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(buildargs).map(([name, value]) => [`build-arg:${name}`, value ?? ''])),
  ...Object.fromEntries(Object.entries(labels).map(([name, value]) => [`label:${name}`, value])),
  ...(nocache && { 'no-cache': '' }),
});

function definition({ steps, platform }: BuildFacts, { image, command, stage }: BuiltStep, at: number) {
  const before = steps.findLastIndex((other, index) => index < at && other.stage === stage);
  return {
    id: `step${at}`,
    op: {
      Op: image ? { source: { identifier: `docker-image://${image}` } } : operation(command ?? ''),
      platform: { Architecture: platform.architecture, OS: platform.os },
    },
    ...(before >= 0 && { inputs: [`step${before}:0`] }),
  };
}

const operation = (instruction: string) => {
  const [, command] = /^RUN\s+(.*)$/is.exec(instruction) ?? [];
  return command === undefined ? { file: {} } : { exec: { meta: { args: ['/bin/sh', '-c', command] } } };
};

/** The Dockerfile, and which of its lines made which layers. */
function maxMetadata({ steps, filename, dockerfile }: BuildFacts) {
  const at = (index: number): string => `step${index}`;
  return {
    source: {
      locations: Object.fromEntries(
        steps.map(({ lines }, index) => [
          at(index),
          { locations: [{ ranges: [{ start: { line: lines.start }, end: { line: lines.end } }] }] },
        ]),
      ),
      infos: [{ filename, language: 'Dockerfile', data: base64(utf8(dockerfile)) }],
    },
    layers: Object.fromEntries(
      steps.flatMap(({ layers }, index) => (layers.length > 0 ? [[`${at(index)}:0`, [layers]]] : [])),
    ),
  };
}

/** Which packages the image holds. Differs from Docker: the engine scans it itself; no scanner image is pulled and run. */
export async function scanImage(
  config: Pick<ImageConfig, 'config' | 'rootfs'>,
  layer: (diffId: Digest) => Content,
): Promise<Package[]> {
  return scanLayers(
    config,
    config.rootfs.diff_ids.map((diffId) => {
      const content = layer(diffId);
      return new SeekingReader({ size: content.size, read: async (at, length) => content.read(at, length) });
    }),
  );
}

export function sbomOf(packages: readonly Package[], digest: Digest, created: string): Predicate {
  const document: SpdxDocument = spdxDocument(packages, { name: 'sbom', digest, created, tool: 'Tool: drydock' });
  return { type: 'https://spdx.dev/Document', predicate: document };
}
