import { parse as parseYaml } from 'yaml';
import { hostTools } from './host-tools.ts';
import { inOrder } from './order.ts';
import {
  type Block,
  below,
  type Imported,
  isPage,
  isSession,
  isShell,
  longestLine,
  mostSteps,
  readPage,
  runnable,
  type Use,
} from './page.ts';
import { isFile, withPrompts } from './shown.ts';

/** Characters of the files that the commands of a tutorial may need, all told. */
const mostBeside = 1 << 20;

/** Each `## ` section of each page is a step; a page without any is one. */
export function fromTutorial(
  name: string,
  pages: readonly string[],
  files: Readonly<Record<string, string>>,
): Imported {
  const order = inOrder(pages, files);
  const steps = order.flatMap((page) =>
    sections(
      files[page]!,
      page
        .split('/')
        .at(-1)!
        .replace(/\.\w+$/, ''),
    ),
  );
  const [first] = order;
  const title = /^# +(.+)$/m.exec(files[first!]!)?.[1] ?? frontTitle(files[first!]!) ?? name;
  const notes = steps.length > mostSteps ? [`${steps.length - mostSteps} sections are over the limit`] : [];
  const [beside, large] = besides(files);
  const workspace = Object.fromEntries(beside.map((path) => [`/root/${path}`, files[path]!]));
  if (large.length > 0)
    notes.push(`${large.join(', ')}: with the files beside the pages more than ${mostBeside} characters`);
  return {
    title,
    summary: '',
    course: 'images-and-containers',
    workspace,
    setup: [...hostTools(pages.map((page) => files[page]!)), ...runnable(workspace)],
    notes,
    steps: steps.slice(0, mostSteps).map(({ title, text }) => ({
      title,
      goals: [],
      ...readPage(indented(liquid(text)), useOf, (note) => notes.push(`step "${title}": ${note}`)),
    })),
  };
}

/** The files beside the pages, and the largest of them, without which the others are few enough. */
function besides(files: Readonly<Record<string, string>>): [string[], string[]] {
  const kept = Object.keys(files).filter((path) => !isPage(path));
  const bySize = [...kept].sort((a, b) => files[b]!.length - files[a]!.length);
  let size = kept.reduce((sum, path) => sum + files[path]!.length, 0);
  const large: string[] = [];
  while (size > mostBeside) {
    size -= files[bySize[large.length]!]!.length;
    large.push(bySize[large.length]!);
  }
  return [kept.filter((path) => !large.includes(path)), large];
}

/**
 * Typed is what a fence calls a shell's, what it gives to a terminal of Play with Docker (`.term1`), what shows prompts
 * and what begins with a command that everyone knows; written is what the text or the fence calls a file.
 */
function useOf({ info, text, before }: Block): Use {
  const number = /^\.term(\d)\b/.exec(info)?.[1];
  if (number) return { run: text, terminal: number === '1' ? undefined : `Terminal ${number}` };
  const path =
    titleOf(info) ?? fileAskedFor(before) ?? (isWholeDockerfile(info, text, before) ? 'Dockerfile' : undefined);
  const script = /\.sh$/.test(path ?? '') && !isSession(text);
  if (isShell(info) && !isFile(text) && !script && (isNamed(info) || isSession(text) || starts.test(text)))
    return { run: isSession(text) ? text : withPrompts(text) };
  return path === undefined ? 'read' : { save: path, text };
}

const isNamed = (info: string): boolean => /^\{?\.?[a-z]/i.test(info);

/** Without a name a fence may as well hold an output. */
const starts =
  /^(?:\s*(?:#.*)?\n)*\s*(?:sudo +)?(?:docker|docker-compose|cd|mkdir|touch|curl|wget|apt|apt-get|apk|git|echo|export|cat|vim?|nano|chmod|chown|systemctl|npm|pip3?|ls|rm|cp|mv|kill|unshare|ip)(?: +\S|$)/;

const isWholeDockerfile = (info: string, text: string, before: string): boolean =>
  /^docker(?:file)?\b/i.test(info) && /^(?:\s*(?:#.*)?\n)*\s*(?:ARG .*\n\s*)*FROM /.test(text) && asks.test(before);

/** The file that a fence names: `title="compose.yaml"`, `python:app.py`. */
function titleOf(info: string): string | undefined {
  if (info.length > longestLine) return undefined;
  const named = /\b(?:title|filename|file)\s*[=:]\s*["']?([^"'\s},]+)/.exec(info)?.[1] ?? /^\w+:(\S+)$/.exec(info)?.[1];
  return named !== undefined && isFileName.test(named) ? below('', named) : undefined;
}

/** The file that a paragraph asks its reader to make of what follows: "Create a file **app.py** with this content:". */
function fileAskedFor(paragraph: string): string | undefined {
  if (paragraph.length > longestLine || !(asks.test(paragraph) || isFileName.test(bare(paragraph)))) return undefined;
  const found = [...paragraph.matchAll(fileName)].map(([whole, path]) => ({
    marked: /^[*_`]/.test(whole),
    path: path!,
  }));
  const name = (found.findLast(({ marked }) => marked) ?? found.at(-1))?.path.replace(/\.+$/, '');
  return name === undefined ? undefined : below('', name);
}

/** A paragraph without its marks: of "**`app.py`**:" the name. */
const bare = (paragraph: string): string => paragraph.replace(/[\s*_`#"'“”]+|[:：]\s*$/g, '');

const asks = /\b(creat|sav|writ|add|nam|call|past|copy|put|content|following)|创建|新建|写入|保存|内容|编写|命名/i;
const kinds =
  'py|m?js|tsx?|jsx|json|txt|html?|css|sh|ya?ml|conf|cnf|toml|cfg|ini|env|sql|md|go|java|rb|php|rs|c|cpp|xml|properties|hcl|csv';
const name = `(?:[\\w-]+/)*(?:Dockerfile[\\w.-]*|Makefile|\\.dockerignore|\\.env|[\\w.-]+\\.(?:${kinds}))`;
const fileName = new RegExp(`(?:^|[\\s*_\`"'(（“])(${name})(?![\\w/-])`, 'g');
const isFileName = new RegExp(`^(?:\\./)?${name}$`);

const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/;

function frontTitle(text: string): string | undefined {
  try {
    const { title } = parseYaml(frontMatter.exec(text)?.[1] ?? '{}') as { title?: unknown };
    return typeof title === 'string' ? title : undefined;
  } catch {
    return undefined; // not YAML after all
  }
}

/** What Jekyll makes of the braces that an author has kept from it. */
const liquid = (text: string): string =>
  text.replace(/\{% *(?:end)?raw *%\}/g, '').replace(/\{\{ *"([^"\n]{0,200})" *\}\}/g, '$1');

/** Fences around sessions that are only indented, as Markdown had code before there were fences. */
function indented(text: string): string {
  let fenced = false;
  return text
    .split(/(\n{2,})/)
    .map((paragraph) => {
      const marks = paragraph.match(/^\s*(?:```|~~~)/gm)?.length ?? 0;
      const inFence = fenced;
      if (marks % 2 === 1) fenced = !fenced;
      const code =
        !inFence &&
        marks === 0 &&
        paragraph
          .trimEnd()
          .split('\n')
          .every((line) => /^(?: {4}|\t)/.test(line));
      const inner = paragraph.replace(/^(?: {4}|\t)/gm, '');
      return code && isSession(inner) ? `\`\`\`console\n${inner}\n\`\`\`` : paragraph;
    })
    .join('');
}

function sections(markdown: string, name: string): { title: string; text: string }[] {
  const found = [{ title: name, text: '' }];
  let fenced = false;
  for (const line of markdown.replace(frontMatter, '').split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const heading = fenced ? null : /^(#{1,2}) +(.+)$/.exec(line);
    if (heading?.[1] === '##') found.push({ title: heading[2]!, text: '' });
    else if (heading) found.at(-1)!.title = heading[2]!;
    else found.at(-1)!.text += `${line}\n`;
  }
  return found.filter(({ text }) => text.trim() !== '');
}
