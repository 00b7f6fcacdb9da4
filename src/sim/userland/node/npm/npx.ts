/** npx: a command of the project's packages, or of one that is fetched for it. */
import { isErrno } from '../../../../spec/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { findProgram } from '../../core/find-program.ts';
import { exists, listNames, makeDirectories } from '../../packages/sys-files.ts';
import { npmVersion } from '../version.ts';
import { binsOf } from './lock.ts';
import { prefix } from './manifest.ts';
import { guarded } from './npm.ts';
import { type NpmOptions, readOptions } from './options.ts';
import { NpmProblem } from './problem.ts';
import { Registry } from './registry.ts';
import { reify } from './reify.ts';
import { runShell, scriptPath } from './run-script.ts';
import { buildTree, resolveVersion } from './tree.ts';

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

export const npx: Program = async (sys) => {
  const o = readOptions(sys);
  const args = sys.argv.slice(1);
  const flags = args.findIndex((arg) => !arg.startsWith('-'));
  if (flags < 0) {
    await sys.write(1, `${npmVersion(sys)}\n`);
    return 0;
  }
  return guarded(sys, o, () => execute(sys, o, args.slice(flags)));
};

export async function execute(sys: Sys, o: NpmOptions, [spec, ...args]: string[]): Promise<number> {
  if (spec === undefined) throw new NpmProblem(['drydock: npm exec without a command is not simulated']);
  const directory = prefix(sys);
  const line = (command: string): string => [command, ...args].map(quote).join(' ');
  try {
    findProgram(sys, spec, scriptPath(sys, directory));
    return await runShell(sys, line(spec), sys.getcwd(), { PATH: scriptPath(sys, directory) });
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
  const at = spec.indexOf('@', 1);
  const name = at < 0 ? spec : spec.slice(0, at);
  const registry = new Registry(sys);
  const manifest = await resolveVersion(registry, name, at < 0 ? '' : spec.slice(at + 1));
  if (!o.yes && sys.isatty(0)) {
    await sys.write(2, `Need to install the following packages:\n${name}@${manifest.version}\nOk to proceed? (y) `);
    const answer = new TextDecoder().decode(await sys.read(0)).trim();
    if (!/^(y|yes|)$/i.test(answer)) throw new NpmProblem(['canceled']);
    await sys.write(2, '\n');
  }
  const place = `${sys.env.HOME ?? '/root'}/.npm/_npx/${name.replace('/', '+')}-${manifest.version}`;
  if (!exists(sys, `${place}/node_modules/${name}`)) {
    makeDirectories(sys, `${place}/node_modules`);
    const tree = await buildTree(registry, [{ name, spec: manifest.version, dev: false, optional: false }], new Map());
    await reify(sys, registry, place, tree);
  }
  const bins = binsOf(manifest);
  const command = bins[name.replace(/^.*\//, '')] ? name.replace(/^.*\//, '') : Object.keys(bins)[0];
  if (!command || !listNames(sys, `${place}/node_modules/.bin`).includes(command)) {
    throw new NpmProblem(['could not determine executable to run']);
  }
  return runShell(sys, line(`${place}/node_modules/.bin/${command}`), sys.getcwd(), {});
}
