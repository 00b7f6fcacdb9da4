/** The other way round of parse.ts: a lesson as the files that are parsed. For who edits one. */
import { stringify } from 'yaml';
import { type Lesson, type LessonText, languages, type Prediction, type StepText } from './format.ts';
import type { Goal } from './goals.ts';

export function writeLesson(lesson: Lesson): Record<string, string> {
  const { course, order, form, par, workspace, setup, variants, lock, steps, texts } = lesson;
  const some = (map: object): boolean => Object.keys(map).length > 0;
  const yaml = stringify(
    {
      course,
      order,
      ...(form !== 'lesson' && { form }),
      ...(par !== undefined && { par }),
      ...(some(workspace) && { workspace }),
      ...(setup.length > 0 && { setup }),
      ...(some(variants) && { variants }),
      ...(lock && {
        lock: {
          ...(lock.hints && { hints: lock.hints }),
          ...(lock.commands.length > 0 && { commands: lock.commands }),
        },
      }),
      steps: steps.map(({ id, goals, background, foreground, hints, solution }) => ({
        id,
        goals,
        ...(background && { background }),
        ...(foreground && { foreground }),
        ...(hints.length > 0 && { hints }),
        solution: solution.map(({ run, status, terminal }) =>
          status || terminal ? { run, ...(status && { status }), ...(terminal && { terminal }) } : run,
        ),
      })),
    },
    { lineWidth: 0 },
  );
  const markdown = languages.map((language) => [`${language}.md`, writeMarkdown(texts[language])] as const);
  return { 'lesson.yaml': yaml, ...Object.fromEntries(markdown) };
}

/** On one line, as it may stand in lesson.yaml. */
export const writeGoal = (goal: Goal): string => stringify(goal, { collectionStyle: 'flow', lineWidth: 0 }).trim();

function writeMarkdown({ title, summary, steps }: LessonText): string {
  return `---\n${stringify({ title, summary }, { lineWidth: 0 })}---\n${steps.map(writeStep).join('')}`;
}

function writeStep({ title, body, predictions, goals, hints }: StepText): string {
  const part = (name: string, text: string): string => (text ? `\n### ${name}\n\n${text}\n` : '');
  const items = (lines: readonly string[]): string => lines.map((line) => `- ${line.replaceAll('\n', ' ')}`).join('\n');
  const asked = predictions.map(({ question, choices, answer, explanation }) =>
    part(
      'Predict',
      [
        question,
        choices.map((choice, at) => `- [${at === answer ? 'x' : ' '}] ${choice}`).join('\n'),
        explanation
          .split('\n')
          .map((line) => `> ${line}`)
          .join('\n'),
      ].join('\n\n'),
    ),
  );
  return `\n## ${title}\n${body ? `\n${body}\n` : ''}${asked.join('')}${part('Goals', items(goals))}${part('Hints', items(hints))}`;
}

/**
 * With every text in every language: one that is still missing is taken from the language that has it. `missing` names
 * the languages that took one.
 */
export function completeTexts(lesson: Lesson): { lesson: Lesson; missing: string[] } {
  const missing = new Set<string>();
  const pick = (language: string, own: string, other: string): string => {
    if (own.trim() || !other.trim()) return own;
    missing.add(language);
    return other;
  };
  const longer = <T>(language: string, own: T[], other: T[]): T[] => {
    if (own.length >= other.length) return own;
    missing.add(language);
    return other;
  };
  const asked = (language: string, own: Prediction, other: Prediction): Prediction => ({
    ...own,
    question: pick(language, own.question, other.question),
    choices: own.choices.map((choice, index) => pick(language, choice, other.choices[index] ?? '')),
    explanation: pick(language, own.explanation, other.explanation),
  });
  const [one, two] = [lesson.texts.en, lesson.texts.zh];
  const merge = (language: string, own: LessonText, other: LessonText): LessonText => ({
    title: pick(language, own.title, other.title),
    summary: pick(language, own.summary, other.summary),
    steps: own.steps.map((step, at) => {
      const conditions = lesson.steps[at]?.hints.length ?? 0;
      const theirs = other.steps[at] ?? step;
      return {
        title: pick(language, step.title, theirs.title),
        body: pick(language, step.body, theirs.body),
        goals: step.goals.map((goal, index) => pick(language, goal, theirs.goals[index] ?? '')),
        hints: [
          ...step.hints.slice(0, conditions).map((hint, index) => pick(language, hint, theirs.hints[index] ?? '')),
          ...longer(language, step.hints.slice(conditions), theirs.hints.slice(conditions)),
        ],
        predictions: longer(language, step.predictions, theirs.predictions).map((one, index) =>
          asked(language, one, theirs.predictions[index] ?? one),
        ),
      };
    }),
  });
  const texts = { en: merge('en', one, two), zh: merge('zh', two, one) };
  return { lesson: { ...lesson, texts }, missing: [...missing] };
}
