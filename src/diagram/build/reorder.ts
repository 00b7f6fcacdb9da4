import type { BuildView, StepView } from './builds.ts';

/**
 * Other orders of a Dockerfile that might run less again after a change that made the COPY at `line` miss: that COPY
 * after the RUNs that follow it, as it is, or with the files that those RUNs read copied before them. Whether they build
 * and what they save only a build can tell.
 */
export function reorderings(build: BuildView, line: number, changed: string, files: readonly string[]): string[] {
  const stage = build.stages.find(({ steps }) => steps.some((step) => step.line === line));
  const copy = stage?.steps.find((step) => step.line === line);
  if (!stage || !copy || !/^COPY\b/i.test(copy.text)) return [];
  const after = stage.steps.filter((step) => step.line > copy.line && /^RUN\b/i.test(step.text));
  const last = after.at(-1);
  if (!last) return [];
  const needed = filesOf(after, changed, files);
  const split = needed.length > 0 ? copyOf(copy, needed) : undefined;
  return [
    moved(build, copy, last, split),
    split === undefined ? undefined : moved(build, copy, last, undefined),
  ].flatMap((text) => text ?? []);
}

/** Files of the context that these instructions name, or that the package managers they call read. */
function filesOf(steps: readonly StepView[], changed: string, files: readonly string[]): string[] {
  const text = steps.map((step) => step.text).join('\n');
  const read = manifests.filter(([tool]) => tool.test(text)).flatMap(([, names]) => names);
  const inside = (name: string) => text.split(/[\s"'=,[\]();&|<>]+/).some((word) => word.replace(/^\.\//, '') === name);
  return files.filter((name) => name !== changed && !name.includes('/') && (read.includes(name) || inside(name)));
}

const manifests: readonly [RegExp, readonly string[]][] = [
  [/\b(npm|yarn|pnpm)\b/, ['package.json', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml']],
  [/\bpip3?\b/, ['requirements.txt', 'pyproject.toml', 'setup.py']],
  [/\bgo (mod|build|install)\b/, ['go.mod', 'go.sum']],
  [/\bbundle\b/, ['Gemfile', 'Gemfile.lock']],
  [/\bcomposer\b/, ['composer.json', 'composer.lock']],
  [/\bcargo\b/, ['Cargo.toml', 'Cargo.lock']],
];

/** `COPY . /app` as `COPY a b /app/`; undefined when it does not copy a whole directory. */
function copyOf(copy: StepView, names: readonly string[]): string | undefined {
  const words = copy.text.trim().split(/\s+/);
  const flags = words.slice(1).filter((word) => word.startsWith('--'));
  const [source, destination, ...more] = words.slice(1 + flags.length);
  if (!source || !destination || more.length > 0 || !/^\.?\/?$/.test(source)) return undefined;
  return ['COPY', ...flags, ...names, destination.replace(/\/?$/, '/')].join(' ');
}

/** The text with a COPY's lines put behind another instruction, and `instead` where it was. */
function moved({ dockerfile }: BuildView, copy: StepView, behind: StepView, instead: string | undefined): string {
  const lines = dockerfile.text.split('\n');
  const own = lines.slice(copy.line - 1, copy.end);
  return [
    ...lines.slice(0, copy.line - 1),
    ...(instead === undefined ? [] : [instead]),
    ...lines.slice(copy.end, behind.end),
    ...own,
    ...lines.slice(behind.end),
  ].join('\n');
}
