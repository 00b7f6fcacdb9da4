/** Commits, annotated tags and trees as values. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { fromUtf8, utf8 } from '../../../../spec/index.ts';
import type { Person } from '../ident.ts';
import { formatPerson, parsePerson } from '../ident.ts';
import { Fatal } from '../problem.ts';
import type { ObjectStore } from './objects.ts';

export interface Commit {
  id: string;
  tree: string;
  parents: readonly string[];
  author: Person;
  committer: Person;
  message: string;
}

export interface TreeEntry {
  mode: number;
  name: string;
  id: string;
}

export interface Tag {
  object: string;
  type: string;
  name: string;
  tagger: Person | undefined;
  message: string;
}

export const treeMode = 0o040000;
export const linkMode = 0o120000;
export const moduleMode = 0o160000;

/** The header's lines by name, and what follows the empty line. */
function headerAndBody(bytes: Uint8Array): { fields: [string, string][]; message: string } {
  const text = fromUtf8(bytes);
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const fields: [string, string][] = [];
  for (const line of head.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) fields.push([line.slice(0, space), line.slice(space + 1)]);
  }
  return { fields, message: end < 0 ? '' : text.slice(end + 2) };
}

export function readCommit(store: ObjectStore, id: string): Commit {
  const { fields, message } = headerAndBody(store.need(id));
  const one = (name: string) => fields.find(([key]) => key === name)?.[1] ?? '';
  return {
    id,
    tree: one('tree'),
    parents: fields.filter(([key]) => key === 'parent').map(([, value]) => value),
    author: parsePerson(one('author')),
    committer: parsePerson(one('committer')),
    message,
  };
}

export function writeCommit(store: ObjectStore, commit: Omit<Commit, 'id'>): string {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((id) => `parent ${id}`),
    `author ${formatPerson(commit.author)}`,
    `committer ${formatPerson(commit.committer)}`,
  ];
  return store.write('commit', utf8(`${lines.join('\n')}\n\n${commit.message}`));
}

export function readTag(bytes: Uint8Array): Tag {
  const { fields, message } = headerAndBody(bytes);
  const one = (name: string) => fields.find(([key]) => key === name)?.[1];
  const tagger = one('tagger');
  return {
    object: one('object') ?? '',
    type: one('type') ?? '',
    name: one('tag') ?? '',
    tagger: tagger === undefined ? undefined : parsePerson(tagger),
    message,
  };
}

export function writeTag(store: ObjectStore, tag: Tag & { tagger: Person }): string {
  const { object, type, name, tagger, message } = tag;
  const text = `object ${object}\ntype ${type}\ntag ${name}\ntagger ${formatPerson(tagger)}\n\n${message}`;
  return store.write('tag', utf8(text));
}

export const parseTree = (bytes: Uint8Array): TreeEntry[] => {
  const out: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    out.push({
      mode: Number.parseInt(fromUtf8(bytes.subarray(at, space)), 8),
      name: fromUtf8(bytes.subarray(space + 1, end)),
      id: bytesToHex(bytes.subarray(end + 1, end + 21)),
    });
    at = end + 21;
  }
  return out;
};

export function writeTree(store: ObjectStore, entries: readonly TreeEntry[]): string {
  // A directory sorts as if its name ended in a slash.
  const key = ({ mode, name }: TreeEntry) => (mode === treeMode ? `${name}/` : name);
  const sorted = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const parts = sorted.map(({ mode, name, id }) => [utf8(`${mode.toString(8)} ${name}\0`), hexToBytes(id)] as const);
  const bytes = new Uint8Array(parts.reduce((sum, [head]) => sum + head.length + 20, 0));
  let at = 0;
  for (const [head, id] of parts) {
    bytes.set(head, at);
    bytes.set(id, at + head.length);
    at += head.length + 20;
  }
  return store.write('tree', bytes);
}

/** A tree's files, whatever their depth, by path. */
export type Files = Map<string, { mode: number; id: string }>;

export function filesOf(store: ObjectStore, tree: string | undefined, prefix = '', out: Files = new Map()): Files {
  if (tree === undefined) return out;
  for (const { mode, name, id } of parseTree(store.need(tree, 'tree'))) {
    if (mode === treeMode) filesOf(store, id, `${prefix}${name}/`, out);
    else out.set(prefix + name, { mode, id });
  }
  return out;
}

/** Writes the trees that hold these files and gives the topmost. */
export function writeFiles(store: ObjectStore, files: Iterable<[path: string, { mode: number; id: string }]>): string {
  const own: TreeEntry[] = [];
  const below = new Map<string, [string, { mode: number; id: string }][]>();
  for (const [path, file] of files) {
    const slash = path.indexOf('/');
    if (slash < 0) own.push({ name: path, ...file });
    else {
      const name = path.slice(0, slash);
      const list = below.get(name) ?? [];
      list.push([path.slice(slash + 1), file]);
      below.set(name, list);
    }
  }
  for (const [name, list] of below) own.push({ mode: treeMode, name, id: writeFiles(store, list) });
  return writeTree(store, own);
}

/** What an id comes down to when tags are followed. */
export function peel(store: ObjectStore, id: string): { id: string; type: string } {
  const found = store.read(id);
  if (!found) throw new Fatal(`bad object ${id}`);
  return found.type === 'tag' ? peel(store, readTag(found.bytes).object) : { id, type: found.type };
}
