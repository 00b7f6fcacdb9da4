function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The option at most two edits away from `value`; undefined when there is none, or when `value` is itself an option. */
export function closest(value: string, options: readonly string[], caseSensitive = true): string | undefined {
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase());
  let best: string | undefined;
  let least = 3;
  for (const option of options) {
    if (fold(option) === fold(value)) return undefined;
    const edits = distance(fold(value), fold(option));
    if (edits < least) {
      least = edits;
      best = option;
    }
  }
  if (best === undefined || caseSensitive) return best;
  if (value === value.toLowerCase()) return best.toLowerCase();
  return value === value.toUpperCase() ? best.toUpperCase() : best;
}

export function withSuggestion(
  message: string,
  value: string,
  options: readonly string[],
  caseSensitive = true,
): string {
  const match = closest(value, options, caseSensitive);
  return match === undefined ? message : `${message} (did you mean ${match}?)`;
}
