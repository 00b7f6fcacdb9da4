/** The colours of what is printed, and color.* that change them. */
import type { Git } from './git.ts';

const standard: Readonly<Record<string, string>> = {
  'status.header': '',
  'status.added': 'green',
  'status.changed': 'red',
  'status.untracked': 'red',
  'status.nobranch': 'red',
  'status.unmerged': 'red',
  'status.branch': '',
  'status.localbranch': 'green',
  'status.remotebranch': 'red',
  'branch.current': 'green',
  'branch.local': '',
  'branch.remote': 'red',
  'branch.plain': '',
  'branch.upstream': 'blue',
  'diff.meta': 'bold',
  'diff.frag': 'cyan',
  'diff.func': '',
  'diff.old': 'red',
  'diff.new': 'green',
  'diff.context': '',
  'diff.commit': 'yellow',
  'diff.whitespace': 'normal red',
  'decorate.branch': 'bold green',
  'decorate.remotebranch': 'bold red',
  'decorate.tag': 'bold yellow',
  'decorate.stash': 'bold magenta',
  'decorate.head': 'bold cyan',
  'grep.match': 'bold red',
  'grep.filename': '',
  'grep.separator': 'cyan',
};

const colors = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const attributes: Readonly<Record<string, number>> = {
  bold: 1,
  dim: 2,
  italic: 3,
  ul: 4,
  blink: 5,
  reverse: 7,
  strike: 9,
};

/** The escape sequence of words such as `bold red`. */
export function escapeOf(words: string): string {
  const codes: (string | number)[] = [];
  let ground = 30;
  for (const word of words.split(/\s+/).filter(Boolean)) {
    if (attributes[word] !== undefined) codes.unshift(attributes[word]);
    else if (word === 'reset') return '\x1b[m';
    else if (word === 'normal') ground = 40;
    else if (/^#[0-9a-f]{6}$/i.test(word)) {
      const parts = [1, 3, 5].map((i) => Number.parseInt(word.slice(i, i + 2), 16));
      codes.push(ground + 8, 2, ...parts);
      ground = 40;
    } else {
      const bright = word.startsWith('bright');
      const at = colors.indexOf(word.replace(/^bright/, ''));
      if (at >= 0) codes.push(ground + at + (bright ? 60 : 0));
      else if (/^\d+$/.test(word)) codes.push(Number(word) < 8 ? ground + Number(word) : `${ground + 8};5;${word}`);
      ground = 40;
    }
  }
  return codes.length > 0 ? `\x1b[${codes.join(';')}m` : '';
}

export function colorOf(git: Git, name: string): string {
  return escapeOf(git.config.get(`color.${name}`) ?? standard[name] ?? name);
}
