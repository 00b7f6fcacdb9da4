import { Abort } from '../control.ts';
import { expandQuoted } from '../expand/expand.ts';
import { quoteAshTrace, quoteTrace } from '../quote.ts';
import type { Shell } from '../shell.ts';

/** How `set -x` of each shell writes one word; as it is while nothing is traced, since a value may be megabytes long. */
export const traceWord = (shell: Shell, text: string): string => {
  if (!shell.has('xtrace')) return text;
  if (shell.dialect.name === 'bash') return quoteTrace(text);
  return shell.dialect.name === 'ash' ? quoteAshTrace(text) : text;
};

/** Writes a `set -x` line: PS4, expanded, its first character once per level of nesting. */
export const trace = async (shell: Shell, text: string, fd = 2): Promise<void> => {
  if (!shell.has('xtrace')) return;
  shell.options.delete('xtrace');
  const { status } = shell;
  let prefix: string;
  try {
    prefix = await expandQuoted(shell, shell.vars.get('PS4') ?? (shell.dialect.bash ? '' : '+ '));
  } catch (thrown) {
    if (!(thrown instanceof Abort)) throw thrown;
    prefix = shell.vars.get('PS4') ?? '';
  } finally {
    shell.options.add('xtrace');
    shell.status = status;
  }
  if (shell.dialect.bash && prefix !== '') prefix = prefix[0]!.repeat(shell.substitutionDepth + 1) + prefix.slice(1);
  await shell.write(fd, `${prefix}${text}\n`);
};
