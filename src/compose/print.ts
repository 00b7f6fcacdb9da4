import { goJson } from '../spec/index.ts';
import type { Project } from './project.ts';
import type { Variable } from './template.ts';
import { type Field, project as projectType, type Type } from './types.ts';
import { type Dict, isDict, type Value } from './value.ts';
import { type Node, writeYaml } from './yaml-writer.ts';

type Form = 'yaml' | 'json';

/** A project as `docker compose config` prints it, before `$` is doubled. */
export function printProject(project: Project, form: Form = 'yaml'): string {
  const node = ordered(projectType, withoutTaken(project) as unknown as Value, form) as Map<string, Node>;
  if (form === 'yaml') return writeYaml(node);
  for (const [key, value] of Object.entries(project))
    if (key.startsWith('x-')) node.set(key, plain(value as Value, form));
  return writeJson(new Map([...node].sort(byBytes)));
}

/** A tree of no type: keys in order. */
export const printTree = (tree: Dict, form: Form): string =>
  form === 'yaml' ? writeYaml(plain(tree, form)) : writeJson(plain(tree, form));

/** The variables of a project as `config --variables --format yaml` and `json` print them. */
export function printVariables(variables: Iterable<Variable>, form: Form): string {
  const keys = { name: 'Name', defaultValue: 'DefaultValue', presenceValue: 'PresenceValue', required: 'Required' };
  const shown = Array.from(variables, (variable): [string, Node] => {
    const fields = (Object.keys(keys) as (keyof typeof keys)[]).map((key): [string, Node] => [
      form === 'yaml' ? keys[key].toLowerCase() : keys[key],
      variable[key],
    ]);
    return [variable.name, new Map(fields)];
  });
  const node = new Map(shown.sort(form === 'yaml' ? byNature : byBytes));
  // Both are indented by four here, JSON ends with an empty line, and none of it is escaped for HTML.
  if (form === 'yaml') return writeYaml(node).replaceAll(/^ {2}/gm, '    ');
  return `${JSON.stringify(plainObject(node), null, 4)}\n\n`;
}

const plainObject = (node: Node): unknown =>
  node instanceof Map ? Object.fromEntries([...node].map(([key, item]) => [key, plainObject(item)])) : node;

/** What a config takes from the environment is not printed: the next to read it takes it again. */
function withoutTaken(project: Project): Project {
  if (!project.configs) return project;
  const configs = Object.entries(project.configs).map(([name, config]) => {
    const { content: _, ...rest } = config;
    return [name, config.environment ? rest : config];
  });
  return { ...project, configs: Object.fromEntries(configs) };
}

/** A value of a type with its keys in the order of Go's struct. */
export function ordered(type: Type, value: Value, form: Form): Node {
  if (typeof type === 'string' || 'pointer' in type) return value as Node;
  if ('list' in type) return (value as Value[]).map((item) => ordered(type.list, item, form));
  if ('struct' in type) return isDict(value) ? struct(type.struct, value, form) : (value as null);
  if ('map' in type) {
    const entries = Object.entries(value as Dict).sort(form === 'yaml' ? byNature : byBytes);
    return new Map(entries.map(([key, item]) => [key, item === null ? null : ordered(type.map, item, form)]));
  }
  if (type.special === 'envFiles') return (value as Dict[]).map((file) => envFile(file, form));
  if (type.special === 'ulimit' && isDict(value)) {
    const limits = (['soft', 'hard'] as const).map((key): [string, Node] => [key, value[key] as number]);
    return new Map(form === 'json' ? limits.filter(([, limit]) => limit !== 0) : limits);
  }
  return plain(value, form);
}

const envFile = ({ path, required, format }: Dict, form: Form): Node => {
  if (required !== false) return path as string;
  const shown = new Map<string, Node>([
    ['path', path as string],
    ['required', false],
  ]);
  return form === 'json' && format ? shown.set('format', format as string) : shown;
};

function struct(fields: Field[], value: Dict, form: Form): Map<string, Node> {
  const out = new Map<string, Node>();
  for (const field of fields) {
    const item = value[field.key];
    if (item === undefined) continue;
    const shown = ordered(field.type, item, form);
    // YAML leaves out what is nothing; encoding/json cannot.
    if (form === 'yaml' && field.jsonAlways && (shown === null || (shown instanceof Map && shown.size === 0))) continue;
    out.set(form === 'json' ? (field.json ?? field.key) : field.key, shown);
  }
  if (form === 'yaml')
    for (const key of Object.keys(value)
      .filter((name) => name.startsWith('x-'))
      .sort(natural))
      out.set(key, plain(value[key]!, form));
  return out;
}

function plain(value: Value, form: Form): Node {
  if (Array.isArray(value)) return value.map((item) => plain(item, form));
  if (!isDict(value)) return value;
  const entries = Object.entries(value).sort(form === 'yaml' ? byNature : byBytes);
  return new Map(entries.map(([key, item]) => [key, plain(item, form)]));
}

const byBytes = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0);
const byNature = ([a]: [string, unknown], [b]: [string, unknown]): number => natural(a, b);

const isDigit = (char: string | undefined): boolean => char !== undefined && /\d/.test(char);
const isLetter = (char: string): boolean => /\p{L}/u.test(char);

/** The order yaml.v3 gives to the keys of a map: numbers in them count as numbers. */
export function natural(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  const same = a.findIndex((char, i) => char !== b[i]);
  if (same < 0 || same >= b.length) return a.length - b.length;
  const [x, y] = [a[same]!, b[same]!];
  const [letterX, letterY] = [isLetter(x), isLetter(y)];
  if (letterX && letterY) return x < y ? -1 : 1;
  if (letterX || letterY) return isDigit(a[same - 1]) === letterX ? -1 : 1;
  const lead = (x === '0' || y === '0') && digitsBefore(a, same).some((char) => char !== '0') ? '1' : '';
  const [m, n] = [digitsFrom(a, same), digitsFrom(b, same)];
  return Number(lead + m || 0) - Number(lead + n || 0) || m.length - n.length || (x < y ? -1 : 1);
}

function digitsBefore(chars: string[], end: number): string[] {
  let start = end;
  while (start > 0 && isDigit(chars[start - 1])) start--;
  return chars.slice(start, end);
}

function digitsFrom(chars: string[], start: number): string {
  let end = start;
  while (isDigit(chars[end])) end++;
  return chars.slice(start, end).join('');
}

/** JSON as encoding/json writes it, indented by two. */
export function writeJson(node: Node, indent = '\n'): string {
  const inner = indent && `${indent}  `;
  const colon = indent ? ': ' : ':';
  const wrap = (open: string, items: string[], close: string) =>
    items.length === 0 ? open + close : `${open}${items.map((item) => inner + item).join(',')}${indent}${close}`;
  if (Array.isArray(node))
    return wrap(
      '[',
      node.map((item) => writeJson(item, inner)),
      ']',
    );
  if (node instanceof Map)
    return wrap(
      '{',
      [...node].map(([key, item]) => `${goJson(key)}${colon}${writeJson(item, inner)}`),
      '}',
    );
  return typeof node === 'bigint' ? String(node) : goJson(node);
}
