/** Shell patterns as git matches them: `*` stops at a slash where paths count, `**` does not. */

const special = /[.+^${}()|\\/]/g;

function bracket(pattern: string, at: number): [source: string, end: number] | undefined {
  let end = at + 1;
  if (pattern[end] === '!' || pattern[end] === '^') end++;
  if (pattern[end] === ']') end++;
  while (end < pattern.length && pattern[end] !== ']') {
    if (pattern.startsWith('[:', end)) end = Math.max(end, pattern.indexOf(':]', end) + 1);
    end += pattern[end] === '\\' ? 2 : 1;
  }
  if (end >= pattern.length) return undefined;
  const body = pattern
    .slice(at + 1, end)
    .replace(/^!/, '^')
    .replace(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? '')
    .replace(/[[]/g, '\\[');
  return [`(?!/)[${body}]`, end];
}

const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  space: '\\s',
  xdigit: '0-9A-Fa-f',
  punct: '!-\\/:-@\\[-`{-~',
};

/** `paths`: a single star does not match a slash. */
export function wildRegExp(pattern: string, paths: boolean, ignoreCase = false): RegExp {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const ch = pattern[i]!;
    if (ch === '*') {
      let end = i;
      while (pattern[end + 1] === '*') end++;
      const alone = (i === 0 || pattern[i - 1] === '/') && (end + 1 === pattern.length || pattern[end + 1] === '/');
      if (!paths) out += '.*';
      else if (end === i || !alone) out += '[^/]*';
      else if (pattern[end + 1] === '/') {
        out += '(?:.*/)?';
        end++;
      } else out += '.*';
      i = end;
    } else if (ch === '?') out += paths ? '[^/]' : '.';
    else if (ch === '\\' && i + 1 < pattern.length) out += pattern[++i]!.replace(special, '\\$&');
    else if (ch === '[') {
      const found = bracket(pattern, i);
      if (found) [, i] = [(out += found[0]), found[1]];
      else out += '\\[';
    } else out += ch.replace(special, '\\$&');
  }
  return new RegExp(`^${out}$`, ignoreCase ? 'is' : 's');
}
