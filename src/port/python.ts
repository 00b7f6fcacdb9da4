/**
 * Interpreters of Python: CPython (Pyodide) in a thread of its own that may block (Node), or beside the kernel with its
 * stack switched (JSPI).
 */

/** A call of the interpreter: the name of an operation and plain values. */
export type PythonCall = readonly [operation: string, ...args: unknown[]];

/** What comes back: a value, or the name of an errno. */
export type PythonAnswer = { value: unknown } | { errno: string };

/** What starts an interpreter: plain data, so that it can cross to another thread. */
export interface PythonStart {
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** As `python --version` says it, `3.12.11`. */
  version: string;
  /** Path of the executable. */
  executable: string;
  prefix: string;
  /** sys.path after the script's directory; the first is the standard library. */
  path: readonly string[];
  pid: number;
  ppid: number;
}

/** An interpreter that runs. */
export interface Interpreter {
  /** Its exit status; rejects when it broke down. */
  ended: Promise<number>;
  /** Called now and then, with the milliseconds since, while it computes for long and asks for nothing. */
  onCompute(tell: (ms: number) => void): void;
  /** A signal that its handlers shall see at the next instruction. */
  interrupt(signal: number): void;
  /** Ends it at once, wherever it is. */
  terminate(): void;
}

/** Starts an interpreter whose calls `answer` answers, now (a value) or later (a promise). */
export type StartInterpreter = (
  start: PythonStart,
  answer: (call: PythonCall) => PythonAnswer | Promise<PythonAnswer>,
) => Interpreter;

/** What runs next to the interpreter, as text: for threads that cannot load our modules. */
export interface GuestSource {
  guest: string;
  /** Python modules, in the order in which they are loaded, before a snapshot of the memory is taken. */
  modules: readonly (readonly [name: string, source: string])[];
}

/** How the world has interpreters: loads one's files, with the first program that wants it. */
export interface PythonWorld {
  load(source: GuestSource): Promise<StartInterpreter>;
}
