/** The command line of apt's programs: one option table for all, options anywhere, -o KEY=VALUE. */

import type { Sys } from '../../../kernel/sys.ts';
import { OptionError, type Options, optionTable, parseOptions } from '../../core/options.ts';
import { AptConfig } from './config.ts';

const table = optionTable(
  'q,quiet=? q/quiet s,simulate dry-run just-print no-act recon y,yes assume-yes assume-no d,download-only f,fix-broken m,fix-missing ignore-missing u,show-upgraded V,verbose-versions no-install-recommends install-recommends install-suggests no-install-suggests reinstall purge allow-downgrades allow-remove-essential allow-change-held-packages allow-unauthenticated force-yes no-upgrade only-upgrade no-remove auto-remove autoremove with-new-pkgs no-download show-progress print-uris t,target-release= default-release= o,option= c,config-file= h,help v,version a,all-versions installed upgradable manual-installed n,names-only full no-all-versions important no-recommends recurse no-pager allow-releaseinfo-change allow-insecure-repositories no-show-upgraded trivial-only list-cleanup no-list-cleanup',
);

export interface CommandLine {
  options: Options;
  config: AptConfig;
  /** How often -q was given (`-q=2` counts twice). */
  quiet: number;
  yes: boolean;
}

/** Throws {@link OptionError} with apt's text. */
export function readCommandLine(sys: Sys): CommandLine {
  const args = sys.argv.slice(1);
  const options = parse(args);
  const config = AptConfig.read(sys);
  for (const setting of options.values('option')) {
    const equals = setting.indexOf('=');
    if (equals < 0) throw new OptionError(`Option ${setting}: Configuration item specification must have an =<val>.`);
    config.set(setting.slice(0, equals), setting.slice(equals + 1));
  }
  const quiet = Math.max(quietness(options), Number(config.get('quiet') ?? 0));
  const yes = options.has('yes', 'assume-yes', 'force-yes') || config.flag('APT::Get::Assume-Yes');
  return { options, config, quiet, yes };
}

function parse(args: readonly string[]): Options {
  try {
    return parseOptions(args, table);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const short = /invalid option -- '(.)'/.exec(error.message);
    const long = /unrecognized option '--(.*)'/.exec(error.message);
    if (short) {
      const given = args.find((arg) => /^-[^-]/.test(arg) && arg.includes(short[1]!)) ?? `-${short[1]}`;
      throw new OptionError(`Command line option '${short[1]}' [from ${given}] is not known.`);
    }
    if (long) {
      throw new OptionError(`Command line option --${long[1]} is not understood in combination with the other options`);
    }
    throw error;
  }
}

function quietness(options: Options): number {
  let level = 0;
  for (const { name, value } of options.list) {
    if (name === 'quiet') level = value === undefined ? level + 1 : Number(value);
  }
  return level;
}
