/** Archives of any size, looked through without being loaded: not needed before the first prompt. */
import { type ByteSource, encodeHeader, tarEntry } from '../archive/index.ts';
import type { Content } from '../spec/index.ts';

export type { ByteSource } from '../archive/index.ts';
export {
  type Lane,
  type PartIndexer,
  partIndexer,
  type SurveyedChange,
  type SurveyedImage,
  type SurveyedLayer,
  surveyArchive,
  surveyedFile,
  surveyLimits,
} from '../image/index.ts';

/** A file that a browser holds: nothing of it is in memory. */
export const blobSource = (blob: Blob): ByteSource => ({
  size: blob.size,
  read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  stream: (offset) => chunksOf(blob.slice(offset)),
});

const chunkSize = 1 << 20;

/** In one buffer that is used over and over, and filled each time: new ones, or many small chunks, take most of the time. */
async function* chunksOf(blob: Blob): AsyncGenerator<Uint8Array, void> {
  const reader = blob.stream().getReader({ mode: 'byob' });
  let buffer = new ArrayBuffer(chunkSize);
  try {
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(buffer), { min: chunkSize });
      // The last one may come with the end.
      if (value && value.length > 0) yield value;
      if (done || !value) return;
      buffer = value.buffer;
    }
  } finally {
    await reader.cancel();
  }
}

/** Files as one tar, by reference: a folder that holds an OCI layout becomes the archive it would have been. */
export function tarOfFiles(files: readonly { path: string; file: Blob }[]): Blob {
  const parts = files.flatMap(({ path, file }): BlobPart[] => {
    const absent: Content = { size: file.size, read: () => new Uint8Array(0) };
    const header = encodeHeader(tarEntry({ name: path, content: absent }));
    return [header.slice(), file, new Uint8Array((blockSize - (file.size % blockSize)) % blockSize)];
  });
  return new Blob([...parts, new Uint8Array(2 * blockSize)]);
}

const blockSize = 512;
