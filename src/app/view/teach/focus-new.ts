import { tick } from 'svelte';

/** The focus goes to the item that was just added: to its first field. */
export async function focusNew(list: HTMLElement): Promise<void> {
  await tick();
  [...list.querySelectorAll('.item')].at(-1)?.querySelector('input')?.focus();
}
