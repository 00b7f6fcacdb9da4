/** Registries as views and lessons see them: the Hub, and those that run in containers. */

import type { RepositoryInventory, StoredRegistry } from '../registry/index.ts';
import type { Inspection, ManifestInfo, RegistryInfo, RepositoryInfo } from '../trace/index.ts';
import type { Hub } from './hub.ts';
import { isSold } from './sold.ts';

/** A registry program that runs: what it holds, and where it listens. */
export interface RunningRegistry {
  /** Inode of its network namespace. */
  namespace: number;
  port: number;
  registry: StoredRegistry;
}

export function inspectHub(hub: Hub): RegistryInfo {
  const repositories = hub.stored.inventory().map(repositoryInfo);
  const asked = repositories.filter(({ official }) => official).length;
  return { host: 'docker.io', repositories, others: Math.max(0, hub.library - asked) };
}

/** Under the name that a reference reaches it by: the published port, else the container's address. */
export function inspectRunning(
  running: Iterable<RunningRegistry>,
  { containers, processes, netNamespaces }: Pick<Inspection, 'containers' | 'processes' | 'netNamespaces'>,
): RegistryInfo[] {
  const rules = netNamespaces[0]?.nat ?? [];
  return [...running].map(({ namespace, port, registry }) => {
    const pids = new Set(processes.filter((one) => one.namespaces.net === namespace).map(({ pid }) => pid));
    const container = containers.find(({ pid }) => pids.has(pid));
    const own = netNamespaces.find(({ inode }) => inode === namespace);
    const addresses = (own?.links ?? []).flatMap((link) => link.addresses).map((cidr) => cidr.split('/')[0]!);
    const rule = rules.find(({ to }) => addresses.some((address) => to === `${address}:${port}`));
    const hostPort = rule ? rule.host.slice(rule.host.lastIndexOf(':') + 1) : undefined;
    const inside = addresses.find((address) => !address.startsWith('127.'));
    const host = hostPort ? `localhost:${hostPort}` : container && inside ? `${inside}:${port}` : `localhost:${port}`;
    return {
      host,
      ...(container && { container: container.name }),
      repositories: registry.inventory().map(repositoryInfo),
      others: 0,
    };
  });
}

const repositoryInfo = ({ name, tags, manifests, blobs }: RepositoryInventory): RepositoryInfo => ({
  name,
  official: isSold(name),
  tags,
  manifests: manifests.map(manifestInfo),
  blobs,
});

function manifestInfo({ digest, size, manifest, diffIds }: RepositoryInventory['manifests'][number]): ManifestInfo {
  const [config, ...layers] = manifest.blobs.map((blob) => ({ digest: blob.digest, size: blob.size }));
  const attests = manifest.blobs.flatMap(({ annotations }) => annotations?.['in-toto.io/predicate-type'] ?? []);
  return {
    digest,
    mediaType: manifest.mediaType,
    size,
    ...(config && { config }),
    layers: layers.map((layer, index) => ({ ...layer, ...(diffIds[index] && { diffId: diffIds[index] }) })),
    manifests: manifest.manifests.map((child) => child.digest),
    ...(attests.length > 0 && { attests }),
  };
}
