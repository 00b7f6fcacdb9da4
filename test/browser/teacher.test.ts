/**
 * The teacher's path, by keyboard alone: a demonstration is presented, with its notes in a second window; a lesson is
 * written; a student opens it, finds locked what is locked, does it, and hands in; the file is graded. In both
 * languages, dark and light, at a desk, in a hall and on a phone. The pictures stay in artifacts/teacher-*.png.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { AppPage, Site } from './app-page.ts';
import { dress, type Look, lookedAt } from './looks.ts';

type Dress = Omit<Look, 'language'>;
const desk: Dress = { theme: 'dark', size: 'wide' };
/** Every size and both themes, each theme at the sizes where it is most likely to fail. */
const dresses: Dress[] = [
  desk,
  { theme: 'light', size: 'wide' },
  { theme: 'dark', size: 'hall' },
  { theme: 'light', size: 'phone' },
  { theme: 'dark', size: 'phone' },
];

describeWith({ programs: ['chromium'] }, 'the teacher', () => {
  let site: Site;
  const folder = mkdtempSync(join(tmpdir(), 'drydock-'));
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(async () => {
    await site?.close();
    rmSync(folder, { recursive: true });
  });

  /** What is wrong with a page in every dress. */
  async function lookAround(app: AppPage, name: string, language: Look['language']): Promise<string[]> {
    const wrong: string[] = [];
    for (const one of dresses) {
      await dress(app, one);
      wrong.push(...(await lookedAt(app, `teacher-${name}`, { language, ...one }, one.size !== 'hall')));
    }
    await dress(app, desk);
    return wrong;
  }

  const openMenu = async (app: AppPage, what: RegExp) => {
    await app.focus();
    await app.page.keyboard.press('F6');
    await app.tabTo(/^(Menu|菜单)$/);
    await app.page.keyboard.press('Enter');
    await app.tabTo(what);
    await app.page.keyboard.press('Enter');
  };

  const says = async (app: AppPage, text: RegExp, timeout = 20_000) => {
    const statuses = app.page.getByRole('status');
    await statuses
      .filter({ hasText: text })
      .first()
      .waitFor({ timeout })
      .catch(async () => {
        throw new Error(`nothing says ${text} but ${await statuses.allInnerTexts()}; ${await app.screen()}`);
      });
  };

  /** The clicker's key through one command of the demonstration, to what its hint then says. */
  async function presses(app: AppPage, keys: string[], then: RegExp, on: Page = app.page): Promise<void> {
    for (const [index, key] of keys.entries()) {
      await on.keyboard.press(key);
      await says(app, index === keys.length - 1 ? then : /run it|运行/);
    }
  }

  it('presents: one key types, runs and goes on; the spotlight and the notes follow', async () => {
    const app = await site.page();
    const { page } = app;
    await openMenu(app, /^Present a demonstration$/);
    await page.getByRole('dialog').getByText('One directory out of many').waitFor();
    const wrong = await lookAround(app, 'demos', 'en');
    await app.tabTo(/^One directory out of many/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A container is one more layer' }).waitFor();
    expect(new URL(page.url()).searchParams.get('present')).toBe('union-filesystem');
    await says(app, /type the command/);

    // The notes' window is opened by its button, and has the clicker's keys, too.
    await page.keyboard.press('F6');
    await app.tabTo(/^Notes$/);
    const [notes] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('Enter')]);
    await notes.getByText('how much disk does a second container take?').waitFor();
    expect(await notes.locator('code').textContent()).toBe('docker run -d --name reader books tail -f /dev/null');
    expect(await page.getByText('how much disk').count()).toBe(0);

    await presses(app, ['PageDown'], /run it/, notes);
    await app.shows(/# docker run -d --name reader books tail -f \/dev\/null$/);
    await presses(app, ['Space'], /the next step/, notes);
    await app.drawn('.slab', 4);
    expect((await app.inspect()).containers.map(({ name, status }) => `${name} ${status}`)).toEqual(['reader running']);
    await spotOn(app, '.stage');
    wrong.push(...(await lookAround(app, 'present-stage', 'en')));

    await notes.keyboard.press('Space');
    await notes.getByRole('heading', { name: 'Reading falls through' }).waitFor();
    await page.getByRole('heading', { name: 'Reading falls through' }).waitFor();
    await page.bringToFront();
    await app.focus();
    await presses(app, ['Space', 'ArrowRight'], /the next step/);
    await app.shows(/I took it for the frost/);
    await page.keyboard.press('Space');
    await page.getByRole('heading', { name: 'Writing copies up' }).waitFor();
    await presses(app, ['PageDown', 'PageDown'], /type the command/);
    await presses(app, ['PageDown', 'PageDown'], /the next step/);
    await spotOn(app, '.drawn [data-mark]', /upperdir/);
    wrong.push(...(await lookAround(app, 'present-mark', 'en')));
    await notes.getByText('that is why databases belong on volumes').waitFor();
    wrong.push(...(await lookAround(new AppPage(notes), 'notes', 'en')));

    // Back, to where the step began; by hand; and out.
    await page.bringToFront();
    await page.keyboard.press('PageUp');
    await says(app, /type the command/);
    expect(await app.changes((await app.inspect()).containers[0]!.id)).toEqual([]);
    await app.command('docker exec reader ls /books');
    await says(app, /Yours by hand/);
    await page.keyboard.press('PageDown');
    await says(app, /run it/);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Writing copies up' }).waitFor({ state: 'detached' });
    await expect.poll(() => notes.isClosed()).toBe(true);
    expect(new URL(page.url()).searchParams.has('present')).toBe(false);
    expect((await app.inspect()).containers).toHaveLength(1);
    expect(wrong).toEqual([]);
    expect(app.problems).toEqual([]);
    await app.close();
  });

  it('presents in Chinese by an address, and the desk is Chinese, too', async () => {
    const app = await site.page({ locale: 'zh-CN' }, '?present=union-filesystem');
    const { page } = app;
    await page.getByRole('heading', { name: '容器只是多了一层' }).waitFor();
    await says(app, /下一步：输入命令/);
    // What the set-up built has come to the stage.
    await page.locator('.slab', { hasText: 'books:latest' }).waitFor();
    const wrong = await lookAround(app, 'present-begin', 'zh');
    await app.focus();
    await presses(app, ['Space', 'Space'], /下一步：下一页/);
    wrong.push(...(await lookAround(app, 'present-stage', 'zh')));
    await goTo(app, '.slide');
    const [notes] = await Promise.all([page.context().waitForEvent('page'), press(app, /^备注$/)]);
    await notes.getByText('第二个容器要占多少磁盘').waitFor();
    wrong.push(...(await lookAround(new AppPage(notes), 'notes', 'zh')));
    await page.bringToFront();
    await app.focus();
    await page.keyboard.press('Escape');
    await openMenu(app, /^编写课程$/);
    await page.getByRole('heading', { name: '编写课程' }).waitFor();
    wrong.push(...(await lookAround(app, 'desk-empty', 'zh')));
    expect(wrong).toEqual([]);
    expect(app.problems).toEqual([]);
    await app.close();
  });

  /** What is typed into the field of that name takes the place of what stood there. */
  async function fill(app: AppPage, name: RegExp, text: string): Promise<void> {
    await app.tabTo(name);
    await app.page.keyboard.press('Control+a');
    await app.page.keyboard.insertText(text);
  }
  const press = async (app: AppPage, name: RegExp, key = 'Enter') => {
    await app.tabTo(name);
    await app.page.keyboard.press(key);
  };
  /** F6, until the focus is in that part of the page. */
  async function goTo({ page }: AppPage, part: string): Promise<void> {
    for (let round = 0; round < 7; round++) {
      if (await page.evaluate((selector) => !!document.activeElement?.closest(selector), part)) return;
      await page.keyboard.press('F6');
    }
    throw new Error(`F6 does not lead to ${part}`);
  }
  /** What the press of a key offers as a download, where it was put. */
  async function downloaded(page: Page, act: Promise<void>): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), act]);
    const file = join(folder, download.suggestedFilename());
    await download.saveAs(file);
    return file;
  }

  let lesson: string;

  it('writes a lesson: texts, a recorded goal, hints, a question, a file, locks; checked and exported', async () => {
    const app = await site.page();
    const { page } = app;
    await app.command('mkdir box; echo hello > box/greeting');
    await openMenu(app, /^Write a lesson$/);
    await page.getByRole('heading', { name: 'Write a lesson' }).waitFor();
    const wrong = await lookAround(app, 'desk-empty', 'en');
    await fill(app, /^Name of its folder$/, 'one-box');
    await app.tabTo(/^Form\b/);
    await page.keyboard.press('c'); // of "Challenge"
    await fill(app, /^Commands that suffice$/, '1');
    await fill(app, /^Title$/, 'One box');
    await fill(app, /^Summary$/, 'A container that stays.');
    await press(app, /^Files and set-up/);
    await fill(app, /^Path of a file$/, '/root/box/greeting');
    await page.keyboard.press('Enter');
    await says(app, /has the text that it has on the host/);
    await fill(app, /^Commands of the set-up/, 'docker pull -q alpine');
    await press(app, /^Variants and locks$/);
    await fill(app, /^or this word$/, 'harbour');
    await fill(app, /^Locked commands/, 'docker system prune');
    await fill(app, /^Title of the step$/, 'Start it');
    await fill(app, /^Text \(Markdown\)$/, 'Start a container named `box` of **alpine**.\n\n    docker ps\n');
    await app.page.locator('.card .body strong', { hasText: 'alpine' }).waitFor();
    await press(app, /^What the step begins with$/);
    await fill(app, /^Command that runs unseen/, 'docker volume create left-here');

    await press(app, /Record this step$/);
    await goTo(app, '.terminal');
    await app.command('docker run -d --name box alpine tail -f /dev/null');
    await says(app, /Recording: 1 command/);
    await goTo(app, '.stage');
    await press(app, /Stop recording$/);
    await page.getByRole('group', { name: 'Holds now, did not before' }).waitFor();
    await press(app, /^Hint when so: the image alpine is here$/);
    await press(app, /^the container box of alpine is running$/, 'Space');
    await fill(app, /^Hint 1$/, 'The image is here; now `docker run` it.');
    await fill(app, /^Hints, one a line/, 'It must stay: what does `tail -f /dev/null` do?');
    await press(app, /Add a question$/);
    await fill(app, /^Question$/, 'How long does a container live?');
    await fill(app, /^Choice 1$/, 'an hour');
    await app.tabTo(/^Choice 1 is right$/, 'Shift+Tab');
    await page.keyboard.press('ArrowDown');
    await fill(app, /^Choice 2$/, 'as long as its first process');
    await fill(app, /^Why; shown/, 'Process 1 is the container.');
    wrong.push(...(await lookAround(app, 'desk-full', 'en')));
    await goTo(app, '.terminal');
    await goTo(app, '.stage');
    await press(app, /^Check$/);
    await says(app, /It can be done, is not done from the start/, 60_000);
    lesson = await downloaded(page, press(app, /^Export/));
    wrong.push(...(await lookAround(app, 'desk-checked', 'en')));
    // What was written is there again after a reload, and what is not written yet is said where it is missing.
    await page.reload();
    await app.prompt();
    await openMenu(app, /^Write a lesson$/);
    await app.tabTo(/^Title$/);
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('One box');
    await page.getByText('another language’s is used: zh').waitFor();
    expect(wrong).toEqual([]);
    expect(app.problems).toEqual([]);
    await app.close();
  });

  it('hands it to a student: hints and commands are locked, a reload loses nothing, the hand-in file is graded', async () => {
    const app = await site.page({ locale: 'zh-CN' });
    const { page } = app;
    const chosen = page.waitForEvent('filechooser');
    await openMenu(app, /^打开文件/);
    await (await chosen).setFiles(lesson);
    await page.getByRole('dialog').waitFor();
    const wrong = await lookAround(app, 'student-folder', 'zh');
    await page.keyboard.press('Enter'); // its first choice: to open it as a lesson
    await press(app, /^打开课程$/);
    await page.locator('.card .title', { hasText: 'One box' }).waitFor();
    await goTo(app, '.card');
    await press(app, /^在全新的主机上开始$/);
    await page.getByRole('heading', { name: 'Start it' }).waitFor();
    await press(app, /as long as its first process/);
    await page.getByText('Process 1 is the container.').waitFor();

    // Locked: hints until the word is given; a command altogether, and it says why.
    expect(await page.getByRole('button', { name: '提示' }).count()).toBe(0);
    await fill(app, /^老师给的口令$/, 'anchor');
    await page.keyboard.press('Enter');
    await says(app, /口令不对/);
    wrong.push(...(await lookAround(app, 'student-locked', 'zh')));
    await fill(app, /^老师给的口令$/, ' harbour ');
    await page.keyboard.press('Enter');
    await press(app, /^提示$/);
    await page.getByText('The image is here; now').waitFor();
    await press(app, /^再来一条提示$/);
    await page.getByText('It must stay').waitFor();
    await goTo(app, '.terminal');
    await app.command('docker system prune -f; echo "left with $?"');
    await app.shows(/drydock: "docker system prune" is locked by the lesson "One box"\s+left with 126/);
    expect(await app.command('cat box/greeting')).toContain('hello');
    await page.reload();
    await app.prompt();
    await page.getByRole('heading', { name: 'Start it' }).waitFor();
    expect(await page.getByRole('button', { name: '在全新的主机上开始' }).count()).toBe(0);
    expect(await page.getByLabel('老师给的口令').count()).toBe(0);
    await app.command('docker run -d --name box alpine tail -f /dev/null');
    await page.locator('.card .done').waitFor();
    await goTo(app, '.card');
    await press(app, /^提交$/);
    await page.getByRole('dialog').waitFor();
    wrong.push(...(await lookAround(app, 'student-hand-in', 'zh')));
    await fill(app, /^你的名字$/, '李雷');
    const file = await downloaded(page, page.keyboard.press('Enter'));
    const handIn = JSON.parse(readFileSync(file, 'utf8'));
    expect(handIn).toMatchObject({
      student: '李雷',
      lesson: { name: 'one-box' },
      fresh: true,
      goals: ['step-1/container'],
      shown: [{ id: 'step-1', after: 0 }],
      program: expect.stringMatching(/^\d+\.\d+\.\d+\+[0-9a-f]{8}$/),
    });
    expect(handIn.commands.map(({ line }: { line: string }) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'docker system prune',
      'cat box/greeting',
      'docker run -d',
    ]);
    expect(wrong).toEqual([]);
    expect(app.problems).toEqual([]);
    await app.close();

    for (const [path, bytes] of Object.entries(unzipSync(readFileSync(lesson)))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    const bin = new URL('../../bin/drydock.js', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [bin, 'grade', '--lessons', folder, file]);
    const [heads, row] = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(heads!.slice(0, 7)).toEqual([
      'student',
      'lesson',
      'goals',
      'commands',
      'replay agrees',
      'same state',
      'tampered',
    ]);
    // The same state: what the step did unseen was done again; the same build: no note.
    expect(row).toEqual(['李雷', 'one-box', '1/1', '3', 'yes', 'yes', 'no']);
  });

  /** The spotlight frames a part from within, or the smallest thing of the view that says so from without. */
  async function spotOn({ page }: AppPage, selector: string, label?: RegExp): Promise<void> {
    const boxes = () =>
      page.evaluate(
        ([where, source]) => {
          const box = (one: Element) => one.getBoundingClientRect();
          const fitting = [...document.querySelectorAll(where!)].filter((one) =>
            new RegExp(source ?? '').test(one.getAttribute('aria-label') ?? one.textContent ?? ''),
          );
          const smallest = fitting.sort((a, b) => box(a).width * box(a).height - box(b).width * box(b).height)[0];
          const spot = document.querySelector('.spot');
          if (!spot || !smallest) return 'no spotlight';
          const [lit, own] = [box(spot), box(smallest)];
          const off = [own.left - lit.left, own.top - lit.top, lit.right - own.right, lit.bottom - own.bottom];
          const fits = (by: number) => (source ? by >= -1 && by <= 8 : by >= -3 && by <= 0);
          return off.every(fits) ? '' : `off by ${off.join(', ')}`;
        },
        [selector, label?.source],
      );
    await expect.poll(boxes).toBe('');
  }
});
