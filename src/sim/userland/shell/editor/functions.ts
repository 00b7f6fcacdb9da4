import { historyWords } from '../history/expand.ts';
import { type LineBuffer, letter, nonBlank } from './buffer.ts';
import type { LineEditor } from './editor.ts';

/** One of readline's functions; `count` is the numeric argument, `key` what was typed. */
export type EditFunction = (e: LineEditor, count: number, key: string) => void | Promise<void>;

const repeat = (count: number, step: () => void): void => {
  for (let i = 0; i < Math.abs(count); i++) step();
};

const wordLeft = (b: LineBuffer, count: number, inWord = letter): number => {
  let at = b.cursor;
  repeat(count, () => {
    at = count < 0 ? b.right(inWord, at) : b.left(inWord, at);
  });
  return at;
};
const wordRight = (b: LineBuffer, count: number, inWord = letter): number => wordLeft(b, -count, inWord);

const changeWord =
  (change: (word: string) => string): EditFunction =>
  (e, count) => {
    const { buffer: b } = e;
    const from = b.cursor;
    const to = wordRight(b, count);
    b.save();
    const word = b.chars.slice(Math.min(from, to), Math.max(from, to)).join('');
    b.remove(from, to);
    b.move(Math.min(from, to));
    b.insert(change(word));
  };

const kill =
  (range: (b: LineBuffer, count: number) => [number, number], joins: 'before' | 'after'): EditFunction =>
  (e, count) => {
    const [from, to] = range(e.buffer, count);
    e.kill(from, to, joins);
  };

const transposeChars: EditFunction = ({ buffer: b }) => {
  const i = Math.min(b.cursor, b.length - 1);
  if (i < 1) return;
  b.save();
  [b.chars[i - 1], b.chars[i]] = [b.chars[i]!, b.chars[i - 1]!];
  b.cursor = i + 1;
};

const transposeWords: EditFunction = ({ buffer: b }) => {
  const end = b.right(letter);
  const start = b.left(letter, end);
  const firstStart = b.left(letter, start);
  const firstEnd = b.right(letter, firstStart);
  if (firstStart === start) return;
  b.save();
  const text = (from: number, to: number) => b.chars.slice(from, to).join('');
  const swapped = text(start, end) + text(firstEnd, start) + text(firstStart, firstEnd);
  b.remove(firstStart, end);
  b.move(firstStart);
  b.insert(swapped);
};

/** The last (or nth) word of an older command; again: of the one before. */
const yankArgument =
  (pick: (words: string[], count: number | undefined) => string | undefined): EditFunction =>
  (e, count) => {
    const again = e.last === e.running ? e.yanked : undefined;
    const back = again ? again.back + 1 : 1;
    const line = e.shell.history.at(-back);
    if (line === undefined) return e.bell();
    const wanted = again ? again.count : e.counted ? count : undefined;
    const word = pick(historyWords(line), wanted) ?? '';
    e.buffer.save();
    if (again) e.buffer.remove(e.buffer.cursor - again.length, e.buffer.cursor);
    e.buffer.insert(word);
    e.yanked = { back, length: [...word].length, count: wanted };
    return undefined;
  };

const historySearch =
  (direction: -1 | 1): EditFunction =>
  (e) => {
    const prefix = e.buffer.before;
    const cursor = e.buffer.cursor;
    for (let at = e.at + direction; at >= 0 && at < e.shell.history.length; at += direction) {
      if (!e.shell.history.at(at)!.startsWith(prefix)) continue;
      e.goTo(at);
      e.buffer.move(cursor);
      return;
    }
    void e.bell();
  };

const vi =
  (map: 'vi-insert' | 'vi-command', place?: (b: LineBuffer) => number): EditFunction =>
  (e) => {
    e.map = map;
    if (place) e.buffer.move(place(e.buffer));
  };

const nextWord = (b: LineBuffer, big: boolean): number => {
  const kind = (c: string) => (!nonBlank(c) ? 0 : big || /\w/.test(c) ? 1 : 2);
  let i = b.cursor;
  const start = i < b.length ? kind(b.chars[i]!) : 0;
  while (i < b.length && start !== 0 && kind(b.chars[i]!) === start) i++;
  while (i < b.length && kind(b.chars[i]!) === 0) i++;
  return i;
};
const previousWord = (b: LineBuffer, big: boolean): number => {
  const kind = (c: string) => (!nonBlank(c) ? 0 : big || /\w/.test(c) ? 1 : 2);
  let i = b.cursor;
  while (i > 0 && kind(b.chars[i - 1]!) === 0) i--;
  const at = i > 0 ? kind(b.chars[i - 1]!) : 0;
  while (i > 0 && kind(b.chars[i - 1]!) === at) i--;
  return i;
};
const endOfWord = (b: LineBuffer, big: boolean): number => {
  const kind = (c: string) => (!nonBlank(c) ? 0 : big || /\w/.test(c) ? 1 : 2);
  let i = b.cursor + 1;
  while (i < b.length && kind(b.chars[i]!) === 0) i++;
  const at = i < b.length ? kind(b.chars[i]!) : 0;
  while (i + 1 < b.length && kind(b.chars[i + 1]!) === at) i++;
  return Math.min(i, Math.max(0, b.length - 1));
};
const moves =
  (to: (b: LineBuffer, big: boolean) => number): EditFunction =>
  (e, count, key) =>
    repeat(count, () => e.buffer.move(to(e.buffer, /[A-Z]/.test(key))));

/** An operator of vi: it acts on what the next motion passes over. */
const operator =
  (name: 'd' | 'c' | 'y'): EditFunction =>
  (e, _count, key) => {
    if (key !== key.toLowerCase()) return e.operate(name, e.buffer.cursor, e.buffer.length);
    e.pendingOperator = { name, from: e.buffer.cursor };
  };

/** What readline's functions do here. One that is bound and not among them rings the bell. */
export const editFunctions: Record<string, EditFunction> = {
  'self-insert': ({ buffer }, count, key) => {
    buffer.save(true);
    repeat(count, () => buffer.insert(key));
  },
  'tab-insert': ({ buffer }) => buffer.insert('\t'),
  'accept-line': (e) => e.finish(),
  'operate-and-get-next': (e) => e.finish(e.at + 1),
  'quoted-insert': (e) => {
    e.quoting = true;
  },
  abort: (e) => e.bell(),
  'digit-argument': (e, _, key) => e.digit(key.at(-1)!),
  'vi-arg-digit': (e, _, key) => (key === '0' && !e.counted ? e.buffer.move(0) : e.digit(key)),
  'universal-argument': (e) => e.digit('4'),
  // ---- moving
  'forward-char': ({ buffer: b }, count) => b.move(b.cursor + count),
  'backward-char': ({ buffer: b }, count) => b.move(b.cursor - count),
  'forward-word': ({ buffer: b }, count) => b.move(wordRight(b, count)),
  'backward-word': ({ buffer: b }, count) => b.move(wordLeft(b, count)),
  'shell-forward-word': ({ buffer: b }, count) => b.move(wordRight(b, count, nonBlank)),
  'shell-backward-word': ({ buffer: b }, count) => b.move(wordLeft(b, count, nonBlank)),
  'beginning-of-line': ({ buffer: b }) => b.move(0),
  'end-of-line': ({ buffer: b }) => b.move(b.length),
  'clear-screen': (e) => e.clear(false),
  'clear-display': (e) => e.clear(true),
  'redraw-current-line': (e) => e.redraw(),
  'character-search': (e) => {
    e.seeking = 1;
  },
  'character-search-backward': (e) => {
    e.seeking = -1;
  },
  'set-mark': ({ buffer: b }) => {
    b.mark = b.cursor;
  },
  'exchange-point-and-mark': ({ buffer: b }) => {
    [b.mark, b.cursor] = [b.cursor, Math.min(b.mark, b.length)];
  },
  // ---- history
  'previous-history': (e, count) => repeat(count, () => e.recall(-1)),
  'next-history': (e, count) => repeat(count, () => e.recall(1)),
  'beginning-of-history': (e) => e.goTo(0),
  'end-of-history': (e) => e.goTo(e.shell.history.length),
  'history-search-backward': historySearch(-1),
  'history-search-forward': historySearch(1),
  'history-substring-search-backward': historySearch(-1),
  'history-substring-search-forward': historySearch(1),
  'reverse-search-history': (e) => e.beginSearch(-1),
  'forward-search-history': (e) => e.beginSearch(1),
  'yank-last-arg': yankArgument((words, count) => (count === undefined ? words.at(-1) : words[count])),
  'insert-last-argument': yankArgument((words, count) => (count === undefined ? words.at(-1) : words[count])),
  'yank-nth-arg': yankArgument((words, count) => words[count ?? 1]),
  'history-expand-line': (e) => e.expandLine(),
  'magic-space': async (e) => {
    await e.expandLine();
    e.buffer.insert(' ');
  },
  // ---- changing
  'delete-char': (e, count) => e.deleteForward(count),
  'delete-char-or-list': (e, count) => (e.buffer.cursor < e.buffer.length ? e.deleteForward(count) : e.complete('?')),
  'backward-delete-char': ({ buffer: b }, count) => {
    if (b.cursor === 0) return;
    b.save();
    b.remove(b.cursor - count, b.cursor);
  },
  'transpose-chars': transposeChars,
  'transpose-words': transposeWords,
  'upcase-word': changeWord((w) => w.toUpperCase()),
  'downcase-word': changeWord((w) => w.toLowerCase()),
  'capitalize-word': changeWord((w) =>
    w.replace(/[\p{L}\p{N}]+/gu, (run) => run.slice(0, 1).toUpperCase() + run.slice(1).toLowerCase()),
  ),
  'delete-horizontal-space': ({ buffer: b }) => {
    let [from, to] = [b.cursor, b.cursor];
    while (from > 0 && !nonBlank(b.chars[from - 1]!)) from--;
    while (to < b.length && !nonBlank(b.chars[to]!)) to++;
    b.save();
    b.remove(from, to);
  },
  'insert-comment': async (e) => {
    e.buffer.chars.unshift('#');
    await e.finish();
  },
  undo: (e, count) => repeat(count, () => e.buffer.undo() || void e.bell()),
  'vi-undo': (e) => void (e.buffer.undo() || e.bell()),
  'revert-line': ({ buffer }) => buffer.revert(),
  'tilde-expand': (e) => e.expandTilde(),
  'shell-expand-line': (e) => e.expandLine(),
  'edit-and-execute-command': (e) => e.editOutside(),
  // ---- cutting and pasting
  'kill-line': kill((b, count) => (count < 0 ? [0, b.cursor] : [b.cursor, b.length]), 'after'),
  'backward-kill-line': kill((b) => [0, b.cursor], 'before'),
  'unix-line-discard': kill((b) => [0, b.cursor], 'before'),
  'kill-whole-line': kill((b) => [0, b.length], 'after'),
  'kill-word': kill((b, count) => [b.cursor, wordRight(b, count)], 'after'),
  'backward-kill-word': kill((b, count) => [wordLeft(b, count), b.cursor], 'before'),
  'shell-kill-word': kill((b, count) => [b.cursor, wordRight(b, count, nonBlank)], 'after'),
  'shell-backward-kill-word': kill((b, count) => [wordLeft(b, count, nonBlank), b.cursor], 'before'),
  'unix-word-rubout': kill((b, count) => [wordLeft(b, count, nonBlank), b.cursor], 'before'),
  'unix-filename-rubout': kill((b, count) => [wordLeft(b, count, (c) => nonBlank(c) && c !== '/'), b.cursor], 'before'),
  'kill-region': kill((b) => [b.mark, b.cursor], 'after'),
  'copy-region-as-kill': ({ buffer: b, ring }) => {
    const [from, to] = b.mark < b.cursor ? [b.mark, b.cursor] : [b.cursor, b.mark];
    ring.add(b.chars.slice(from, to).join(''), false);
  },
  yank: (e) => {
    e.buffer.save();
    e.buffer.insert(e.ring.current);
  },
  'yank-pop': (e) => {
    if (e.last !== 'yank' && e.last !== 'yank-pop') return e.bell();
    e.buffer.save();
    e.buffer.remove(e.buffer.cursor - [...e.ring.current].length, e.buffer.cursor);
    e.buffer.insert(e.ring.rotate());
    return undefined;
  },
  // ---- completing
  complete: (e) => e.complete('\t'),
  'menu-complete': (e) => e.complete('%'),
  'possible-completions': (e) => e.complete('?'),
  'insert-completions': (e) => e.complete('*'),
  'complete-filename': (e) => e.complete('\t', 'file'),
  'possible-filename-completions': (e) => e.complete('?', 'file'),
  'complete-command': (e) => e.complete('\t', 'command'),
  'possible-command-completions': (e) => e.complete('?', 'command'),
  'complete-variable': (e) => e.complete('\t', 'variable'),
  'possible-variable-completions': (e) => e.complete('?', 'variable'),
  'complete-username': (e) => e.complete('\t', 'user'),
  'complete-hostname': (e) => e.complete('\t', 'hostname'),
  // ---- vi
  'emacs-editing-mode': (e) => {
    e.map = 'emacs';
  },
  'vi-editing-mode': vi('vi-insert'),
  'vi-movement-mode': vi('vi-command', (b) => b.cursor - 1),
  'vi-insertion-mode': vi('vi-insert'),
  'vi-insert-beg': vi('vi-insert', () => 0),
  'vi-append-mode': vi('vi-insert', (b) => b.cursor + 1),
  'vi-append-eol': vi('vi-insert', (b) => b.length),
  'vi-back-to-indent': ({ buffer: b }) => b.move(Math.max(0, b.chars.findIndex(nonBlank))),
  'vi-first-print': ({ buffer: b }) => b.move(Math.max(0, b.chars.findIndex(nonBlank))),
  'vi-next-word': moves(nextWord),
  'vi-prev-word': moves(previousWord),
  'vi-end-word': moves(endOfWord),
  'vi-fword': moves(nextWord),
  'vi-fWord': moves(nextWord),
  'vi-bword': moves(previousWord),
  'vi-bWord': moves(previousWord),
  'vi-eword': moves(endOfWord),
  'vi-eWord': moves(endOfWord),
  'vi-delete': (e, count) => e.kill(e.buffer.cursor, Math.min(e.buffer.length, e.buffer.cursor + count), 'after'),
  'vi-rubout': (e, count) => e.kill(Math.max(0, e.buffer.cursor - count), e.buffer.cursor, 'before'),
  'vi-delete-to': operator('d'),
  'vi-change-to': operator('c'),
  'vi-yank-to': operator('y'),
  'vi-subst': (e, count, key) => {
    if (key === 'S') e.kill(0, e.buffer.length, 'after');
    else e.kill(e.buffer.cursor, Math.min(e.buffer.length, e.buffer.cursor + count), 'after');
    e.map = 'vi-insert';
  },
  'vi-put': (e, _, key) => {
    e.buffer.save();
    if (key === 'p') e.buffer.move(e.buffer.cursor + 1);
    e.buffer.insert(e.ring.current);
    e.buffer.move(e.buffer.cursor - 1);
  },
  'vi-change-case': ({ buffer: b }, count) => {
    b.save();
    repeat(count, () => {
      const c = b.chars[b.cursor];
      if (c === undefined) return;
      b.chars[b.cursor] = c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase();
      b.move(b.cursor + 1);
    });
  },
  'vi-change-char': (e) => {
    e.replacing = true;
  },
  'vi-char-search': (e, _, key) => {
    e.seeking = /[ft]/.test(key) ? 1 : -1;
  },
  'vi-search': (e) => e.beginSearch(-1),
  'vi-fetch-history': (e) => e.goTo(e.shell.history.length),
  'vi-eof-maybe': (e) => (e.buffer.length === 0 ? e.endOfFile() : e.finish()),
  'vi-unix-word-rubout': kill((b, count) => [wordLeft(b, count, nonBlank), b.cursor], 'before'),
};
