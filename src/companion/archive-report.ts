/** What an image archive holds, layer by layer, and how much of it is waste: dive's figures. */
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '../archive/index.ts';
import { type Efficiency, efficiencyOf } from '../diagram/index.ts';
import { type SurveyedImage, surveyArchive } from '../image/index.ts';

export interface ImageReport extends SurveyedImage, Efficiency {
  /** Of the bytes above the base layer; 0 when there are none. */
  wastedUserPercent: number;
}

export async function reportArchive(path: string, progress?: (done: number) => void): Promise<ImageReport[]> {
  const file = await open(path);
  try {
    return (await surveyArchive(await fileSource(file), { progress })).map(reportImage);
  } finally {
    await file.close();
  }
}

function reportImage(image: SurveyedImage): ImageReport {
  const efficiency = efficiencyOf(image.layers.map(({ changes }) => changes));
  const userSize = image.size - (image.layers[0]?.size ?? 0);
  return { ...image, ...efficiency, wastedUserPercent: userSize === 0 ? 0 : efficiency.wastedBytes / userSize };
}

async function fileSource(file: FileHandle): Promise<ByteSource> {
  const { size } = await file.stat();
  return {
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    },
  };
}
