/** Which of the names that exist was probably meant. */

/** Letters added, left out, changed, or two neighbours swapped (optimal string alignment). */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, changed);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** At most a third of its letters off, the nearest first; what it begins with counts as near. */
export function nearest(wrong: string, names: Iterable<string>): string[] {
  const limit = Math.max(1, Math.floor(wrong.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, off: name.startsWith(wrong) && wrong.length > 1 ? 1 : distance(wrong, name) }))
    .filter(({ name, off }) => off <= limit && name !== wrong)
    .sort((a, b) => a.off - b.off || a.name.localeCompare(b.name))
    .map(({ name }) => name);
}
