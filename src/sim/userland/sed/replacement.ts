import type { ReplacementPart } from './script.ts';

/** What `s` puts for a match: groups, and the cases that \U, \L, \u, \l and \E ask for. */
export function replace(parts: ReplacementPart[], match: RegExpExecArray): string {
  let out = '';
  let mode: 'U' | 'L' | undefined;
  let once: 'u' | 'l' | undefined;
  for (const part of parts) {
    if (typeof part === 'object' && 'mode' in part) {
      if (part.mode === 'u' || part.mode === 'l') once = part.mode;
      else mode = part.mode === 'E' ? undefined : part.mode;
      continue;
    }
    let text = typeof part === 'string' ? part : (match[part.group] ?? '');
    if (mode) text = mode === 'U' ? text.toUpperCase() : text.toLowerCase();
    if (once && text) {
      text = (once === 'u' ? text[0]!.toUpperCase() : text[0]!.toLowerCase()) + text.slice(1);
      once = undefined;
    }
    out += text;
  }
  return out;
}
