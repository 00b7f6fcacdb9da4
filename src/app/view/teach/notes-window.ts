/**
 * The teacher's second window: the notes of the step, what comes next, and the clock. It is of this page (same origin,
 * nothing is loaded), so it shows the presenter's state as the page does.
 */
import { mount, unmount } from 'svelte';
import type { Presenter } from '../../presenter.svelte.ts';
import Notes from './Notes.svelte';

/** Undefined when the browser opens no window. */
export function openNotes(
  presenter: Presenter,
  onkeydown: (event: KeyboardEvent) => void,
): { close(): void } | undefined {
  const opened = window.open('', 'drydock-notes', 'popup,width=720,height=560');
  if (!opened) return undefined;
  const there = opened.document;
  there.head.replaceChildren();
  there.body.replaceChildren();
  for (const style of document.querySelectorAll('style, link[rel=stylesheet]')) {
    const copy = there.importNode(style, true);
    if (copy instanceof HTMLLinkElement) copy.href = (style as HTMLLinkElement).href;
    there.head.append(copy);
  }
  const notes = mount(Notes, { target: there.body, props: { presenter } });
  opened.addEventListener('keydown', onkeydown);
  const leave = () => opened.close();
  addEventListener('pagehide', leave);
  return {
    close() {
      removeEventListener('pagehide', leave);
      void unmount(notes);
      opened.close();
    },
  };
}
