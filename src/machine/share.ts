/**
 * Share links: what was typed, and the seed it was typed on. A machine is deterministic, so typing it again on a fresh one
 * gives the same ids, times and digests.
 *
 *   s=1.<base64url of deflated JSON [seed, lines, lesson]>      a line is a string, or [terminal, string] in a container
 */
import { deflateSync, inflateSync } from 'fflate';
import { base64url, fromBase64, fromUtf8, utf8 } from '../spec/index.ts';
import type { TypedLine } from './timeline.ts';

export interface SharedCommands {
  seed: number;
  lines: TypedLine[];
  lesson?: string;
}

/** Characters; what messengers and browsers pass on whole. */
export const shareLimit = 8000;
/** Of what a link unpacks to. */
const unpackedLimit = 1 << 20;
const linesLimit = 5000;

/** Undefined when it would be longer than {@link shareLimit}. */
export function shareFragment({ seed, lines, lesson }: SharedCommands): string | undefined {
  const told = lines.map(({ line, terminal }) => (terminal.includes(':') ? [terminal, line] : line));
  const packed = deflateSync(utf8(JSON.stringify([seed, told, ...(lesson ? [lesson] : [])])), { level: 9 });
  const fragment = `s=1.${base64url(packed)}`;
  return fragment.length <= shareLimit ? fragment : undefined;
}

/** Undefined when it is no share link; throws, with a reason to show, when it is a broken one. */
export function readShareFragment(fragment: string): SharedCommands | undefined {
  const match = /^#?s=(\d+)\.([A-Za-z0-9_-]*)$/.exec(fragment);
  if (!match) return undefined;
  if (match[1] !== '1') throw new Error('this link was made by a newer drydock');
  try {
    return parse(JSON.parse(fromUtf8(unpack(match[2]!))));
  } catch {
    throw new Error('this link is damaged: it was probably not copied whole');
  }
}

function unpack(text: string): Uint8Array {
  return inflateSync(fromBase64(text), { out: new Uint8Array(unpackedLimit) });
}

function parse(value: unknown): SharedCommands {
  const [seed, lines, lesson] = value as [unknown, unknown, unknown];
  if (!Number.isSafeInteger(seed) || !Array.isArray(lines) || lines.length > linesLimit) throw new TypeError();
  if (lesson !== undefined && (typeof lesson !== 'string' || !/^[\w-]{1,80}$/.test(lesson))) throw new TypeError();
  const told = lines.map((line: unknown): TypedLine => {
    const [terminal, text] = Array.isArray(line) ? line : ['', line];
    if (typeof text !== 'string' || typeof terminal !== 'string') throw new TypeError();
    return { line: text, terminal };
  });
  return { seed: seed as number, lines: told, ...(lesson ? { lesson: lesson as string } : {}) };
}
