import { TarContent, tarEntry } from '../../src/archive/index.ts';
import { createImage, type Image } from '../../src/image/index.ts';
import { type Content, textContent } from '../../src/spec/index.ts';

/** A layer of text files. */
export const layerOf = (files: Record<string, string>): Content =>
  new TarContent(Object.entries(files).map(([name, text]) => tarEntry({ name, content: textContent(text) })));

export const sampleImage = (...layers: Record<string, string>[]): Image =>
  createImage(
    {
      architecture: 'amd64',
      os: 'linux',
      created: '2026-01-02T03:04:05.6Z',
      history: layers.map((files) => ({ created: '2026-01-02T03:04:05.6Z', created_by: `COPY ${Object.keys(files)}` })),
    },
    layers.map(layerOf),
  );
