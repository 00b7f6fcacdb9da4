/** Compiled Python code by its source, for all interpreters: what __pycache__ is to one tree. */
const limitBytes = 32 << 20;

const kept = new Map<string, Uint8Array>();
let size = 0;

export const compiledCode = (key: string): Uint8Array | undefined => kept.get(key);

export function keepCompiled(key: string, code: Uint8Array): void {
  if (kept.has(key)) return;
  if (size + code.length > limitBytes) {
    kept.clear();
    size = 0;
  }
  kept.set(key, code);
  size += code.length;
}
