import { matchPath, PatternError } from './path-match.ts';

/** What `.dockerignore` keeps out of the context. */
export interface Ignore {
  readonly patterns: readonly string[];
  /** Whether a path (relative, `/` between parts, no leading one) is left out: itself or by a directory above it. */
  excludes(path: string): boolean;
  /** Whether an excluded directory may still hold something that a `!` pattern brings back. */
  mayKeepInside(directory: string): boolean;
}

/** `a/./b//../c` as Go's filepath.Clean. '' gives '.'. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !rooted) parts.push(part);
  }
  return (rooted ? '/' : '') + parts.join('/') || '.';
}

/** Lines of the file as clean patterns: comments (`#` in the first column) and blank lines gone, leading `/` cut. */
export function parseIgnoreFile(text: string): string[] {
  const patterns: string[] = [];
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    let pattern = line.trim();
    if (!pattern) continue;
    const negated = pattern.startsWith('!');
    if (negated) pattern = pattern.slice(1).trim();
    if (pattern) {
      pattern = cleanPath(pattern);
      if (pattern.length > 1) pattern = pattern.replace(/^\//, '');
    }
    patterns.push(negated ? `!${pattern}` : pattern);
  }
  return patterns;
}

/** The pattern language: filepath.Match's, and `**` for any number of directories. */
function patternRegexp(pattern: string): RegExp {
  const chars = Array.from(pattern);
  let source = '';
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (char === '*' && chars[at + 1] === '*') {
      at++;
      if (chars[at + 1] === '/') at++;
      source += at + 1 >= chars.length ? '.*' : '(?:.*/)?';
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '\\' && at + 1 < chars.length) source += escaped(chars[++at]!);
    else if (char === '[') {
      const end = chars.indexOf(']', at + 2);
      source += `[${chars
        .slice(at + 1, end)
        .join('')
        .replace(/\[/g, '\\[')}]`;
      at = end;
    } else source += escaped(char);
  }
  return new RegExp(`^${source}$`, 's');
}

const escaped = (char: string) => (/[.*+?^${}()|[\]\\/]/.test(char) ? `\\${char}` : char);

/** Throws PatternError "syntax error in pattern", or `illegal exclusion pattern: "!"`. */
export function createIgnore(patterns: readonly string[]): Ignore {
  const rules = patterns
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const negated = text.startsWith('!');
      const pattern = cleanPath(negated ? text.slice(1) : text);
      if (negated && text.length === 1) throw new PatternError('illegal exclusion pattern: "!"');
      matchPath(pattern, '.');
      return { negated, pattern, regexp: patternRegexp(pattern) };
    });
  const matches = (rule: (typeof rules)[number], path: string) => {
    if (rule.pattern === '**') return true;
    for (let part = path; part; part = part.slice(0, Math.max(0, part.lastIndexOf('/')))) {
      if (rule.regexp.test(part)) return true;
    }
    return false;
  };
  return {
    patterns,
    excludes: (path) =>
      rules.reduce((out, rule) => (rule.negated === out && matches(rule, path) ? !rule.negated : out), false),
    mayKeepInside: (directory) =>
      rules.some(
        (rule) => rule.negated && (/[*?[\\]/.test(rule.pattern) || `${rule.pattern}/`.startsWith(`${directory}/`)),
      ),
  };
}
