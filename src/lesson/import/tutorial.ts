import { parse as parseYaml } from 'yaml';
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

/** Characters of the files that the commands of a tutorial may need, all told. */
const mostBeside = 1 << 20;

/** Each `## ` section of each page is a step; a page without any is one. */
export function fromTutorial(
  name: string,
  pages: readonly string[],
  files: Readonly<Record<string, string>>,
): Imported {
  const steps = pages.flatMap((page) =>
    sections(
      files[page]!,
      page
        .split('/')
        .at(-1)!
        .replace(/\.\w+$/, ''),
    ),
  );
  const [first] = pages;
  const title = /^# +(.+)$/m.exec(files[first!]!)?.[1] ?? frontTitle(files[first!]!) ?? name;
  const notes = steps.length > mostSteps ? [`${steps.length - mostSteps} sections are over the limit`] : [];
  const beside = Object.entries(files).filter(([path]) => !isPage(path));
  const small = beside.reduce((sum, [, text]) => sum + text.length, 0) <= mostBeside;
  const workspace = Object.fromEntries(small ? beside.map(([path, text]) => [`/root/${path}`, text]) : []);
  if (!small) notes.push(`${beside.length} files beside the pages: more than ${mostBeside} characters`);
  return {
    title,
    summary: '',
    course: 'images-and-containers',
    workspace,
    setup: runnable(workspace),
    notes,
    steps: steps.slice(0, mostSteps).map(({ title, text }) => ({
      title,
      goals: [],
      ...readPage(liquid(text), useOf),
    })),
  };
}

/**
 * Typed is what a fence calls a shell's, what it gives to a terminal of Play with Docker (`.term1`), and what shows
 * prompts; written is what the text calls a file. Another fence without a name may as well be an output.
 */
function useOf({ info, text, before }: Block): Use {
  const number = /^\.term(\d)\b/.exec(info)?.[1];
  if (number) return { run: text, terminal: number === '1' ? undefined : `Terminal ${number}` };
  if (isShell(info) && !isData(text) && (info || isSession(text))) return { run: text };
  const path = fileAskedFor(before);
  return path === undefined ? 'read' : { save: path, text };
}

/** What a command printed is often fenced as if it were typed, too: JSON certainly is not. */
function isData(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    return JSON.parse(text) instanceof Object;
  } catch {
    return false;
  }
}

/** The file that a paragraph asks its reader to make of what follows: "Create a file **app.py** with this content:". */
function fileAskedFor(paragraph: string): string | undefined {
  if (paragraph.length > longestLine || !asks.test(paragraph)) return undefined;
  const name = [...paragraph.matchAll(fileName)].at(-1)?.[1]?.replace(/\.+$/, '');
  return name === undefined ? undefined : below('', name);
}

const asks = /\b(creat|sav|writ|add|nam|call|past|copy|put|content|following)|创建|新建|写入|保存|内容|编写/i;
const kinds = 'py|m?js|ts|json|txt|html?|css|sh|ya?ml|conf|toml|cfg|ini|env|sql|md|go|java|rb|php';
const fileName = new RegExp(
  `(?:^|[\\s*_\`"'(（“])((?:[\\w-]+/)*(?:Dockerfile[\\w.-]*|Makefile|\\.dockerignore|\\.env|[\\w.-]+\\.(?:${kinds})))(?![\\w/-])`,
  'g',
);

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
