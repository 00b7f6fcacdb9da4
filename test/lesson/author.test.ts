/** What the author's desk stands on: a lesson written as it is read, and goals recorded from what was done. */
import { expect, it } from 'vitest';
import { filesOf, lessonFolder, lessonNames, playOptions } from '../../src/companion/commands/lessons.ts';
import {
  completeTexts,
  newFacts,
  parseGoal,
  parseLesson,
  Typist,
  worldOf,
  writeGoal,
  writeLesson,
} from '../../src/lesson/index.ts';
import { createMachine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';
import { smallLesson } from './small-lesson.ts';

it('writes every lesson as it reads it', () => {
  for (const name of lessonNames(lessonFolder)) {
    const read = parseLesson(name, filesOf(lessonFolder, name));
    expect({ ...parseLesson(name, writeLesson(read)), version: '' }).toEqual({ ...read, version: '' });
  }
  const open = parseLesson('small', smallLesson, 'open');
  expect({ ...parseLesson('small', writeLesson(open), 5), version: '' }).toEqual({
    ...parseLesson('small', smallLesson, 5),
    version: '',
  });
});

it('takes a text that is missing from the other language, and says so', () => {
  const lesson = parseLesson('small', smallLesson);
  const half = structuredClone(lesson);
  half.texts.zh.title = '';
  half.texts.zh.steps[0]!.hints = [];
  const { lesson: whole, missing } = completeTexts(half);
  expect([whole.texts.zh.title, missing]).toEqual(['Small', ['zh']]);
  expect(completeTexts(lesson)).toEqual({ lesson, missing: [] });
});

it('fills in what a question or a conditional hint lacks in one language, and keeps its place', () => {
  const draft = parseLesson('small', smallLesson);
  const { en, zh } = draft.texts;
  draft.steps[0]!.hints.push({ when: { image: { untagged: true } } });
  en.steps[0]!.hints.unshift('no name');
  zh.steps[0]!.hints.unshift('');
  const asked = { question: 'What?', choices: ['this', 'that'], answer: 1, explanation: 'because' };
  en.steps[0]!.predictions.push(asked);
  zh.steps[0]!.predictions.push({ ...asked, question: '什么？', explanation: '' });
  const { lesson } = completeTexts(draft);
  expect(parseLesson('small', writeLesson(lesson)).texts.zh.steps[0]).toMatchObject({
    hints: ['no name', 'docker pull'],
    predictions: [{ ...asked, question: '什么？' }],
  });
});

it('reads a goal that stands on one line, and says why it cannot', () => {
  const goal = { not: { container: { name: 'web', status: 'running' as const } } };
  expect(writeGoal(goal)).toBe('{ not: { container: { name: web, status: running } } }');
  expect(parseGoal(writeGoal(goal))).toEqual(goal);
  expect(() => parseGoal('{ image: { refrence: x } }')).toThrow('goal: it.image.refrence: no such field');
  expect(() => parseGoal('{ image: ')).toThrow('goal: ');
});

it('offers as goals what holds now and did not before', async () => {
  const machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  const typist = new Typist(machine, playOptions(machine));
  await typist.prompt();
  await typist.type({ run: 'docker pull alpine' });
  const before = await worldOf(machine, []);
  await typist.type({ run: "docker run --name web -p 8080:80 -d alpine sh -c 'echo hi > /hi; tail -f /dev/null'" });
  await typist.type({ run: 'sleep 1' });
  await typist.type({ run: 'docker commit web mine && docker network create inner && docker volume create data' });
  const facts = await newFacts(before, await worldOf(machine, []), ['/root/no']);
  const goals = facts.map(({ goal }) => goal);
  expect(goals).toContainEqual({ container: { name: 'web', image: 'alpine', status: 'running' } });
  expect(goals).toContainEqual({ container: { name: 'web', port: '80', hostPort: '8080' } });
  expect(goals).toContainEqual({ container: { name: 'web', changed: '/hi' } });
  expect(goals).toContainEqual({ image: { reference: 'mine', from: 'alpine', layersAbove: 1 } });
  expect(goals).toContainEqual({ image: { reference: 'mine', layerContains: '/hi' } });
  expect(goals).toContainEqual({ network: { name: 'inner' } });
  expect(goals).toContainEqual({ volume: { name: 'data' } });
  expect(goals).not.toContainEqual({ image: { reference: 'alpine' } });
  expect(goals.some((goal) => 'file' in goal || 'build' in goal)).toBe(false);
  typist.close();
  await machine.shutdown();
}, 60_000);
