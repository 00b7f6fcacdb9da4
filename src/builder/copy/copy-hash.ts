import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex as hex } from '@noble/hashes/utils.js';
import type { TarType } from '../../archive/index.ts';
import { type Content, chunks, finish, type Steps, utf8 } from '../../spec/index.ts';
import { type SourceTree, walk } from './source-tree.ts';

/**
 * The hashes in the classic builder's COPY and ADD history lines, by which it also decides about its cache: tarsum
 * version 1 (the tar header's fields but for times, then the data) of each entry of the context.
 */
const typeFlags: Record<TarType, string> = {
  file: '0',
  link: '1',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

interface Header {
  name: string;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  type: TarType;
  linkname: string;
  uname: string;
  gname: string;
  devmajor: number;
  devminor: number;
}

const digestText = (text: string): string => hex(sha256(utf8(text)));

function entryHash(header: Header, data: Content | undefined): string {
  const hash = sha256.create();
  const { type, ...fields } = header;
  const ordered = [
    ...[`name${fields.name}`, `mode${fields.mode}`, `uid${fields.uid}`, `gid${fields.gid}`, `size${fields.size}`],
    ...[`typeflag${typeFlags[type]}`, `linkname${fields.linkname}`, `uname${fields.uname}`, `gname${fields.gname}`],
    ...[`devmajor${fields.devmajor}`, `devminor${fields.devminor}`],
  ];
  const text = ordered.join('');
  const seen = data && data.size >= worthKeeping ? keptOf(data) : undefined;
  const before = seen?.get(text);
  if (before) return before;
  hash.update(utf8(text));
  if (data) for (const chunk of chunks(data)) hash.update(chunk);
  const result = hex(hash.digest());
  seen?.set(text, result);
  return result;
}

/** Hashes of large files, by what else goes into them: a context that is sent again has the same contents. */
const kept = new WeakMap<Content, Map<string, string>>();
const worthKeeping = 65536;

function keptOf(data: Content): Map<string, string> {
  const found = kept.get(data) ?? new Map<string, string>();
  kept.set(data, found);
  return found;
}

/** Hash of one path; a symlink counts as what it resolves to, or as its own path when that is not there. */
export function pathHash(tree: SourceTree, path: string): string {
  return literalHash(tree, tree.resolve(path, true));
}

/** Of a path on which, up to its end, no symlink lies. */
export function literalHash(tree: SourceTree, target: string): string {
  const header = headerOf(tree, target);
  if (!header) return target;
  return entryHash(header, header.type === 'file' ? tree.content(target) : undefined);
}

function headerOf(tree: SourceTree, path: string): Header | undefined {
  const stat = tree.lstat(path);
  if (!stat || stat.type === 'socket') return undefined;
  const entry = tree.tarEntry?.(path);
  const { type, mode, uid, gid, size, linkname, devmajor, devminor } = entry ?? {
    ...stat,
    type: stat.type,
    linkname: stat.type === 'symlink' ? tree.readlink(path) : '',
    devmajor: stat.rdev.major,
    devminor: stat.rdev.minor,
  };
  const name = type === 'directory' ? `${path}/` : path;
  const names = { uname: entry?.uname ?? '', gname: entry?.gname ?? '' };
  return {
    name,
    mode: mode & 0o7777,
    uid,
    gid,
    size: type === 'file' ? size : 0,
    type,
    linkname,
    devmajor,
    devminor,
    ...names,
  };
}

/** `file:…` of a file, `dir:…` of a directory with all below it. */
export const sourceHash = (tree: SourceTree, path: string): string => finish(hashing(tree, path));

/** {@link sourceHash}, a name a step. */
export function* hashing(tree: SourceTree, path: string): Steps<string> {
  if (tree.lstat(tree.resolve(path, true))?.type !== 'directory') return `file:${pathHash(tree, path)}`;
  const root = tree.resolve(path, true);
  const hashes = root === '' ? [] : [literalHash(tree, root)];
  for (const below of walk(tree, root)) {
    yield;
    hashes.push(tree.lstat(below)?.type === 'symlink' ? pathHash(tree, below) : literalHash(tree, below));
  }
  return `dir:${digestText(hashes.sort().join(','))}`;
}

/** One source's hash as it is, several joined to `multi:…`. */
export const joinHashes = (hashes: readonly string[]): string =>
  hashes.length === 1 ? hashes[0]! : `multi:${digestText(hashes.join(','))}`;
