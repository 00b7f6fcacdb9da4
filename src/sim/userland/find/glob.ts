/** fnmatch(3) without flags: * and ? also match slashes and leading dots. */
export function globRegexp(pattern: string, ignoreCase = false): RegExp {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    const set = character === '[' ? /^\[([!^]?)(\]?(?:\[:\w+:\]|[^\]])*)\]/.exec(pattern.slice(i)) : null;
    if (character === '*') out += '[^]*';
    else if (character === '?') out += '[^]';
    else if (set) {
      const inside = set[2]!
        .replace(
          /\[:(\w+):\]/g,
          (_, name: string) =>
            ({ alpha: 'a-zA-Z', digit: '0-9', alnum: 'a-zA-Z0-9', upper: 'A-Z', lower: 'a-z', space: '\\s' })[name] ??
            '',
        )
        .replace(/[\\\]^[]/g, '\\$&');
      out += `[${set[1] ? '^' : ''}${inside}]`;
      i += set[0].length - 1;
    } else if (character === '\\' && i + 1 < pattern.length)
      out += pattern[++i]!.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    else out += character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  return new RegExp(`^${out}$`, ignoreCase ? 'i' : '');
}
