/**
 * A workspace as one file (`.drydock`):
 *
 *   "DRYDOCK\n"   8 bytes
 *   gzip of       u32 length, head (JSON); then for each of the head's chunks, in its order: u32 length, bytes
 *
 * Chunks are named by their digests, which are computed again when the file is read.
 */
import { fromUtf8, utf8 } from '../../spec/index.ts';
import type { Snapshot } from '../snapshot.ts';
import { DataError, keyOf } from './content-code.ts';
import { parseHead, readSnapshot } from './snapshot-reader.ts';
import { SnapshotWriter } from './snapshot-writer.ts';

const magic = 'DRYDOCK\n';
/** Bytes, unpacked: a file of a few kilobytes may unpack to gigabytes. */
const limit = 512 << 20;

export async function writeWorkspace(snapshot: Snapshot, seed: number): Promise<Blob> {
  const writer = new SnapshotWriter(seed, async () => {});
  const { head } = await writer.write(snapshot);
  const chunks = writer.chunksOf(head);
  const parts = [utf8(JSON.stringify(head)), ...head.chunks.map((key) => chunks.get(key)!)];
  const body = new Blob(parts.flatMap((part) => [lengthOf(part), part] as BlobPart[]));
  const packed = body.stream().pipeThrough(new CompressionStream('gzip'));
  return new Blob([magic, await new Response(packed).arrayBuffer()], { type: 'application/x-drydock' });
}

/** Rejects with DataError, saying what is wrong. */
export async function readWorkspace(file: Blob, most = limit): Promise<{ snapshot: Snapshot; seed: number }> {
  const start = new Uint8Array(await file.slice(0, magic.length).arrayBuffer());
  if (fromUtf8(start) !== magic) throw new DataError('this is no drydock workspace');
  const parts = split(await unpack(file.slice(magic.length), most));
  const head = parseHead(parts[0] ?? new Uint8Array(0));
  if (parts.length !== head.chunks.length + 1) throw new DataError('this workspace is cut off');
  const chunks = new Map(head.chunks.map((key, index) => [key, parts[index + 1]!]));
  for (const [key, bytes] of chunks) if (keyOf(bytes) !== key) throw new DataError('this workspace is damaged');
  return { snapshot: readSnapshot(head, chunks), seed: head.seed };
}

async function unpack(packed: Blob, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const reader = packed.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length;
      if (size > most) throw new DataError(`this workspace is over ${most >> 20} MiB`);
      parts.push(next.value);
    }
  } catch (error) {
    throw error instanceof DataError ? error : new DataError('this workspace is damaged');
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

function split(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw new DataError('this workspace is cut off');
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.length) throw new DataError('this workspace is cut off');
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}

function lengthOf(part: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, part.length, true);
  return bytes;
}
