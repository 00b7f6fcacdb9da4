import { decodeText } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { typeLetter } from '../core/modes.ts';

/** What a file's first bytes say, in file(1)'s words; a small part of its magic database. */
const magics: [RegExp, string | ((head: string) => string)][] = [
  [/^\x7fELF/, elf],
  [/^\x1f\x8b/, 'gzip compressed data'],
  [/^BZh/, 'bzip2 compressed data'],
  [/^\xfd7zXZ\0/, 'XZ compressed data'],
  [/^\x28\xb5\x2f\xfd/, 'Zstandard compressed data (v0.8+), Dictionary ID: None'],
  [/^PK\x03\x04/, 'Zip archive data, at least v2.0 to extract'],
  [/^\x89PNG\r\n/, 'PNG image data'],
  [/^\xff\xd8\xff/, 'JPEG image data'],
  [/^GIF8[79]a/, 'GIF image data'],
  [/^%PDF-(\d\.\d)/, (head) => `PDF document, version ${head.slice(5, 8)}`],
  [/^!<arch>\n/, 'current ar archive'],
  [/^SQLite format 3\0/, 'SQLite 3.x database'],
];

function elf(head: string): string {
  const bits = head.charCodeAt(4) === 1 ? '32' : '64';
  const order = head.charCodeAt(5) === 2 ? 'MSB' : 'LSB';
  const kind = { 1: 'relocatable', 2: 'executable', 3: 'pie executable' }[head.charCodeAt(16)] ?? 'executable';
  const machine = { 62: 'x86-64', 183: 'ARM aarch64', 3: 'Intel 80386' }[head.charCodeAt(18)] ?? 'unknown arch';
  return `ELF ${bits}-bit ${order} ${kind}, ${machine}, version 1 (SYSV)`;
}

function interpreter(text: string): string | undefined {
  const line = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(text);
  if (!line) return undefined;
  const env = /\/env$/.test(line[1]!);
  const name = (env ? (line[2] ?? '') : line[1]!).replace(/^.*\//, '');
  const known: Record<string, string> = {
    sh: 'POSIX shell script',
    bash: 'Bourne-Again shell script',
    dash: 'POSIX shell script',
    perl: 'Perl script',
    python: 'Python script',
    python3: 'Python script',
    node: 'Node.js script',
    ruby: 'Ruby script',
  };
  return known[name] ?? `a ${env ? `${line[1]} ${line[2]}` : line[1]} script`;
}

function textKind(head: string, whole: boolean): string | undefined {
  if (/[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]/.test(head)) return undefined;
  const ascii = !/[\x80-\xff]/.test(head);
  const utf = ascii || !decodeText(whole ? head : head.slice(0, -3)).includes('\ufffd');
  const charset = ascii ? 'ASCII text' : utf ? 'Unicode text, UTF-8 text' : 'ISO-8859 text';
  const script = interpreter(head);
  const long = head.split('\n').some((line) => line.length > 300) ? ', with very long lines' : '';
  const crlf = /\r\n/.test(head)
    ? ', with CRLF line terminators'
    : head.includes('\n')
      ? ''
      : ', with no line terminators';
  if (script) return `${script}, ${charset} executable${long}${crlf}`;
  if (/^\s*[{[]/.test(head) && whole && isJson(head)) return 'JSON data';
  return `${charset}${long}${crlf}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function contentKind(c: Command, path: string, size: number): string {
  if (size === 0) return 'empty';
  const fd = c.sys.openSync(path);
  let head: string;
  try {
    head = String.fromCharCode(...c.sys.pread(fd, 0, 4096));
  } finally {
    c.sys.close(fd);
  }
  for (const [pattern, name] of magics) if (pattern.test(head)) return typeof name === 'string' ? name : name(head);
  if (head.slice(257, 262) === 'ustar')
    return head.slice(257, 265) === 'ustar  \0' ? 'POSIX tar archive (GNU)' : 'POSIX tar archive';
  if (size === 1) return 'very short file (no magic)';
  return textKind(head, size <= 4096) ?? 'data';
}

function describe(c: Command, path: string, follow: boolean): string {
  const stat = follow ? c.sys.stat(path) : c.sys.lstat(path);
  const device = ` (${Math.floor(stat.rdev / 256)}/${stat.rdev % 256})`;
  switch (typeLetter(stat.mode)) {
    case 'd':
      return stat.mode & 0o1000 ? 'sticky, directory' : 'directory';
    case 'l': {
      const target = c.sys.readlink(path);
      try {
        c.sys.stat(path);
        return `symbolic link to ${target}`;
      } catch {
        return `broken symbolic link to ${target}`;
      }
    }
    case 'c':
      return `character special${device}`;
    case 'b':
      return `block special${device}`;
    case 'p':
      return 'fifo (named pipe)';
    case 's':
      return 'socket';
    default:
      return contentKind(c, path, stat.size);
  }
}

export const file: CommandSpec = {
  name: 'file',
  suite: 'file',
  run(c) {
    const o = c.options({
      gnu: 'b,brief L,dereference h,no-dereference i,mime mime-type F,separator= N,no-pad s,special-files z k,keep-going f,files-from=',
    });
    if (o.has('mime', 'mime-type')) c.fail('drydock: file --mime is not simulated');
    if (o.operands.length === 0) {
      c.errorText(
        'Usage: file [-bcCdEhikLlNnprsSvzZ0] [--apple] [--extension] [--mime-encoding]\n            [--mime-type] [-e <testname>] [-F <separator>]  [-f <namefile>]\n            [-m <magicfiles>] [-P <parameter=value>] [--exclude-quiet]\n            <file> ...\n       file -C [-m <magicfiles>]\n       file [--help]\n',
      );
      return 1;
    }
    const widest = Math.max(...o.operands.map((path) => path.length));
    for (const path of o.operands) {
      let kind: string;
      try {
        kind = describe(c, path, o.has('dereference'));
      } catch (error) {
        kind = `cannot open \`${path}' (${c.reason(error)})`;
      }
      const gap = o.has('no-pad') ? ' ' : ' '.repeat(widest - path.length + 1);
      c.out(o.has('brief') ? `${kind}\n` : `${path}${o.value('separator') ?? ':'}${gap}${kind}\n`);
    }
    return c.status;
  },
};
