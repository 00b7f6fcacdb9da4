import type { PythonWorld } from './python.ts';

/** Files too big to be code (wasm modules, packages), kept beside it and loaded when first needed. */
export interface Assets {
  /** Throws when there is no such file, or it cannot be reached now. */
  load(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Interpreters for `python3`; without them it says that there is none. */
  python?: PythonWorld;
}
