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

interface Texts {
  help?: string;
  version?: string;
}

/** Recorded by scripts/record-gnu-help.mjs; a piece of its own, loaded when someone asks. */
const textsOf = async (name: string): Promise<Texts> =>
  ((await import('./gnu-help.json')).default as Record<string, Texts>)[name] ?? {};

async function versionText(c: Command): Promise<string> {
  const recorded = (await textsOf(c.spec.name)).version;
  if (recorded) return recorded;
  const own = versionLines[c.spec.name];
  if (own) return `${own}\n`;
  const suite = versions[c.spec.suite ?? ''];
  return suite ? `${c.spec.name} ${suite}\n` : c.fail('drydock: --version of this command is not simulated');
}

async function helpText(c: Command): Promise<string> {
  return (await textsOf(c.spec.name)).help ?? c.fail('drydock: --help texts of this command are not simulated');
}

/** procps and a few others answer a wrong option with the whole help text. */
async function afterError(c: Command): Promise<string> {
  const { usageHint, suite, name } = c.spec;
  if (usageHint === 'help' || (suite === 'procps' && usageHint === undefined)) return (await textsOf(name)).help ?? '';
  return usageHint?.replaceAll('%', c.name) ?? `Try '${c.name} --help' for more information.\n`;
}

/**
 * What GNU commands print for --help, --version and after a wrong option.
 * Differs from Linux: the texts are those of Debian 12's versions in every distribution.
 */
export const gnuTexts: HelpTexts = { help: helpText, version: versionText, afterError };
