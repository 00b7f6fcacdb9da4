/** Whether something durable differs between two snapshots, of the kind that a student did and would undo. */

import type { BlobSnapshot, InodeState, MemInode, RecordSnapshot, TreeSnapshot } from '../sim/index.ts';
import type { Snapshot } from './snapshot.ts';
import { isSold } from './sold.ts';

export function differs(before: Snapshot, after: Snapshot): boolean {
  if (before === after) return false;
  return engineDiffers(before, after) || diskDiffers(before.disk, after.disk);
}

function engineDiffers({ engine: a }: Snapshot, { engine: b }: Snapshot): boolean {
  // The engine was only loaded: what it then has is what it would have had.
  if (!a || !b) return b !== undefined && [...b.records.keys()].some((bucket) => bucket !== 'networks');
  return (
    recordsDiffer(a.records, b.records) || recordsDiffer(a.hub.records, b.hub.records) || blobsDiffer(a.blobs, b.blobs)
  );
}

const blobsDiffer = (a: BlobSnapshot, b: BlobSnapshot): boolean =>
  a !== b && (a.size !== b.size || [...b.keys()].some((digest) => !a.has(digest)));

// What the catalogue brings into the Hub by being asked for is no change of anyone's.
const isLibrary = (bucket: string, key: string): boolean => isSold(bucket.replace(/^\w+\//, '')) || isSold(key);

function recordsDiffer(a: RecordSnapshot, b: RecordSnapshot): boolean {
  for (const bucket of new Set([...a.keys(), ...b.keys()])) {
    const [before, after] = [a.get(bucket), b.get(bucket)];
    if (before === after) continue;
    for (const key of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])) {
      const [old, now] = [before?.get(key), after?.get(key)];
      if (old !== now && !isLibrary(bucket, key) && essence(old) !== essence(now)) return true;
    }
  }
  return false;
}

/** Without what changes by itself: results of health checks, the number of a process that was started again. */
const essence = (record: unknown): string =>
  JSON.stringify(record, (key, value: unknown) => (key === 'health' || key === 'pid' ? undefined : value)) ?? '';

function diskDiffers(before: TreeSnapshot, after: TreeSnapshot): boolean {
  const changed = before.changedUntil(after);
  if (!changed) return before !== after;
  const quiet = changed.size > 0 ? quietInodes(after) : undefined;
  for (const inode of changed) {
    if (quiet?.has(inode)) continue;
    if (stateDiffers(before.stateOf(inode), after.stateOf(inode))) return true;
  }
  return false;
}

/** All but the times. */
function stateDiffers(a: InodeState, b: InodeState): boolean {
  if (a === b) return false;
  if (a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid || a.nlink !== b.nlink) return a.nlink + b.nlink > 0;
  if (a.data !== b.data || a.xattrs !== b.xattrs || a.entries?.size !== b.entries?.size) return true;
  for (const [name, child] of b.entries ?? []) if (a.entries?.get(name) !== child) return true;
  return false;
}

/** Logs of containers, which grow because they are looked at; the kernel's runtime files; the shell's own notes. */
function quietInodes(disk: TreeSnapshot): Set<MemInode> {
  const quiet = new Set<MemInode>();
  const entries = (path: string): ReadonlyMap<string, MemInode> => {
    let at: MemInode | undefined = disk.tree.root;
    for (const name of path.split('/')) at = at && disk.stateOf(at).entries?.get(name);
    return (at && disk.stateOf(at).entries) ?? new Map();
  };
  for (const id of entries('var/lib/docker/containers').keys()) {
    for (const [name, inode] of entries(`var/lib/docker/containers/${id}`)) if (name.includes('.log')) quiet.add(inode);
  }
  const history = entries('root').get('.bash_history');
  if (history) quiet.add(history);
  return quiet;
}
