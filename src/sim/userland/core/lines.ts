import { toBinary } from './bytes.ts';
import type { Command } from './command.ts';

/**
 * Lines of a descriptor, as they come, in blocks: each array holds the complete lines one read gave. The last line may
 * lack its newline: `complete` says so. Pending output is flushed before a read that may block.
 */
export async function* lineBlocks(
  c: Command,
  fd: number,
  separator = '\n',
): AsyncGenerator<{ lines: string[]; complete: boolean }> {
  let rest: string[] = [];
  for (;;) {
    await c.flush();
    const bytes = await c.sys.read(fd, 1 << 18);
    if (bytes.length === 0) break;
    const lines = toBinary(bytes).split(separator);
    if (lines.length === 1) {
      rest.push(lines[0]!);
      continue;
    }
    lines[0] = rest.join('') + lines[0];
    rest = [lines.pop()!];
    yield { lines, complete: true };
  }
  const last = rest.join('');
  if (last !== '') yield { lines: [last], complete: false };
}

/** One line at a time. */
export async function* lines(c: Command, fd: number, separator = '\n'): AsyncGenerator<{ text: string; end: string }> {
  for await (const block of lineBlocks(c, fd, separator)) {
    for (const text of block.lines) yield { text, end: block.complete ? separator : '' };
  }
}

/** Lines of a whole text; the last one need not end in the separator. */
export function splitLines(text: string, separator = '\n'): string[] {
  if (text === '') return [];
  const parts = text.split(separator);
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

/** For a loop over operands: each is opened, read by `use` and closed; errors are reported the command's way. */
export async function eachInput(
  c: Command,
  operands: readonly string[],
  use: (fd: number, name: string) => Promise<void>,
  report: (name: string, reason: string) => void,
): Promise<void> {
  for (const name of operands.length ? operands : ['-']) {
    let fd: number;
    try {
      fd = await c.openInput(name);
    } catch (error) {
      report(name, c.reason(error));
      continue;
    }
    try {
      await use(fd, name);
    } catch (error) {
      report(name, c.reason(error));
    } finally {
      c.closeInput(fd);
    }
  }
}
