import { readTar } from '../archive/index.ts';
import { computeDigest } from '../content/index.ts';
import { historyLines, type Image } from './image.ts';

/** Recomputes everything an image claims; what does not hold, in words. Reads all layers. */
export function validateImage(image: Image): string[] {
  const problems: string[] = [];
  const check = (what: string, claimed: string, actual: string): void => {
    if (claimed !== actual) problems.push(`invalid ${what}: expected "${claimed}", got "${actual}"`);
  };
  check('image ID', image.id, computeDigest(image.rawConfig));
  const diffIds = image.config.rootfs.diff_ids;
  check('number of layers', String(diffIds.length), String(image.layers.length));
  image.layers.forEach((layer, at) => {
    check(`diffID for layer ${at}`, diffIds[at] ?? '', layer.diffId);
    check(`content of layer ${at}`, layer.diffId, computeDigest(layer.content));
    problems.push(...attempt(`layer ${at}`, () => readTar(layer.content)));
  });
  problems.push(...attempt('history', () => historyLines(image.config)));
  return problems;
}

function attempt(what: string, action: () => unknown): string[] {
  try {
    action();
    return [];
  } catch (error) {
    return [`${what}: ${(error as Error).message}`];
  }
}
