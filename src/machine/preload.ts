import { bodyText, type Handler } from '../spec/index.ts';
import type { Machine, MachineOptions } from './machine.ts';

/** Imports images before anyone looks, as `docker import -c CHANGE ... - REFERENCE` would. */
export async function preload(machine: Machine, images: NonNullable<MachineOptions['preload']>): Promise<void> {
  for (const { reference, rootfs, changes } of images) {
    const [repo, tag] = splitTag(reference);
    const query = new URLSearchParams([
      ['fromSrc', '-'],
      ['repo', repo],
      ['tag', tag],
      ...changes.map((change) => ['changes', change]),
    ]);
    await must(machine.engine, `/images/create?${query}`, rootfs);
  }
}

function splitTag(reference: string): [string, string] {
  const at = reference.lastIndexOf(':');
  return at > reference.lastIndexOf('/') ? [reference.slice(0, at), reference.slice(at + 1)] : [reference, 'latest'];
}

async function must(engine: Handler, target: string, body: Parameters<Handler>[0]['body']): Promise<void> {
  const response = await engine({ method: 'POST', target, headers: [['Content-Type', 'application/x-tar']], body });
  const text = await bodyText(response.body);
  if (response.status >= 300 || /"error"/.test(text)) throw new Error(`cannot preload an image: ${text}`);
}
