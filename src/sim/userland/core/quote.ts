/** Quoting of names in messages and listings, as gnulib's quotearg in the C locale. */

const safe = /^[A-Za-z0-9%+,./:=@_^-]+$/;
const control = /[\x00-\x1f\x7f]/;

/** Always in single quotes: 'x' (gnulib `quote`). */
export const quote = (name: string): string =>
  `'${name.replace(/[\\']/g, '\\$&').replace(/[\x00-\x1f\x7f]/g, escapeControl)}'`;

/** Always quoted so that a shell reads it back (gnulib `quoteaf`). */
export function quoteShell(name: string): string {
  if (control.test(name)) return shellEscapes(name);
  if (!name.includes("'")) return `'${name}'`;
  if (!/["$`\\!]/.test(name)) return `"${name}"`;
  return `'${name.replace(/'/g, "'\\''")}'`;
}

/** Quoted only when a shell would need it (gnulib `quotef`, `ls` on a terminal). */
export function quoteIfNeeded(name: string): string {
  if (name !== '' && (safe.test(name) || !/[\s!"#$&'()*;<=>?[\\\]^`{|}~\x00-\x1f\x7f]/.test(name))) {
    return /^[#~]/.test(name) ? quoteShell(name) : name;
  }
  if (name !== '' && !/[\s!"$&'()*;<>?[\\`|\x00-\x1f\x7f]/.test(name) && !/^[#~=]/.test(name) && !/^[{}]$/.test(name))
    return name;
  return quoteShell(name);
}

/** As `quotef` in messages: also quoted when it has a colon. */
export const quoteInMessage = (name: string): string =>
  name.includes(':') && quoteIfNeeded(name) === name ? `'${name}'` : quoteIfNeeded(name);

const letters: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
};

const escapeControl = (character: string): string =>
  letters[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;

function shellEscapes(name: string): string {
  let out = '';
  for (const piece of name.split(/([\x00-\x1f\x7f]+)/)) {
    if (piece === '') continue;
    if (control.test(piece)) out += `$'${[...piece].map(escapeControl).join('')}'`;
    else out += `'${piece.replace(/'/g, "'\\''")}'`;
  }
  return out.startsWith('$') ? `''${out}` : out;
}
