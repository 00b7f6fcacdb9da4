/** A pattern that cannot be read; `message` is Go's: "syntax error in pattern". */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const bad = (): never => {
  throw new PatternError('syntax error in pattern');
};

/** The first alternative of a bracket expression's character, escapes resolved. */
function bracketChar(chars: string[], at: number): [string, number] {
  if (at >= chars.length || chars[at] === '-' || chars[at] === ']') bad();
  if (chars[at] === '\\' && ++at >= chars.length) bad();
  if (at + 1 >= chars.length) bad();
  return [chars[at]!, at + 1];
}

/** A `[...]` starting at `at` as a predicate, and where it ends. */
function bracket(chars: string[], at: number): [(char: string) => boolean, number] {
  at++;
  const negated = chars[at] === '^';
  if (negated) at++;
  const ranges: [string, string][] = [];
  while (!(chars[at] === ']' && ranges.length > 0)) {
    const [low, afterLow] = bracketChar(chars, at);
    at = afterLow;
    if (chars[at] === '-') {
      const [high, afterHigh] = bracketChar(chars, at + 1);
      at = afterHigh;
      ranges.push([low, high]);
    } else ranges.push([low, low]);
  }
  return [(char) => ranges.some(([low, high]) => low <= char && char <= high) !== negated, at + 1];
}

type Token = { star: true } | { star: false; matches: (char: string) => boolean };

function tokens(pattern: string): Token[] {
  const chars = Array.from(pattern);
  const out: Token[] = [];
  for (let at = 0; at < chars.length; ) {
    const char = chars[at]!;
    if (char === '*') out.push({ star: true });
    else if (char === '?') out.push({ star: false, matches: (other) => other !== '/' });
    else if (char === '[') {
      const [matches, end] = bracket(chars, at);
      out.push({ star: false, matches });
      at = end;
      continue;
    } else {
      if (char === '\\' && ++at >= chars.length) bad();
      const literal = chars[at]!;
      out.push({ star: false, matches: (other) => other === literal });
    }
    at++;
  }
  return out;
}

/**
 * Go's filepath.Match: `*` and `?` do not cross `/`, `[a-z]` `[^x]`, backslash escapes; the whole name must match.
 * Throws PatternError.
 */
export function matchPath(pattern: string, name: string): boolean {
  const wanted = tokens(pattern);
  const chars = Array.from(name);
  // Positions in the pattern that are reachable after the characters read so far.
  let states = closure(wanted, new Set([0]));
  for (const char of chars) {
    const next = new Set<number>();
    for (const state of states) {
      const token = wanted[state];
      if (!token) continue;
      if (token.star) {
        if (char !== '/') next.add(state);
      } else if (token.matches(char)) next.add(state + 1);
    }
    states = closure(wanted, next);
  }
  return states.has(wanted.length);
}

function closure(wanted: Token[], states: Set<number>): Set<number> {
  for (const state of states) if (wanted[state]?.star) states.add(state + 1);
  return states;
}
