/** Port RecordStore on disk: <bucket>/<key>.json, each replaced atomically. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { digestOfBytes } from '../content/index.ts';
import type { RecordStore } from '../port/index.ts';
import { textContent, utf8 } from '../spec/index.ts';
import { replaceFile } from './disk-file.ts';

/** What a file holds: `order` keeps the records in the order in which they came to be. */
interface Stored {
  order: number;
  key: string;
  value: unknown;
}

/** Read once, then held: the files are for the next start. One process at a time may have a directory open. */
export class DiskRecordStore implements RecordStore {
  private readonly buckets = new Map<string, Map<string, Stored>>();
  private next = 0;

  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
    for (const bucket of readdirSync(directory)) this.buckets.set(decodeURIComponent(bucket), this.load(bucket));
  }

  get(bucket: string, key: string): unknown | undefined {
    return this.buckets.get(bucket)?.get(key)?.value;
  }

  put(bucket: string, key: string, value: unknown): void {
    const records = this.buckets.get(bucket) ?? new Map<string, Stored>();
    const stored: Stored = { order: records.get(key)?.order ?? this.next++, key, value };
    const path = this.pathOf(bucket, key);
    mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    replaceFile(path, textContent(JSON.stringify(stored)));
    // As it will be read back: the caller's object may be changed later.
    records.set(key, { ...stored, value: structuredClone(value) });
    this.buckets.set(bucket, records);
  }

  delete(bucket: string, key: string): void {
    if (this.buckets.get(bucket)?.delete(key)) rmSync(this.pathOf(bucket, key), { force: true });
  }

  keys(bucket: string): string[] {
    return [...(this.buckets.get(bucket)?.keys() ?? [])];
  }

  private load(bucket: string): Map<string, Stored> {
    const files = readdirSync(`${this.directory}/${bucket}`).filter((name) => name.endsWith('.json'));
    const records = files
      .map((name) => JSON.parse(readFileSync(`${this.directory}/${bucket}/${name}`, 'utf8')) as Stored)
      .sort((a, b) => a.order - b.order);
    for (const { order } of records) this.next = Math.max(this.next, order + 1);
    return new Map(records.map((stored) => [stored.key, stored]));
  }

  private pathOf(bucket: string, key: string): string {
    return `${this.directory}/${fileName(bucket)}/${fileName(key)}.json`;
  }
}

/** Any key as a file name; one that would be too long for one is named by its two ends and its digest. */
function fileName(key: string): string {
  const name = encodeURIComponent(key).replace(/^\./, '%2E');
  if (name.length <= 200) return name;
  const digest = digestOfBytes(utf8(key)).slice('sha256:'.length, 'sha256:'.length + 32);
  return `${name.slice(0, 80)}~${digest}~${name.slice(-80)}`;
}
