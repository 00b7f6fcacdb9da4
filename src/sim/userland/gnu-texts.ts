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

/** Programs whose version line has a form of its own. */
const versionLines: Record<string, string> = {
  wget: 'GNU Wget 1.21.3 built on linux-gnu.',
  curl: 'curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1\nProtocols: http https',
  ping: 'ping from iputils 20221126',
  less: 'less 590 (GNU regular expressions)',
  tree: 'tree v2.1.0 © 1996 - 2022 by Steve Baker, Thomas Moore, Francesc Rocher, Florian Sesser, Kyosuke Tokoro',
};

function versionText(c: Command): string {
  const own = versionLines[c.spec.name];
  if (own) return `${own}\n`;
  const suite = versions[c.spec.suite ?? ''];
  return suite ? `${c.spec.name} ${suite}\n` : c.fail('drydock: --version of this command is not simulated');
}

/** What GNU commands print for --version (its first line) and after a wrong option. */
export const gnuTexts: HelpTexts = {
  // Differs from Linux: --help of the GNU commands is not written out; it says so.
  help: (c) => c.fail('drydock: --help texts of this command are not simulated'),
  version: versionText,
  afterError: (c: Command) =>
    c.spec.usageHint?.replaceAll('%', c.name) ?? `Try '${c.name} --help' for more information.\n`,
};
