import { parse as parseYaml } from 'yaml';
import { LessonError } from '../schema.ts';
import {
  type Block,
  below,
  type Imported,
  isShell,
  longestLine,
  mostSteps,
  readPage,
  runnable,
  type Use,
} from './page.ts';

interface Labspace {
  kind?: string;
  title?: string;
  description?: string;
  sections?: { title?: string; contentPath?: string }[];
  files?: Record<string, unknown>;
  variables?: Record<string, unknown>;
  services?: { title?: string; url?: string }[];
  terminals?: { id?: string }[];
  simulator?: string;
}

/** Where its files lie and its terminals begin: the name is that of its Compose project, too. */
const project = '/root/project';

/**
 * What a Labspace's workspace image (labspace-infra components/workspace) has beside Docker, put on the host by commands
 * of its own. Node is the image that Labspaces have unless they name another.
 */
const tools: Readonly<Record<string, string>> = {
  node: [
    'docker create --quiet --name workspace node:24-alpine >/dev/null',
    'docker cp -q workspace:/usr/local/bin/node /usr/local/bin/node',
    'docker cp -q workspace:/usr/local/lib/node_modules /usr/local/lib/node_modules',
    'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm',
    'ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx',
    'docker rm workspace >/dev/null',
    'docker rmi node:24-alpine >/dev/null',
    'apt-get update -qq',
    'apt-get install -y -qq postgresql-client jq >/dev/null',
  ].join(' && '),
  python: [
    'apt-get update -qq',
    'apt-get install -y -qq python3 python3-pip python3-venv >/dev/null',
    'ln -sf /usr/bin/python3 /usr/bin/python',
  ].join(' && '),
};

export function fromLabspace(path: string, files: Readonly<Record<string, string>>): Imported {
  const lab = readLab(path, files[path]!);
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const workspace = { ...workspaceOf(lab, folder, files), ...daemonOf(lab, files) };
  const imported: Imported = {
    title: String(lab.title ?? 'Labspace'),
    summary: String(lab.description ?? ''),
    course: 'images-and-containers',
    workspace,
    setup: [`mkdir -p ${project} && echo 'cd ${project}' >> ~/.bashrc`, ...toolsOf(lab, files), ...runnable(workspace)],
    steps: [],
    notes: [],
  };
  if (lab.simulator) imported.notes.push(`${lab.simulator}: scripted outputs are not needed, the engine answers`);
  for (const { title, url } of lab.services ?? [])
    if (!local.test(String(url))) imported.notes.push(`tab ${title ?? url}: ${url} is not opened`);
  for (const { title = 'Step', contentPath } of (lab.sections ?? []).slice(0, mostSteps)) {
    const at = contentPath === undefined ? undefined : below(folder, String(contentPath));
    const text = at !== undefined && Object.hasOwn(files, at) ? files[at]! : '';
    if (text === '') imported.notes.push(`section "${title}": ${contentPath ?? 'its page'} is missing`);
    const markdown = directives(substitute(text, lab.variables ?? {}), String(title), imported);
    const tell = (note: string) => imported.notes.push(`section "${title}": ${note}`);
    imported.steps.push({ title: String(title), goals: [], ...readPage(markdown, (block) => useOf(block, lab), tell) });
  }
  // For the terminal that is open already; those that are opened later read .bashrc.
  if (imported.steps[0]) imported.steps[0].foreground = `cd ${project}`;
  return imported;
}

function readLab(path: string, text: string): Labspace {
  let lab: unknown;
  try {
    lab = parseYaml(text);
  } catch (error) {
    throw new LessonError(`${path}: ${(error as Error).message}`);
  }
  const { sections, kind } = (lab ?? {}) as Labspace;
  if (kind === 'slides') throw new LessonError(`${path}: slides (kind: slides), there is no step in them`);
  if (!Array.isArray(sections) || !sections.every((one) => one instanceof Object))
    throw new LessonError(`${path}: sections must be a list`);
  return lab as Labspace;
}

/** Labspaces run beside Docker Desktop, whose images are in containerd's store: it holds attestations. */
const daemonOf = (lab: Labspace, files: Readonly<Record<string, string>>): Record<string, string> =>
  lab.simulator === undefined && starts(files).length > 0
    ? { '/etc/docker/daemon.json': '{\n  "features": {\n    "containerd-snapshotter": true\n  }\n}\n' }
    : {};

const starts = (files: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(files).filter(([path]) => /^compose[\w.-]*\.ya?ml$/.test(path));

/** A Simspace says what it has; a Labspace stands beside the compose files that start it. */
function toolsOf({ simulator }: Labspace, files: Readonly<Record<string, string>>): string[] {
  const started = starts(files);
  if (simulator === undefined && started.length === 0) return [];
  const named = started.map(([, text]) => /\blabspace-workspace-(\w+)/.exec(text)?.[1]).find(Boolean);
  const wanted = tools[named ?? 'node'];
  return wanted ? [wanted] : [];
}

function workspaceOf(lab: Labspace, folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  const beside = below(folder, '../project');
  const brought = beside === undefined ? [] : Object.keys(files).filter((path) => path.startsWith(`${beside}/`));
  const seeds = Object.entries(lab.files ?? {}).flatMap(([path, text]) => {
    const at = below('', path);
    return at && typeof text === 'string' ? [[`${project}/${at}`, text] as const] : [];
  });
  const own = brought.map((path) => [`${project}/${path.slice(beside!.length + 1)}`, files[path]!] as const);
  return Object.fromEntries([...own, ...seeds]);
}

/** `$$name$$` with its initial value; without one the name. */
const substitute = (text: string, variables: Record<string, unknown>): string =>
  text.replace(/(?<!\\)\$\$\s*([\w.-]+)\s*\$\$/g, (_, name: string) =>
    Object.hasOwn(variables, name) && variables[name] !== null ? String(variables[name]) : name,
  );

/** `:name[text]{attributes}` in a line, `::name[text]{…}` and `:::name{…}` on lines of their own. */
function directives(text: string, title: string, { notes }: Imported): string {
  const seen = new Set<string>();
  const plain = (line: string): string =>
    line
      .replace(/^:{0,2}:(\w+)\[([^\]]*)\](\{[^}]*\})?|:(filelink|tablink)\[([^\]]*)\](\{[^}]*\})/gi, (...m) => {
        const [name, label] = [m[1] ?? m[4], m[2] ?? m[5]] as [string, string];
        const made = link(name.toLowerCase(), label, m[3] ?? m[6] ?? '');
        if (made === undefined) seen.add(name);
        return made ?? label;
      })
      .replace(/^:{2,}(\w*)(?:\{[^}]*\})?\s*$/, (_, name: string) => {
        if (name) seen.add(name);
        return '';
      });
  const rest = text.split('\n').map((line) => (line.length > longestLine ? line : plain(line)));
  for (const name of seen) notes.push(`section "${title}": :${name} is plain text`);
  return rest.join('\n');
}

/** A file by its path, a port of the host by a link, which opens the Browser view. */
function link(name: string, label: string, attributes: string): string | undefined {
  const value = (key: string): string | undefined => new RegExp(`\\b${key}="([^"]*)"`).exec(attributes)?.[1];
  const href = value('href');
  if (name === 'tablink' && href && local.test(href)) return `[${label}](${href})`;
  const path = name === 'filelink' ? value('path') : undefined;
  if (path === undefined) return undefined;
  return label.replaceAll('`', '') === path ? `\`${path}\`` : `${label} (\`${path}\`)`;
}

const local = /^https?:\/\/(?:localhost|127\.0\.0\.1)(?:[:/]|$)/;

/** A block without `terminal-id` is typed in the first terminal. */
function useOf({ info, text }: Block, { terminals }: Labspace): Use {
  const save = /\bsave-as=(?:"([^"]+)"|(\S+))/.exec(info);
  const path = save && below('', save[1] ?? save[2]!);
  if (path) return { save: path, text };
  if (!isShell(info) || /\bno-run-button\b/.test(info)) return 'read';
  const terminal = /\bterminal-id=([\w.-]+)/.exec(info)?.[1];
  const [first] = Array.isArray(terminals) ? terminals : [];
  return { run: text, terminal: terminal === first?.id ? undefined : terminal };
}
