import { badRequest, notSimulated, serverError } from './errors.ts';

const known = [
  'max-file',
  'max-size',
  'compress',
  'labels',
  'labels-regex',
  'env',
  'env-regex',
  'tag',
  'mode',
  'max-buffer-size',
];

type LogOptions = Record<string, string>;

/** What of the driver's options is refused when the container is created. */
export function verifyLogOptions(options: LogOptions, driver = 'json-file'): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw badRequest(
      `unknown log opt '${key}' for ${driver === 'local' ? 'log driver local' : 'json-file log driver'}`,
    );
  }
  const mode = options.mode ?? '';
  if (!['', 'blocking', 'non-blocking'].includes(mode)) {
    throw badRequest(`logger: logging mode not supported: ${mode}`);
  }
  if (options['max-buffer-size'] !== undefined && mode !== 'non-blocking') {
    throw badRequest("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
  }
}

/** How a container's log file is kept small; `maxSize` 0 is without bound. */
export interface Rotation {
  maxSize: number;
  maxFile: number;
}

/** Read when the container starts (moby jsonfilelog.New). */
export function rotationOf(options: LogOptions): Rotation {
  const fail = (why: string) => serverError(`failed to initialize logging driver: ${why}`);
  let maxSize = 0;
  if (options['max-size'] !== undefined) {
    const text = options['max-size'];
    const match = /^(\d+(?:\.\d+)?) ?([kmgtp]?)b?$/i.exec(text);
    if (!match) throw fail(`invalid size: '${text}'`);
    maxSize = Math.trunc(Number(match[1]) * 1000 ** ' kmgtp'.indexOf(match[2]!.toLowerCase() || ' '));
    if (maxSize <= 0) throw fail(`max-size must be a positive number`);
  }
  const files = options['max-file'];
  if (files !== undefined && !/^[+-]?\d+$/.test(files)) {
    throw fail(`strconv.Atoi: parsing ${JSON.stringify(files)}: invalid syntax`);
  }
  const maxFile = Number(files ?? 1);
  if (maxFile < 1) throw fail('max-file cannot be less than 1');
  return { maxSize, maxFile };
}

/** What a tag may speak of. */
export interface Tagged {
  id: string;
  name: string;
  imageId: string;
  image: string;
  path: string;
  args: readonly string[];
}

/** `{{.Name}}/{{.ID}}` (moby loggerutils.ParseLogTag). */
function tagText(tag: string, { id, name, imageId, image, path, args }: Tagged): string {
  const values: Record<string, string> = {
    ID: id.slice(0, 12),
    FullID: id,
    Name: name,
    ImageID: imageId.slice(0, 12),
    ImageFullID: imageId,
    ImageName: image,
    Command: [path, ...args].join(' '),
    DaemonName: 'docker',
  };
  return tag.replace(/\{\{\s*(?:\.(\w+)|([^}]*))\s*\}\}/g, (action: string, field?: string) => {
    if (field && field in values) return values[field]!;
    // Differs from Docker: of templates a tag has the container's names and ids alone.
    throw notSimulated(`--log-opt tag=${action}`);
  });
}

/** The attributes that `docker logs --details` shows (moby logger.Info.ExtraAttributes). */
export function extraAttributes(
  options: LogOptions,
  labels: Record<string, string>,
  env: readonly string[],
  tagged?: Tagged,
): Record<string, string> {
  const out: Record<string, string> = {};
  const words = (text = ''): string[] => text.split(',').filter(Boolean);
  const take = (values: Record<string, string>, names: string[], pattern = ''): void => {
    for (const name of names) if (values[name] !== undefined) out[name] = values[name];
    if (!pattern) return;
    const regex = new RegExp(pattern);
    for (const name of Object.keys(values)) if (regex.test(name)) out[name] = values[name]!;
  };
  const variables = Object.fromEntries(env.map((entry) => entry.split(/=(.*)/s).slice(0, 2) as [string, string]));
  take(labels, words(options.labels), options['labels-regex']);
  take(variables, words(options.env), options['env-regex']);
  if (options.tag) out.tag = tagged ? tagText(options.tag, tagged) : options.tag;
  return out;
}
