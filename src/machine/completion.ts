/** Tab after `docker`: subcommands, flags, images, containers, asked of the engine as the student's process may ask. */
import { completionProviders } from '../sim/index.ts';

export function registerCompletion(): void {
  completionProviders.set('docker', async (sys, words, index) => {
    const { cliHost, completions } = await import('./docker-program.ts');
    return completions(cliHost(sys, []), words.slice(1, index + 1));
  });
}
