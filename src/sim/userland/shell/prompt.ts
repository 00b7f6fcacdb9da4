import { strftime, zoneOf } from './builtins/strftime.ts';
import { expandQuoted } from './expand/expand.ts';
import type { Shell } from './shell.ts';

/** Marks that enclose what takes no room on the screen: readline's own. */
export const promptStart = '\x01';
export const promptEnd = '\x02';

const directory = (shell: Shell): string => {
  const path = shell.vars.get('PWD') ?? shell.sys.getcwd();
  const home = shell.vars.get('HOME');
  return home && home !== '/' && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path;
};

export const userName = (shell: Shell): string => {
  const { uid } = shell.sys.cred;
  try {
    const fd = shell.sys.openSync('/etc/passwd');
    const text = new TextDecoder().decode(shell.sys.pread(fd, 0, 1 << 20));
    shell.sys.close(fd);
    const found = text.split('\n').find((l) => l.split(':')[2] === String(uid));
    if (found) return found.split(':')[0]!;
  } catch {
    // No such file: a number-less name below.
  }
  return 'I have no name!';
};

const expandEscape = (shell: Shell, letter: string): string | undefined => {
  const host = shell.sys.uname().nodename;
  const now = () => Number(shell.sys.now().sec);
  const zone = () => zoneOf(shell);
  const dir = () => directory(shell);
  switch (letter) {
    case 'u':
      return userName(shell);
    case 'h':
      return host.split('.')[0];
    case 'H':
      return host;
    case 'w':
      return dir();
    case 'W':
      return dir() === '/' ? '/' : dir().replace(/^.*\//, '');
    case '$':
      return shell.sys.cred.euid === 0 ? '#' : '\\$';
    case 'e':
      return '\x1b';
    case 'a':
      return '\x07';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case '[':
      return promptStart;
    case ']':
      return promptEnd;
    case '\\':
      return '\\\\';
    case 's':
      return shell.name.replace(/^.*\//, '');
    case 'v':
      return '5.2';
    case 'V':
      return '5.2.15';
    case 'j':
      return String(shell.jobs.list.length);
    case '#':
      return String(shell.commandNumber);
    case '!':
      return String(shell.history.base + shell.history.length);
    case 'l':
      return shell.terminal === undefined ? 'tty' : shell.sys.ttyname(shell.terminal).replace('/dev/', '');
    case 'd':
      return strftime('%a %b %d', now(), zone());
    case 't':
      return strftime('%H:%M:%S', now(), zone());
    case 'T':
      return strftime('%I:%M:%S', now(), zone());
    case '@':
      return strftime('%I:%M %p', now(), zone());
    case 'A':
      return strftime('%H:%M', now(), zone());
    default:
      return undefined;
  }
};

/** PS1 and PS2: backslash escapes (bash, ash), then expansions. */
export const renderPrompt = async (shell: Shell, source: string): Promise<string> => {
  const { status } = shell;
  const text =
    shell.dialect.name === 'dash'
      ? source
      : source.replace(/\\([0-7]{3}|D\{([^}]*)(?:\}|$)|[\s\S])/g, (whole, what: string, format?: string) => {
          if (/^[0-7]{3}$/.test(what)) return String.fromCharCode(Number.parseInt(what, 8) & 255);
          if (format !== undefined) return strftime(format || '%X', Number(shell.sys.now().sec), zoneOf(shell));
          return expandEscape(shell, what) ?? whole;
        });
  // A backslash at the very end stands for itself.
  const rendered = await expandQuoted(shell, /(?<!\\)(?:\\\\)*\\$/.test(text) ? `${text}\\` : text);
  shell.status = status;
  return rendered;
};
