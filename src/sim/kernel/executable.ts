/**
 * What a file is, to exec: a script, an ELF file that carries the name of a simulated program, a real ELF that is
 * recognised, or one that is not simulated.
 */
import { type Content, elfHeaderSize, fromUtf8, programName, utf8 } from '../../spec/index.ts';

export { programFile as executableContent } from '../../spec/index.ts';

export type Executable =
  | { kind: 'script'; interpreter: string; argument: string | undefined }
  | { kind: 'program'; name: string }
  /** An ELF file that nobody here knows. */
  | { kind: 'foreign' };

/** BINPRM_BUF_SIZE: how much of a script's first line counts. */
const scriptHead = 256;

/** Undefined: ENOEXEC. Remembered by content, so a real binary is scanned once. */
export function identify(content: Content): Executable | undefined {
  if (known.has(content)) return known.get(content);
  const found = look(content);
  known.set(content, found);
  return found;
}

const known = new WeakMap<Content, Executable | undefined>();

function look(content: Content): Executable | undefined {
  const head = content.read(0, scriptHead);
  if (head[0] === 0x23 && head[1] === 0x21) return script(head);
  if (head.length < elfHeaderSize || head[0] !== 0x7f || fromUtf8(head.subarray(1, 4)) !== 'ELF') return undefined;
  const name = programName(head);
  if (name !== undefined) return { kind: 'program', name };
  if (!contains(content, 'BusyBox v')) return { kind: 'foreign' };
  // A build option of its shell shows in the binary's strings.
  const greets = contains(content, "Enter 'help' for a list of built-in commands.");
  return { kind: 'program', name: greets ? 'busybox-greeting' : 'busybox' };
}

/** execve(2), "Interpreter scripts": everything after the interpreter is one argument. */
function script(head: Uint8Array): Executable | undefined {
  const end = head.indexOf(0x0a);
  const line = fromUtf8(head.subarray(2, end < 0 ? head.length : end)).replace(/^[ \t]+|[ \t]+$/g, '');
  const match = /^([^ \t]+)(?:[ \t]+(.*))?$/.exec(line);
  return match ? { kind: 'script', interpreter: match[1]!, argument: match[2] } : undefined;
}

function contains(content: Content, text: string): boolean {
  const needle = utf8(text);
  const step = 1 << 20;
  for (let at = 0; at < content.size; at += step) {
    if (indexOf(content.read(at, step + needle.length - 1), needle) >= 0) return true;
  }
  return false;
}

function indexOf(bytes: Uint8Array, needle: Uint8Array): number {
  for (let at = bytes.indexOf(needle[0]!); at >= 0; at = bytes.indexOf(needle[0]!, at + 1)) {
    if (needle.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
