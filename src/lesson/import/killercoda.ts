import { LessonError } from '../schema.ts';
import { type Block, below, type Imported, type ImportedStep, mostSteps, quoted, readPage, type Use } from './page.ts';

interface Page {
  title?: string;
  text?: string;
  verify?: string;
  foreground?: string;
  background?: string;
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
  // What runs while the introduction is read is there before the first step.
  for (const script of [intro?.background, intro?.foreground]) {
    const path = script && putScript(script, files, imported);
    if (path) imported.setup.push(`bash ${path}`);
  }
  const pages = [...(intro ? [{ ...intro, foreground: undefined, background: undefined }] : []), ...steps];
  for (const page of [...pages, ...(finish ? [finish] : [])].slice(0, mostSteps)) {
    imported.steps.push(readStep(page, files, imported));
  }
  return imported;
}

function readIndex(text: string): Scenario {
  try {
    const scenario = JSON.parse(text) as Scenario;
    // A scenario that says nothing but its name is a terminal to play in.
    if (scenario?.title && scenario.backend && !scenario.details) return playground(scenario);
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
  const { body, commands } = readPage(actions(fileOf(page.text, files, imported), title, imported), useOf);
  const before = [page.background, page.foreground].flatMap((script) => {
    const path = script ? putScript(script, files, imported) : undefined;
    return path ? [`bash ${path}`] : [];
  });
  const verify = page.verify ? putScript(page.verify, files, imported) : undefined;
  const first = before.length > 0 ? `\`\`\`\n${before.join('\n')}\n\`\`\`\n\n` : '';
  if (first) imported.notes.push(`step "${title}": its script is a command to run, it does not start by itself`);
  return {
    title,
    body: `${first}${body}`,
    commands: [...before, ...commands],
    goals: verify ? [{ exec: { run: `bash ${verify}` } }] : [],
  };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** Katacoda's files: `<pre class="file" data-filename="app.js" data-target="replace">`. */
function fileBlocks(markdown: string): string {
  return markdown.replace(
    /<pre class="file"([^>]*)>\r?\n?([\s\S]*?)<\/pre>/g,
    (_, attributes: string, html: string) => {
      const text = html.replace(/&(lt|gt|amp|quot);/g, (_, name: string) => entities[name]!).replace(/\n$/, '');
      const name = /data-filename="([^"]+)"/.exec(attributes)?.[1];
      const target = /data-target="(\w+)"/.exec(attributes)?.[1];
      const info = name && target !== 'clipboard' ? `save-as=${name}${target === 'replace' ? '' : ' append'}` : '';
      return `\n~~~~~${info}\n${text}\n~~~~~\n`;
    },
  );
}

/** Inline actions become blocks after their line; what else stands in double braces is said. */
function actions(markdown: string, title: string, { notes }: Imported): string {
  const lines = fileBlocks(markdown)
    .split('\n')
    .flatMap((line) => {
      const run = [...line.matchAll(/`([^`\n]+)`\{\{exec[^}]*\}\}/g)].map((m) => m[1]!);
      const plain = line.replace(/`([^`\n]+)`\{\{(?:exec|copy)?[^}]*\}\}/g, '`$1`');
      return run.length > 0 ? [plain, '```', ...run, '```{{exec}}'] : [plain];
    });
  const text = lines.join('\n').replace(/\{\{(?:TRAFFIC\w*|\w+_PORT\w*)\}\}/g, () => {
    notes.push(`step "${title}": a link to a port of the host; the Browser view shows it`);
    return '';
  });
  return text.replace(/<br\s*\/?>/gi, '');
}

function useOf({ info, text, after }: Block): Use {
  const [, path, append] = /^save-as=(\S+)( append)?$/.exec(info) ?? [];
  const at = path && below('', path);
  if (at) return { save: path.startsWith('/') ? `/${at}` : at, text, append: append !== undefined };
  return /\{\{exec/.test(after) ? { run: text } : 'read';
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
  const pattern = new RegExp(`^${source.split('*').map(literal).join('[^/]*')}$`);
  const found = Object.keys(files).filter((path) => path.startsWith('assets/') && pattern.test(path));
  if (found.length === 0) imported.notes.push(`assets/${asset.file}: no such file`);
  for (const path of found) {
    const target = `/${below(String(asset.target ?? '/root').replace('~', '/root'), path.split('/').at(-1)!)}`;
    imported.workspace[target] = files[path]!;
    if (asset.chmod) imported.setup.push(`chmod ${quoted(String(asset.chmod))} ${quoted(target)}`);
  }
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
