/**
 * The file of a simulated program: a true ELF header and a note that names the program, then bytes up to the size that
 * the real file has. Written by whoever makes a root filesystem, read by exec.
 *
 *   0    ELF64 header, x86-64, one program header      (elf(5))
 *   64   program header: PT_NOTE
 *   120  note: owner "drydock\0", type 1, descriptor = program name ("coreutils/ls"), padded to 4
 *   ...  synthetic bytes
 */
import { BytesContent, ConcatContent, type Content, fromUtf8, SyntheticContent, utf8 } from './content.ts';

export const elfHeaderSize = 64;
const noteOffset = elfHeaderSize + 56;
const owner = 'drydock\0';
const noteType = 1;

/** The content of the executable file of a simulated program, `size` bytes long (at least its headers). */
export function programFile(programName: string, size: number, seed = 0): Content {
  const head = new BytesContent(elfHead(programName));
  if (size <= head.size) return head;
  return new ConcatContent([head, new SyntheticContent(size - head.size, seed)]);
}

function elfHead(programName: string): Uint8Array {
  const name = utf8(programName);
  const bytes = new Uint8Array(noteOffset + 12 + owner.length + ((name.length + 3) & ~3));
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 62, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, 0x400000, true);
  view.setUint32(32, elfHeaderSize, true);
  view.setUint16(52, elfHeaderSize, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(elfHeaderSize, 4, true);
  view.setUint32(elfHeaderSize + 8, noteOffset, true);
  view.setUint32(elfHeaderSize + 32, bytes.length - noteOffset, true);
  view.setUint32(noteOffset, owner.length, true);
  view.setUint32(noteOffset + 4, name.length, true);
  view.setUint32(noteOffset + 8, noteType, true);
  bytes.set(utf8(owner), noteOffset + 12);
  bytes.set(name, noteOffset + 12 + owner.length);
  return bytes;
}

/** An executable that is not simulated: an ELF header with no note, so that exec says so and no shell reads it as a script. */
export function foreignProgramFile(size: number, seed = 0): Content {
  const head = new BytesContent(elfHead('').subarray(0, noteOffset));
  return size <= head.size ? head : new ConcatContent([head, new SyntheticContent(size - head.size, seed)]);
}

/** The program that a file names, from its first 256 bytes; undefined for any other file. */
export function programName(head: Uint8Array): string | undefined {
  if (head.length < noteOffset + 12 + owner.length) return undefined;
  if (fromUtf8(head.subarray(noteOffset + 12, noteOffset + 12 + owner.length)) !== owner) return undefined;
  const size = new DataView(head.buffer, head.byteOffset).getUint32(noteOffset + 4, true);
  const start = noteOffset + 12 + owner.length;
  return fromUtf8(head.subarray(start, start + size));
}
