import type { Command, HelpTexts } from './core/command.ts';

const versions: Record<string, string> = {
  coreutils: '(GNU coreutils) 9.1',
  findutils: '(GNU findutils) 4.9.0',
  grep: '(GNU grep) 3.8',
  sed: '(GNU sed) 4.9',
  diffutils: '(GNU diffutils) 3.8',
  tar: '(GNU tar) 1.34',
  gzip: '1.12',
  procps: 'from procps-ng 4.0.2',
  'util-linux': 'from util-linux 2.38.1',
};

/** What GNU commands print for --version (its first line) and after a wrong option. */
export const gnuTexts: HelpTexts = {
  // Differs from Linux: --help of the GNU commands is not written out; it says so.
  help: (c) => c.fail('drydock: --help texts of this command are not simulated'),
  version: (c) => `${c.spec.name} ${versions[c.spec.suite ?? ''] ?? ''}\n`,
  afterError: (c: Command) =>
    c.spec.usageHint?.replaceAll('%', c.name) ?? `Try '${c.name} --help' for more information.\n`,
};
