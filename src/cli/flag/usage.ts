import type { Flag } from './flag.ts';

/** The option list of a help screen, wrapped to `columns` (pflag's FlagUsagesWrapped). Flags in order of name. */
export function flagUsages(flags: readonly Flag[], columns: number): string {
  const shown = flags.filter((flag) => !flag.hidden && !flag.deprecated).sort((a, b) => (a.name < b.name ? -1 : 1));
  const heads = shown.map((flag) => {
    const name = flag.short ? `  -${flag.short}, --${flag.name}` : `      --${flag.name}`;
    const value = flag.valueName ?? (flag.type === 'bool' ? '' : flag.type);
    return value ? `${name} ${value}` : name;
  });
  // pflag puts a NUL where the padding goes and counts it, so every line is one wider than what it shows.
  const widest = Math.max(0, ...heads.map((head) => head.length)) + 1;
  return shown
    .map((flag, index) => {
      const text = flag.default === undefined ? flag.usage : `${flag.usage} (default ${flag.default})`;
      const head = heads[index]!;
      return `${head}${' '.repeat(widest - head.length)}  ${wrap(widest + 2, columns, text)}`;
    })
    .join('\n');
}

/** pflag's wrap: lines after the first are indented by `indent`; a paragraph may exceed the width by `slop`. */
function wrap(indent: number, width: number, text: string): string {
  let room = width - indent;
  let left = indent;
  let out = '';
  if (room < 24) {
    left = 16;
    room = width - left;
    out = `\n${' '.repeat(left)}`;
  }
  if (room < 24) return text.replaceAll('\n', out);
  const slop = 5;
  room -= slop;
  let [line, rest] = wrapOnce(room, slop, text);
  out += line.replaceAll('\n', `\n${' '.repeat(left)}`);
  while (rest !== '') {
    [line, rest] = wrapOnce(room, slop, rest);
    out += `\n${' '.repeat(left)}${line.replaceAll('\n', `\n${' '.repeat(left)}`)}`;
  }
  return out;
}

function wrapOnce(room: number, slop: number, text: string): [line: string, rest: string] {
  if (room + slop > text.length) return [text, ''];
  const blank = lastOf(text.slice(0, room), ' \t\n');
  if (blank <= 0) return [text, ''];
  const newline = text.slice(0, room).lastIndexOf('\n');
  if (newline > 0 && newline < blank) return [text.slice(0, newline), text.slice(newline + 1)];
  return [text.slice(0, blank), text.slice(blank + 1)];
}

const lastOf = (text: string, set: string): number => {
  for (let at = text.length - 1; at >= 0; at--) if (set.includes(text[at]!)) return at;
  return -1;
};
