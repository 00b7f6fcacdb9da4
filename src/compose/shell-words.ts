/**
 * A command line in words, as go-shellwords splits it: quotes and backslashes, no variables; a backquote and `$(` keep
 * what they hold; it ends at `;`, `&`, `|`, `<`, `>`.
 */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let open = '';
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (char === '\\' && open !== "'") {
      if (++i === line.length) throw unfinished();
      word = (word ?? '') + line[i]!;
    } else if (open) {
      const closes = char === open;
      if (closes) open = '';
      if (!closes || char === '`' || char === ')') word = (word ?? '') + char;
      else word ??= '';
    } else if (/[ \t\r\n]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '"' || char === "'") open = char;
    else if (/[;&|<>]/.test(char)) {
      if (char === '>' && /^\d/.test(word ?? '')) word = undefined;
      break;
    } else {
      if (char === ')' || (char === '(' && !word?.endsWith('$'))) throw unfinished();
      if (char === '`') open = '`';
      if (char === '(') open = ')';
      word = (word ?? '') + char;
    }
  }
  if (open) throw unfinished();
  if (word !== undefined) words.push(word);
  return words;
}

const unfinished = (): Error => new Error('invalid command line string');
