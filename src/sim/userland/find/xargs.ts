import { isErrno } from '../../../spec/index.ts';
import { decodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import type { Options } from '../core/options.ts';
import { quoteShell } from '../core/quote.ts';

/** Words with quotes and backslashes, each with the number of the line it stands on. */
function splitWords(c: Command, text: string, end: string | undefined): { word: string; line: number }[] {
  const words: { word: string; line: number }[] = [];
  let word: string | undefined;
  let line = 0;
  let filled = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '\n' || character === ' ' || character === '\t') {
      if (word !== undefined) {
        if (word === end) return words;
        words.push({ word, line });
        filled = true;
      }
      // A trailing blank carries the line on.
      if (character === '\n' && filled && !/[ \t]/.test(text[i - 1] ?? '')) {
        line++;
        filled = false;
      }
      word = undefined;
    } else if (character === '"' || character === "'") {
      const close = text.indexOf(character, i + 1);
      const newline = text.indexOf('\n', i + 1);
      if (close < 0 || (newline >= 0 && newline < close)) {
        const kind = character === '"' ? 'double' : 'single';
        c.fail(
          c.bb
            ? `unmatched ${kind} quote`
            : `unmatched ${kind} quote; by default quotes are special to xargs unless you use the -0 option`,
        );
      }
      word = (word ?? '') + text.slice(i + 1, close);
      i = close;
    } else if (character === '\\' && i + 1 < text.length) word = (word ?? '') + text[++i];
    else word = (word ?? '') + character;
  }
  if (word !== undefined && word !== end) words.push({ word, line });
  return words;
}

interface Batch {
  args: string[];
}

async function runOne(c: Command, argv: string[], o: Options): Promise<'go' | 'stop'> {
  if (o.has('verbose')) c.errorText(`${argv.join(' ')}\n`);
  if (o.has('interactive')) {
    c.errorText(`${argv.join(' ')} ?...`);
  }
  let status: number;
  try {
    const nothing = await c.sys.open('/dev/null', { cloexec: true });
    const pid = await c.spawn(argv, { fds: new Map([[0, nothing]]) });
    c.sys.close(nothing);
    const result = await c.sys.wait(pid);
    if (result?.signal) {
      c.error(`${argv[0]}: terminated by signal ${result.signal}`);
      c.exit(125);
    }
    status = result?.code ?? 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return c.fail(
      c.bb ? `${argv[0]}: ${error.message}` : `${argv[0]}: ${error.message}`,
      error.code === 'ENOENT' ? 127 : 126,
    );
  }
  if (status === 255) {
    c.error(`${argv[0]}: exited with status 255; aborting`);
    c.exit(124);
  }
  if (status !== 0) c.status = 123;
  return 'go';
}

function batches(words: { word: string; line: number }[], o: Options, limit: number, fixed: number): Batch[] {
  const most = o.value('max-args') === undefined ? Number.POSITIVE_INFINITY : Number(o.value('max-args'));
  const lines = o.has('max-lines', 'L') ? Number(o.value('max-lines') || o.value('L') || 1) : Number.POSITIVE_INFINITY;
  const out: Batch[] = [];
  let size = fixed;
  let firstLine = 0;
  for (const { word, line } of words) {
    const last = out.at(-1);
    if (!last || last.args.length >= most || line - firstLine >= lines || size + word.length + 1 > limit) {
      out.push({ args: [word] });
      firstLine = line;
      size = fixed + word.length + 1;
    } else {
      last.args.push(word);
      size += word.length + 1;
    }
  }
  return out;
}

export const xargs: CommandSpec = {
  name: 'xargs',
  suite: 'findutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: '0,null a,arg-file= d,delimiter= E: e/eof:? I: i/replace:? L: l/max-lines:? n,max-args= P,max-procs= p,interactive process-slot-var= r,no-run-if-empty s,max-chars= show-limits t,verbose x,exit eof=? replace=? max-lines=?',
      busybox:
        '0/null a/arg-file: E: e/eof:? I: n/max-args: P/max-procs: p/interactive r/no-run-if-empty s/max-chars: t/verbose x/exit',
      stopAtOperand: true,
    });
    for (const [option, letter, least] of [
      ['max-args', 'n', 1],
      ['max-procs', 'P', 0],
    ] as const)
      checkNumber(c, o.value(option), letter, least);
    const command = o.operands.length ? o.operands : [c.bb ? 'echo' : 'echo'];
    const text = await c
      .readFile(o.value('arg-file') ?? '-')
      .catch((error) =>
        c.fail(
          c.bb
            ? `can't open '${o.value('arg-file')}': ${c.reason(error)}`
            : `Cannot open input file ${quoteShell(o.value('arg-file')!)}: ${c.reason(error)}`,
        ),
      );
    const place = o.value('I') ?? (o.has('replace') ? o.value('replace') || '{}' : undefined);
    const delimiter = o.has('null') ? '\0' : o.has('delimiter') ? delimiterOf(o.value('delimiter')!) : undefined;
    const words =
      delimiter !== undefined
        ? text
            .split(delimiter)
            .filter((word, i, all) => i < all.length - 1 || word !== '')
            .map((word, line) => ({ word, line }))
        : place !== undefined
          ? linesOf(c, text)
          : splitWords(c, text, o.value('E') || o.value('e') || o.value('eof') || undefined);
    const args = words.map(({ word, line }) => ({ word: decodeText(word), line }));
    if (place !== undefined) {
      for (const { word } of args) {
        await runOne(
          c,
          command.map((part) => part.replaceAll(place, word)),
          o,
        );
      }
      return c.status;
    }
    const limit = Number(o.value('max-chars') ?? 131072);
    const fixed = command.reduce((sum, part) => sum + part.length + 1, 0);
    if (args.some(({ word }) => fixed + word.length + 1 > limit))
      c.fail(c.bb ? "can't fit single argument within argument list size limit" : 'argument line too long');
    const groups = batches(args, o, limit, fixed);
    if (groups.length === 0 && !o.has('no-run-if-empty')) groups.push({ args: [] });
    for (const group of groups) await runOne(c, [...command, ...group.args], o);
    return c.status;
  },
};

function checkNumber(c: Command, text: string | undefined, letter: string, least: number): void {
  if (text === undefined) return;
  if (!/^-?\d+$/.test(text)) {
    if (c.bb) c.fail(`invalid number '${text}'`);
    c.usage(`invalid number "${text}" for -${letter} option`);
  }
  if (Number(text) >= least) return;
  if (c.bb) c.fail(`number ${text} is not in ${least}..2147483647 range`);
  c.usage(`value ${text} for -${letter} option should be >= ${least}`);
}

/** -I: whole lines, leading blanks dropped, quotes still special. */
function linesOf(c: Command, text: string): { word: string; line: number }[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^[ \t\v\f\r]+/, ''))
    .filter((line) => line !== '')
    .map((line, i) => {
      const quoted = line.replace(/ /g, '\x01').replace(/\t/g, '\x02');
      const word = splitWords(c, quoted, undefined)[0]?.word ?? '';
      return { word: word.replace(/\x01/g, ' ').replace(/\x02/g, '\t'), line: i };
    });
}

const delimiterOf = (text: string): string =>
  ({ '\\n': '\n', '\\0': '\0', '\\t': '\t' })[text] ??
  (text.startsWith('\\x') ? String.fromCharCode(Number.parseInt(text.slice(2), 16)) : (text[0] ?? '\n'));
