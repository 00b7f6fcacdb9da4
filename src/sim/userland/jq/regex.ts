/** `match`: Oniguruma's expressions as JavaScript's. */
import { excerpt, JqError, type Json, kindOf } from './value.ts';

/**
 * Differs from jq: expressions are those of JavaScript, which has no possessive quantifiers and no absent operators.
 */
export function matches(value: Json, given: Json, flags: Json): Json[] {
  const [re, letters] = Array.isArray(given) ? [given[0] as Json, (given[1] ?? null) as Json] : [given, flags];
  if (typeof value !== 'string')
    throw new JqError(`${kindOf(value)} (${excerpt(value)}) cannot be matched, as it is not a string`);
  if (typeof re !== 'string')
    throw new JqError(`${kindOf(re)} (${excerpt(re)}) cannot be matched, as it is not a string`);
  if (letters !== null && typeof letters !== 'string')
    throw new JqError(`${kindOf(letters)} (${excerpt(letters)}) is not a string`);
  const bad = /[^gimnpslx]/.exec(letters ?? '');
  if (bad) throw new JqError(`${letters} is not a valid modifier string`);
  const has = (letter: string): boolean => letters?.includes(letter) ?? false;
  const form = compiled(has('x') ? extended(re) : re, `dgu${has('i') ? 'i' : ''}${has('s') || has('p') ? 's' : ''}m`);
  const all = has('g') ? [...value.matchAll(form)] : [...value.matchAll(form)].slice(0, 1);
  return all.filter((one) => !(has('n') && one[0] === '')).map((one) => described(value, one));
}

function compiled(re: string, flags: string): RegExp {
  const source = re
    .replace(/\\h/g, '[0-9a-fA-F]')
    .replace(/\\A/g, '(?<![\\s\\S])')
    .replace(/\\[zZ]/g, '(?![\\s\\S])');
  try {
    return new RegExp(source, flags);
  } catch {
    try {
      // Without `u` JavaScript takes needless escapes, as Oniguruma does.
      return new RegExp(source, flags.replace('u', ''));
    } catch (error) {
      throw new JqError(`${re} (at offset 0) is not a valid regex: ${(error as Error).message}`);
    }
  }
}

const extended = (re: string): string =>
  re.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#.*/g, (part) => (/^(\s|#)/.test(part) ? '' : part));

function described(text: string, match: RegExpMatchArray): Json {
  const points = (at: number): number => [...text.slice(0, at)].length;
  const names = Object.entries((match as { indices?: { groups?: Record<string, unknown> } }).indices?.groups ?? {});
  const spans = (match as { indices?: ([number, number] | undefined)[] }).indices ?? [];
  const captures = spans.slice(1).map((span, i): Json => {
    const part = match[i + 1];
    // Groups come in the order of their names as in the expression.
    const name = names.find(([, own]) => own === span && span !== undefined)?.[0] ?? nameAt(match, i + 1);
    return new Map<string, Json>([
      ['offset', span ? points(span[0]) : -1],
      ['length', part === undefined ? 0 : [...part].length],
      ['string', part ?? null],
      ['name', name],
    ]);
  });
  return new Map<string, Json>([
    ['offset', points(match.index!)],
    ['length', [...match[0]!].length],
    ['string', match[0]!],
    ['captures', captures],
  ]);
}

/** Name of a group that took no part, when all groups have names. */
function nameAt(match: RegExpMatchArray, group: number): Json {
  const names = Object.keys(match.groups ?? {});
  return names.length === match.length - 1 ? names[group - 1]! : null;
}
