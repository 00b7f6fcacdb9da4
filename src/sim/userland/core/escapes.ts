/** Backslash escapes as echo -e, printf and tr read them, over binary strings. */

const simple: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

export interface Escaped {
  text: string;
  /** A \c was met: print no more. */
  stop: boolean;
}

/** `zeroOctal`: \0nnn (echo, %b) beside \nnn. */
export function expandEscapes(source: string, zeroOctal: boolean): Escaped {
  let text = '';
  for (let i = 0; i < source.length; i++) {
    if (source[i] !== '\\' || i + 1 >= source.length) {
      text += source[i];
      continue;
    }
    const rest = source.slice(i + 1, i + 6);
    if (rest[0] === 'c') return { text, stop: true };
    const [character, used] = oneEscape(rest, zeroOctal);
    text += character;
    i += used;
  }
  return { text, stop: false };
}

/** The character that `rest` (what follows a backslash) begins with, and how much of it was used. */
export function oneEscape(rest: string, zeroOctal: boolean): [character: string, used: number] {
  const known = simple[rest[0]!];
  if (known) return [known, 1];
  const octal = (zeroOctal ? /^(?:0[0-7]{0,3}|[1-7][0-7]{0,2})/ : /^[0-7]{1,3}/).exec(rest);
  if (octal) return [String.fromCharCode(Number.parseInt(octal[0], 8) & 255), octal[0].length];
  const hexadecimal = /^x([0-9A-Fa-f]{1,2})/.exec(rest);
  if (hexadecimal) return [String.fromCharCode(Number.parseInt(hexadecimal[1]!, 16)), hexadecimal[0].length];
  return [`\\${rest[0] ?? ''}`, rest ? 1 : 0];
}
