import facts from './bindings.json' with { type: 'json' };

/** readline's key sequences, functions and variables (facts of `bind -p`, `bind -l`, `bind -v` of bash 5.2). */
export type KeymapName = 'emacs' | 'vi-insert' | 'vi-command';

export type Binding = { fn: string } | { macro: string } | { command: string };

export const functionNames: readonly string[] = facts.functions;

/** `\C-a`, `\M-x`, `\e`, `\033` ... to the characters they stand for; bytes are code units. */
export const parseSequence = (text: string): string => {
  let out = '';
  for (let i = 0; i < text.length; ) {
    const rest = text.slice(i);
    const control = /^\\(?:C-|c)(\\?[\s\S])/.exec(rest) ?? undefined;
    const meta = /^\\(?:M-|m)/.exec(rest);
    const code = /^\\(?:x([\da-fA-F]{1,2})|([0-7]{1,3}))/.exec(rest);
    if (rest.startsWith('\\M-\\C-') || rest.startsWith('\\C-\\M-')) {
      out += `\x1b${controlOf(rest[6] ?? '')}`;
      i += 7;
    } else if (control) {
      out += controlOf(control[1]!.at(-1)!);
      i += control[0].length;
    } else if (meta) {
      out += '\x1b';
      i += meta[0].length;
    } else if (code) {
      out += String.fromCharCode(code[1] ? Number.parseInt(code[1], 16) : Number.parseInt(code[2]!, 8) & 255);
      i += code[0].length;
    } else if (rest[0] === '\\' && rest.length > 1) {
      out += escapes[rest[1]!] ?? rest[1]!;
      i += 2;
    } else {
      out += rest[0]!;
      i++;
    }
  }
  return out;
};

const escapes: Record<string, string> = {
  a: '\x07',
  b: '\b',
  d: '\x7f',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const controlOf = (c: string): string => (c === '?' ? '\x7f' : String.fromCharCode(c.toUpperCase().charCodeAt(0) & 31));

/** As `bind -p` writes a sequence. */
export const showSequence = (sequence: string): string =>
  [...sequence]
    .map((c) => {
      const code = c.charCodeAt(0);
      if (c === '\x1b') return '\\e';
      if (c === '\x7f') return '\\C-?';
      if (code === 0) return sequence.length > 2 ? '\\000' : '\\C-@';
      if (code < 32) return `\\C-${String.fromCharCode(code | 64).toLowerCase()}`;
      if (c === '"' || c === '\\') return `\\${c}`;
      return code > 127 ? `\\${code.toString(8)}` : c;
    })
    .join('');

const tableOf = (name: KeymapName): Map<string, Binding> => {
  const table = new Map<string, Binding>();
  for (const [fn, sequences] of Object.entries(facts.keymaps[name] as Record<string, string[]>))
    for (const sequence of sequences) table.set(parseSequence(sequence), { fn });
  // `bind -p` does not tell a key that also begins others.
  if (name === 'vi-insert') table.set('\x1b', { fn: 'vi-movement-mode' });
  return table;
};

/** One shell's bindings and variables of its line editor. */
export class Keymaps {
  private readonly tables = new Map<KeymapName, Map<string, Binding>>();
  readonly variables = new Map<string, string>(Object.entries(facts.variables as Record<string, string>));

  table(name: KeymapName): Map<string, Binding> {
    let found = this.tables.get(name);
    if (!found) {
      found = tableOf(name);
      this.tables.set(name, found);
    }
    return found;
  }

  /** What `keys` is bound to, or whether more keys could make it something. */
  find(name: KeymapName, keys: string): Binding | 'prefix' | undefined {
    const table = this.table(name);
    for (const sequence of table.keys()) {
      if (sequence.length > keys.length && sequence.startsWith(keys)) return 'prefix';
    }
    return table.get(keys);
  }

  sequences(name: KeymapName, fn: string): string[] {
    const found: string[] = [];
    for (const [sequence, binding] of this.table(name)) if ('fn' in binding && binding.fn === fn) found.push(sequence);
    return found.sort((a, b) => (a < b ? -1 : 1)).map(showSequence);
  }
}
