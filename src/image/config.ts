/**
 * The image config as Docker serialises it: its sha256 is the image ID, so every byte counts. Docker marshals a struct,
 * then the map of its fields: top-level keys are sorted, whatever is inside keeps the order of Go's structs.
 */
import {
  BytesContent,
  type ContainerConfig,
  type Content,
  contentText,
  type Digest,
  goJson,
  type ImageConfig,
  utf8,
} from '../spec/index.ts';

export class ImageError extends Error {
  override readonly name = 'ImageError';
  constructor(
    readonly code: 'not-found' | 'invalid' | 'conflict',
    message: string,
  ) {
    super(message);
  }
}

/** Throws ImageError 'invalid' with the daemon's text. */
export function parseImageConfig(raw: Content): ImageConfig {
  const remembered = parsed.get(raw);
  if (remembered) return remembered;
  const config = parseJson(contentText(raw));
  if (!isRecord(config) || !isRecord(config.rootfs))
    throw new ImageError('invalid', 'invalid image JSON, no RootFS key');
  const diffIds = config.rootfs.diff_ids ?? [];
  if (!Array.isArray(diffIds) || !diffIds.every(isDigestText)) {
    throw new ImageError('invalid', 'invalid image JSON, malformed diff_ids');
  }
  const { config: runConfig, history } = config;
  if (!isRecord(runConfig ?? {}) || !Array.isArray(history ?? []) || !((history ?? []) as unknown[]).every(isRecord)) {
    throw new ImageError('invalid', 'invalid image JSON, malformed config or history');
  }
  const checked = { ...config, rootfs: { ...config.rootfs, diff_ids: diffIds } } as unknown as ImageConfig;
  parsed.set(raw, checked);
  return checked;
}

const parsed = new WeakMap<Content, ImageConfig>();

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isDigestText = (value: unknown): value is Digest =>
  typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);

/** JSON.parse with encoding/json's text for the errors people meet. */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    const first = source.trimStart()[0];
    if (first === undefined) throw new ImageError('invalid', 'unexpected end of JSON input');
    if (!'{["-0123456789tfn'.includes(first)) {
      throw new ImageError('invalid', `invalid character '${first}' looking for beginning of value`);
    }
    throw new ImageError('invalid', 'unexpected end of JSON input');
  }
}

/** The bytes of a config, as the Docker engine writes them. */
export const serialiseImageConfig = (config: ImageConfig): Content =>
  new BytesContent(utf8(goJson(sortKeys(orderImageConfig(config)))));

type Json = Record<string, unknown>;

function orderImageConfig(config: ImageConfig): Json {
  return {
    ...definedOnly(config as unknown as Json),
    ...(config.config && { config: orderContainerConfig(config.config) }),
    ...(config.container_config && { container_config: orderContainerConfig(config.container_config) }),
    ...(config.history && { history: config.history.map((entry) => pick(entry as Json, historyKeys)) }),
    rootfs: pick(config.rootfs as unknown as Json, ['type', 'diff_ids']),
  };
}

const historyKeys = ['created', 'author', 'created_by', 'comment', 'empty_layer'];

// Struct order of container.Config; null: written even when empty, as the value given.
const containerKeys: readonly (readonly [keyof ContainerConfig, empty?: unknown])[] = [
  ['Hostname', ''],
  ['Domainname', ''],
  ['User', ''],
  ['AttachStdin', false],
  ['AttachStdout', false],
  ['AttachStderr', false],
  ['ExposedPorts'],
  ['Tty', false],
  ['OpenStdin', false],
  ['StdinOnce', false],
  ['Env', null],
  ['Cmd', null],
  ['Healthcheck'],
  ['ArgsEscaped'],
  ['Image', ''],
  ['Volumes', null],
  ['WorkingDir', ''],
  ['Entrypoint', null],
  ['NetworkDisabled'],
  ['MacAddress'],
  ['OnBuild', null],
  ['Labels', null],
  ['StopSignal'],
  ['StopTimeout'],
  ['Shell'],
];
const sortedMaps = new Set(['ExposedPorts', 'Volumes', 'Labels']);

/** A container config with all of Docker's fields in their order; maps by key. Unset optional fields are left out. */
export function orderContainerConfig(config: Partial<ContainerConfig>): ContainerConfig {
  const out: Json = {};
  for (const [key, empty] of containerKeys) {
    const value = config[key];
    const omittable = empty === undefined;
    if (omittable && isEmpty(value)) continue;
    out[key] = sortedMaps.has(key) && isRecord(value) ? sortKeys(value) : (value ?? empty);
  }
  if (config.Healthcheck) {
    out.Healthcheck = pick(config.Healthcheck as Json, ['Test', 'Interval', 'Timeout', 'StartPeriod', 'Retries']);
  }
  return out as unknown as ContainerConfig;
}

/** Go's omitempty; a pointer (StopTimeout) to zero is not empty, and JSON cannot tell: zero is kept. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0 && !('Test' in value);
}

/** What `container_config` is where there was no container. */
export const emptyContainerConfig: ContainerConfig = orderContainerConfig({});

function pick(from: Json, keys: readonly string[]): Json {
  const out: Json = {};
  for (const key of keys) if (!isEmpty(from[key]) || Array.isArray(from[key])) out[key] = from[key];
  return out;
}

function definedOnly(from: Json): Json {
  return Object.fromEntries(
    Object.entries(from).filter(
      ([key, value]) => (value !== undefined && value !== '') || key === 'os' || key === 'architecture',
    ),
  );
}

function sortKeys(from: Json): Json {
  return Object.fromEntries(
    Object.keys(from)
      .sort(bytewise)
      .map((key) => [key, from[key]]),
  );
}

const bytewise = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
