import { DockerfileError, type LineRange } from './error.ts';
import { jsonArray, splitBlanks, splitLine, splitWords } from './split.ts';
import { expandWord, expandWords } from './word.ts';

/**
 * Which front end reads. 'classic' is dockerd 20.10's builder: no heredocs, fewer flags. 'buildkit' is the Dockerfile
 * frontend of today.
 */
export type Profile = 'classic' | 'buildkit';

export interface Heredoc {
  name: string;
  fileDescriptor: number;
  /** Variables in the content are expanded (the name was not quoted). */
  expand: boolean;
  /** `<<-`: leading tabs are cut. The content still has them. */
  chomp: boolean;
  content: string;
}

/** One name and value of ENV or LABEL; `legacy` for `ENV name value`. Quotes are still in both. */
export interface Pair {
  key: string;
  value: string;
  legacy: boolean;
}

/** One logical line. */
export interface Node {
  /** As typed. */
  keyword: string;
  flags: string[];
  /** Arguments by the instruction's own grammar; of ENV and LABEL the words as typed. */
  args: string[];
  /** The arguments were a JSON array. */
  json: boolean;
  pairs: Pair[];
  /** ONBUILD's instruction. */
  trigger?: Node;
  heredocs: Heredoc[];
  /** The line with its continuations joined. */
  original: string;
  lines: LineRange;
  /** Comments right above. */
  comments: string[];
}

export interface ParsedFile {
  nodes: Node[];
  escape: '\\' | '`';
  directives: { name: string; value: string; line: number }[];
  /** Lines whose continuation met an empty line, with the line joined. */
  emptyContinuations: { line: number; text: string }[];
}

const directiveNames = { classic: ['syntax', 'escape'], buildkit: ['syntax', 'escape', 'check'] };
const fail = (message: string, start: number, end = start): never => {
  throw new DockerfileError('syntax', message, { start, end });
};

/** Reads the whole file. Throws {@link DockerfileError} of kind 'syntax', and nothing else. */
export function parseDockerfile(text: string, profile: Profile = 'buildkit'): ParsedFile {
  return new FileParser(text, profile).parse();
}

/** One instruction without a file around it (an ONBUILD trigger, `commit --change`). */
export function parseLine(text: string, profile: Profile, mark = '\\'): Node {
  return nodeFromLine(text, mark, profile, { start: 1, end: 1 }, []);
}

const isComment = (line: string) => line.trimStart().startsWith('#');

class FileParser {
  private readonly lines: string[];
  private at = 0;
  private escape: '\\' | '`' = '\\';
  private readonly directives: ParsedFile['directives'] = [];
  private directivesEnded = false;
  private comments: string[] = [];
  private readonly emptyContinuations: ParsedFile['emptyContinuations'] = [];

  constructor(
    text: string,
    private readonly profile: Profile,
  ) {
    this.lines = text.replace(/^\ufeff/, '').split('\n');
    if (this.lines.at(-1) === '') this.lines.pop();
  }

  parse(): ParsedFile {
    const nodes: Node[] = [];
    while (this.at < this.lines.length) {
      const node = this.node();
      if (node) nodes.push(node);
    }
    if (nodes.length === 0) fail('file with no instructions', this.at);
    return { nodes, escape: this.escape, directives: this.directives, emptyContinuations: this.emptyContinuations };
  }

  private take(): string {
    const line = this.lines[this.at++]!;
    if (line.length >= 65536) fail('dockerfile line greater than max allowed size of 65535', this.at);
    return line.replace(/\r+$/, '');
  }

  private node(): Node | undefined {
    const first = this.take().trimStart();
    const directive = this.directive(first);
    if (isComment(first) && !directive) {
      const comment = first.slice(1).trim();
      this.comments = comment === '' ? [] : [...this.comments, comment];
    }
    let [text, ended] = this.cutContinuation(isComment(first) ? '' : first);
    if (ended && text === '') return undefined;
    const start = this.at;
    let empty = false;
    while (!ended && this.at < this.lines.length) {
      const line = this.take();
      if (isComment(line)) continue;
      if (line.trim() === '') {
        empty = true;
        continue;
      }
      const [more, end] = this.cutContinuation(line);
      text += more;
      ended = end;
    }
    if (empty) this.emptyContinuations.push({ line: this.at, text });
    const node = nodeFromLine(text, this.escape, this.profile, { start, end: this.at }, this.comments);
    this.comments = [];
    return this.profile === 'buildkit' ? this.withHeredocs(node) : node;
  }

  /** Directives stand before everything else, comments included. */
  private directive(line: string): boolean {
    if (this.directivesEnded) return false;
    const match = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line);
    const name = match?.[1]?.toLowerCase() ?? '';
    if (!match || !directiveNames[this.profile].includes(name)) {
      this.directivesEnded = true;
      return false;
    }
    // The line number is the one before: BuildKit counts after it has looked.
    if (this.directives.some((seen) => seen.name === name))
      fail(`only one ${name} parser directive can be used`, this.at - 1);
    this.directives.push({ name, value: match[2]!, line: this.at });
    if (name === 'escape') this.setEscape(match[2]!);
    return true;
  }

  private setEscape(value: string): void {
    if (value !== '\\' && value !== '`') {
      fail(`invalid escape token '${value}' does not match \` or \\`, this.at - 1);
    }
    this.escape = value as '\\' | '`';
  }

  /** The line without its continuation character, and whether the instruction ends with it. */
  private cutContinuation(line: string): [string, boolean] {
    const body = line.replace(/[ \t]+$/, '');
    if (!body.endsWith(this.escape) || body.at(-2) === this.escape) return [line, true];
    return [body.slice(0, -1), false];
  }

  private withHeredocs(node: Node): Node {
    const bearer = node.trigger ?? node;
    if (!['run', 'add', 'copy'].includes(bearer.keyword.toLowerCase()) || !node.original.includes('<<')) return node;
    node.heredocs = heredocMarks(node.original);
    for (const heredoc of node.heredocs) heredoc.content = this.heredocBody(heredoc, node.lines.start);
    node.lines = { start: node.lines.start, end: this.at };
    return node;
  }

  private heredocBody(heredoc: Heredoc, start: number): string {
    let content = '';
    while (this.at < this.lines.length) {
      const line = this.lines[this.at++]!;
      const bare = line.replace(/\r+$/, '');
      if ((heredoc.chomp ? bare.replace(/^\t+/, '') : bare) === heredoc.name) return content;
      content += `${line}\n`;
    }
    return fail('unterminated heredoc', start, this.at);
  }
}

const unset = () => undefined;

/** `<<NAME`, `<<-NAME`, `3<<"NAME"`: the start of a heredoc, without its content. Undefined when the word is none. */
export function heredocMark(word: string): Heredoc | undefined {
  const match = /^(\d*)<<(-?)\s*([^<]*)$/.exec(word);
  if (!match?.[3]) return undefined;
  const names = expandWords(match[3], unset, { skipUnset: true });
  if (names.length !== 1) return undefined;
  const raw = expandWords(match[3], unset, { skipUnset: true, rawQuotes: true });
  const quotes = (text: string) => text.replace(/[^'"]/g, '').length;
  return {
    name: names[0]!,
    fileDescriptor: Number(match[1] || 0),
    expand: quotes(names[0]!) === quotes(raw[0] ?? ''),
    chomp: match[2] === '-',
    content: '',
  };
}

function heredocMarks(line: string): Heredoc[] {
  try {
    const words = expandWord(line, unset, { rawQuotes: true, rawEscapes: true, skipUnset: true }).words;
    return words.flatMap((word) => heredocMark(word) ?? []);
  } catch (error) {
    // A line that is no list of shell words has no heredocs; the shell will say what is wrong with it.
    if (error instanceof DockerfileError) return [];
    throw error;
  }
}

function nodeFromLine(line: string, mark: string, profile: Profile, lines: LineRange, comments: string[]): Node {
  const { keyword, flags, rest } = splitLine(line, mark);
  const node: Node = {
    keyword,
    flags,
    args: [],
    json: false,
    pairs: [],
    heredocs: [],
    original: line,
    lines,
    comments,
  };
  try {
    readArguments(node, rest, mark, profile);
  } catch (error) {
    throw error instanceof DockerfileError ? error.at(lines) : error;
  }
  return node;
}

function readArguments(node: Node, rest: string, mark: string, profile: Profile): void {
  switch (node.keyword.toLowerCase()) {
    case 'add':
    case 'copy':
    case 'volume':
      maybeJson(node, rest, splitBlanks);
      return;
    case 'cmd':
    case 'entrypoint':
    case 'run':
    case 'shell':
      maybeJson(node, rest, (text) => (text === '' ? [] : [text]));
      return;
    case 'healthcheck':
      healthcheckArguments(node, rest);
      return;
    case 'env':
    case 'label':
      pairArguments(node, rest, mark);
      return;
    case 'arg':
      node.args = splitWords(rest, mark);
      return;
    case 'expose':
    case 'from':
      node.args = splitBlanks(rest);
      return;
    case 'maintainer':
    case 'stopsignal':
    case 'user':
    case 'workdir':
      node.args = rest === '' ? [] : [rest];
      return;
    case 'onbuild':
      if (rest === '') return;
      node.args = [rest];
      node.trigger = nodeFromLine(rest, mark, profile, node.lines, []);
  }
}

function maybeJson(node: Node, rest: string, otherwise: (text: string) => string[]): void {
  const items = jsonArray(rest);
  if (items === 'mixed') {
    throw new DockerfileError('syntax', 'when using JSON array syntax, arrays must be comprised of strings only');
  }
  node.json = items !== undefined;
  node.args.push(...(items ?? otherwise(rest)));
}

function healthcheckArguments(node: Node, rest: string): void {
  const match = /^(\S+)\s*([\s\S]*)$/.exec(rest);
  if (!match) return;
  node.args = [match[1]!];
  maybeJson(node, match[2]!, (text) => (text === '' ? [] : [text]));
}

function pairArguments(node: Node, rest: string, mark: string): void {
  const words = splitWords(rest, mark);
  if (words.length === 0) return;
  if (!words[0]!.includes('=')) {
    const match = /^([^\t\v\f\r ]*)[\t\v\f\r ]+([\s\S]*)$/.exec(rest);
    if (!match) throw new DockerfileError('syntax', `${node.keyword.toUpperCase()} must have two arguments`);
    node.args = [match[1]!, match[2]!];
    node.pairs = [{ key: match[1]!, value: match[2]!, legacy: true }];
    return;
  }
  node.args = words;
  node.pairs = words.map((word) => {
    const at = word.indexOf('=');
    if (at < 0) {
      const quoted = JSON.stringify(word);
      throw new DockerfileError('syntax', `Syntax error - can't find = in ${quoted}. Must be of the form: name=value`);
    }
    return { key: word.slice(0, at), value: word.slice(at + 1), legacy: false };
  });
}
