/** `.dockerignore`: later patterns win, `!` takes back, a match of a parent covers what is below (moby/patternmatcher). */
export class IgnorePatterns {
  private readonly rules: { negated: boolean; pattern: RegExp }[];

  constructor(text: string) {
    this.rules = text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.trim())
      .filter((line) => line !== '' && line !== '!')
      .map((line) => {
        const negated = line.startsWith('!');
        const body = clean((negated ? line.slice(1) : line).trim());
        return { negated, pattern: globPattern(body) };
      });
  }

  get hasExceptions(): boolean {
    return this.rules.some(({ negated }) => negated);
  }

  ignores(path: string): boolean {
    const parts = path.split('/');
    const prefixes = parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
    let ignored = false;
    for (const { negated, pattern } of this.rules) {
      if (negated === ignored && prefixes.some((prefix) => pattern.test(prefix))) ignored = !negated;
    }
    return ignored;
  }
}

function clean(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length && out.at(-1) !== '..') out.pop();
    else out.push(part);
  }
  return out.join('/') || '.';
}

/** filepath.Match with `**` for any number of directories. */
function globPattern(glob: string): RegExp {
  let out = '';
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at]!;
    if (char === '*' && glob[at + 1] === '*') {
      at++;
      if (glob[at + 1] === '/') at++;
      out += at + 1 >= glob.length ? '.*' : '(?:.*/)?';
    } else if (char === '*') out += '[^/]*';
    else if (char === '?') out += '[^/]';
    else if (char === '[') {
      const end = glob.indexOf(']', at + 1);
      if (end < 0) throw new Error('syntax error in pattern');
      out += `[${glob.slice(at + 1, end).replace(/^!/, '^')}]`;
      at = end;
    } else if (char === '\\' && at + 1 < glob.length) out += `\\${glob[++at]}`;
    else out += char.replace(/[.+^${}()|]/g, '\\$&');
  }
  return new RegExp(`^${out}$`);
}
