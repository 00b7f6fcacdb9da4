/** A commit as text: --pretty and --format of git-log(1). */
import { escapeOf } from '../colors.ts';
import { formatDate } from '../date.ts';
import type { Git } from '../git.ts';
import type { Person } from '../ident.ts';
import { Fatal } from '../problem.ts';
import { shortId } from '../revision.ts';
import type { Commit } from '../store/commit.ts';
import type { LogEntry } from '../store/refs.ts';
import { type Decoration, decorationText } from './decorations.ts';

export interface PrettyRules {
  /** A name, or `format:...` / `tformat:...`. */
  format: string;
  abbreviate: boolean;
  /** Digits of a short id; undefined: as many as are needed. */
  digits?: number | undefined;
  date: string | undefined;
  decorations: ReadonlyMap<string, Decoration[]> | undefined;
  /** For --source, --walk-reflogs. */
  reflog?: { name: string; entry: LogEntry };
  parents: readonly string[];
  /** `>`, `<`, `-`. */
  mark: string;
}

const known = new Set(['oneline', 'short', 'medium', 'full', 'fuller', 'reference', 'raw']);

/** What was typed after --pretty= or --format=. */
export function formatName(git: Git, text: string): string {
  if (known.has(text) || /^t?format:/.test(text)) return text;
  if (text === '') return 'tformat:';
  const own = git.config.get(`pretty.${text}`);
  if (own !== undefined) return formatName(git, own);
  if (text.includes('%')) return `tformat:${text}`;
  if (text === 'email' || text === 'mboxrd') throw new Fatal(`drydock: --pretty=${text} is not simulated`);
  throw new Fatal(`invalid --pretty format: ${text}`);
}

export const subjectOf = (message: string): string => {
  const paragraph = message.replace(/^\n+/, '').split(/\n[ \t]*\n/)[0] ?? '';
  return paragraph.trimEnd().split('\n').join(' ');
};

export const bodyOf = (message: string): string => {
  const text = message.replace(/^\n+/, '');
  const end = text.search(/\n[ \t]*\n/);
  return end < 0 ? '' : text.slice(end + 1).replace(/^\s*\n/, '');
};

const indented = (message: string): string =>
  message
    .trim()
    .split('\n')
    .map((line) => `    ${untabbed(line.trimEnd())}`)
    .join('\n');

export function pretty(git: Git, commit: Commit, rules: PrettyRules): string {
  const { format } = rules;
  const own = /^t?format:(.*)$/s.exec(format);
  if (own) return expand(git, own[1]!, commit, rules);
  if (format === 'oneline')
    return `${idLine(git, commit, rules)} ${reflogText(rules)}${rules.reflog ? '' : subjectOf(commit.message)}`;
  if (format === 'reference') {
    const when = formatDate(git, commit.author, rules.date ?? 'short');
    return `${shortId(git, commit.id)} (${subjectOf(commit.message)}, ${when})`;
  }
  return `${header(git, commit, rules)}\n\n${indented(format === 'short' ? subjectOf(commit.message) : commit.message)}`;
}

const reflogText = ({ reflog }: PrettyRules): string => (reflog ? `${reflog.name}: ${reflog.entry.message}` : '');

function idLine(git: Git, commit: Commit, rules: PrettyRules): string {
  const id = rules.abbreviate ? shortId(git, commit.id, rules.digits) : commit.id;
  const color = (text: string) => git.paint('diff.commit', text);
  const names = rules.decorations?.get(commit.id);
  const sign = rules.mark === '>' ? '' : `${rules.mark}${rules.format === 'oneline' ? '' : ' '}`;
  const head = color(`${rules.format === 'oneline' ? '' : 'commit '}${sign}${id}`);
  if (!names) return head;
  return `${head}${color(' (')}${decorationText(git, names, color)}${color(')')}`;
}

function header(git: Git, commit: Commit, rules: PrettyRules): string {
  const { format } = rules;
  const lines = [idLine(git, commit, rules)];
  if (format === 'raw') {
    const people = ['author', 'committer'] as const;
    lines.push(`tree ${commit.tree}`, ...commit.parents.map((id) => `parent ${id}`));
    lines.push(
      ...people.map(
        (role) => `${role} ${commit[role].name} <${commit[role].email}> ${commit[role].sec} ${commit[role].zone}`,
      ),
    );
    return lines.join('\n');
  }
  if (rules.reflog) {
    const { name, entry } = rules.reflog;
    lines.push(`Reflog: ${name} (${entry.who.replace(/ -?\d+ [+-]\d{4}$/, '')})`, `Reflog message: ${entry.message}`);
  }
  if (commit.parents.length > 1) lines.push(`Merge: ${commit.parents.map((id) => shortId(git, id)).join(' ')}`);
  const name = ({ name, email }: Person) => `${name} <${email}>`;
  const wide = format === 'fuller';
  lines.push((wide ? 'Author:     ' : 'Author: ') + name(commit.author));
  if (format === 'medium') lines.push(`Date:   ${formatDate(git, commit.author, rules.date)}`);
  if (wide) lines.push(`AuthorDate: ${formatDate(git, commit.author, rules.date)}`);
  if (format === 'full') lines.push(`Commit: ${name(commit.committer)}`);
  if (wide)
    lines.push(`Commit:     ${name(commit.committer)}`, `CommitDate: ${formatDate(git, commit.committer, rules.date)}`);
  return lines.join('\n');
}

/** Tabs stand at every eighth place. */
const untabbed = (line: string): string => {
  let out = '';
  for (const ch of line) out += ch === '\t' ? ' '.repeat(8 - (out.length % 8)) : ch;
  return out;
};

interface Padding {
  width: number;
  side: '<' | '>' | '><' | '>>';
  cut: string | undefined;
}

/** Placeholders one after another, as %<(N) and %C change what follows. */
function expand(git: Git, format: string, commit: Commit, rules: PrettyRules): string {
  let out = '';
  let pad: Padding | undefined;
  const token =
    /%(?:C\(([^)]*)\)|C(red|green|blue|reset)|(<|>|><|>>)\(\s*(\d+)(?:\s*,\s*(\w+))?\s*\)|\((trailers|decorate)(?::([^)]*))?\)|([-+ ]?)(x[0-9a-fA-F]{2}|[ac][nNeElLdDrtiIsh]|g[dDsnNeE]|G[?GSKFPT]|w\([^)]*\)|[HhTtPpsfbBdDNeSnm%]))/g;
  let last = 0;
  for (const match of format.matchAll(token)) {
    out += format.slice(last, match.index);
    last = match.index + match[0].length;
    const [, color, named, side, width, cut, special, , sign, code] = match;
    if (color !== undefined || named) out += colorText(git, color ?? named!);
    else if (side) pad = { side: side as Padding['side'], width: Number(width), cut };
    else if (special) out += special === 'decorate' ? names(git, commit, rules, ' (', ')') : trailers(commit.message);
    else {
      let text = value(git, code!, commit, rules);
      if (sign && text !== '') text = (sign === '+' ? '\n' : sign === ' ' ? ' ' : '') + text;
      if (sign === '-' && text === '') out = out.replace(/\n+$/, '');
      out += pad ? padded(text, pad) : text;
      pad = undefined;
    }
  }
  return out + format.slice(last);
}

function colorText(git: Git, text: string): string {
  const always = text.startsWith('always,');
  const words = text.replace(/^(auto|always),/, '');
  if (!always && !git.colored('ui')) return '';
  return words === 'auto' ? '' : words === 'reset' ? '\x1b[m' : escapeOf(words);
}

function padded(text: string, { width, side, cut }: Padding): string {
  const chars = [...text];
  if (chars.length > width && cut) {
    if (cut === 'ltrunc') return `..${chars.slice(chars.length - width + 2).join('')}`;
    return `${chars.slice(0, width - 2).join('')}..`;
  }
  const rest = ' '.repeat(Math.max(0, width - chars.length));
  if (side === '<') return text + rest;
  if (side === '><') return rest.slice(0, Math.floor(rest.length / 2)) + text + rest.slice(Math.floor(rest.length / 2));
  return rest + text;
}

const trailers = (message: string): string => {
  const last =
    message
      .trim()
      .split(/\n\s*\n/)
      .at(-1) ?? '';
  const lines = last.split('\n');
  return message.trim().includes('\n\n') && lines.every((line) => /^[A-Za-z0-9-]+: /.test(line)) ? `${last}\n` : '';
};

function names(git: Git, commit: Commit, rules: PrettyRules, open: string, close: string): string {
  const list = rules.decorations?.get(commit.id);
  return list ? `${open}${decorationText(git, list, (text) => text)}${close}` : '';
}

function value(git: Git, code: string, commit: Commit, rules: PrettyRules): string {
  if (code[0] === 'x') return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  if (/^[ac]./.test(code)) return personValue(git, code[1]!, code[0] === 'a' ? commit.author : commit.committer, rules);
  if (code[0] === 'g') return reflogValue(code[1]!, rules);
  return (single[code] ?? (() => ''))(git, commit, rules);
}

const reflogValue = (code: string, { reflog }: PrettyRules): string => {
  if (!reflog) return '';
  if (code === 's') return reflog.entry.message;
  return code === 'D' || code === 'd' ? reflog.name : '';
};

function personValue(git: Git, code: string, person: Person, rules: PrettyRules): string {
  const dates: Readonly<Record<string, string | undefined>> = {
    d: rules.date ?? 'default',
    D: 'rfc',
    r: 'relative',
    t: 'unix',
    i: 'iso',
    I: 'iso-strict',
    s: 'short',
    h: 'human',
  };
  if (/[nN]/.test(code)) return person.name;
  if (/[eE]/.test(code)) return person.email;
  if (/[lL]/.test(code)) return person.email.split('@')[0]!;
  return formatDate(git, person, dates[code]);
}

type Value = (git: Git, commit: Commit, rules: PrettyRules) => string;

const single: Readonly<Record<string, Value>> = {
  H: (_, { id }) => id,
  h: (git, { id }, { digits }) => shortId(git, id, digits),
  T: (_, { tree }) => tree,
  t: (git, { tree }) => shortId(git, tree),
  P: (_, { parents }) => parents.join(' '),
  p: (git, { parents }) => parents.map((id) => shortId(git, id)).join(' '),
  s: (_, { message }) => subjectOf(message),
  f: (_, { message }) =>
    subjectOf(message)
      .replace(/[^A-Za-z0-9._]+/g, '-')
      .replace(/\.\.+/g, '.')
      .replace(/^[-.]+|[-.]+$/g, ''),
  b: (_, { message }) => bodyOf(message),
  B: (_, { message }) => message.replace(/^\n+/, ''),
  d: (git, commit, rules) => names(git, commit, rules, ' (', ')'),
  D: (git, commit, rules) => names(git, commit, rules, '', ''),
  n: () => '\n',
  m: (_g, _c, { mark }) => mark,
  '%': () => '%',
};
