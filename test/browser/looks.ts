/** What a person would call broken in a page: by axe, and by the places of its texts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';
import { type AppPage, artifacts } from './app-page.ts';

export interface Look {
  language: 'en' | 'zh';
  theme: 'dark' | 'light';
  size: keyof typeof sizes;
}
export const sizes = {
  wide: { width: 1280, height: 720 },
  hall: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
};

/** Sets how a page is looked at, its language aside; the world in it stays. */
export async function dress({ page, touch }: AppPage, { theme, size }: Omit<Look, 'language'>): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.setViewportSize(sizes[size]);
  await touch(size === 'phone');
  // A phone opens with it closed.
  const happened = page.locator('.happened .head button');
  if ((await happened.count()) > 0 && (await happened.getAttribute('aria-expanded')) !== `${size !== 'phone'}`)
    await happened.dispatchEvent('click'); // also behind a dialog, and the focus stays
}

/** A picture of how it looks now, and what is wrong with it: by its texts, and by axe where asked. */
export async function lookedAt(app: AppPage, name: string, { language, theme, size }: Look, axe: boolean) {
  const title = `${language} ${theme} ${size}`;
  await app.page.waitForTimeout(120); // texts are measured again, what reduced motion shows at once is there
  await settled(app);
  await app.page.screenshot({ path: `${artifacts}${name}-${title.replaceAll(' ', '-')}.png` });
  const wrong = [...(await textProblems(app)), ...(axe ? await violations(app) : [])];
  return wrong.map((problem) => `${name} ${title}: ${problem}`);
}

/** What is still on its way is not yet what is looked at. */
const settled = ({ page }: { page: Page | Frame }): Promise<unknown> =>
  page.evaluate(async () => {
    const moving = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(moving.map((one) => one.finished.catch(() => {})));
  });

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations of WCAG 2.2 A and AA: rule and what broke it. */
export async function violations({ page }: { page: Page | Frame }): Promise<string[]> {
  await settled({ page });
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
    const found = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 120)}`));
  });
}

/**
 * Texts that lie on each other, that are cut without saying so (`…`), that leave the page, or are too small to read.
 * The terminal's own letters are xterm's business.
 */
export const textProblems = ({ page }: { page: Page | Frame }): Promise<string[]> =>
  page.evaluate(() => {
    interface Seen {
      text: string;
      owner: Element;
      box: { left: number; top: number; right: number; bottom: number };
    }
    const problems = new Set<string>();
    const clips = new Map<Element, DOMRect | undefined>();

    /** What an element lets be seen of its children; undefined: all. */
    function clipOf(element: Element): DOMRect | undefined {
      if (!clips.has(element)) {
        const { overflowX, overflowY } = getComputedStyle(element);
        const cuts = element instanceof HTMLElement && (overflowX !== 'visible' || overflowY !== 'visible');
        clips.set(element, cuts ? element.getBoundingClientRect() : undefined);
      }
      return clips.get(element);
    }

    /** The part of a text's box that is on the screen; hidden text is reported where nothing scrolls to it. */
    function seen(text: string, owner: Element, rect: DOMRect): Seen | undefined {
      const box = { left: rect.left, top: rect.top, right: rect.right, bottom: rect.bottom };
      for (let at: Element | null = owner; at; at = at.parentElement) {
        const clip = clipOf(at);
        if (!clip) continue;
        const { overflowX, overflowY, textOverflow } = getComputedStyle(at);
        const wide = box.right > clip.right + 1 || box.left < clip.left - 1;
        const high = box.bottom > clip.bottom + 1 || box.top < clip.top - 1;
        const hides = (way: string) => way === 'hidden' || way === 'clip';
        if ((wide && hides(overflowX) && textOverflow !== 'ellipsis') || (high && hides(overflowY)))
          if (at !== document.body) problems.add(`cut: ${text} in ${at.className || at.tagName}`);
        box.left = Math.max(box.left, clip.left);
        box.right = Math.min(box.right, clip.right);
        box.top = Math.max(box.top, clip.top);
        box.bottom = Math.min(box.bottom, clip.bottom);
        if (getComputedStyle(at).position === 'fixed') break;
      }
      return box.right - box.left > 1 && box.bottom - box.top > 1 ? { text, owner, box } : undefined;
    }

    const texts: Seen[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const owner = node.parentElement;
      const text = node.textContent?.trim();
      if (!owner || !text || owner.closest('.xterm, .visually-hidden, .skip, title, style, script, option, defs'))
        continue;
      if (!owner.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      if (Number.parseFloat(getComputedStyle(owner).fontSize) < 10) problems.add(`small: ${text}`);
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        if (rect.right > innerWidth + 1 && !scrolls(owner)) problems.add(`leaves the page: ${text}`);
        const one = seen(text, owner, rect);
        if (one) texts.push(one);
      }
    }

    function scrolls(from: Element): boolean {
      for (let at: Element | null = from; at; at = at.parentElement)
        if (/auto|scroll|hidden/.test(getComputedStyle(at).overflowX) && at !== document.body) return true;
      return false;
    }

    /** Lies above the page: what it covers it is meant to cover. */
    const layerOf = (element: Element) => {
      for (let at: Element | null = element; at; at = at.parentElement)
        if (at.tagName === 'DIALOG' || Number(getComputedStyle(at).zIndex) > 1) return at;
      return document.body;
    };
    for (const [index, a] of texts.entries())
      for (const b of texts.slice(index + 1)) {
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        // Line boxes of neighbouring lines touch by a few pixels; letters do not.
        const least = Math.min(a.box.bottom - a.box.top, b.box.bottom - b.box.top);
        if (across > 2 && down > least * 0.4 && a.owner !== b.owner && layerOf(a.owner) === layerOf(b.owner))
          problems.add(`overlap: ${a.text.slice(0, 40)} / ${b.text.slice(0, 40)}`);
      }
    return [...problems];
  });
