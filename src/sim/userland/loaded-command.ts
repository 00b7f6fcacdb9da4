/** The commands' code, loaded as one piece when the first of them runs. */
import type { Program } from '../kernel/program.ts';
import { commands } from './commands.ts';
import { gnuProgram } from './core/command.ts';
import { gnuTexts } from './gnu-texts.ts';

/** The GNU command of a suite. Both are of {@link commandNames}. */
export function gnuCommand(suite: string, name: string): Program {
  const spec = commands.find((one) => one.suite === suite && one.name === name);
  if (!spec) throw new RangeError(`no command ${suite}/${name}`);
  return gnuProgram(spec, gnuTexts);
}
