import { parse as parseYaml } from 'yaml';
import type { LessonText, Prediction, Step, StepText } from './format.ts';
import { type Reader, reader } from './schema.ts';

/**
 *   ---
 *   title: What a layer is
 *   summary: ...
 *   ---
 *   ## Step title
 *   Markdown
 *   ### Predict    (a question, choices `- [ ]`, the right one `- [x]`, then why as `> ...`)
 *   ### Goals      (one list item per goal)
 *   ### Hints      (one list item per hint)
 */
export function readMarkdown(file: string, markdown: string, steps: readonly Step[]): LessonText {
  const read = reader(file);
  const { title, summary, sections } = readSections(markdown, read);
  if (sections.length !== steps.length) read.fail(`${sections.length} steps, lesson.yaml has ${steps.length}`);
  return { title, summary, steps: sections.map((section, index) => readStepText(section, steps[index]!, read)) };
}

/** Title and summary of the front matter, and the `##` sections, heading first. */
export function readSections(markdown: string, read: Reader): { title: string; summary: string; sections: string[] } {
  const front = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(markdown);
  if (!front) return read.fail('needs front matter');
  const meta = read.object(frontMatter(front[1]!, read), 'front matter');
  return {
    title: read.text(meta.title, 'title'),
    summary: read.text(meta.summary, 'summary'),
    sections: splitAtHeadings(markdown.slice(front[0].length), '## ').slice(1),
  };
}

function frontMatter(text: string, read: Reader): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    return read.fail((error as Error).message);
  }
}

function readStepText(section: string, step: Step, read: Reader): StepText {
  const [head, ...parts] = splitAtHeadings(section, '### ');
  const { title, body } = titled(head!);
  const text: StepText = { title, body, goals: [], hints: [], predictions: [] };
  for (const part of parts.map(titled)) {
    const heading = part.title.toLowerCase();
    if (heading === 'goals') text.goals = items(part.body);
    else if (heading === 'hints') text.hints = items(part.body);
    else if (heading === 'predict') text.predictions.push(readPrediction(part.body, `step "${title}"`, read));
    else read.fail(`step "${title}": no such part: ### ${part.title} (there are Predict, Goals, Hints)`);
  }
  if (text.goals.length !== step.goals.length)
    read.fail(`step "${title}": ${text.goals.length} goal lines, needs ${step.goals.length}`);
  // A step without goals is a page to read.
  if (step.goals.length > 0 && text.hints.length <= step.hints.length)
    read.fail(
      step.hints.length === 0
        ? `step "${title}": needs a hint`
        : `step "${title}": ${text.hints.length} hints; needs ${step.hints.length} for the conditions and a general one`,
    );
  return text;
}

function readPrediction(body: string, at: string, read: Reader): Prediction {
  const choices = [...body.matchAll(/^[-*] \[([ xX])\] (.+(?:\n {2,}.+)*)/gm)];
  const right = choices.flatMap((choice, index) => (choice[1] === ' ' ? [] : [index]));
  const question = body.slice(0, choices[0]?.index ?? 0).trim();
  const explanation = [...body.matchAll(/^> ?(.*)/gm)]
    .map((m) => m[1]!)
    .join('\n')
    .trim();
  if (!question) read.fail(`${at}: a prediction needs a question`);
  if (choices.length < 2) read.fail(`${at}: a prediction needs two choices (- [ ] ...)`);
  if (right.length !== 1) read.fail(`${at}: a prediction needs one right choice (- [x] ...), has ${right.length}`);
  if (!explanation) read.fail(`${at}: a prediction needs an explanation (> ...)`);
  return { question, choices: choices.map((choice) => unwrap(choice[2]!)), answer: right[0]!, explanation };
}

/** Splits before each line that begins with `mark`, code fences left whole. */
export function splitAtHeadings(markdown: string, mark: string): string[] {
  const parts = [''];
  let fence = '';
  for (const line of markdown.split(/\r?\n/)) {
    const ticks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (!fence && line.startsWith(mark)) parts.push(`${line.slice(mark.length)}\n`);
    else parts[parts.length - 1] += `${line}\n`;
    if (!fence) fence = ticks;
    else if (ticks.startsWith(fence)) fence = '';
  }
  return parts;
}

export function titled(section: string): { title: string; body: string } {
  const newline = section.indexOf('\n');
  return { title: section.slice(0, newline).trim(), body: section.slice(newline + 1).replace(/^\n+|\s+$/g, '') };
}

/** Chinese has no space where a line was broken. */
const unwrap = (text: string): string =>
  text.replace(/([\u3000-\u9fff\uff00-\uffef])\n\s+(?=[\u3000-\u9fff\uff00-\uffef])/g, '$1').replace(/\n\s+/g, ' ');
const items = (part: string): string[] => [...part.matchAll(/^[-*] (.+(?:\n {2,}.+)*)/gm)].map((m) => unwrap(m[1]!));
