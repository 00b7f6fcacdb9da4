/**
 * JSON as Go's encoding/json writes it by default: no spaces, `<`, `>`, `&`, U+2028 and U+2029 as \u escapes, and \u0008
 * and \u000c where JavaScript has \b and \f. Digests of configs depend on it. Keys in the object's own order.
 */
export function goJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/\\[\s\S]/g, (pair) => (pair === '\\b' ? '\\u0008' : pair === '\\f' ? '\\u000c' : pair))
    .replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
