import { patternRegExp } from '../expand/pattern.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, invalidOption, splitOptions } from './builtin.ts';
import { output } from './output.ts';

interface Topic {
  synopsis: string;
  brief: string;
  text: string;
}

/** Recorded by scripts/record-bash-help.mjs; a piece of its own, loaded when someone asks. */
export const helpTopics = async (): Promise<Record<string, Topic>> => (await import('../bash-help.json')).default;

export const version = 'GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)';

const introduction = `${version}
These shell commands are defined internally.  Type \`help' to see this list.
Type \`help name' to find out more about the function \`name'.
Use \`info bash' to find out more about the shell in general.
Use \`man -k' or \`info' to find out more about commands not in this list.

A star (*) next to a name means that the command is disabled.

`;

/** Everything, in two columns as wide as the terminal allows. */
const overview = (shell: Shell, topics: Record<string, Topic>): string => {
  const columns = Number(shell.vars.get('COLUMNS')) || 80;
  const width = Math.floor(columns / 2);
  const entries = Object.entries(topics).map(
    ([name, topic]) => (shell.disabled.has(name) ? '*' : ' ') + topic.synopsis,
  );
  const height = Math.ceil(entries.length / 2);
  const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}>` : text);
  let out = introduction;
  for (let i = 0; i < height; i++) {
    const second = entries[i + height];
    const first = cut(entries[i]!, width - 1);
    out += `${second === undefined ? first : first.padEnd(width) + cut(second, width - 2)}\n`;
  }
  return out;
};

const manual = (name: string, { synopsis, brief, text }: Topic): string => `NAME
    ${name} - ${brief}

SYNOPSIS
    ${synopsis}

DESCRIPTION
${text.slice(text.indexOf('\n') + 1)}
SEE ALSO
    bash(1)

IMPLEMENTATION
    ${version}
    Copyright (C) 2022 Free Software Foundation, Inc.
    License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>

`;

const shown = (name: string, topic: Topic, flags: string): string => {
  if (flags.includes('s')) return `${name}: ${topic.synopsis}\n`;
  if (flags.includes('d')) return `${name} - ${topic.brief}\n`;
  return flags.includes('m') ? manual(name, topic) : topic.text;
};

export const help: Builtin = async (shell, args) => {
  const { flags, rest, bad } = splitOptions(args, 'dms');
  if (bad) return invalidOption(shell, 'help', bad, 'help [-dms] [pattern ...]');
  const topics = await helpTopics();
  if (rest.length === 0) return output(shell, overview(shell, topics));
  const names = Object.keys(topics);
  let found = false;
  if (rest.length > 0 && rest.some((p) => /[*?[]/.test(p) && p.length > 1))
    await output(shell, `Shell commands matching keyword${rest.length > 1 ? 's' : ''} \`${rest.join(', ')}'\n\n`);
  for (const pattern of rest) {
    const matching = (whole: string) =>
      names.filter((n) => n === whole || patternRegExp([{ text: whole, quoted: false }]).test(n));
    const exact = matching(pattern);
    for (const name of exact.length > 0 ? exact : matching(`${pattern}*`)) {
      found = true;
      await output(shell, shown(name, topics[name]!, flags));
    }
  }
  if (found) return 0;
  const last = rest.at(-1)!;
  await shell.complain(`no help topics match \`${last}'.  Try \`help help' or \`man -k ${last}' or \`info ${last}'.`);
  return 1;
};
