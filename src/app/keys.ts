/** Keys that are the page's wherever the focus is. The shell's own keys stay the shell's. */
export type Shortcut = 'undo' | 'redo' | 'next' | 'palette' | 'around';

/** Ctrl-K is the shell's while there is something for it to kill: the terminal decides. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.key === 'F6') return 'around';
  const { altKey, ctrlKey, metaKey, shiftKey, code } = event;
  if (altKey && !ctrlKey && !metaKey) {
    if (code === 'KeyZ') return shiftKey ? 'redo' : 'undo';
    if (shiftKey) return undefined;
    if (code === 'KeyN') return 'next';
    if (code === 'KeyK') return 'palette';
  }
  return (ctrlKey || metaKey) && !altKey && !shiftKey && code === 'KeyK' ? 'palette' : undefined;
}

export const keyList = [
  ['palette', 'Ctrl K'],
  ['undo', 'Alt Z'],
  ['redo', 'Alt Shift Z'],
  ['next', 'Alt N'],
  ['around', 'F6'],
  ['find', 'Ctrl Shift F'],
  ['copy', 'Ctrl Shift C'],
  ['paste', 'Ctrl Shift V'],
  ['complete', 'Tab'],
  ['history', '↑ ↓'],
  ['search', 'Ctrl R'],
  ['interrupt', 'Ctrl C'],
  ['detach', 'Ctrl P, Ctrl Q'],
  ['end', 'Ctrl D'],
] as const;
export type KeyName = (typeof keyList)[number][0];
