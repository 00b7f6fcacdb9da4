import { tick } from 'svelte';

/** The focus goes to the field that was just added: the first one of the last group of that class. */
export async function focusNew(group: string): Promise<void> {
  await tick();
  [...document.querySelectorAll(`.desk .${group}`)].at(-1)?.querySelector('input')?.focus();
}
