/** The way back from chunks to a snapshot. Whatever is wrong with them is a DataError, before anything is changed. */
import { attest } from '../../content/index.ts';
import { type BlobSnapshot, type InodeData, type RecordSnapshot, ROOT_INO, treeFromData } from '../../sim/index.ts';
import { type Content, type Digest, emptyContent, fromBase64, fromUtf8, type Timespec } from '../../spec/index.ts';
import type { Snapshot } from '../snapshot.ts';
import { ContentReader, count, DataError, list, number, text } from './content-code.ts';
import { formatName, formatVersion, type Head } from './snapshot-writer.ts';

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFLNK = 0o120000;

/** How each older version is brought to the next one: `migrations[1]` makes a head of version 2. */
const migrations: Readonly<Record<number, (head: Head) => Head>> = {};

export function parseHead(bytes: Uint8Array): Head {
  let head: Head;
  try {
    head = JSON.parse(fromUtf8(bytes)) as Head;
  } catch {
    throw new DataError('this is no drydock workspace');
  }
  if (head?.format !== formatName) throw new DataError('this is no drydock workspace');
  if (count(head.version) > formatVersion) {
    throw new DataError(
      `this workspace was written by a newer drydock (format ${head.version}, known ${formatVersion})`,
    );
  }
  while (head.version < formatVersion) head = migrations[head.version]!(head);
  for (const keys of [head.pages, head.chunks]) for (const key of list(keys)) text(key);
  return head;
}

export function readSnapshot(head: Head, chunks: ReadonlyMap<string, Uint8Array>): Snapshot {
  try {
    return read(head, new ContentReader(chunks));
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`this workspace is damaged (${(error as Error).message})`);
  }
}

function read(head: Head, contents: ContentReader): Snapshot {
  const json = (key: string): unknown => JSON.parse(fromUtf8(contents.chunk(key)));
  const inodes = new Map<number, InodeData>();
  for (const key of head.pages) for (const one of list(json(key))) readNode(list(one), contents, inodes);
  checkTree(inodes);
  const clock = { start: time(head.clock.start.sec, head.clock.start.nsec), elapsedNs: count(head.clock.elapsedNs) };
  const totals = {
    blocks: count(head.totals.blocks),
    inodes: count(head.totals.inodes),
    nextIno: count(head.totals.nextIno),
    // Counted anew, of what is written from now on.
    held: 0,
  };
  const disk = treeFromData(inodes, totals, { dev: 0xfe01, clock: { now: () => clock.start } });
  const { engine } = head;
  const blobs = (key: string): BlobSnapshot => new Map(list(json(key)).map((pair) => readBlob(list(pair), contents)));
  const records = (key: string): RecordSnapshot => readRecords(json(key));
  return {
    clock,
    entropy: entropy(head.entropy),
    processes: { processes: [], cgroups: [], netNamespaces: [] },
    disk: disk.snapshot(),
    engine: engine && {
      entropy: entropy(engine.entropy),
      blobs: blobs(engine.blobs),
      records: records(engine.records),
      hub: { blobs: blobs(engine.hub.blobs), records: records(engine.hub.records) },
    },
  };
}

function readNode(fields: unknown[], contents: ContentReader, into: Map<number, InodeData>): void {
  const [ino, mode, nlink, uid, gid, rdev, nameBytes, a, an, m, mn, c, cn, body, xattrs] = fields;
  const type = count(mode) & S_IFMT;
  const pairs: [string, number][] = [];
  if (type === S_IFDIR) {
    const names = list(body);
    for (let i = 0; i < names.length; i += 2) pairs.push([fileName(names[i]), count(names[i + 1])]);
  }
  into.set(count(ino), {
    mode: count(mode, 0o177777),
    nlink: count(nlink),
    uid: count(uid),
    gid: count(gid),
    rdev: count(rdev),
    nameBytes: count(nameBytes),
    atime: time(a, an),
    mtime: time(m, mn),
    ctime: time(c, cn),
    target: type === S_IFLNK ? text(body || '') : '',
    data: type !== S_IFDIR && type !== S_IFLNK && body !== 0 ? contents.content(body) : emptyContent,
    xattrs: xattrs
      ? new Map(list(xattrs).map((pair) => [text(list(pair)[0]), fromBase64(text(list(pair)[1]))] as const))
      : undefined,
    children: pairs,
  });
}

function fileName(value: unknown): string {
  const name = text(value);
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) throw new DataError('a file name is none');
  return name;
}

/** Every name leads to an inode, and a directory has one name: no loops. */
function checkTree(inodes: ReadonlyMap<number, InodeData>): void {
  const isDirectory = (ino: number) => (inodes.get(ino)!.mode & S_IFMT) === S_IFDIR;
  if (!inodes.has(ROOT_INO) || !isDirectory(ROOT_INO)) throw new DataError('there is no root directory');
  const named = new Set([ROOT_INO]);
  for (const { children } of inodes.values()) {
    for (const [name, ino] of children) {
      if (!inodes.has(ino)) throw new DataError(`the file ${name} is missing`);
      if (!isDirectory(ino)) continue;
      if (named.has(ino)) throw new DataError(`the directory ${name} is there twice`);
      named.add(ino);
    }
  }
}

function readBlob([digest, code]: unknown[], contents: ContentReader): [Digest, Content] {
  if (!/^sha256:[0-9a-f]{64}$/.test(text(digest))) throw new DataError('a digest is none');
  return [digest as Digest, attest(contents.content(code), digest as Digest)];
}

const readRecords = (value: unknown): RecordSnapshot =>
  new Map(
    list(value).map((pair) => {
      const [bucket, entries] = list(pair);
      return [text(bucket), new Map(list(entries).map((entry) => [text(list(entry)[0]), list(entry)[1]]))];
    }),
  );

const time = (sec: unknown, nsec: unknown): Timespec => ({ sec: number(sec), nsec: count(nsec, 999_999_999) });

const entropy = ({ words, spare }: Snapshot['entropy']): Snapshot['entropy'] => ({
  words: list(words).map((word) => count(word, 0xffffffff)),
  spare: list(spare).map((byte) => count(byte, 255)),
});
