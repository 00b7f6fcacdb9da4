/** One line taken apart: keyword, flags, and the argument forms. Characters are Unicode code points. */

const isSpace = (char: string | undefined) => char !== undefined && /^[\s\u0085]$/u.test(char) && char !== '\ufeff';

/** Words separated by blanks; quotes and escapes keep blanks together and stay in the word. */
export function splitWords(text: string, mark: string): string[] {
  const chars = Array.from(text);
  const words: string[] = [];
  let at = 0;
  while (at < chars.length) {
    if (isSpace(chars[at])) {
      at++;
      continue;
    }
    let word = '';
    let quoted = false;
    let quote = '';
    for (; at < chars.length && (quote || !isSpace(chars[at])); at++) {
      const char = chars[at]!;
      if (char === mark && quote !== "'") {
        if (at + 1 === chars.length) continue;
        word += char + chars[++at];
        continue;
      }
      if (quote ? char === quote : char === '"' || char === "'") {
        quote = quote ? '' : char;
        quoted = true;
      }
      word += char;
    }
    if (word || quoted) words.push(word);
  }
  return words;
}

/** Reads one `--flag…` word from `at`; quotes are removed, escapes resolved. */
function flagWord(chars: string[], at: number, mark: string): { word: string; blank: boolean; at: number } {
  let word = '';
  let blank = false;
  let quote = '';
  for (; at < chars.length && (quote || !isSpace(chars[at])); at++) {
    const char = chars[at]!;
    if (quote ? char === quote : char === '"' || char === "'") {
      quote = quote ? '' : char;
      blank = true;
      continue;
    }
    if (char === mark) {
      if (at + 1 === chars.length) continue;
      at++;
    }
    word += chars[at];
  }
  return { word, blank, at };
}

/** The leading `--name[=value]` words; a bare `--` ends them. */
export function splitFlags(text: string, mark: string): { flags: string[]; rest: string } {
  const chars = Array.from(text);
  const flags: string[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(chars[at])) at++;
    if (chars[at] !== '-' || chars[at + 1] !== '-') return { flags, rest: chars.slice(at).join('') };
    const read = flagWord(chars, at, mark);
    if (read.word === '--') return { flags, rest: chars.slice(read.at).join('') };
    if (read.word || read.blank) flags.push(read.word);
    at = read.at;
  }
}

/** Keyword, flags and the trimmed rest of a logical line. */
export function splitLine(line: string, mark: string): { keyword: string; flags: string[]; rest: string } {
  const match = /^([^\t\v\f\r ]*)[\t\v\f\r ]*([\s\S]*)$/.exec(line.trim())!;
  const { flags, rest } = splitFlags(match[2]!, mark);
  return { keyword: match[1]!, flags, rest: rest.trim() };
}

/** Arguments separated by ASCII blanks; `''` for none. */
export const splitBlanks = (text: string): string[] => (text === '' ? [] : text.split(/[\t\v\f\r ]+/));

/** A JSON array's elements; undefined when the text is no JSON array at all. 'mixed' when not all are strings. */
export function jsonArray(text: string): string[] | 'mixed' | undefined {
  const trimmed = text.trimStart();
  if (!trimmed.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed);
    if (!Array.isArray(value)) return undefined;
    return value.every((item) => typeof item === 'string') ? value : 'mixed';
  } catch {
    return undefined;
  }
}
