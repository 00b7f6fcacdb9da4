import { parse as parseYaml } from 'yaml';
import { type Imported, isPage, isShell, mostSteps, readPage, runnable, typedOf } from './page.ts';

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
      ...readPage(text, (block) => (isShell(block.info) && block.info ? { run: typedOf(block.text) } : 'read')),
    })),
  };
}

const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/;

function frontTitle(text: string): string | undefined {
  try {
    const { title } = parseYaml(frontMatter.exec(text)?.[1] ?? '{}') as { title?: unknown };
    return typeof title === 'string' ? title : undefined;
  } catch {
    return undefined; // not YAML after all
  }
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
