/** Where a command that is typed over several lines ends, as a shell would say by its second prompt. */

const hereDocument = /(?<!<)<<-?\s*(['"]?)([A-Za-z_][\w.]*)\1/g;

const opening = new Set(['if', 'for', 'while', 'until', 'case', 'select', '{']);
const closing = new Set(['fi', 'done', 'esac', '}']);

/** Whether the next line belongs to what is typed: an open quote, parenthesis, loop or here-document; after `\`, `&&`, `|`. */
export function goesOn(typed: string): boolean {
  const { line, rest } = bodiesAside(typed);
  return rest || /(?:\\|&&|\|\|?)\s*$/.test(line) || isOpen(line);
}

/** The text without its here-documents' bodies; `rest`: one of them has no end. */
function bodiesAside(typed: string): { line: string; rest: boolean } {
  const kept: string[] = [];
  let ends: string[] = [];
  for (const line of typed.split('\n')) {
    if (ends.length > 0) {
      if (line.trim() === ends[0]) ends = ends.slice(1);
      continue;
    }
    kept.push(line);
    ends = [...line.matchAll(hereDocument)].map(([, , end]) => end!);
  }
  return { line: kept.join('\n'), rest: ends.length > 0 };
}

/** Whether a quote, a parenthesis or a compound command is open at the end. */
function isOpen(text: string): boolean {
  const inside: ('"' | '(')[] = [];
  let compounds = 0;
  let word = '';
  let begins = true;
  const endWord = (): void => {
    if (begins && inside.length === 0) compounds += opening.has(word) ? 1 : closing.has(word) ? -1 : 0;
    if (word) begins = leads.has(word);
    word = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\\') word += text[++at] ?? '';
    else if (inside.at(-1) === '"') {
      if (char === '"') inside.pop();
      else if (char === '$' && text[at + 1] === '(') inside.push(text[++at] as '(');
    } else if (char === "'") {
      at = text.indexOf("'", at + 1);
      if (at < 0) return true;
      word += quoted;
    } else if (char === '#' && /^\s?$/.test(text[at - 1] ?? '')) {
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      at = end - 1;
    } else if (char === '"' || char === '(') {
      endWord();
      begins = char === '(';
      inside.push(char);
    } else if (/[\s;&|)]/.test(char)) {
      endWord();
      if (char === ')' && inside.at(-1) === '(') inside.pop();
      if (/[\n;&|)]/.test(char)) begins = true;
    } else word += char;
  }
  endWord();
  return inside.length > 0 || compounds > 0;
}

/** Stands for a quoted part in a word. */
const quoted = '_';

/** Words after which a command begins. */
const leads = new Set(['do', 'then', 'else', 'elif', 'if', 'while', 'until', '{', '!', 'time']);

/** Lines of a command beyond which an open quote is taken for a mistake of the text. */
const longestCommand = 200;

/** The commands of a block: a line each, but for those that go on. */
export function commandsOf(text: string): string[] {
  const commands: string[] = [];
  const lines = text.trim().split('\n');
  for (let at = 0; at < lines.length; at++) {
    const first = lines[at]!;
    if (first.trim() === '' || first.trimStart().startsWith('#')) continue;
    const end = endOf(lines, at);
    commands.push(lines.slice(at, end + 1).join('\n'));
    at = end;
  }
  return commands;
}

/** Index of the last line of the command that begins at `first`; of one that never ends, the first. */
function endOf(lines: readonly string[], first: number): number {
  const body = hereDocumentEnd(lines, first);
  if (body !== undefined) return body;
  let typed = '';
  for (let at = first; at < Math.min(lines.length, first + longestCommand); at++) {
    typed += `${at > first ? '\n' : ''}${lines[at]}`;
    if (!goesOn(typed)) return at;
  }
  return /\\\s*$/.test(lines[first]!) ? lines.length - 1 : first;
}

/** Of a here-document that is all that goes on: quickly, as they may be long. */
function hereDocumentEnd(lines: readonly string[], first: number): number | undefined {
  const ends = [...lines[first]!.matchAll(hereDocument)].map(([, , end]) => end!);
  if (ends.length !== 1 || isOpen(lines[first]!)) return undefined;
  const at = lines.findIndex((line, index) => index > first && line.trim() === ends[0]);
  return at < 0 ? lines.length - 1 : at;
}
