/** npm run: a script of package.json in /bin/sh, with node_modules/.bin first in PATH. */
import { isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { type Manifest, prefix, readManifest } from './manifest.ts';
import type { NpmOptions } from './options.ts';
import { NpmProblem } from './problem.ts';

const quote = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export function scriptPath(sys: Sys, directory: string): string {
  const bins: string[] = [];
  for (let at = directory; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) bins.push(`${at}/node_modules/.bin`);
  return [...bins, '/node_modules/.bin', sys.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'].join(':');
}

/** Runs a command line as npm does; signals that come to npm go to it. */
export async function runShell(
  sys: Sys,
  line: string,
  directory: string,
  env: Record<string, string>,
): Promise<number> {
  const pid = await sys.spawn('/bin/sh', ['sh', '-c', line], {
    cwd: directory,
    env: { ...sys.env, ...env, PATH: scriptPath(sys, directory) },
  });
  for (const signal of [1, 2, 15]) {
    sys.signal(signal, (number) => {
      try {
        sys.kill(pid, number);
      } catch {
        // It has ended meanwhile.
      }
    });
  }
  for (;;) {
    try {
      const result = await sys.wait(pid);
      return result?.code ?? 128 + (result?.signal ?? 0);
    } catch (error) {
      if (!isErrno(error, 'EINTR')) throw error;
    }
  }
}

export async function runScript(
  sys: Sys,
  o: NpmOptions,
  directory: string,
  manifest: Manifest,
  name: string,
  args: readonly string[],
): Promise<number> {
  const { name: pkg = '', version = '' } = manifest;
  for (const [event, extra] of [
    [`pre${name}`, []],
    [name, args],
    [`post${name}`, []],
  ] as const) {
    const script = manifest.scripts?.[event];
    if (script === undefined) continue;
    const line = [script, ...extra.map(quote)].join(' ');
    const title = pkg ? `${pkg}${version ? `@${version}` : ''} ${event}` : event;
    if (!o.silent) await sys.write(1, `\n> ${title}\n> ${line}\n\n`);
    const code = await runShell(sys, line, directory, {
      npm_lifecycle_event: event,
      npm_lifecycle_script: script,
      npm_package_name: pkg,
      npm_package_version: version,
      npm_package_json: `${directory}/package.json`,
      npm_command: 'run-script',
      npm_execpath: '/usr/local/lib/node_modules/npm/bin/npm-cli.js',
      npm_node_execpath: '/usr/local/bin/node',
      INIT_CWD: sys.getcwd(),
      NODE: '/usr/local/bin/node',
    });
    if (code !== 0) return code;
  }
  return 0;
}

export async function run(sys: Sys, o: NpmOptions, name: string | undefined, args: readonly string[]): Promise<number> {
  const directory = prefix(sys);
  const manifest = readManifest(sys, directory);
  if (name === undefined) return list(sys, manifest);
  if (manifest.scripts?.[name] === undefined) {
    if (name === 'start' && hasServer(sys, directory)) {
      return runScript(
        sys,
        o,
        directory,
        { ...manifest, scripts: { ...manifest.scripts, start: 'node server.js' } },
        name,
        args,
      );
    }
    if (o.ifPresent) return 0;
    throw new NpmProblem([`Missing script: "${name}"`, '', 'To see a list of scripts, run:', '  npm run']);
  }
  return runScript(sys, o, directory, manifest, name, args);
}

function hasServer(sys: Sys, directory: string): boolean {
  try {
    sys.stat(`${directory}/server.js`);
    return true;
  } catch {
    return false;
  }
}

async function list(sys: Sys, { name = '', version = '', scripts = {} }: Manifest): Promise<number> {
  const life = Object.entries(scripts).filter(([key]) => /^(pre|post)?(test|start|stop|restart|install)$/.test(key));
  const others = Object.entries(scripts).filter(([key]) => !life.some(([one]) => one === key));
  const lines = (entries: [string, string][]): string =>
    entries.map(([key, line]) => `  ${key}\n    ${line}\n`).join('');
  const title = `${name}${version ? `@${version}` : ''}`;
  if (life.length > 0) await sys.write(1, `Lifecycle scripts included in ${title}:\n${lines(life)}`);
  if (others.length > 0)
    await sys.write(
      1,
      `${life.length > 0 ? '\n' : ''}${life.length > 0 ? 'available via `npm run-script`:' : `Scripts available in ${title} via \`npm run-script\`:`}\n${lines(others)}`,
    );
  return 0;
}
