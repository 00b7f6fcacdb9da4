import { encodeText } from '../core/bytes.ts';
import type { CommandSpec } from '../core/command.ts';
import { expandEscapes } from '../core/escapes.ts';

/** echo: -n, -e, -E in any mix; anything else is text. */
export const echo: CommandSpec = {
  name: 'echo',
  suite: 'coreutils',
  applet: true,
  run(c) {
    let newline = true;
    let escapes = false;
    let first = 0;
    for (; first < c.args.length && /^-[neE]+$/.test(c.args[first]!); first++) {
      for (const letter of c.args[first]!.slice(1)) {
        if (letter === 'n') newline = false;
        else escapes = letter === 'e';
      }
    }
    const text = encodeText(c.args.slice(first).join(' '));
    if (!escapes) {
      c.raw(newline ? `${text}\n` : text);
      return 0;
    }
    const result = expandEscapes(text, true);
    c.raw(newline && !result.stop ? `${result.text}\n` : result.text);
    return 0;
  },
};
