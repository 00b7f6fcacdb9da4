/** Blanks from one column to another: tabs as far as they go, then spaces. */
export function gapTo(from: number, to: number): string {
  const tabs = Math.floor(to / 8) - Math.floor(from / 8);
  return tabs > 0 ? '\t'.repeat(tabs) + ' '.repeat(to % 8) : ' '.repeat(Math.max(0, to - from));
}
