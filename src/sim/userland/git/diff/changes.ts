/** What differs between two of: trees, the index, the work tree. */

import { utf8 } from '../../../../spec/index.ts';
import type { Git } from '../git.ts';
import type { Repository } from '../repository.ts';
import { type Files, filesOf, linkMode, moduleMode } from '../store/commit.ts';
import { fileNow, lstat, readFileBytes } from '../work/files.ts';
import type { PathSet } from '../work/pathspec.ts';

export interface Side {
  path: string;
  /** 0: there is no file. */
  mode: number;
  id: string;
  bytes(): Uint8Array;
}

export interface FileChange {
  status: 'A' | 'M' | 'D' | 'T' | 'R' | 'C' | 'U';
  old: Side;
  new: Side;
  /** Of a rename or copy, 0..60000. */
  score?: number;
}

const nothing = (path: string): Side => ({ path, mode: 0, id: '', bytes: () => new Uint8Array() });

export function blobSide(repo: Repository, path: string, { mode, id }: { mode: number; id: string }): Side {
  const bytes = () => (mode === moduleMode ? utf8(`Subproject commit ${id}\n`) : repo.objects.need(id));
  return { path, mode, id, bytes };
}

function workSide(repo: Repository, path: string, mode: number, id: string): Side {
  const full = repo.file(path);
  return { path, mode, id, bytes: () => readFileBytes(repo.sys, full, lstat(repo.sys, full)!) };
}

const statusOf = (old: number, now: number): FileChange['status'] =>
  old === 0 ? 'A' : now === 0 ? 'D' : isOther(old, now) ? 'T' : 'M';
const isOther = (a: number, b: number): boolean => [linkMode, moduleMode].some((mode) => (a === mode) !== (b === mode));

function compared(repo: Repository, old: Files, now: Files, paths: PathSet | undefined): FileChange[] {
  const out: FileChange[] = [];
  for (const path of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    if (paths && !paths.matches(path)) continue;
    const [a, b] = [old.get(path), now.get(path)];
    if (a && b && a.id === b.id && a.mode === b.mode) continue;
    const sides = {
      old: a ? blobSide(repo, path, a) : nothing(path),
      new: b ? blobSide(repo, path, b) : nothing(path),
    };
    out.push({ status: statusOf(sides.old.mode, sides.new.mode), ...sides });
  }
  return out;
}

export function treeChanges(git: Git, old: string | undefined, now: string | undefined, paths?: PathSet): FileChange[] {
  if (old === now) return [];
  const { objects } = git.repo;
  return compared(git.repo, filesOf(objects, old), filesOf(objects, now), paths);
}

export function indexFiles(git: Git): Files {
  const { index } = git.repo;
  return new Map(
    index
      .entries()
      .filter(({ stage, intent }) => stage === 0 && !intent)
      .map(({ path, mode, id }) => [path, { mode, id }]),
  );
}

/** A tree against the index; paths in conflict are told as such. */
export function stagedChanges(git: Git, tree: string | undefined, paths?: PathSet): FileChange[] {
  const conflicts = git.repo.index.conflicts();
  const files = filesOf(git.repo.objects, tree);
  for (const path of conflicts.keys()) files.delete(path);
  const unmerged: FileChange[] = [...conflicts.keys()].map((path) => ({
    status: 'U',
    old: nothing(path),
    new: nothing(path),
  }));
  const all = [
    ...compared(git.repo, files, indexFiles(git), paths),
    ...unmerged.filter(({ old }) => !paths || paths.matches(old.path)),
  ];
  return all.sort((a, b) => (a.new.path < b.new.path ? -1 : 1));
}

/** The index against the work tree. */
export function workChanges(git: Git, paths?: PathSet): FileChange[] {
  const { repo } = git;
  repo.need();
  const out: FileChange[] = [];
  const conflicts = new Set<string>();
  for (const entry of repo.index.entries()) {
    const { path } = entry;
    if (paths && !paths.matches(path)) continue;
    if (entry.stage > 0) {
      if (!conflicts.has(path)) out.push({ status: 'U', old: nothing(path), new: nothing(path) });
      conflicts.add(path);
      continue;
    }
    const now = fileNow(repo, repo.index, entry);
    if (entry.intent) out.push({ status: 'A', old: nothing(path), new: workSide(repo, path, now.mode, now.id) });
    else if (now.state === 'deleted') out.push({ status: 'D', old: blobSide(repo, path, entry), new: nothing(path) });
    else if (now.state !== 'same')
      out.push({
        status: now.state === 'typechange' ? 'T' : 'M',
        old: blobSide(repo, path, entry),
        new: workSide(repo, path, now.mode, now.id),
      });
  }
  return out;
}

/** A tree against the files of the work tree that the index knows. */
export function treeToWork(git: Git, tree: string, paths?: PathSet): FileChange[] {
  const { repo } = git;
  const files = filesOf(repo.objects, tree);
  const now: Files = new Map();
  const read = new Map<string, Side>();
  for (const entry of repo.index.entries()) {
    const found = fileNow(repo, repo.index, entry.stage === 0 ? entry : { ...entry, id: '', stage: 0 });
    if (found.state === 'deleted') continue;
    now.set(entry.path, found);
    if (found.state !== 'same') read.set(entry.path, workSide(repo, entry.path, found.mode, found.id));
  }
  return compared(repo, files, now, paths).map((one) => ({ ...one, new: read.get(one.new.path) ?? one.new }));
}
