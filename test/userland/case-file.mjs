// One case is one line of test/userland/cases/*.txt:
//
//   ls -l dir                        a command; words as in the shell: '...', "...", $'...' (with C escapes)
//   $'b\na\n' | sort -r              with standard input
//   rm a.txt ; ls                    one after the other; the exit code is the last one's
//
// Each runs in a fresh copy of the tree of `fixture`. Empty lines and lines that begin with # are skipped.

export const epochSec = 1_650_000_000;

/** path -> content; a path that ends in / is a directory, a content [target] a symlink. */
export const fixture = [
  ['dir/', null],
  ['dir/one', '1\n'],
  ['dir/two', '22\n'],
  ['dir/sub/', null],
  ['dir/sub/deep', 'deep\n'],
  ['dir/.hidden', 'h\n'],
  ['empty', ''],
  ['a.txt', 'alpha\nbeta\ngamma\ndelta\n'],
  ['b.txt', 'one two three\nfour five six\nseven eight nine\n'],
  ['num.txt', '10\n9\n2\n33\n1\n2\n'],
  ['csv', 'id,name,age\n1,ann,30\n2,bob,25\n3,cat,41\n'],
  [
    'passwd',
    'root:x:0:0:root:/root:/bin/bash\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\nann:x:1000:1000::/home/ann:/bin/sh\n',
  ],
  ['log', 'INFO start\nWARN disk 91%\nERROR failed: code 7\nINFO retry\nERROR failed: code 9\nINFO done\n'],
  ['noeol', 'first\nlast'],
  ['link', ['a.txt']],
  ['broken', ['nowhere']],
];

const escapes = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", 0: '\0' };

function words(text) {
  const out = [];
  for (const match of text.matchAll(/(?:\$'((?:\\.|[^'\\])*)'|'([^']*)'|"([^"]*)"|([^\s'"|]+|\|))+/g)) {
    const whole = match[0];
    let word = '';
    for (const part of whole.matchAll(/\$'((?:\\.|[^'\\])*)'|'([^']*)'|"([^"]*)"|([^'"]+)/g)) {
      if (part[1] !== undefined) word += part[1].replace(/\\(.)/g, (_, c) => escapes[c] ?? `\\${c}`);
      else word += part[2] ?? part[3] ?? part[4];
    }
    out.push({ word, bare: whole === '|' || whole === ';' ? whole : '' });
  }
  return out;
}

export function parseCases(text) {
  return text
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'))
    .map((line) => {
      const all = words(line);
      const piped = all[1]?.bare === '|';
      const steps = [[]];
      for (const { word, bare } of all.slice(piped ? 2 : 0)) {
        if (bare === ';') steps.push([]);
        else steps.at(-1).push(word);
      }
      return { line, stdin: piped ? all[0].word : '', steps };
    });
}
