/** What Go's encoding/json says of a text that JSON.parse refuses; of the first value, as a Decoder reads it. */
export function jsonProblem(text: string): string {
  const reader = new Reader(text);
  try {
    reader.value();
  } catch (problem) {
    if (typeof problem === 'string') return problem;
    throw problem;
  }
  return '';
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  value(): void {
    const char = this.solid();
    if (char === '{') this.members();
    else if (char === '[') this.elements();
    else if (char === '"') this.string();
    else if (/[-\d]/.test(char)) this.number();
    else this.word({ t: 'true', f: 'false', n: 'null' }[char] ?? this.fail('looking for beginning of value'));
  }

  private members(): void {
    this.at++;
    if (this.solid() === '}') return void this.at++;
    for (;;) {
      if (this.solid() !== '"') this.fail('looking for beginning of object key string');
      this.string();
      if (this.solid() !== ':') this.fail('after object key');
      this.at++;
      this.value();
      const char = this.solid();
      if (char !== ',' && char !== '}') this.fail('after object key:value pair');
      this.at++;
      if (char === '}') return;
    }
  }

  private elements(): void {
    this.at++;
    if (this.solid() === ']') return void this.at++;
    for (;;) {
      this.value();
      const char = this.solid();
      if (char !== ',' && char !== ']') this.fail('after array element');
      this.at++;
      if (char === ']') return;
    }
  }

  private string(): void {
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      if (this.at >= this.text.length) throw 'unexpected EOF';
      if (this.text[this.at] === '\\' && !/["\\/bfnrtu]/.test(this.text[++this.at] ?? '"'))
        this.fail('in string escape code');
      else if (this.text[this.at]! < ' ') this.fail('in string literal');
    }
    this.at++;
  }

  private number(): void {
    const match = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(this.text.slice(this.at));
    if (!match) {
      this.at++;
      this.fail('in numeric literal');
    }
    this.at += match![0].length;
  }

  private word(word: string): void {
    for (const letter of word) {
      if (this.at >= this.text.length) throw 'unexpected EOF';
      if (this.text[this.at] !== letter) this.fail(`in literal ${word} (expecting '${letter}')`);
      this.at++;
    }
  }

  /** The next character that is no space; the end of the text is a failure. */
  private solid(): string {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
    if (this.at >= this.text.length) throw 'unexpected EOF';
    return this.text[this.at]!;
  }

  private fail(context: string): never {
    const char = this.text[this.at]!;
    const shown = char === "'" ? "'\\''" : char === '"' ? `'"'` : `'${JSON.stringify(char).slice(1, -1)}'`;
    throw `invalid character ${shown} ${context}`;
  }
}
