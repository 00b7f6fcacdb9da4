/** What a page fences as typed and is not: what commands printed, drawings, files, and lines that want a name of one's own. */
import { goesOn } from './command-lines.ts';

/** A table, a tree of directories, an arrow: nothing that is typed. */
const drawn = /[\u2190-\u21ff\u2500-\u257f\u25b2-\u25c4]/;

/** How no command begins: a sentence, a heading of a table, an identifier, `key:` or `key =`, a mark of progress. */
const printed = new RegExp(
  `^\\s*(?:${[
    '[A-Z][\\w-]*(?![\\w=+[(-])(?:[ :,.!]|$)',
    '[\\w./-]+:(?:\\s|$)',
    '[\\w.-]+ = ',
    '\\d+(?:[.:,)%]|\\s|$)',
    '[\\da-f]{12,64}\\b',
    '\\[\\S[^\\]]*\\](?:\\s|$)',
    '[-dl][rwx-]{9}',
    '-+[ >-]',
    '[[\\]{}],?\\s*$',
    '=>|\\.\\.\\.|…',
    '\\S+ {3,}[^#\\s]\\S*(?: \\S+)* {3,}\\S', // a row of a table
    '[+|<>✔✓✗√*•·%\\u3000-\\u9fff\\uac00-\\ud7af\\uff00-\\uffef]',
  ].join('|')})`,
);

/** A line of a manual's synopsis: `docker run [OPTIONS] IMAGE`. */
const synopsis =
  /\s\[(?:OPTIONS?|ARGS?|COMMAND|FLAGS?|[a-z-]*options?|选项|参数|選項|オプション|옵션)(?:\.\.\.)?\](?:\s|$)/;

/** `<container_id>`, `YOUR-USER-NAME`, `CONTAINER_ID`, `/path/to/x`, but not in quotes, where it may be HTML. */
const placeholder =
  /(?<![<\w])<\p{L}(?:[^<>|&;()]*[\p{L}\p{N}_.:-])?>|\b(?:YOUR|MY)[-_][A-Z][A-Z_-]+\b(?!=)|(?<![$\w{])(?:CONTAINER|IMAGE|NETWORK|VOLUME)[-_]?(?:ID|NAME)\b(?!=)|(?<![\w.])\/path\/(?:to|on)\//u;
const quoted = /'[^']*'|"(?:[^"\\]|\\.)*"/g;

const isComment = (line: string): boolean => /^\s*(?:#(?!!)|$)/.test(line);

/** A file rather than what is typed: a script with its interpreter, JSON, or what begins as no command does. */
export const isFile = (text: string): boolean => /^\s*#!/.test(text) || isData(text) || !isTyped(text);

function isTyped(text: string): boolean {
  const first = text.split('\n').find((line) => !isComment(line)) ?? '';
  return !printed.test(first) && !synopsis.test(first) && !drawn.test(text);
}

/** What a command printed is often fenced as if it were typed, too: JSON certainly is not. */
function isData(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    return JSON.parse(text) instanceof Object;
  } catch {
    return false;
  }
}

/**
 * A block without prompts in which output follows the commands, with prompts. Output ends at a comment, or at a line
 * that begins as an earlier command of the block does.
 */
export function withPrompts(text: string): string {
  const lines = text.split('\n');
  const words = new Set<string>();
  const made: string[] = [];
  let [typed, found, output] = ['', false, false];
  for (const line of lines) {
    const word = line.trim().split(/\s/)[0]!;
    if (typed && goesOn(typed)) {
      typed += `\n${line}`;
      made.push(line);
      continue;
    }
    if (isComment(line)) output = output && line.trim() === '';
    else if (printed.test(line)) output = true;
    else if (output && words.has(word)) output = false;
    if (output || isComment(line)) {
      found ||= output;
      typed = '';
      made.push(line);
      continue;
    }
    words.add(word);
    typed = line;
    made.push(`$ ${line.trimStart()}`);
  }
  return found ? made.join('\n') : text;
}

/** Whether the command wants something that its reader puts in. */
export const isToComplete = (command: string): boolean =>
  synopsis.test(command) || placeholder.test(command.split('\n')[0]!.replace(quoted, ''));
