/** apt-cache, apt-mark and apt-config. */
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { OptionError } from '../../core/options.ts';
import type { Job } from './apt-get.ts';
import { AptCache } from './cache.ts';
import { type CommandLine, readCommandLine } from './options.ts';
import * as queries from './queries.ts';
import { AptTerminal } from './terminal.ts';

type Verb = (job: Job) => Promise<number>;

function program(verbs: Readonly<Record<string, Verb>>): Program {
  return async (sys: Sys) => {
    let line: CommandLine;
    try {
      line = readCommandLine(sys);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      await sys.write(2, `E: ${error.message}\n`);
      return 100;
    }
    const [verb = '', ...names] = line.options.operands;
    const terminal = new AptTerminal(sys, line.quiet);
    const run = verbs[verb];
    if (run) return run({ sys, terminal, line, names, friendly: false });
    await terminal.error(verb ? `Invalid operation ${verb}` : 'No operation given');
    return 100;
  };
}

export const aptCache = program({
  search: queries.searchPlain,
  show: queries.show,
  policy: queries.policy,
  madison: queries.madison,
  depends: queries.depends,
  rdepends: queries.rdepends,
  pkgnames: queries.pkgnames,
});

const listing =
  (wanted: (cache: AptCache, name: string) => boolean): Verb =>
  async ({ sys, terminal }) => {
    const cache = new AptCache(sys);
    const names = [...cache.db.packages.keys()]
      .filter((name) => cache.db.installed(name) && wanted(cache, name))
      .sort();
    await terminal.print(names.map((name) => `${name}\n`).join(''));
    return 0;
  };

const setting =
  (automatic: boolean): Verb =>
  async ({ sys, terminal, names }) => {
    const cache = new AptCache(sys);
    for (const name of names) {
      if (!cache.db.installed(name)) {
        await terminal.error(`Unable to locate package ${name}`);
        return 100;
      }
      const word = automatic ? 'automatically' : 'manually';
      const already = cache.automatic.has(name) === automatic;
      if (automatic) cache.automatic.add(name);
      else cache.automatic.delete(name);
      await terminal.print(
        already ? `${name} was already set to ${word} installed.\n` : `${name} set to ${word} installed.\n`,
      );
    }
    cache.saveAutomatic();
    return 0;
  };

const holding =
  (hold: boolean): Verb =>
  async ({ sys, terminal, names }) => {
    const cache = new AptCache(sys);
    for (const name of names) {
      const installed = cache.db.installed(name);
      if (!installed) {
        await terminal.error(`Unable to locate package ${name}`);
        return 100;
      }
      const already = (installed.want === 'hold') === hold;
      installed.setState(hold ? 'hold' : 'install', installed.state);
      await terminal.print(
        already
          ? `${name} was already ${hold ? 'set on hold' : 'not on hold'}.\n`
          : hold
            ? `${name} set on hold.\n`
            : `Canceled hold on ${name}.\n`,
      );
    }
    cache.db.save();
    return 0;
  };

export const aptMark = program({
  auto: setting(true),
  manual: setting(false),
  hold: holding(true),
  unhold: holding(false),
  showauto: listing((cache, name) => cache.automatic.has(name)),
  showmanual: listing((cache, name) => !cache.automatic.has(name)),
  showhold: listing((cache, name) => cache.db.packages.get(name)!.want === 'hold'),
});

export const aptConfig = program({
  dump: async ({ terminal, line }) => {
    await terminal.print(line.config.dump());
    return 0;
  },
  shell: async ({ terminal, line, names }) => {
    for (let i = 0; i + 1 < names.length; i += 2) {
      const value = line.config.get(names[i + 1]!.replace(/\/[dfbi]$/, ''));
      if (value !== undefined) await terminal.print(`${names[i]}='${value}'\n`);
    }
    return 0;
  },
});
