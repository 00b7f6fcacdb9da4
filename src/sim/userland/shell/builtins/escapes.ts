/** Backslash escapes of echo, printf and printf's %b. Results hold one code unit per byte above 0x7f as U+DCxx. */

const simple: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

export const byteChar = (code: number): string => String.fromCharCode(code < 0x80 ? code : 0xdc00 + code);

export interface Escaped {
  text: string;
  /** `\c` was met: no more output. */
  stop: boolean;
}

/** `octal0`: octal as \0nnn (echo, %b), else \nnn (printf formats). `extended`: \e \xHH \uHHHH. */
export const unescapeText = (source: string, octal0: boolean, extended: boolean): Escaped => {
  let text = '';
  for (let i = 0; i < source.length; i++) {
    if (source[i] !== '\\' || i + 1 >= source.length) {
      text += source[i];
      continue;
    }
    const rest = source.slice(i + 1);
    // Only echo and %b know \c; a format prints it as it stands.
    if (rest[0] === 'c' && octal0) return { text, stop: true };
    const octal = (octal0 ? /^0[0-7]{0,3}|^[1-7][0-7]{0,2}/ : /^[0-7]{1,3}/).exec(rest);
    const hex = extended ? /^x([\da-fA-F]{1,2})|^u([\da-fA-F]{1,4})|^U([\da-fA-F]{1,8})/.exec(rest) : null;
    if (octal && !(octal0 && octal[0][0] !== '0' && !extended)) {
      text += byteChar(Number.parseInt(octal[0], 8) & 255);
      i += octal[0].length;
    } else if (hex) {
      text += hex[1]
        ? byteChar(Number.parseInt(hex[1], 16))
        : String.fromCodePoint(Number.parseInt(hex[2] ?? hex[3]!, 16));
      i += hex[0].length;
    } else if (simple[rest[0]!] !== undefined && (extended || !/[eE]/.test(rest[0]!))) {
      text += simple[rest[0]!];
      i++;
    } else {
      text += source[i];
    }
  }
  return { text, stop: false };
};
