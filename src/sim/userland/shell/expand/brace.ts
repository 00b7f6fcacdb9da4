/** Brace expansion of bash: `a{b,c}d`, `{1..9..2}`, `{a..e}`; on source text, so quotes stay in place. */

const skipQuoted = (text: string, at: number): number => {
  const c = text[at];
  if (c === '\\') return at + 2;
  if (c === "'" || c === '"') {
    const end = text.indexOf(c, at + 1);
    return end < 0 ? text.length : end + 1;
  }
  if (c === '$' && (text[at + 1] === '{' || text[at + 1] === '(')) {
    const [open, close] = text[at + 1] === '{' ? ['{', '}'] : ['(', ')'];
    for (let depth = 0, i = at + 1; i < text.length; i++) {
      if (text[i] === open) depth++;
      if (text[i] === close && --depth === 0) return i + 1;
    }
    return text.length;
  }
  if (c === '`') {
    const end = text.indexOf('`', at + 1);
    return end < 0 ? text.length : end + 1;
  }
  return at + 1;
};

/** The end of the brace that opens at `at`, and its commas at the top level. */
const scan = (text: string, at: number): { end: number; commas: number[] } | undefined => {
  const commas: number[] = [];
  for (let depth = 0, i = at; i < text.length; i = skipQuoted(text, i)) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return { end: i, commas };
    else if (text[i] === ',' && depth === 1) commas.push(i);
  }
  return undefined;
};

/** Beyond what a number holds exactly. Differs from Linux: past 64 bits nothing is a sequence. */
const longSequence = (first: string, last: string, by: string | undefined): string[] | undefined => {
  const [from, to] = [BigInt(first), BigInt(last)];
  const given = BigInt(by ?? 1);
  const step = given === 0n ? 1n : given < 0n ? -given : given;
  if ([from, to, step].some((n) => BigInt.asIntN(64, n) !== n)) return undefined;
  const out: string[] = [];
  const way = from <= to ? 1n : -1n;
  for (let n = from; (to - n) * way >= 0n; n += way * step) out.push(String(n));
  return out;
};

const sequence = (body: string): string[] | undefined => {
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(body);
  const letters = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?$/.exec(body);
  const match = numbers ?? letters;
  if (!match) return undefined;
  const [from, to] = numbers
    ? [Number(match[1]), Number(match[2])]
    : [match[1]!.charCodeAt(0), match[2]!.charCodeAt(0)];
  const step = Math.max(1, Math.abs(Number(match[3] ?? 1)));
  if (numbers && ![from, to, step].every(Number.isSafeInteger)) return longSequence(match[1]!, match[2]!, match[3]);
  const padded = numbers && [match[1]!, match[2]!].some((n) => /^-?0\d/.test(n));
  const width = padded ? Math.max(match[1]!.length, match[2]!.length) : 0;
  const show = (n: number) => {
    if (!numbers) return String.fromCharCode(n);
    return n < 0 ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0');
  };
  const out: string[] = [];
  if (from <= to) for (let n = from; n <= to; n += step) out.push(show(n));
  else for (let n = from; n >= to; n -= step) out.push(show(n));
  return out;
};

export const braceExpand = (text: string): string[] => {
  for (let at = 0; at < text.length; at = text[at] === '{' ? at + 1 : skipQuoted(text, at)) {
    if (text[at] !== '{') continue;
    const found = scan(text, at);
    if (!found) continue;
    const body = text.slice(at + 1, found.end);
    const items = found.commas.length > 0 ? alternatives(text, at, found) : sequence(body);
    if (!items) continue;
    const rest = braceExpand(text.slice(found.end + 1));
    const head = text.slice(0, at);
    return items.flatMap((item) => rest.map((tail) => head + item + tail));
  }
  return [text];
};

const alternatives = (text: string, at: number, { end, commas }: { end: number; commas: number[] }): string[] => {
  const edges = [at, ...commas, end];
  return edges.slice(1).flatMap((to, i) => braceExpand(text.slice(edges[i]! + 1, to)));
};
