import type { OutlineItem } from '../outline.ts';
import type { BuildView } from './builds.ts';
import type { BuildWords } from './words.ts';

/** The text twin: stages, and their steps in order. */
export const buildOutline = (build: BuildView, words: BuildWords): OutlineItem => ({
  id: 'build',
  text: [words.summary(build), build.ended?.error].filter(Boolean).join('; '),
  children: build.stages.map((stage, index) => ({
    id: `stage${index}`,
    text: [
      `${words.stage(stage, index)}, ${words.base(stage, build.stages)}`,
      ...stage.findings.map(({ rule, detail }) => `${rule}: ${detail}`),
    ].join('; '),
    children: stage.steps.map((step) => ({
      id: `step${step.line}`,
      text: words.step(step, build.stages),
      children: [],
    })),
  })),
});
