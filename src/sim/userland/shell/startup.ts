import { decodeBytes } from '../core/escaped-bytes.ts';
import { sourceText } from './builtins/flow.ts';
import { Abort } from './control.ts';
import { expandQuoted } from './expand/expand.ts';
import type { Invocation } from './invocation.ts';
import type { Shell } from './shell.ts';

/** Sources a file if it can be read; false when it is not there. */
const sourceIfThere = async (shell: Shell, path: string): Promise<boolean> => {
  let text: string;
  try {
    if ((shell.sys.stat(path).mode & 0o170000) === 0o040000) return false;
    const fd = shell.sys.openSync(path);
    text = decodeBytes(shell.sys.pread(fd, 0, 16 << 20));
    shell.sys.close(fd);
  } catch {
    return false;
  }
  try {
    await sourceText(shell, path, text, []);
  } catch (thrown) {
    // What is wrong in a startup file was said; the shell goes on.
    if (!(thrown instanceof Abort)) throw thrown;
    shell.status = thrown.status;
  }
  return true;
};

/** A login shell: /etc/profile, then the user's first of ~/.bash_profile, ~/.bash_login, ~/.profile. */
export const runProfiles = async (shell: Shell, invocation: Invocation): Promise<void> => {
  if (invocation.noProfile) return;
  await sourceIfThere(shell, '/etc/profile');
  const home = shell.vars.get('HOME');
  if (home === undefined) return;
  const names = shell.dialect.bash && !calledSh(shell) ? ['.bash_profile', '.bash_login', '.profile'] : ['.profile'];
  for (const name of names) if (await sourceIfThere(shell, `${home}/${name}`)) return;
};

const calledSh = (shell: Shell): boolean => /(^|[/-])sh$/.test(shell.sys.argv[0] ?? '');

/** An interactive shell: bash reads /etc/bash.bashrc (as Debian builds it) and ~/.bashrc, the others $ENV. */
export const runStartupFiles = async (shell: Shell, invocation: Invocation): Promise<void> => {
  shell.interactive = true;
  if (shell.dialect.bash && !calledSh(shell)) {
    shell.shopts.expand_aliases = true;
    if (invocation.login || invocation.noRc) return;
    await sourceIfThere(shell, '/etc/bash.bashrc');
    await sourceIfThere(shell, invocation.rcFile ?? `${shell.vars.get('HOME') ?? ''}/.bashrc`);
    return;
  }
  const env = shell.vars.get('ENV');
  if (env) await sourceIfThere(shell, await expandQuoted(shell, env));
};
