/** The object database: loose objects, packs, and the databases of info/alternates. */
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { unzlibSync, zlibSync } from 'fflate';
import { contentBytes, contentOf, fromUtf8, utf8 } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { exists, listNames, makeDirectories, readContent, readText, writeContent } from '../../packages/sys-files.ts';
import { Fatal } from '../problem.ts';
import { Pack } from './pack.ts';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
  type: ObjectType;
  bytes: Uint8Array;
}

export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
export const noId = '0'.repeat(40);

function framed(type: ObjectType, bytes: Uint8Array): Uint8Array {
  const head = utf8(`${type} ${bytes.length}\0`);
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}

export const objectId = (type: ObjectType, bytes: Uint8Array): string => bytesToHex(sha1(framed(type, bytes)));

export class ObjectStore {
  private readonly cache = new Map<string, GitObject>();
  private packs: Pack[] | undefined;
  private alternates: ObjectStore[] | undefined;

  constructor(
    private readonly sys: Sys,
    readonly directory: string,
  ) {}

  /** Undefined when there is no such object. */
  read(id: string): GitObject | undefined {
    const known = this.cache.get(id);
    if (known) return known;
    const found = this.loose(id) ?? this.packed(id) ?? (id === emptyTree ? empty : undefined);
    if (found) this.cache.set(id, found);
    return found;
  }

  need(id: string, type?: ObjectType): Uint8Array {
    const found = this.read(id);
    if (!found) throw new Fatal(`unable to read ${type === 'tree' ? 'tree ' : ''}${type === 'tree' ? `(${id})` : id}`);
    return found.bytes;
  }

  has(id: string): boolean {
    return this.read(id) !== undefined;
  }

  /** Does not write what is there already. */
  write(type: ObjectType, bytes: Uint8Array): string {
    const whole = framed(type, bytes);
    const id = bytesToHex(sha1(whole));
    if (this.cache.has(id) || this.packFiles().some((pack) => pack.has(id))) return id;
    const path = this.pathOf(id);
    if (!exists(this.sys, path)) {
      makeDirectories(this.sys, path.slice(0, path.lastIndexOf('/')));
      writeContent(this.sys, path, contentOf(zlibSync(whole)), 0o444);
    }
    this.cache.set(id, { type, bytes });
    return id;
  }

  /** Ids that begin so. */
  matching(prefix: string): string[] {
    const found = new Set<string>();
    const names = listNames(this.sys, `${this.directory}/${prefix.slice(0, 2)}`);
    for (const name of names) if (name.length === 38) found.add(prefix.slice(0, 2) + name);
    for (const pack of this.packFiles()) for (const id of pack.ids()) found.add(id);
    for (const other of this.others()) for (const id of other.matching(prefix)) found.add(id);
    return [...found].filter((id) => id.startsWith(prefix)).sort();
  }

  all(): string[] {
    const loose = listNames(this.sys, this.directory).filter((name) => /^[0-9a-f]{2}$/.test(name));
    return [...new Set([...loose.flatMap((two) => this.matching(two)), ...this.packedIds()])].sort();
  }

  packedIds(): string[] {
    return [...this.packFiles().flatMap((pack) => pack.ids()), ...this.others().flatMap((one) => one.packedIds())];
  }

  packFiles(): readonly Pack[] {
    this.packs ??= listNames(this.sys, `${this.directory}/pack`)
      .filter((name) => name.endsWith('.idx'))
      .map((name) => this.openPack(`${this.directory}/pack/${name.slice(0, -4)}`));
    return this.packs;
  }

  /** Packs that came meanwhile are seen. */
  reload(): void {
    this.packs = undefined;
  }

  private openPack(path: string): Pack {
    const bytes = (suffix: string) => contentBytes(readContent(this.sys, `${path}${suffix}`)!);
    return new Pack(bytes('.idx'), bytes('.pack'), (id) => this.read(id));
  }

  pathOf(id: string): string {
    return `${this.directory}/${id.slice(0, 2)}/${id.slice(2)}`;
  }

  private loose(id: string): GitObject | undefined {
    const content = readContent(this.sys, this.pathOf(id));
    if (!content) return undefined;
    const whole = inflated(contentBytes(content), id);
    const end = whole.indexOf(0);
    const type = fromUtf8(whole.subarray(0, end)).split(' ')[0] as ObjectType;
    return { type, bytes: whole.subarray(end + 1) };
  }

  private packed(id: string): GitObject | undefined {
    for (const pack of this.packFiles()) {
      const found = pack.read(id);
      if (found) return found;
    }
    for (const other of this.others()) {
      const found = other.read(id);
      if (found) return found;
    }
    return undefined;
  }

  private others(): readonly ObjectStore[] {
    this.alternates ??= (readText(this.sys, `${this.directory}/info/alternates`) ?? '')
      .split('\n')
      .filter(Boolean)
      .map((path) => new ObjectStore(this.sys, path));
    return this.alternates;
  }
}

const empty: GitObject = { type: 'tree', bytes: new Uint8Array() };

function inflated(bytes: Uint8Array, id: string): Uint8Array {
  try {
    return unzlibSync(bytes);
  } catch {
    throw new Fatal(`loose object ${id} is corrupt`);
  }
}
