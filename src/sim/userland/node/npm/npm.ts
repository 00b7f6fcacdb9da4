/** npm(1). */

import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { makeDirectories, readText, writeText } from '../../packages/sys-files.ts';
import { npmVersion } from '../version.ts';
import { audit } from './audit.ts';
import { init, initText } from './init.ts';
import { ci, globalPrefix, install, uninstall } from './install.ts';
import { listTree } from './list.ts';
import { prefix } from './manifest.ts';
import { type NpmOptions, readOptions } from './options.ts';
import { NpmProblem } from './problem.ts';
import { Registry } from './registry.ts';
import { removeTree } from './reify.ts';
import { run } from './run-script.ts';

const usage = `npm <command>

Usage:

npm install        install all the dependencies in your project
npm install <foo>  add the <foo> dependency to your project
npm test           run this project's tests
npm run <foo>      run the script named <foo>
npm <command> -h   quick help on <command>
npm -l             display usage info for all commands
npm help <term>    search for help on <term>
npm help npm       more involved overview

All commands:

    access, adduser, audit, bugs, cache, ci, completion,
    config, dedupe, deprecate, diff, dist-tag, docs, doctor,
    edit, exec, explain, explore, find-dupes, fund, get, help,
    help-search, hook, init, install, install-ci-test,
    install-test, link, ll, login, logout, ls, org, outdated,
    owner, pack, ping, pkg, prefix, profile, prune, publish,
    query, rebuild, repo, restart, root, run-script, sbom,
    search, set, shrinkwrap, star, stars, start, stop, team,
    test, token, uninstall, unpublish, unstar, update, version,
    view, whoami
`;

type Command = (sys: Sys, o: NpmOptions, words: string[]) => Promise<number>;

const say = async (sys: Sys, text: string): Promise<number> => {
  await sys.write(1, `${text}\n`);
  return 0;
};

const commands: Record<string, Command> = {
  install: (sys, o, words) => install(sys, o, words),
  ci: (sys, o) => ci(sys, o),
  uninstall: (sys, o, words) => uninstall(sys, o, words),
  update: (sys, o, words) => install(sys, o, words),
  prune: (sys, o) => install(sys, o, []),
  init: async (sys, o) => (o.yes ? init(sys) : say(sys, initText)),
  run: (sys, o, [name, ...args]) => run(sys, o, name, [...args, ...o.rest]),
  ls: (sys, o, words) => listTree(sys, o, words),
  root: (sys, o) => say(sys, o.global ? `${globalPrefix(sys)}/lib/node_modules` : `${prefix(sys)}/node_modules`),
  prefix: (sys, o) => say(sys, o.global ? globalPrefix(sys) : prefix(sys)),
  bin: (sys) => say(sys, `${prefix(sys)}/node_modules/.bin`),
  cache: async (sys, o, [what]) => {
    if (what === 'clean' || what === 'clear') {
      if (!o.yes) {
        throw new NpmProblem([
          'As of npm@5, the npm cache self-heals from corruption issues',
          'by treating integrity mismatches as cache misses.  As a result,',
          'data extracted from the cache is guaranteed to be valid.  If you',
          'want to make sure everything is consistent, use `npm cache verify`',
          'instead.  Deleting the cache can only make npm go slower, and is',
          'not likely to correct any problems you may be encountering!',
          '',
          'On the other hand, if you are debugging an issue with the installer,',
          'or race conditions that depend on the timing of writing to an empty',
          'cache, you can use `npm install --cache /tmp/empty-cache` to use a',
          'temporary cache instead of nuking the actual one.',
          '',
          "If you're sure you want to delete the entire cache, rerun this command",
          'with --force.',
        ]);
      }
      await sys.write(2, 'npm warn using --force Recommended protections disabled.\n');
      removeTree(sys, `${sys.env.HOME ?? '/root'}/.npm/_cacache`);
      return 0;
    }
    throw new NpmProblem([`drydock: npm cache ${what ?? ''} is not simulated`]);
  },
  config: async (sys, _o, [what, key = '']) => {
    if (what === 'get' && key === 'registry') return say(sys, `${new Registry(sys).base}/`);
    if (what === 'get' && key === 'cache') return say(sys, `${sys.env.HOME ?? '/root'}/.npm`);
    if (what === 'get' && key === 'prefix') return say(sys, globalPrefix(sys));
    if (what === 'set') {
      const path = `${sys.env.HOME ?? '/root'}/.npmrc`;
      writeText(sys, path, `${readText(sys, path) ?? ''}${key.includes('=') ? key : `${key}=${_o.words[3] ?? ''}`}\n`);
      return 0;
    }
    throw new NpmProblem([`drydock: npm config ${what ?? ''} ${key} is not simulated`]);
  },
  view: async (sys, _o, [name = '', field]) => {
    const packument = await new Registry(sys).packument(name.replace(/(.)@.*/, '$1'), '');
    const found = packument.versions[packument['dist-tags'].latest!]!;
    if (field === 'version') return say(sys, found.version);
    if (field === 'versions') return say(sys, JSON.stringify(Object.keys(packument.versions), null, 2));
    if (field) return say(sys, JSON.stringify((found as unknown as Record<string, unknown>)[field], null, 2) ?? '');
    throw new NpmProblem(['drydock: npm view without a field is not simulated']);
  },
  version: async (sys) => say(sys, JSON.stringify({ npm: npmVersion(sys) }, null, 2)),
  audit: async (sys, _o, words) => audit(sys, new Registry(sys), words),
  ping: async (sys) => {
    await sys.write(2, `npm notice PING ${new Registry(sys).base}/\n`);
    await new Registry(sys).packument('express', '');
    return 0;
  },
  exec: async (sys, o, words) => (await import('./npx.ts')).execute(sys, o, [...words, ...o.rest]),
};

const aliases: Record<string, string> = {
  i: 'install',
  in: 'install',
  add: 'install',
  isntall: 'install',
  'clean-install': 'ci',
  ic: 'ci',
  un: 'uninstall',
  rm: 'uninstall',
  r: 'uninstall',
  remove: 'uninstall',
  up: 'update',
  upgrade: 'update',
  list: 'ls',
  ll: 'ls',
  la: 'ls',
  'run-script': 'run',
  rum: 'run',
  create: 'init',
  innit: 'init',
  c: 'config',
  info: 'view',
  show: 'view',
  v: 'view',
  x: 'exec',
};
const scripts: Record<string, string> = {
  t: 'test',
  tst: 'test',
  test: 'test',
  start: 'start',
  stop: 'stop',
  restart: 'restart',
};

export const npm: Program = async (sys) => {
  sys.setMemory(60 << 20);
  const o = readOptions(sys);
  if (o.version && o.words.length === 0) return say(sys, npmVersion(sys));
  const [word, ...rest] = o.words;
  if (word === undefined || word === 'help' || o.help) {
    await sys.write(
      1,
      `${usage}\nSpecify configs in the ini-formatted file:\n    ${sys.env.HOME ?? '/root'}/.npmrc\nor on the command line via: npm <command> --key=value\n\nMore configuration info: npm help config\nConfiguration fields: npm help 7 config\n\nnpm@${npmVersion(sys)} ${globalPrefix(sys)}/lib/node_modules/npm\n`,
    );
    return word === undefined && !o.help ? 1 : 0;
  }
  return guarded(sys, o, async () => {
    const script = scripts[word];
    if (script) return run(sys, o, script, [...rest, ...o.rest]);
    const command = commands[aliases[word] ?? word];
    if (command) return command(sys, o, rest);
    if (
      /^(access|adduser|login|logout|publish|pack|link|outdated|fund|search|whoami|token|team|org|owner|dedupe|doctor|explain|rebuild|shrinkwrap|pkg|sbom|query|set|get)$/.test(
        word,
      )
    ) {
      throw new NpmProblem([`drydock: npm ${word} is not simulated`]);
    }
    await sys.write(1, `Unknown command: "${word}"\n\nTo see a list of supported npm commands, run:\n  npm help\n`);
    return 1;
  });
};

/** Runs it; what goes wrong is told as npm tells it, and kept in a log. */
export async function guarded(sys: Sys, o: NpmOptions, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NpmProblem)) throw error;
    const directory = `${sys.env.HOME ?? '/root'}/.npm/_logs`;
    const { sec, nsec } = sys.now();
    const stamp = new Date(sec * 1000 + nsec / 1e6).toISOString().replace(/[:.]/g, '_');
    const log = `${directory}/${stamp}-debug-0.log`;
    const lines = [...error.lines, `A complete log of this run can be found in: ${log}`];
    const text = lines.map((line) => `npm error${line === '' ? '' : ` ${line}`}\n`).join('');
    try {
      makeDirectories(sys, directory);
      writeText(sys, log, text);
    } catch {
      // A home that may not be written: npm goes on without its log.
    }
    if (!o.silent) await sys.write(2, text);
    return error.exitCode;
  }
}
