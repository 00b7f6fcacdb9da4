/** Every demonstration of `demos/`: its commands exit as they say, and each step's goals hold after it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkDemos, demoFolder, stageViews } from '../../src/companion/commands/demos.ts';
import { lessonNames } from '../../src/companion/commands/lessons.ts';
import { parseDemo } from '../../src/lesson/index.ts';

for (const name of lessonNames(demoFolder)) {
  it(name, { timeout: 120_000 }, async () => {
    for await (const { problems } of checkDemos(demoFolder, [name])) expect(problems).toEqual([]);
  });
}

const small = {
  'demo.yaml': 'steps:\n  - id: a\n    spotlight: { mark: x }\n    view: build\n    commands: [ls]\n',
  'en.md': '---\ntitle: T\nsummary: S\n---\n## One\n\nSlide\n\n### Notes\n\nHush\n',
  'zh.md': '---\ntitle: T\nsummary: S\n---\n## 一\n\n片\n',
};

it('knows the views of the stage', async () => {
  const views = readFileSync(new URL('../../src/app/views.ts', import.meta.url), 'utf8');
  const names = [...views.matchAll(/^ {2}(\w+): async/gm)].map((found) => found[1]);
  expect(stageViews.filter((name) => !names.includes(name))).toEqual([]);
});

it('reads slides and hidden notes, and refuses what it does not know', () => {
  const demo = parseDemo('small', small, stageViews);
  expect(demo.texts.en.slides).toEqual([{ title: 'One', body: 'Slide', notes: 'Hush' }]);
  expect(demo.steps[0]).toMatchObject({ view: 'build', spotlight: { mark: 'x' }, commands: [{ run: 'ls' }] });
  const wrong = (change: Partial<typeof small>) => () => parseDemo('small', { ...small, ...change }, stageViews);
  expect(wrong({ 'demo.yaml': 'steps:\n  - id: a\n    view: nosuch\n' })).toThrow(/view must be one of layers/);
  expect(wrong({ 'demo.yaml': 'steps:\n  - id: a\n    light: x\n' })).toThrow(/light: no such field/);
  expect(wrong({ 'demo.yaml': 'steps:\n  - id: a\n    spotlight: sun\n' })).toThrow(
    /spotlight must be one of terminal/,
  );
  expect(wrong({ 'zh.md': small['zh.md'].replace('## 一', '') })).toThrow('zh.md: 0 slides, demo.yaml has 1 steps');
});
