/** The format: what is wrong with a lesson is told by file and field. */
import { expect, it } from 'vitest';
import { isProbe, LessonError, parseLesson } from '../../src/lesson/index.ts';

const yaml = `course: layers
steps:
  - id: pull
    goals:
      - image: { reference: alpine, sizeBelow: 10MB }
      - not: { container: { memory: 64m } }
    hints:
      - when: { any: [ { image: { untagged: true } }, { exec: { run: "true" } } ] }
    solution: [docker pull alpine, { run: docker run nosuch, status: 125 }]
`;
const text = (extra = '') => `---
title: T
summary: S
---
## Pull
Body

    ## no heading
    docker pull alpine

\`\`\`
### Goals
## neither
\`\`\`

### Predict
Which?

- [ ] this
- [x] that
  one
> Because.

### Goals
- \`alpine\` is here
- nothing else
### Hints
- untagged
- general
${extra}`;
const files = { 'lesson.yaml': yaml, 'en.md': text(), 'zh.md': text() };
const problem = (changed: Record<string, string>): string => {
  try {
    parseLesson('one', { ...files, ...changed });
  } catch (error) {
    expect(error).toBeInstanceOf(LessonError);
    return (error as Error).message;
  }
  return 'no problem';
};
const said = (from: string, to: string): string => problem({ 'lesson.yaml': yaml.replace(from, to) });
const written = (from: string, to: string): string => problem({ 'zh.md': text().replace(from, to) });

it('reads goals, conditions, solution lines and predictions', () => {
  const lesson = parseLesson('one', files);
  const [step] = lesson.steps;
  expect(step!.goals).toEqual([
    { image: { reference: 'alpine', sizeBelow: 10e6 } },
    { not: { container: { memory: 64 * 2 ** 20 } } },
  ]);
  expect(step!.solution).toEqual([{ run: 'docker pull alpine' }, { run: 'docker run nosuch', status: 125 }]);
  expect(isProbe(step!.hints[0]!.when)).toBe(true);
  const shown = lesson.texts.en.steps[0]!;
  expect(shown.predictions).toEqual([
    { question: 'Which?', choices: ['this', 'that one'], answer: 1, explanation: 'Because.' },
  ]);
  expect(shown.hints).toEqual(['untagged', 'general']);
  expect(shown.body).toContain('## neither');
});

it('joins a broken Chinese line without a space', () => {
  const lesson = parseLesson('one', { ...files, 'zh.md': text().replace('- general', '- 一般的\n  提示') });
  expect(lesson.texts.zh.steps[0]!.hints[1]).toBe('一般的提示');
});

it.each([
  [said('course: layers', 'course: cooking'), 'one/lesson.yaml: course must be one of images-and-containers, layers'],
  [said('course: layers', 'colour: red\ncourse: layers'), 'one/lesson.yaml: colour: no such field'],
  [said('10MB', '10 miles'), 'one/lesson.yaml: steps[0].goals[0].image.sizeBelow must be a size'],
  [said('reference: alpine', 'ref: alpine'), 'one/lesson.yaml: steps[0].goals[0].image.ref: no such field'],
  [said('reference: alpine', 'reference: 3.20'), 'steps[0].goals[0].image.reference must be text (quote it)'],
  [said('image: {', 'constructor: {'), 'steps[0].goals[0]: unknown goal constructor'],
  [said('status: 125', 'exit: 125'), 'steps[0].solution[1].exit: no such field'],
  [said('id: pull', 'id: pull\n    text: x'), 'steps[0].text: no such field'],
  [said('course: layers', 'course: layers\nform: challenge'), 'par belongs to form: challenge'],
  [said('course: layers', 'course: layers\nform: repair'), 'setup: form: repair needs what breaks'],
  [said('course: layers', 'course: layers\nworkspace: { a: b }'), 'workspace.a: a path of the host begins with /'],
  [said('steps:', 'steps: ['), 'one/lesson.yaml:'],
  [written('- nothing else\n', ''), 'one/zh.md: step "Pull": 1 goal lines, needs 2'],
  [written('- general\n', ''), 'one/zh.md: step "Pull": 1 hints; needs 1 for the conditions and a general one'],
  [written('- general', '- general\n- more'), 'one/zh.md: step pull: 3 hints, en.md has 2'],
  [written('`alpine`', '`ubuntu`'), 'one/zh.md: step pull, goal 1: names ubuntu, en.md alpine'],
  [written('- [x] that', '- [ ] that'), 'one/zh.md: step "Pull": a prediction needs one right choice'],
  [written('- [ ] this', '- [x] this'), 'a prediction needs one right choice (- [x] ...), has 2'],
  [written('> Because.', ''), 'a prediction needs an explanation'],
  [written('### Hints', '### Tips'), 'no such part: ### Tips'],
  [problem({ 'zh.md': text('## More\n') }), 'one/zh.md: 2 steps, lesson.yaml has 1'],
  [problem({ 'zh.md': 'x' }), 'one/zh.md: needs front matter'],
])('%s', (told, wanted) => expect(told).toContain(wanted));
