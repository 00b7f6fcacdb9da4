import { goFloat } from './value.ts';
import { isPlainText } from './yaml-scalar.ts';

/** A tree to be printed: a Map keeps its order whatever its keys look like. */
export type Node = null | boolean | number | bigint | string | Node[] | Map<string, Node>;

/** YAML as gopkg.in/yaml.v3 writes it with an indentation of two. */
export const writeYaml = (node: Node): string =>
  isEmpty(node) || !isBlock(node) ? `${inlined(node)}\n` : block(node, 0);

const isBlock = (node: Node): node is Node[] | Map<string, Node> => Array.isArray(node) || node instanceof Map;

const isEmpty = (node: Node): boolean =>
  (Array.isArray(node) ? node.length : node instanceof Map ? node.size : 1) === 0;

const spaces = (count: number): string => ' '.repeat(count);

/** A mapping or list, each line after the first with its indentation; the first is where the caller is. */
function block(node: Node[] | Map<string, Node>, indent: number): string {
  const lines = Array.isArray(node)
    ? node.map((item) => `- ${after(item, indent + 2)}`)
    : [...node].map(([key, value]) => entry(key, value, indent));
  return lines.join(spaces(indent));
}

function entry(key: string, value: Node, indent: number): string {
  if (Array.from(key).some(isBreak) || byteLength(key) > longestKey)
    return `? ${scalar(key, indent + 2)}\n${spaces(indent)}: ${after(value, indent + 2)}`;
  const shown = scalar(key, indent);
  if (!isBlock(value) || isEmpty(value)) return `${shown}: ${after(value, indent + 2)}`;
  return `${shown}:\n${spaces(indent + 2)}${block(value, indent + 2)}`;
}

/** In bytes: longer keys, and those of several lines, are written apart from their values. */
const longestKey = 128;
const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** What comes after `- ` or `key: `, with the end of its line. */
function after(node: Node, indent: number): string {
  if (isBlock(node) && !isEmpty(node)) return block(node, indent);
  return typeof node === 'string' ? `${scalar(node, indent)}\n` : `${inlined(node)}\n`;
}

function inlined(node: Node): string {
  if (Array.isArray(node)) return '[]';
  if (node instanceof Map) return '{}';
  if (typeof node === 'string') return scalar(node, 2);
  if (typeof node !== 'number') return String(node);
  if (Number.isNaN(node)) return '.nan';
  return Number.isFinite(node) ? goFloat(node) : node > 0 ? '.inf' : '-.inf';
}

interface Analysis {
  plain: boolean;
  single: boolean;
  literal: boolean;
}

const isBreak = (char: string | undefined): boolean => char !== undefined && /[\r\n\u0085\u2028\u2029]/.test(char);
const isBlank = (char: string | undefined): boolean => char === undefined || char === ' ' || char === '\t';

/** What libyaml's printable characters are; those of four bytes are none. */
const isPrintable = (char: string): boolean =>
  char.length === 1 && /[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(char);

/** Which styles a text may have, as yaml_emitter_analyze_scalar tells. */
function analyze(text: string): Analysis {
  if (text === '') return { plain: true, single: true, literal: false };
  const chars = Array.from(text);
  const first = chars[0]!;
  const last = chars.at(-1)!;
  const indicators =
    /^(?:---|\.\.\.)/.test(text) ||
    /[#,[\]{}&*!|>'"%@`]/.test(first) ||
    (/[?:-]/.test(first) && isBlank(chars[1])) ||
    chars.some((char, i) => i > 0 && char === ':' && isBlankOrBreak(chars[i + 1])) ||
    chars.some((char, i) => i > 0 && char === '#' && isBlankOrBreak(chars[i - 1]));
  const breaks = chars.some(isBreak);
  const special = chars.some((char) => char !== '\t' && !isPrintable(char));
  const tabs = text.includes('\t');
  const spaceBreak = chars.some((char, i) => char === ' ' && isBreak(chars[i + 1]));
  const breakSpace = chars.some((char, i) => isBreak(char) && chars[i + 1] === ' ');
  const edges = [first, last].some((char) => char === ' ' || isBreak(char));
  return {
    plain: !indicators && !breaks && !special && !tabs && !edges,
    single: !breakSpace && !spaceBreak && !tabs && !special,
    literal: last !== ' ' && !spaceBreak && !special,
  };
}

const isBlankOrBreak = (char: string | undefined): boolean => isBlank(char) || isBreak(char);

function scalar(text: string, indent: number): string {
  const may = analyze(text);
  if (text.includes('\n')) return may.literal ? literal(text, indent) : doubleQuoted(text);
  if (!isPlainText(text)) return doubleQuoted(text);
  if (may.plain) return text;
  return may.single ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text);
}

/** `|`, with a hint of its indentation where its text begins with space. */
function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = text.endsWith('\n') ? (text === '\n' || text.endsWith('\n\n') ? '+' : '') : '-';
  const lines = text.replace(/\n$/, '').split('\n');
  const body = lines.map((line) => line && spaces(indent) + line).join('\n');
  // Differs from YAML, as yaml.v3 does: the first of line ends that a text begins with is lost.
  return `|${hint}${chomp}${text.startsWith('\n') ? '' : '\n'}${body}`;
}

const named: Record<string, string> = {
  ...{ '\0': '0', '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'e' },
  ...{ '"': '"', '\\': '\\', '\x85': 'N', '\u2028': 'L', '\u2029': 'P' },
};

function doubleQuoted(text: string): string {
  const body = Array.from(text, (char) => {
    const name = named[char];
    if (name !== undefined) return `\\${name}`;
    if (isPrintable(char)) return char;
    const code = char.codePointAt(0)!;
    const hex = code.toString(16).toUpperCase();
    if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  });
  return `"${body.join('')}"`;
}
