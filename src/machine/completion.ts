/** Tab after `docker`: subcommands, flags, images, containers, asked of the engine as the student's process may ask. */
import { completions } from '../cli/index.ts';
import { completionProviders } from '../sim/index.ts';
import { cliHost } from './docker-program.ts';

export function registerCompletion(): void {
  completionProviders.set('docker', (sys, words, index) => completions(cliHost(sys, []), words.slice(1, index + 1)));
}
