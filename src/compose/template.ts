import { goQuote } from '../spec/index.ts';

/** What a variable is, if it is set. */
export type Lookup = (name: string) => string | undefined;

/** `$` without a name after it; told with where it stands by who interpolates. */
export class InvalidTemplate extends Error {
  constructor(readonly template: string) {
    super(`Invalid template: ${goQuote(template)}`);
  }
}

const missing = (name: string, reason: string): Error =>
  new Error(`required variable ${name} is missing a value${reason && `: ${reason}`}`);

/** escaped, named, braced */
const pattern = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*(?::?[-+?][^\n]*)?)\}|()))/gi;

/** A value never grows past this by its variables. */
const mostText = 16 << 20;

type Operator = (name: string, word: () => string, value: string | undefined) => string | undefined;

const operators: Record<string, Operator> = {
  ':?': (name, word, value) => {
    const reason = word();
    if (!value) throw missing(name, reason);
    return value;
  },
  '?': (name, word, value) => {
    const reason = word();
    if (value === undefined) throw missing(name, reason);
    return value;
  },
  ':-': (_, word, value) => pick(!value, word(), value),
  '-': (_, word, value) => pick(value === undefined, word(), value),
  ':+': (_, word, value) => pick(Boolean(value), word(), value),
  '+': (_, word, value) => pick(value !== undefined, word(), value),
};

const pick = (useWord: boolean, word: string, value: string | undefined): string => (useWord ? word : (value ?? ''));

/** Variables of a text replaced by their values, as compose-go's template.Substitute does it. */
export function substitute(text: string, lookup: Lookup, warn: (message: string) => void): string {
  if (!text.includes('$')) return text;
  let failure: Error | undefined;
  const result = text.replace(pattern, (match: string) => {
    try {
      return replacement(match, lookup, warn);
    } catch (error) {
      failure ??= error instanceof InvalidTemplate && !error.template ? new InvalidTemplate(text) : (error as Error);
      return '';
    }
  });
  if (failure) throw failure;
  if (result.length > mostText) throw new Error('the value is too large after interpolation');
  return result;
}

function replacement(whole: string, lookup: Lookup, warn: (message: string) => void): string {
  const end = firstClosingBrace(whole);
  const own = end < 0 ? whole : whole.slice(0, end + 1);
  const rest = end < 0 ? '' : whole.slice(end + 1);
  const [, escaped, named, braced] = new RegExp(pattern.source, 'i').exec(own) ?? [];
  if (escaped) return escaped;
  const name = named || braced;
  if (!name) throw new InvalidTemplate('');
  const sign = firstOperator(whole);
  const at = braced && sign ? braced.indexOf(sign) : -1;
  if (at >= 0) {
    const variable = braced!.slice(0, at);
    const word = () => substitute(braced!.slice(at + sign!.length), lookup, warn);
    const value = operators[sign!]!(variable, word, lookup(variable));
    return value + substitute(rest, lookup, warn);
  }
  const value = lookup(name);
  if (value === undefined) warn(`The ${goQuote(name)} variable is not set. Defaulting to a blank string.`);
  return value ?? '';
}

/** The operator that comes first in the text. */
function firstOperator(text: string): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const sign of Object.keys(operators)) {
    const at = text.indexOf(sign);
    if (at >= 0 && at < least) [best, least] = [sign, at];
  }
  return best;
}

/** compose-go does not look at the character after an opening brace. */
function firstClosingBrace(text: string): number {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '}' && --open === 0) return i;
    if (text[i] === '{') {
      open++;
      i++;
    }
  }
  return -1;
}

/** A variable that a text names, with what its name is followed by. */
export interface Variable {
  name: string;
  required: boolean;
  /** After `-`. */
  defaultValue: string;
  /** After `+`. */
  presenceValue: string;
}

/** The variables of a text, those in the words of others too. */
export function variablesOf(text: string): Variable[] {
  return Array.from(text.matchAll(pattern)).flatMap(([whole, escaped, named, braced]) => {
    if (escaped) return [];
    const end = named ? -1 : firstClosingBrace(whole);
    const inner = named ?? (end > 0 ? whole.slice(2, end) : (braced ?? ''));
    const rest = end > 0 ? variablesOf(whole.slice(end + 1)) : [];
    const [, name, sign = '', word = ''] = /^([A-Za-z0-9_]*)(:?[-+?])?(.*)$/s.exec(inner)!;
    const defaultValue = sign.endsWith('-') ? word : '';
    const presenceValue = sign.endsWith('+') ? word : '';
    const own = { name: name!, required: sign.endsWith('?'), defaultValue, presenceValue };
    return [...rest, own, ...variablesOf(defaultValue), ...variablesOf(presenceValue)];
  });
}
