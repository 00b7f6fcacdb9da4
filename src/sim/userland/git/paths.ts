/** Paths as text. */

/** Absolute, without `.`, `..` and doubled slashes; `path` may be absolute itself. */
export function joinPath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${base}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** `path` as seen from the directory `prefix` (both relative to the same top). */
export function relativeTo(prefix: string, path: string): string {
  if (prefix === '') return path;
  const from = prefix.split('/').slice(0, -1);
  const to = path.split('/');
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  const up = '../'.repeat(from.length - same);
  return `${up}${to.slice(same).join('/')}` || './';
}

const named: Readonly<Record<string, string>> = {
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '"': '"',
  '\\': '\\',
};

const encoder = new TextEncoder();

/** In double quotes when it has odd characters (core.quotePath). */
export function quotePath(path: string, spaces = false): string {
  const plain = !/[\x00-\x1f"\\\x7f-\uffff]/.test(path);
  if (plain) return spaces && path.includes(' ') ? `"${path}"` : path;
  let out = '';
  for (const byte of encoder.encode(path)) {
    const ch = String.fromCharCode(byte);
    if (named[ch]) out += `\\${named[ch]}`;
    else out += byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : ch;
  }
  return `"${out}"`;
}
