/** Variants by seed, locks, and hand-in files that are run again. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradeFile } from '../../src/companion/commands/grade.ts';
import { checkLessons, playOptions } from '../../src/companion/commands/lessons.ts';
import { buildVersion } from '../../src/companion/package-root.ts';
import {
  beginLesson,
  type HandIn,
  hintsOpen,
  isIntact,
  lockedBy,
  parseLesson,
  readHandIn,
  refusal,
  sign,
  stateDigest,
  Typist,
} from '../../src/lesson/index.ts';
import { createMachine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';
import { smallLesson } from './small-lesson.ts';

const lessonOf = (seed: number) => parseLesson('small', smallLesson, seed);

describe('variants', () => {
  it('are the same for a seed, in texts, goals and solution', () => {
    const [one, again] = [lessonOf(7), lessonOf(7)];
    expect(one).toEqual(again);
    const { name } = (one.steps[1]!.goals[0] as { container: { name: string } }).container;
    expect(one.steps[1]!.solution[0]!.run).toContain(`--name ${name} `);
    expect(one.texts.zh.steps[1]!.body).toContain(name);
    const names = new Set(Array.from({ length: 20 }, (_, seed) => lessonOf(seed).steps[1]!.solution[0]!.run));
    expect(names.size).toBe(6);
  });

  it('stay open for who edits, and must be known', () => {
    expect(parseLesson('small', smallLesson, 'open').version).toBe(lessonOf(3).version);
    const broken = { ...smallLesson, 'en.md': smallLesson['en.md']!.replace('{{name}}', '{{nmae}}') };
    expect(() => parseLesson('small', broken)).toThrow('small/en.md: {{nmae}} names no variant');
  });
});

describe('locks', () => {
  it('know a command by its words, whatever flags stand between', () => {
    const locked = ['docker system prune', 'docker rm -f'];
    const by = (line: string) => lockedBy(locked, line.split(' '));
    expect(by('/usr/bin/docker system prune -a')).toBe('docker system prune');
    expect(by('docker --debug system prune')).toBe('docker system prune');
    expect(by('docker rm web -f')).toBe('docker rm -f');
    expect([by('docker rm web'), by('docker system df'), by('echo docker system prune')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('open hints after time or failures', () => {
    const { lock } = lessonOf(1);
    expect([hintsOpen(lock, { minutes: 4, failures: 1 }), hintsOpen(undefined, { minutes: 0, failures: 0 })]).toEqual([
      false,
      true,
    ]);
    expect([hintsOpen(lock, { minutes: 5, failures: 0 }), hintsOpen(lock, { minutes: 0, failures: 2 })]).toEqual([
      true,
      true,
    ]);
  });
});

describe('hand-in', () => {
  let folder: string;
  let handIn: HandIn;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drydock-'));
    mkdirSync(join(folder, 'small'));
    for (const [file, text] of Object.entries(smallLesson)) writeFileSync(join(folder, 'small', file), text);
    const lesson = lessonOf(7);
    const machine = await createMachine({
      ...nodeWorld,
      pace: 'skip',
      seed: 7,
      refuse: (argv) => {
        const command = lockedBy(lesson.lock!.commands, argv);
        return command && refusal(command, lesson.texts.en.title);
      },
    });
    await beginLesson(lesson, machine);
    const own = new Typist(machine, playOptions(machine));
    await own.prompt();
    const lines = [...lesson.steps.flatMap(({ solution }) => solution.map(({ run }) => run))];
    for (const run of lines) expect(await own.type({ run })).toBeUndefined();
    const refused = { run: 'docker rm -f web shop blog', status: 126 };
    expect(await own.type(refused)).toBeUndefined();
    handIn = {
      drydock: 'hand-in',
      version: 1,
      program: buildVersion(),
      student: '李雷',
      lesson: { name: 'small', version: lesson.version },
      seed: 7,
      fresh: true,
      begun: '2026-01-01T09:00:00.000Z',
      handedIn: '2026-01-01T09:05:00.000Z',
      commands: [...lines.map((run) => ({ run, status: 0 })), refused].map(({ run, status }, at) => ({
        at,
        line: run,
        terminal: 'pts/0',
        status,
      })),
      goals: ['pull/image', 'run/container'],
      of: 2,
      state: stateDigest(await machine.inspect()),
    };
    own.close();
    await machine.shutdown();
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const graded = async (text: string) => {
    const file = join(folder, 'one.json');
    writeFileSync(file, text);
    return gradeFile(file, folder);
  };

  it('agrees when it is run again', async () => {
    const text = JSON.stringify(sign(handIn), null, 2);
    expect(await graded(text)).toMatchObject({
      student: '李雷',
      goals: 2,
      replayed: 2,
      agrees: true,
      sameState: true,
      tampered: false,
      note: '',
    });
  }, 60_000);

  it('runs again what a step did unseen when it was shown', async () => {
    const name = 'unseen';
    const yaml = `course: layers
steps:
  - id: look
    background: echo secret > /root/left-here
    goals:
      - file: { path: /root/found, contains: secret }
    solution:
      - cp left-here found
  - id: go-on
    background: rm -f /root/left-here
    goals:
      - file: { path: /root/end }
    solution:
      - test ! -e left-here && touch end
`;
    const text =
      '---\ntitle: T\nsummary: S\n---\n\n## A\n\nB\n\n### Goals\n\n- g\n\n### Hints\n\n- x\n\n## C\n\nD\n\n### Goals\n\n- h\n\n### Hints\n\n- y\n';
    mkdirSync(join(folder, name));
    const files = { 'lesson.yaml': yaml, 'en.md': text, 'zh.md': text };
    for (const [file, one] of Object.entries(files)) writeFileSync(join(folder, name, file), one);
    for await (const { problems } of checkLessons(folder, [name])) expect(problems).toEqual([]);
    const lines = ['cp left-here found', 'test ! -e left-here && touch end'];
    const commands = lines.map((line, at) => ({ at, line, terminal: 'pts/0', status: 0 }));
    const told = { name, version: parseLesson(name, files, 7).version };
    const goals = ['look/file', 'go-on/file'];
    const graded = async (shown: HandIn['shown']) => {
      writeFileSync(
        join(folder, 'one.json'),
        JSON.stringify(sign({ ...handIn, lesson: told, commands, goals, shown })),
      );
      const { replayed, note } = await gradeFile(join(folder, 'one.json'), folder);
      return [replayed, note];
    };
    expect(
      await graded([
        { id: 'look', after: 0 },
        { id: 'go-on', after: 1 },
      ]),
    ).toEqual([2, '']);
    expect(await graded(undefined)).toEqual([2, '']);
    // The second was shown before anything was typed: what the first had left was gone.
    expect(
      await graded([
        { id: 'look', after: 0 },
        { id: 'go-on', after: 0 },
      ]),
    ).toEqual([1, '1 commands end otherwise']);
  }, 60_000);

  it('is known as edited; a claim that is signed but not typed is found by the replay', async () => {
    const edited = { ...sign(handIn), student: 'Han Meimei' };
    expect(isIntact(readHandIn(JSON.stringify(edited), 'one.json'))).toBe(false);
    const forged = sign({ ...handIn, commands: handIn.commands.slice(0, 1), program: '0.0.1' });
    expect(await graded(JSON.stringify(forged))).toMatchObject({
      tampered: false,
      replayed: 1,
      agrees: false,
      // Of another version: another state says nothing.
      sameState: undefined,
      note: `written by drydock 0.0.1, graded by ${buildVersion()}`,
    });
    expect(await graded('{"drydock":"hand-in","version":1}')).toMatchObject({
      note: expect.stringContaining('lacks a field'),
    });
  }, 60_000);
});

it('checks a lesson with variants for several seeds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-'));
  mkdirSync(join(folder, 'small'));
  for (const [file, text] of Object.entries(smallLesson)) writeFileSync(join(folder, 'small', file), text);
  for await (const { problems } of checkLessons(folder, ['small'])) expect(problems).toEqual([]);
  rmSync(folder, { recursive: true });
}, 60_000);
