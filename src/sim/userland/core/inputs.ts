/** Input files of the text tools, with the two families' messages for what cannot be read. */
import type { Command } from './command.ts';
import { eachInput } from './lines.ts';
import { quoteInMessage } from './quote.ts';

/** `cat: x: No such file or directory`, or in BusyBox, for most tools, the same without quoting. */
export const inputError =
  (c: Command) =>
  (name: string, reason: string): void =>
    c.error(c.bb ? `${name}: ${reason}` : `${quoteInMessage(name)}: ${reason}`);

/** Reads every operand ('-' or none: standard input) whole, as binary strings. */
export async function eachText(
  c: Command,
  operands: readonly string[],
  use: (text: string, name: string) => Promise<void> | void,
): Promise<void> {
  await eachInput(c, operands, async (fd, name) => use(await c.readAllText(fd), name), inputError(c));
}

/** One file whole; ends the command when it cannot be read. */
export async function readOrFail(c: Command, name: string, gnu = quoteInMessage): Promise<string> {
  try {
    return await c.readFile(name);
  } catch (error) {
    const reason = c.reason(error);
    return c.fail(c.bb ? `can't open '${name}': ${reason}` : `${gnu(name)}: ${reason}`);
  }
}

/** Creates or empties a file and writes a binary string into it. */
export async function writeFile(c: Command, path: string, bytes: Uint8Array): Promise<void> {
  const fd = await c.sys.open(path, { access: 'write', create: true, truncate: true }, 0o666);
  try {
    await c.sys.write(fd, bytes);
  } finally {
    c.sys.close(fd);
  }
}

/** A number option within bounds, or the family's complaint. */
export function numberOption(c: Command, text: string | undefined, fallback: number, complaint: string): number {
  if (text === undefined) return fallback;
  if (!/^\d+$/.test(text)) c.fail(c.bb ? `invalid number '${text}'` : `${complaint}: '${text}'`);
  return Number(text);
}
