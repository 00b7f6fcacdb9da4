/** `registry garbage-collect [-d] [-m] CONFIG.yml`, as registry 2.8 prints it. */
import type { StoredRegistry } from '../registry/index.ts';
import type { Sys } from '../sim/index.ts';
import type { RunningRegistry } from './registries.ts';
import { netNamespace } from './registry-program.ts';

/**
 * Differs from Docker: the registry is found by the network that it serves on, not by the directory of its storage, so it
 * must be running.
 */
export async function garbageCollect(sys: Sys, running: Iterable<RunningRegistry>, args: readonly string[]) {
  const dryRun = args.some((arg) => arg === '-d' || arg === '--dry-run');
  const untagged = args.some((arg) => arg === '-m' || arg === '--delete-untagged');
  const namespace = netNamespace(sys);
  const found = [...running].find((one) => one.namespace === namespace);
  if (!found) {
    await sys.write(2, 'drydock: garbage-collect of a registry that does not run here is not simulated\n');
    return 1;
  }
  for (const line of report(sys, found.registry, { dryRun, untagged })) await sys.write(1, `${line}\n`);
  return 0;
}

function report(sys: Sys, registry: StoredRegistry, options: { dryRun: boolean; untagged: boolean }): string[] {
  const dropped = options.untagged ? registry.untagged() : [];
  const isDropped = (repository: string, digest: string) =>
    dropped.some((one) => one.repository === repository && one.digest === digest);
  const marked = new Set<string>();
  const lines = registry.inventory().flatMap(({ name, manifests }) => [
    name,
    ...manifests.flatMap(({ digest, manifest }) => {
      if (isDropped(name, digest)) return [`manifest eligible for deletion: ${digest}`];
      const blobs = [...manifest.blobs, ...manifest.manifests].map((blob) => blob.digest);
      for (const one of [digest, ...blobs]) marked.add(one);
      return [`${name}: marking manifest ${digest} `, ...blobs.map((blob) => `${name}: marking blob ${blob}`)];
    }),
  ]);
  const garbage = registry.collectGarbage(options);
  const count = `${marked.size} blobs marked, ${garbage.length} blobs and ${dropped.length} manifests eligible for deletion`;
  return [...lines, '', count, ...garbage.flatMap((digest) => sweep(sys, digest, options.dryRun))];
}

function sweep(sys: Sys, digest: string, dryRun: boolean): string[] {
  const eligible = `blob eligible for deletion: ${digest}`;
  if (dryRun) return [eligible];
  const hex = digest.replace('sha256:', '');
  const time = new Date(sys.now().sec * 1000).toISOString().slice(0, 19);
  const path = `/docker/registry/v2/blobs/sha256/${hex.slice(0, 2)}/${hex}`;
  return [eligible, `time="${time}Z" level=info msg="Deleting blob: ${path}" go.version=go1.20.8 service=registry`];
}
