/**
 * Package files of RPM: lead, signature header, header, cpio payload (rpm's own format documents, version 3 packages).
 *
 *     lead (96) | signature header, padded to 8 | header | payload: cpio "newc"
 *     header: 8eade801 00000000 | entries | bytes | entries x (tag, type, offset, count) | store
 */
import {
  BytesContent,
  ConcatContent,
  type Content,
  contentBytes,
  emptyContent,
  fromUtf8,
  sliceOf,
  textContent,
  utf8,
} from '../spec/index.ts';
import { TarError } from './entry.ts';

/** RPMFILE_* bits. */
export const rpmFileFlag = { config: 1, doc: 2, noreplace: 16, ghost: 64 } as const;

export interface RpmFile {
  /** Absolute. */
  path: string;
  /** st_mode, type bits included. */
  mode: number;
  size: number;
  /** Seconds. */
  mtime: number;
  user: string;
  group: string;
  flags: number;
  /** Target of a symbolic link. */
  link: string;
  /** SHA-256 in hex; empty when nobody computed it. */
  digest: string;
}

/** A capability, `name`, or `name >= [epoch:]version[-release]`. */
export interface RpmCapability {
  name: string;
  relation?: '<' | '<=' | '=' | '>=' | '>';
  version?: string;
}

export interface RpmHeader {
  name: string;
  epoch: number | undefined;
  version: string;
  release: string;
  arch: string;
  summary: string;
  description: string;
  license: string;
  group: string;
  url: string;
  vendor: string;
  sourceRpm: string;
  buildHost: string;
  /** Seconds. */
  buildTime: number;
  /** Seconds; of an installed package. */
  installTime: number | undefined;
  /** Bytes installed. */
  size: number;
  requires: RpmCapability[];
  provides: RpmCapability[];
  conflicts: RpmCapability[];
  obsoletes: RpmCapability[];
  /** pre, post, preun, postun: shell scripts. */
  scripts: Partial<Record<'pre' | 'post' | 'preun' | 'postun', string>>;
  files: RpmFile[];
}

const types = { int16: 3, int32: 4, string: 6, strings: 8, i18n: 9 } as const;
type Value =
  | { type: 'string' | 'i18n'; value: string }
  | { type: 'strings'; value: string[] }
  | { type: 'int16' | 'int32'; value: number[] };

const senses = { '<': 2, '>': 4, '=': 8, '<=': 10, '>=': 12 } as const;
const magic = [0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0];

const texts = {
  name: 1000,
  version: 1001,
  release: 1002,
  license: 1014,
  url: 1020,
  arch: 1022,
  vendor: 1011,
  sourceRpm: 1044,
  buildHost: 1007,
} as const;
const translated = { summary: 1004, description: 1005, group: 1016 } as const;
const scriptTags = { pre: 1023, post: 1024, preun: 1025, postun: 1026 } as const;
/** Name, flags, version. */
const capabilityTags = {
  requires: [1049, 1048, 1050],
  provides: [1047, 1112, 1113],
  conflicts: [1054, 1053, 1055],
  obsoletes: [1090, 1114, 1115],
} as const;

type Entries = Map<number, Value>;

function entriesOf(header: RpmHeader): Entries {
  const entries: Entries = new Map();
  for (const [key, tag] of Object.entries(texts)) {
    const value = header[key as keyof typeof texts];
    if (value) entries.set(tag, { type: 'string', value });
  }
  for (const [key, tag] of Object.entries(translated)) {
    entries.set(tag, { type: 'i18n', value: header[key as keyof typeof translated] });
  }
  const int = (tag: number, value: number | undefined): void => {
    if (value !== undefined) entries.set(tag, { type: 'int32', value: [value] });
  };
  int(1003, header.epoch);
  int(1006, header.buildTime);
  int(1008, header.installTime);
  int(1009, header.size);
  for (const [key, tag] of Object.entries(scriptTags)) {
    const value = header.scripts[key as keyof typeof scriptTags];
    if (value) entries.set(tag, { type: 'string', value });
  }
  for (const [key, [name, flags, version]] of Object.entries(capabilityTags)) {
    const list = header[key as keyof typeof capabilityTags];
    if (list.length === 0) continue;
    entries.set(name, { type: 'strings', value: list.map((one) => one.name) });
    entries.set(flags, { type: 'int32', value: list.map((one) => (one.relation ? senses[one.relation] : 0)) });
    entries.set(version, { type: 'strings', value: list.map((one) => one.version ?? '') });
  }
  fileEntries(entries, header.files);
  entries.set(1021, { type: 'string', value: 'linux' });
  entries.set(1124, { type: 'string', value: 'cpio' });
  return entries;
}

function fileEntries(entries: Entries, files: readonly RpmFile[]): void {
  if (files.length === 0) return;
  const ints = (tag: number, value: number[], type: 'int16' | 'int32' = 'int32') => entries.set(tag, { type, value });
  const strings = (tag: number, value: string[]) => entries.set(tag, { type: 'strings', value });
  const slash = files.map(({ path }) => path.lastIndexOf('/') + 1);
  const directories = [...new Set(files.map(({ path }, i) => path.slice(0, slash[i])))];
  const indexes = new Map(directories.map((directory, i) => [directory, i]));
  ints(
    1028,
    files.map((file) => file.size),
  );
  ints(
    1030,
    files.map((file) => file.mode),
    'int16',
  );
  ints(
    1034,
    files.map((file) => file.mtime),
  );
  strings(
    1035,
    files.map((file) => file.digest),
  );
  strings(
    1036,
    files.map((file) => file.link),
  );
  ints(
    1037,
    files.map((file) => file.flags),
  );
  strings(
    1039,
    files.map((file) => file.user),
  );
  strings(
    1040,
    files.map((file) => file.group),
  );
  ints(
    1116,
    files.map(({ path }, i) => indexes.get(path.slice(0, slash[i]))!),
  );
  strings(
    1117,
    files.map(({ path }, i) => path.slice(slash[i])),
  );
  strings(1118, directories);
  ints(5011, [8]);
}

function serialise(entries: Entries): Uint8Array {
  const index: number[] = [];
  const store: number[] = [];
  const encoder = new TextEncoder();
  for (const [tag, { type, value }] of [...entries].sort(([a], [b]) => a - b)) {
    const width = type === 'int16' ? 2 : type === 'int32' ? 4 : 1;
    while (store.length % width) store.push(0);
    index.push(tag, types[type], store.length, Array.isArray(value) ? value.length : 1);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'string') {
        for (const byte of encoder.encode(one)) store.push(byte);
        store.push(0);
      } else for (let shift = (width - 1) * 8; shift >= 0; shift -= 8) store.push((one >>> shift) & 255);
    }
  }
  const bytes = new Uint8Array(16 + index.length * 4 + store.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint32(8, index.length / 4);
  view.setUint32(12, store.length);
  index.forEach((word, i) => {
    view.setUint32(16 + i * 4, word);
  });
  bytes.set(store, 16 + index.length * 4);
  return bytes;
}

/** A header alone, as `rpm --exportdb` writes them one after the other. */
export const rpmHeaderBytes = (header: RpmHeader): Uint8Array => serialise(entriesOf(header));

const broken = (): never => {
  throw new TarError('not an rpm package');
};

/** Reads the header at `at` and where it ends. Throws {@link TarError}. */
export function readRpmHeader(bytes: Uint8Array, at = 0): { header: RpmHeader; end: number } {
  const { entries, end } = parse(bytes, at);
  return { header: headerOf(entries), end };
}

function parse(bytes: Uint8Array, at: number): { entries: Entries; end: number } {
  if (!magic.every((byte, i) => bytes[at + i] === byte)) broken();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(at + 8);
  const store = at + 16 + count * 16;
  const end = store + view.getUint32(at + 12);
  if (end > bytes.length) broken();
  const entries: Entries = new Map();
  for (let i = 0; i < count; i++) {
    const word = (n: number): number => view.getUint32(at + 16 + i * 16 + n * 4);
    entries.set(word(0), valueAt(view, bytes, word(1), store + word(2), word(3)));
  }
  return { entries, end };
}

function valueAt(view: DataView, bytes: Uint8Array, type: number, at: number, count: number): Value {
  if (type === types.int16)
    return { type: 'int16', value: Array.from({ length: count }, (_, i) => view.getUint16(at + i * 2)) };
  if (type === types.int32)
    return { type: 'int32', value: Array.from({ length: count }, (_, i) => view.getUint32(at + i * 4)) };
  const value: string[] = [];
  let start = at;
  for (let i = 0; i < count; i++) {
    const end = bytes.indexOf(0, start);
    value.push(fromUtf8(bytes.subarray(start, end)));
    start = end + 1;
  }
  return type === types.strings ? { type: 'strings', value } : { type: 'string', value: value[0] ?? '' };
}

function headerOf(entries: Entries): RpmHeader {
  const text = (tag: number): string => {
    const value = entries.get(tag)?.value;
    return typeof value === 'string' ? value : '';
  };
  const list = <T>(tag: number): T[] => {
    const value = entries.get(tag)?.value;
    return Array.isArray(value) ? (value as T[]) : [];
  };
  const capabilities = ([name, flags, version]: readonly [number, number, number]): RpmCapability[] => {
    const relations = list<number>(flags);
    const versions = list<string>(version);
    return list<string>(name).map((one, i) => {
      const relation = Object.entries(senses).find(([, sense]) => sense === (relations[i]! & 14))?.[0];
      return relation
        ? { name: one, relation: relation as NonNullable<RpmCapability['relation']>, version: versions[i]! }
        : { name: one };
    });
  };
  const pick = <K extends string>(tags: Readonly<Record<K, number>>): Record<K, string> =>
    Object.fromEntries(Object.entries<number>(tags).map(([key, tag]) => [key, text(tag)])) as Record<K, string>;
  return {
    ...pick(texts),
    ...pick(translated),
    epoch: list<number>(1003)[0],
    buildTime: list<number>(1006)[0] ?? 0,
    installTime: list<number>(1008)[0],
    size: list<number>(1009)[0] ?? 0,
    requires: capabilities(capabilityTags.requires),
    provides: capabilities(capabilityTags.provides),
    conflicts: capabilities(capabilityTags.conflicts),
    obsoletes: capabilities(capabilityTags.obsoletes),
    scripts: Object.fromEntries(Object.entries(pick(scriptTags)).filter(([, script]) => script)),
    files: filesOf(list),
  };
}

function filesOf(list: <T>(tag: number) => T[]): RpmFile[] {
  const [size, mode, mtime, flags, index] = [1028, 1030, 1034, 1037, 1116].map((tag) => list<number>(tag));
  const [digest, link, user, group, directories] = [1035, 1036, 1039, 1040, 1118].map((tag) => list<string>(tag));
  return list<string>(1117).map((base, i) => ({
    path: directories![index![i]!]! + base,
    mode: mode![i]!,
    size: size![i]!,
    mtime: mtime![i]!,
    user: user![i]!,
    group: group![i]!,
    flags: flags![i]!,
    link: link![i]!,
    digest: digest![i]!,
  }));
}

/**
 * A package file; the contents of its files are referred to, in the order of `header.files` (none for a directory).
 *
 * Differs from RPM: the payload is not compressed and nothing is signed, as nobody reads the bytes to do so.
 */
export function rpmContent(header: RpmHeader, contents: readonly (Content | undefined)[]): Content {
  const payload = cpio(header.files, contents);
  const lead = new Uint8Array(96);
  lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 0, 0, 1]);
  lead.set(utf8(`${header.name}-${header.version}-${header.release}`).subarray(0, 65), 10);
  lead.set([0, 1, 0, 5], 76);
  const main = rpmHeaderBytes(header);
  const signature = serialise(new Map<number, Value>([[1000, { type: 'int32', value: [main.length + payload.size] }]]));
  const padding = new Uint8Array((8 - (signature.length % 8)) % 8);
  return new ConcatContent([...[lead, signature, padding, main].map((bytes) => new BytesContent(bytes)), payload]);
}

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');

function cpio(files: readonly RpmFile[], contents: readonly (Content | undefined)[]): Content {
  const parts: Content[] = [];
  const put = (name: string, fields: number[], data: Content): void => {
    const head = `070701${[...fields, utf8(name).length + 1, 0].map(hex).join('')}${name}\0`;
    parts.push(textContent(head.padEnd((head.length + 3) & ~3, '\0')), data);
    if (data.size % 4) parts.push(new BytesContent(new Uint8Array(4 - (data.size % 4))));
  };
  files.forEach((file, i) => {
    const data = file.link ? textContent(file.link) : (contents[i] ?? emptyContent);
    put(`.${file.path}`, [i + 1, file.mode, 0, 0, 1, file.mtime, data.size, 0, 0, 0, 0], data);
  });
  put('TRAILER!!!', [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], emptyContent);
  return new ConcatContent(parts);
}

/** A package file opened: contents by path. Throws {@link TarError}. */
export function readRpm(content: Content): { header: RpmHeader; contents: ReadonlyMap<string, Content> } {
  const lead = content.read(0, 96);
  if (lead.length < 96 || lead[0] !== 0xed || lead[1] !== 0xab || lead[2] !== 0xee || lead[3] !== 0xdb) broken();
  const signatureEnd = headerEnd(content, 96);
  const start = signatureEnd + ((8 - ((signatureEnd - 96) % 8)) % 8);
  const end = headerEnd(content, start);
  const { header } = readRpmHeader(content.read(start, end - start));
  return { header, contents: readCpio(content, end) };
}

function headerEnd(content: Content, at: number): number {
  const head = content.read(at, 16);
  if (head.length < 16) broken();
  const view = new DataView(head.buffer, head.byteOffset, 16);
  return at + 16 + view.getUint32(8) * 16 + view.getUint32(12);
}

function readCpio(content: Content, start: number): Map<string, Content> {
  const contents = new Map<string, Content>();
  for (let at = start; ; ) {
    const head = fromUtf8(content.read(at, 110));
    if (!head.startsWith('070701')) return broken();
    const field = (i: number): number => Number.parseInt(head.slice(6 + i * 8, 14 + i * 8), 16);
    const nameSize = field(11);
    const name = fromUtf8(contentBytes(sliceOf(content, at + 110, nameSize - 1)));
    const data = (at + 110 + nameSize + 3 - start) & ~3;
    const size = field(6);
    if (name === 'TRAILER!!!') return contents;
    contents.set(name.replace(/^\./, ''), sliceOf(content, start + data, size));
    at = start + ((data + size + 3) & ~3);
  }
}
