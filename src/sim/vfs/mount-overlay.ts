import { Errno } from '../../spec/index.ts';
import type { Tracer } from '../../trace/index.ts';
import { type OverlayDirectory, OverlayFs } from './overlay.ts';
import type { PathContext } from './path-context.ts';

/** What `mount -t overlay -o ...` makes: paths are the caller's (relative ones too), the options overlayfs's. */
export function overlayFromOptions(
  context: PathContext,
  options: readonly string[],
  host: { dev: number; tracer: Tracer },
): OverlayFs {
  const given = new Map<string, string>();
  for (const option of options) {
    const at = option.indexOf('=');
    if (at > 0) given.set(option.slice(0, at), option.slice(at + 1));
  }
  // Events name a layer by its real directory, not by Docker's short link to it.
  const directory = (path: string): OverlayDirectory => {
    const location = context.resolve(path);
    return { inode: location.inode, path: context.pathOf(location) };
  };
  const lower = splitLower(given.get('lowerdir'));
  if (!lower.length) throw new Errno('EINVAL');
  const upper = given.get('upperdir');
  const work = given.get('workdir');
  const shown = options.filter((option) => /^(lowerdir|upperdir|workdir|index|metacopy|xino|volatile)\b/.test(option));
  return new OverlayFs({
    lower: lower.map(directory),
    upper: upper === undefined ? undefined : directory(unescapePath(upper)),
    work: work === undefined ? undefined : directory(unescapePath(work)),
    dev: host.dev,
    tracer: host.tracer,
    options: shown.join(','),
  });
}

/** Colons separate; `\:` is a colon of a path. */
function splitLower(value: string | undefined): string[] {
  if (!value) return [];
  return value.split(/(?<!\\):/).map(unescapePath);
}

const unescapePath = (path: string): string => path.replace(/\\(.)/g, '$1');
