/** npm's command line: words and flags in any order. */
import type { Sys } from '../../../kernel/sys.ts';

export interface NpmOptions {
  words: string[];
  /** After `--`: for the script. */
  rest: string[];
  yes: boolean;
  global: boolean;
  dev: boolean;
  production: boolean;
  exact: boolean;
  noSave: boolean;
  silent: boolean;
  ifPresent: boolean;
  json: boolean;
  all: boolean;
  depth: number;
  lockOnly: boolean;
  noAudit: boolean;
  noFund: boolean;
  ignoreScripts: boolean;
  version: boolean;
  help: boolean;
}

export function readOptions(sys: Sys): NpmOptions {
  const args = sys.argv.slice(1);
  const cut = args.indexOf('--');
  const rest = cut < 0 ? [] : args.splice(cut).slice(1);
  const has = (...names: string[]): boolean => args.some((arg) => names.includes(arg));
  const words = args.filter(
    (arg, i) =>
      !arg.startsWith('-') && !/^--(omit|include|prefix|depth|loglevel|registry|cache)$/.test(args[i - 1] ?? ''),
  );
  const value = (name: string): string | undefined => {
    const at = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
    if (at < 0) return undefined;
    return args[at]!.includes('=') ? args[at]!.slice(args[at]!.indexOf('=') + 1) : args[at + 1];
  };
  const includesDev = value('include') === 'dev' || has('--production=false');
  return {
    words,
    rest,
    yes: has('-y', '--yes', '-f', '--force'),
    global: has('-g', '--global', '--location=global'),
    dev: has('-D', '--save-dev', '--dev'),
    production:
      !includesDev &&
      (value('omit') === 'dev' ||
        has('--production', '--only=production', '--only=prod') ||
        sys.env.NODE_ENV === 'production'),
    exact: has('-E', '--save-exact'),
    noSave: has('--no-save'),
    silent: has('-s', '--silent', '--quiet') || value('loglevel') === 'silent',
    ifPresent: has('--if-present'),
    json: has('--json'),
    all: has('-a', '--all') || value('depth') === 'Infinity',
    depth: Number(value('depth') ?? 0),
    lockOnly: has('--package-lock-only'),
    noAudit: has('--no-audit') || sys.env.npm_config_audit === 'false',
    noFund: has('--no-fund') || sys.env.npm_config_fund === 'false',
    ignoreScripts: has('--ignore-scripts'),
    version: has('-v', '--version'),
    help: has('-h', '--help'),
  };
}
