/** `python -m venv`: an environment with packages of its own (PEP 405), whose python is a link to the one that made it. */
import { contentBytes } from '../../../spec/index.ts';
import { executableContent } from '../../kernel/executable.ts';
import type { Sys } from '../../kernel/sys.ts';
import { distributions } from '../packages/pip/site.ts';
import {
  exists,
  isDirectory,
  listNames,
  makeDirectories,
  readContent,
  readText,
  removeQuietly,
  writeContent,
  writeText,
} from '../packages/sys-files.ts';

interface Maker {
  version: string;
  /** The python that was run, links not followed. */
  executable: string;
  /** Where it is installed. */
  prefix: string;
  /** Its directories of packages. */
  sites: readonly string[];
}

const usage = `usage: venv [-h] [--system-site-packages] [--symlinks | --copies] [--clear]
            [--upgrade] [--without-pip] [--prompt PROMPT] [--upgrade-deps]
            [--without-scm-ignore-files]
            ENV_DIR [ENV_DIR ...]
`;

/** What ensurepip brings where the python that made it has no pip. */
const bundledPip = '23.0.1';

/** The prefix of the environment that a python's path is in. */
export function environmentOf(sys: Sys, executable: string): { prefix: string; systemSite: boolean } | undefined {
  const whole = executable.startsWith('/') ? executable : `${sys.getcwd()}/${executable}`;
  const prefix = whole.replace(/\/[^/]*\/[^/]*$/, '');
  const text = readText(sys, `${prefix}/pyvenv.cfg`);
  if (text === undefined) return undefined;
  return { prefix, systemSite: /^include-system-site-packages\s*=\s*true/m.test(text) };
}

export async function makeEnvironments(sys: Sys, args: readonly string[], maker: Maker): Promise<number> {
  const flags = new Set<string>();
  const directories: string[] = [];
  let prompt: string | undefined;
  for (const [at, arg] of args.entries()) {
    if (args[at - 1] === '--prompt') prompt = arg;
    else if (arg.startsWith('-') && arg !== '--prompt') flags.add(arg);
    else if (arg !== '--prompt') directories.push(arg);
  }
  if (flags.has('-h') || flags.has('--help')) {
    await sys.write(1, usage);
    return 0;
  }
  const unknown = [...flags].filter((one) => !known.has(one));
  if (unknown.length > 0 || directories.length === 0) {
    const why =
      directories.length === 0
        ? 'the following arguments are required: ENV_DIR'
        : `unrecognized arguments: ${unknown.join(' ')}`;
    await sys.write(2, `${usage}venv: error: ${why}\n`);
    return 2;
  }
  for (const directory of directories) {
    const path = directory.startsWith('/') ? directory : `${sys.getcwd()}/${directory}`;
    if (flags.has('--clear')) clear(sys, path);
    make(sys, path.replace(/\/+$/, ''), maker, flags, prompt);
    if (!flags.has('--without-pip') && !(await addPip(sys, path.replace(/\/+$/, ''), maker))) return 1;
  }
  return 0;
}

const known = new Set([
  ...['--system-site-packages', '--symlinks', '--copies', '--clear', '--upgrade', '--without-pip', '--upgrade-deps'],
  '--without-scm-ignore-files',
]);

function clear(sys: Sys, path: string): void {
  for (const name of listNames(sys, path)) {
    const inner = `${path}/${name}`;
    if (isDirectory(sys, inner) && !isLink(sys, inner)) {
      clear(sys, inner);
      sys.rmdir(inner);
    } else removeQuietly(sys, inner);
  }
}

function isLink(sys: Sys, path: string): boolean {
  try {
    return sys.readlink(path) !== '';
  } catch {
    return false;
  }
}

const shortOf = (version: string): string => version.split('.').slice(0, 2).join('.');

function make(sys: Sys, path: string, maker: Maker, flags: ReadonlySet<string>, prompt: string | undefined): void {
  const { version, executable, prefix } = maker;
  const short = shortOf(version);
  for (const one of ['bin', 'include', `lib/python${short}/site-packages`]) makeDirectories(sys, `${path}/${one}`);
  link(sys, 'lib', `${path}/lib64`);
  const name = executable.slice(executable.lastIndexOf('/') + 1);
  link(sys, executable, `${path}/bin/${name}`);
  for (const other of ['python', 'python3', `python${short}`])
    if (other !== name) link(sys, name, `${path}/bin/${other}`);
  writeText(
    sys,
    `${path}/pyvenv.cfg`,
    [
      `home = ${executable.slice(0, executable.lastIndexOf('/'))}`,
      `include-system-site-packages = ${flags.has('--system-site-packages')}`,
      `version = ${version}`,
      ...(prompt === undefined ? [] : [`prompt = '${prompt}'`]),
      `executable = ${prefix}/bin/python${short}`,
      `command = ${executable} -m venv ${path}`,
      '',
    ].join('\n'),
  );
  if (Number(short.split('.')[1]) >= 13) {
    const text = '# Created by venv; see https://docs.python.org/3/library/venv.html\n*\n';
    writeText(sys, `${path}/.gitignore`, text);
  }
  writeText(sys, `${path}/bin/activate`, activate(path, prompt ?? path.slice(path.lastIndexOf('/') + 1)));
}

function link(sys: Sys, target: string, path: string): void {
  if (!exists(sys, path)) sys.symlink(target, path);
}

/** False, and why, where Debian has put what is needed into a package of its own. */
async function addPip(sys: Sys, path: string, { version, prefix, sites }: Maker): Promise<boolean> {
  const short = shortOf(version);
  if (prefix === '/usr' && !exists(sys, `/usr/lib/python${short}/ensurepip`)) {
    await sys.write(
      1,
      `The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.

    apt install python${short}-venv

You may need to use sudo with that command.  After installing the python3-venv
package, recreate your virtual environment.

Failing command: ${path}/bin/python3

`,
    );
    return false;
  }
  for (const name of ['pip', 'pip3', `pip${short}`]) sys.close(writeProgram(sys, `${path}/bin/${name}`));
  const site = `${path}/lib/python${short}/site-packages`;
  const pip = distributions(sys, sites).find((one) => one.name === 'pip')?.version ?? bundledPip;
  const source = readContent(sys, `${sites[0]}/pip/__init__.py`);
  makeDirectories(sys, `${site}/pip`);
  if (source) writeContent(sys, `${site}/pip/__init__.py`, source);
  else writeText(sys, `${site}/pip/__init__.py`, `# drydock: stands in for ${site}/pip/__init__.py\n`);
  const info = `${site}/pip-${pip}.dist-info`;
  makeDirectories(sys, info);
  writeText(sys, `${info}/METADATA`, `Metadata-Version: 2.1\nName: pip\nVersion: ${pip}\n`);
  writeText(sys, `${info}/INSTALLER`, 'pip\n');
  const scripts = ['pip', 'pip3', `pip${short}`].map((name) => `../../../bin/${name},,\n`).join('');
  writeText(sys, `${info}/RECORD`, `${scripts}pip/__init__.py,,\npip-${pip}.dist-info/METADATA,,\n`);
  return true;
}

function writeProgram(sys: Sys, path: string): number {
  const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, 0o755);
  sys.pwrite(fd, 0, contentBytes(executableContent('pip', 0)));
  return fd;
}

/** Differs from Linux: for sh and bash only; those for csh, fish and PowerShell are not there. */
const activate = (
  path: string,
  name: string,
): string => `# Read it with "source bin/activate": it changes the shell that reads it.
deactivate () {
    if [ -n "\${_OLD_VIRTUAL_PATH:-}" ] ; then
        PATH="$_OLD_VIRTUAL_PATH"
        export PATH
        unset _OLD_VIRTUAL_PATH
    fi
    if [ -n "\${_OLD_VIRTUAL_PS1:-}" ] ; then
        PS1="$_OLD_VIRTUAL_PS1"
        export PS1
        unset _OLD_VIRTUAL_PS1
    fi
    hash -r 2> /dev/null
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    [ "\${1:-}" = nondestructive ] || unset -f deactivate
}
deactivate nondestructive
VIRTUAL_ENV="${path}"
export VIRTUAL_ENV
_OLD_VIRTUAL_PATH="$PATH"
PATH="$VIRTUAL_ENV/bin:$PATH"
export PATH
if [ -z "\${VIRTUAL_ENV_DISABLE_PROMPT:-}" ] ; then
    _OLD_VIRTUAL_PS1="\${PS1:-}"
    PS1="(${name}) \${PS1:-}"
    export PS1
    VIRTUAL_ENV_PROMPT="(${name}) "
    export VIRTUAL_ENV_PROMPT
fi
hash -r 2> /dev/null
`;
