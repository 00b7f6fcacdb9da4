import type { Shell } from '../shell.ts';
import type { Part } from '../syntax/parts.ts';

/** pw_dir of a user in /etc/passwd. */
export const homeOf = (shell: Shell, user: string): string | undefined => {
  try {
    const fd = shell.sys.openSync('/etc/passwd');
    const text = new TextDecoder().decode(shell.sys.pread(fd, 0, 1 << 20));
    shell.sys.close(fd);
    return text
      .split('\n')
      .map((l) => l.split(':'))
      .find((f) => f[0] === user)?.[5];
  } catch {
    return undefined;
  }
};

const home = (shell: Shell, name: string): string | undefined => {
  if (name === '') return shell.vars.get('HOME');
  if (name === '+') return shell.dialect.bash ? shell.vars.get('PWD') : undefined;
  if (name === '-') return shell.dialect.bash ? shell.vars.get('OLDPWD') : undefined;
  return homeOf(shell, name);
};

/** Replaces `~` and `~user` at the start of a word and, in assignments, after each colon (POSIX XCU 2.6.1). */
export const expandTilde = (shell: Shell, parts: readonly Part[], assignment: boolean): readonly Part[] => {
  if (!parts.some((p) => p.type === 'text' && !p.quoted && p.text.includes('~'))) return parts;
  const out: Part[] = [];
  parts.forEach((part, index) => {
    if (part.type !== 'text' || part.quoted) out.push(part);
    else out.push(...tildeText(shell, part.text, assignment, index === 0, index === parts.length - 1));
  });
  return out;
};

const tildeText = (shell: Shell, text: string, assignment: boolean, first: boolean, last: boolean): Part[] => {
  const out: Part[] = [];
  const pieces = assignment ? text.split(/(:|^[A-Za-z_]\w*\+?=)/).filter((p, i) => p !== '' || i > 0) : [text];
  for (const [i, piece] of pieces.entries()) {
    const start = i > 0 || first;
    // A colon ends a name in an assignment; bash minds it everywhere.
    const match = start ? (assignment || shell.dialect.bash ? /^~([^/:]*)/ : /^~([^/]*)/).exec(piece) : null;
    const whole = match && (match[0].length < piece.length || i < pieces.length - 1 || last);
    const found = whole ? home(shell, match[1]!) : undefined;
    if (found === undefined) {
      out.push({ type: 'text', text: piece, quoted: false });
      continue;
    }
    out.push({ type: 'text', text: found, quoted: true });
    const rest = piece.slice(match![0].length);
    if (rest !== '') out.push({ type: 'text', text: rest, quoted: false });
  }
  return out;
};
