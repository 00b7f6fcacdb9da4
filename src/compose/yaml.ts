import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import { ProjectError } from './project.ts';
import { type Dict, goSyntax, newDict, type Path, showPath, type Value } from './value.ts';
import { yamlProblem } from './yaml-problem.ts';
import { resolveScalar } from './yaml-scalar.ts';

/** One document of a file. */
export interface YamlDocument {
  value: Value;
  /** Paths under `!reset` and `!override`: what is said there by files before is forgotten. */
  resets: Path[];
}

/** Above these a file is no file but an attack: real ones have some thousand nodes. */
const bounds = { text: 8 << 20, nodes: 1 << 18, depth: 1000 };

const dropped = Symbol('reset');
type Resolved = Value | typeof dropped;

/** A YAML text, as gopkg.in/yaml.v3 and compose-go's tags read it. It is parsed once, however often it is asked. */
export class YamlText {
  private readonly lines = new LineCounter();
  private parsed?: Document[];

  constructor(private readonly text: string) {}

  private get roots(): Document[] {
    this.parsed ??= composed(this.text, this.lines);
    return this.parsed;
  }

  documents(): YamlDocument[] {
    const { roots } = this;
    try {
      return roots.map((root) => new Reader(root, this.lines).read());
    } catch (error) {
      // Our parser lets some things pass (a key of nothing) that yaml.v3 does not take for YAML.
      const problem = error instanceof ProjectError ? guarded(() => yamlProblem(this.text)) : undefined;
      throw problem ? new ProjectError(problem) : error;
    }
  }

  /**
   * The `name:` of the first document, as compose asks for it before it reads the file: by a Go struct, whose words it
   * uses for a file that is no mapping.
   */
  name(): string | undefined {
    const { lines } = this;
    const root = (this.roots[0]?.contents ?? null) as Node | null;
    if (root === null || (isScalar(root) && resolveScalar(root) === null)) return undefined;
    if (!isMap(root)) throw unmarshal([mismatch(root, 'cli.named', lines)]);
    const twice = repeated(root, lines);
    if (twice.length > 0) throw unmarshal(twice);
    const value = root.get('name', true) as Node | null | undefined;
    if (!value || isAlias(value)) return undefined;
    if (!isScalar(value)) throw unmarshal([mismatch(value, 'string', lines)]);
    return resolveScalar(value) === null ? undefined : String(value.value);
  }

  /** The names of all documents. */
  names(): string[] {
    return this.roots.flatMap(({ contents }) => {
      const value = isMap(contents) ? (contents.get('name', true) as unknown) : undefined;
      return isScalar(value) && resolveScalar(value) !== null && value.value !== '' ? [String(value.value)] : [];
    });
  }
}

function composed(text: string, lines: LineCounter): Document[] {
  if (text.length > bounds.text) throw new ProjectError('yaml: document is too large');
  if (mayBeDeep(text)) refuseDepth(text);
  const found = guarded(() =>
    parseAllDocuments(text.replace(/^\uFEFF/, ''), {
      schema: 'failsafe',
      uniqueKeys: false,
      strict: true,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter: lines,
    }),
  );
  const documents: Document[] = Array.isArray(found) ? found : [];
  const error = documents.find(({ errors }) => errors.length > 0)?.errors[0];
  if (error) throw new ProjectError(guarded(() => yamlProblem(text)) ?? problemOf(error, lines));
  return documents;
}

const unmarshal = (problems: string[]): ProjectError =>
  new ProjectError(`yaml: unmarshal errors:\n  ${problems.join('\n  ')}`);

const lineOf = (node: Node, lines: LineCounter): number => lines.linePos(node.range?.[0] ?? 0).line;

function mismatch(node: Node, into: string, lines: LineCounter): string {
  const what = isScalar(node)
    ? `!!${tagOf(node)} \`${shortened(String(node.value))}\``
    : isMap(node)
      ? '!!map'
      : '!!seq';
  return `line ${lineOf(node, lines)}: cannot unmarshal ${what} into ${into}`;
}

const shortened = (text: string): string => (text.length > 10 ? `${text.slice(0, 7)}...` : text);

function tagOf(node: Scalar): string {
  const value = resolveScalar(node);
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'boolean' ? 'bool' : 'str';
}

/** Keys of a mapping that are there more than once. */
function repeated(node: YAMLMap, lines: LineCounter): string[] {
  const keys = node.items.map(({ key }) => key).filter((key) => isScalar(key));
  return keys.flatMap((key, i) =>
    keys
      .slice(i + 1)
      .filter((other) => other.value === key.value)
      .map((other) => {
        const [line, first] = [lineOf(other, lines), lineOf(key, lines)];
        return `line ${line}: mapping key ${goSyntax(String(key.value))} already defined at line ${first}`;
      }),
  );
}

/** Whether there is enough of what nests to be too deep for our parser, whose time grows with the square of the depth. */
const mayBeDeep = (text: string): boolean => (text.match(/[[{]|[-?:] /g)?.length ?? 0) > bounds.depth;

function refuseDepth(text: string): void {
  const problem = yamlProblem(text, bounds.depth);
  if (problem?.includes('exceeded max depth')) throw new ProjectError(problem);
}

/** For what yaml.v3 would read and our parser does not. */
const problemOf = (error: YAMLParseError, lines: LineCounter): string =>
  `yaml: line ${lines.linePos(error.pos[0]).line}: ${error.message}`;

/** A text too deep for the stack is told as such. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new ProjectError('yaml: exceeded max depth of 10000');
    throw error;
  }
}

class Reader {
  private readonly resets: Path[] = [];
  private readonly anchors = new Map<string, Node>();
  /** Anchored nodes that are being read: an alias to one of them is a circle. */
  private readonly open = new Set<Node>();
  private nodes = 0;

  constructor(
    private readonly root: Document,
    private readonly lines: LineCounter,
  ) {}

  read(): YamlDocument {
    const value = this.root.contents === null ? null : this.node(this.root.contents as Node, []);
    return { value: value === dropped ? null : value, resets: this.resets };
  }

  private node(node: Node | null, path: Path): Resolved {
    if (++this.nodes > bounds.nodes) throw new ProjectError('yaml: document contains excessive aliasing');
    if (path.length > bounds.depth) throw new ProjectError('yaml: exceeded max depth of 10000');
    if (node === null) return null;
    if (isAlias(node)) return this.alias(node.source, path);
    if ('anchor' in node && node.anchor) this.anchors.set(node.anchor, node);
    if (node.tag === '!reset' || node.tag === '!override') this.resets.push(path);
    if (node.tag === '!reset') return dropped;
    this.open.add(node);
    const value = this.content(node, path);
    this.open.delete(node);
    return value;
  }

  private content(node: Node, path: Path): Resolved {
    if (isScalar(node)) return resolveScalar(node);
    if (isSeq(node))
      return node.items.map((item, i) => this.node(item as Node, [...path, String(i)])).filter((v) => v !== dropped);
    return isMap(node) ? this.mapping(node, path) : null;
  }

  private alias(name: string, path: Path): Resolved {
    const target = this.anchors.get(name);
    if (!target) throw new ProjectError(`yaml: unknown anchor '${name}' referenced`);
    if (this.open.has(target))
      throw new ProjectError(`cycle detected: node at path ${showPath(path)} references node at path `);
    return this.node(target, path);
  }

  private mapping(node: { items: { key: unknown; value: unknown }[] }, path: Path): Dict {
    const dict = newDict();
    const merged: Value[] = [];
    const seen = new Map<string, number>();
    for (const pair of node.items) {
      const key = this.key(pair.key as Node | null, path, seen);
      // A merge key leaves no part in the path.
      const merge = key === '<<' && isPlain(pair.key);
      const value = this.node(pair.value as Node | null, merge ? path : [...path, key]);
      if (value === dropped) continue;
      if (merge) merged.push(value);
      else dict[key] = value;
    }
    for (const value of merged) mergeInto(dict, value);
    return dict;
  }

  private key(node: Node | null, path: Path, seen: Map<string, number>): string {
    const value = node === null ? null : this.node(node, path);
    if (typeof value !== 'string') {
      const place = path.length === 0 ? 'at top level' : `in ${placeOf(path)}`;
      throw new ProjectError(`non-string key ${place}: ${goSyntax(value === dropped ? null : value)}`);
    }
    const line = this.lines.linePos(node!.range?.[0] ?? 0).line;
    const before = seen.get(value);
    if (before !== undefined)
      throw new ProjectError(`line ${line}: mapping key ${goSyntax(value)} already defined at line ${before}`);
    seen.set(value, line);
    return value;
  }
}

const isPlain = (node: unknown): boolean => isScalar(node) && (node.type === 'PLAIN' || node.type === undefined);

const placeOf = (path: Path): string =>
  path.map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : i ? `.${part}` : part)).join('');

/** `<<`: keys that are there stay; of several mappings the first wins. */
function mergeInto(dict: Dict, from: Value): void {
  for (const source of Array.isArray(from) ? from : [from]) {
    if (typeof source !== 'object' || source === null || Array.isArray(source))
      throw new ProjectError('yaml: map merge requires map or sequence of maps as the value');
    for (const key of Object.keys(source)) if (!(key in dict)) dict[key] = source[key]!;
  }
}
