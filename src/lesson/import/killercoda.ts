import { LessonError } from '../schema.ts';
import { hostTools } from './host-tools.ts';
import {
  type Block,
  below,
  type Imported,
  type ImportedStep,
  longestLine,
  mostSteps,
  quoted,
  readPage,
  type Use,
} from './page.ts';

interface Page {
  title?: string;
  text?: string;
  verify?: string;
  foreground?: string;
  background?: string;
  /** Katacoda's names of the two. */
  code?: string;
  courseData?: string;
}

interface Scenario {
  title?: string;
  description?: string;
  details?: {
    intro?: Page;
    steps?: Page[];
    finish?: Page;
    assets?: Record<string, { file?: string; target?: string; chmod?: string }[]>;
  };
  backend?: { imageid?: string };
}

type Files = Readonly<Record<string, string>>;

/** Where the scenario's scripts lie on the host. */
const scripts = '/opt/scenario';
/** What a scenario asks for the address of a port; a link to localhost opens the Browser view. */
const portAddress = { path: '/etc/killercoda/host', text: 'http://localhost:PORT\n' };
/** The host's address on its network. */
export const hostIp = '10.0.2.15';

export function fromKillercoda(files: Files): Imported {
  const scenario = readIndex(files['index.json']!);
  const { intro, steps = [], finish, assets = {} } = scenario.details ?? {};
  const imported: Imported = {
    title: String(scenario.title ?? 'Scenario'),
    summary: String(scenario.description ?? ''),
    course: 'linux',
    workspace: {},
    setup: [],
    steps: [],
    notes: [],
  };
  const { imageid = 'ubuntu' } = scenario.backend ?? {};
  if (!/ubuntu|docker/.test(String(imageid)))
    imported.notes.push(`backend ${imageid}: the host here is one Linux with Docker`);
  copyAssets(assets, files, imported);
  for (const page of [...(intro ? [intro] : []), ...steps, ...(finish ? [finish] : [])].slice(0, mostSteps)) {
    imported.steps.push(readStep(page, files, imported));
  }
  imported.setup.unshift(...hostTools(Object.values(files)));
  if (Object.values(files).some((text) => text.includes(portAddress.path)))
    imported.workspace[portAddress.path] = portAddress.text;
  return imported;
}

function readIndex(text: string): Scenario {
  try {
    const scenario = JSON.parse(text) as Scenario;
    // A scenario that says nothing but what it runs on is a terminal to play in.
    if (scenario?.backend && !scenario.details) return playground(scenario);
    const steps = scenario?.details?.steps ?? [];
    if (typeof scenario?.details === 'object' && Array.isArray(steps) && steps.every((one) => one instanceof Object))
      return scenario;
  } catch (error) {
    throw new LessonError(`index.json: ${(error as Error).message}`);
  }
  throw new LessonError('index.json: details.steps must be a list of steps');
}

const playground = (scenario: Scenario): Scenario => ({ ...scenario, details: { steps: [{ title: scenario.title }] } });

function readStep(page: Page, files: Files, imported: Imported): ImportedStep {
  const title = String(page.title ?? (imported.steps.length === 0 ? 'Introduction' : `Step ${imported.steps.length}`));
  const { body, commands } = readPage(actions(fileOf(page.text, files, imported), title, imported), useOf, (note) =>
    imported.notes.push(`step "${title}": ${note}`),
  );
  const command = (script: string | undefined): string | undefined => {
    const path = script ? putScript(String(script), files, imported) : undefined;
    return path && `bash ${path}`;
  };
  const verify = command(page.verify);
  return {
    title,
    body,
    commands,
    background: command(page.background ?? page.courseData),
    foreground: command(page.foreground ?? page.code),
    goals: verify ? [{ exec: { run: verify } }] : [],
  };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** Katacoda's files: `<pre class="file" data-filename="app.js" data-target="replace">`. */
function fileBlocks(markdown: string): string {
  const [before, ...rest] = markdown.split('<pre class="file"');
  return [before, ...rest.map(fileBlock)].join('');
}

function fileBlock(rest: string): string {
  const [start, end] = [rest.indexOf('>'), rest.indexOf('</pre>')];
  if (start < 0 || end < start) return rest;
  const attributes = rest.slice(0, start);
  const text = rest
    .slice(start + 1, end)
    .replace(/&(lt|gt|amp|quot);/g, (_, name: string) => entities[name]!)
    .replace(/^\r?\n|\n$/g, '');
  const name = /data-filename="([^"]+)"/.exec(attributes)?.[1];
  const target = /data-target="(\w+)"/.exec(attributes)?.[1];
  const info = name && target !== 'clipboard' ? `save-as=${name}${target === 'replace' ? '' : ' append'}` : '';
  return `\n~~~~~${info}\n${text}\n~~~~~\n${rest.slice(end + '</pre>'.length)}`;
}

/** Inline actions become blocks after their line; what else stands in double braces is said. */
function actions(markdown: string, title: string, { notes }: Imported): string {
  const lines = fileBlocks(markdown)
    .split('\n')
    .flatMap((line) => {
      if (line.length > longestLine) return [line];
      const run = [...line.matchAll(/`([^`\n]+)`(\{\{exec[^}]*\}\})/g)];
      const plain = line.replace(/`([^`\n]+)`\{\{(?:exec|copy)?[^}]*\}\}/g, '`$1`');
      return [plain, ...run.flatMap(([, command, action]) => ['```', command!, `\`\`\`${action}`])];
    });
  return addresses(lines.join('\n'), title, notes).replace(/<br\s*\/?>/gi, '');
}

function addresses(text: string, title: string, notes: string[]): string {
  return text
    .replace(/\{\{TRAFFIC_SELECTOR\}\}/g, 'http://localhost')
    .replace(/\{\{TRAFFIC_HOST1_(\d+)\}\}/g, 'http://localhost:$1')
    .replace(
      /(?:https?:\/\/)?\[\[HOST_SUBDOMAIN\]\]-(\d+)-\[\[KATACODA_HOST\]\]\.(?:environments\.katacoda\.com|\[\[KATACODA_DOMAIN\]\])/g,
      'http://localhost:$1',
    )
    .replaceAll('[[HOST_IP]]', hostIp)
    .replace(/\{\{TRAFFIC\w*\}\}/g, () => {
      notes.push(`step "${title}": a link to a port of another host`);
      return '';
    });
}

function useOf({ info, text, after }: Block): Use {
  const [, path, append] = /^save-as=(\S+)( append)?$/.exec(info) ?? [];
  const at = path && below('', path);
  if (at) return { save: path.startsWith('/') ? `/${at}` : at, text, append: append !== undefined };
  return /\{\{exec/.test(after) ? { run: text, interrupt: /interrupt/.test(after) } : 'read';
}

function fileOf(path: string | undefined, files: Files, { notes }: Imported): string {
  const at = path === undefined ? undefined : below('', String(path));
  if (at !== undefined && Object.hasOwn(files, at)) return files[at]!;
  if (path !== undefined) notes.push(`${path}: no such file`);
  return '';
}

function putScript(path: string, files: Files, imported: Imported): string | undefined {
  const text = fileOf(path, files, imported);
  if (text === '') return undefined;
  const target = `${scripts}/${below('', path)}`;
  imported.workspace[target] = text;
  return quoted(target);
}

function copyAssets(assets: NonNullable<NonNullable<Scenario['details']>['assets']>, files: Files, imported: Imported) {
  for (const [host, list] of Object.entries(assets)) {
    if (host !== 'host01') imported.notes.push(`assets of ${host}: there is one host`);
    else for (const asset of Array.isArray(list) ? list : []) copyAsset(asset, files, imported);
  }
}

function copyAsset(asset: { file?: string; target?: string; chmod?: string }, files: Files, imported: Imported): void {
  const source = below('assets', String(asset.file ?? '')) ?? '';
  const pattern = globPattern(source);
  const found = Object.keys(files).filter((path) => path.startsWith('assets/') && pattern.test(path));
  // Of `**` the folders below its fixed part are kept.
  const fixed = /^(?:[^*]*\/)?/.exec(source)![0];
  if (found.length === 0) imported.notes.push(`assets/${asset.file}: no such file`);
  for (const path of found) {
    const name = source.includes('**') ? path.slice(fixed.length) : path.split('/').at(-1)!;
    const target = `/${below(String(asset.target ?? '/root').replace('~', '/root'), name)}`;
    imported.workspace[target] = files[path]!;
    if (asset.chmod) imported.setup.push(`chmod ${quoted(String(asset.chmod))} ${quoted(target)}`);
  }
}

/** `*` is a part of a name, `**` any folders. */
const globPattern = (glob: string): RegExp => {
  const parts = glob.split(/(\*\*\/|\*\*|\*)/).map((part) => wildcards[part] ?? literal(part));
  return new RegExp(`^${parts.join('')}$`);
};
const wildcards: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' };
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
