/** The work tree's files: what they are against the index, and writing them. */
import { type Content, contentBytes, contentOf, fromUtf8, isErrno, utf8 } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import type { Stat } from '../../../vfs/inode.ts';
import { makeDirectories, readContent, writeContent } from '../../packages/sys-files.ts';
import type { Git } from '../git.ts';
import { Fatal } from '../problem.ts';
import type { Repository } from '../repository.ts';
import { linkMode, moduleMode } from '../store/commit.ts';
import { type Index, type IndexEntry, seenOf, unseen } from '../store/index-file.ts';
import { objectId } from '../store/objects.ts';

export function lstat(sys: Sys, path: string): Stat | undefined {
  try {
    return sys.lstat(path);
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}

const kind = (mode: number): number => mode & 0o170000;
export const isDirectoryMode = (mode: number): boolean => kind(mode) === 0o040000;

/** The mode git keeps of a file; undefined for what it does not track. */
export function gitMode(mode: number): number | undefined {
  if (kind(mode) === 0o100000) return mode & 0o100 ? 0o100755 : 0o100644;
  return kind(mode) === 0o120000 ? linkMode : undefined;
}

export function readFileBytes(sys: Sys, path: string, stat: Stat): Uint8Array {
  if (kind(stat.mode) === 0o120000) return utf8(sys.readlink(path));
  return contentBytes(readContent(sys, path) ?? contentOf(new Uint8Array()));
}

/** Whether a file is as it was when the index last looked. */
export function looksSame(index: Index, entry: IndexEntry, stat: Stat): boolean {
  const now = seenOf(stat);
  const same = (Object.keys(now) as (keyof typeof now)[]).every((field) => now[field] === entry.seen[field]);
  if (!same || !index.writtenAt) return false;
  // What was written in the same moment as the index may have changed since ("racy git").
  const { sec, nsec } = index.writtenAt;
  return stat.mtime.sec < sec || (stat.mtime.sec === sec && stat.mtime.nsec < nsec);
}

export type FileState = 'same' | 'modified' | 'deleted' | 'typechange';

export function fileState(repo: Repository, index: Index, entry: IndexEntry): FileState {
  return fileNow(repo, index, entry).state;
}

/** What there is now, with the id of its content. */
export function fileNow(
  repo: Repository,
  index: Index,
  entry: IndexEntry,
): { state: FileState; mode: number; id: string } {
  const same = { state: 'same' as const, mode: entry.mode, id: entry.id };
  if (entry.assumeUnchanged || entry.skip) return same;
  const path = repo.file(entry.path);
  const stat = lstat(repo.sys, path);
  if (entry.mode === moduleMode) return stat ? same : { state: 'deleted', mode: 0, id: '' };
  const mode = stat && gitMode(stat.mode);
  if (!stat || mode === undefined) return { state: 'deleted', mode: 0, id: '' };
  if (looksSame(index, entry, stat)) return same;
  const id = objectId('blob', readFileBytes(repo.sys, path, stat));
  if ((mode === linkMode) !== (entry.mode === linkMode)) return { state: 'typechange', mode, id };
  if (id !== entry.id || mode !== entry.mode) return { state: 'modified', mode, id };
  // Looked at and found unchanged: the index may say so when it is written next.
  entry.seen = seenOf(stat);
  return same;
}

/** Puts a file of the work tree into the index and its content into the database. */
export function stageFile(git: Git, path: string, stat: Stat): IndexEntry {
  const { repo, sys } = git;
  const mode = gitMode(stat.mode)!;
  const id = repo.objects.write('blob', readFileBytes(sys, repo.file(path), stat));
  return { path, id, mode, stage: 0, seen: seenOf(stat) };
}

/** Writes a file and gives its index entry. */
export function checkoutFile(repo: Repository, path: string, mode: number, id: string): IndexEntry {
  const { sys } = repo;
  const full = repo.file(path);
  if (mode === moduleMode) {
    makeDirectories(sys, full);
    return { path, id, mode, stage: 0, seen: unseen };
  }
  makeWay(repo, path);
  writeBlob(sys, full, mode, contentOf(repo.objects.need(id)));
  return { path, id, mode, stage: 0, seen: seenOf(sys.lstat(full)) };
}

/** A new file each time, as git does: whoever has the old one open keeps it. */
function writeBlob(sys: Sys, full: string, mode: number, content: Content): void {
  const old = lstat(sys, full);
  if (old && isDirectoryMode(old.mode)) removeTree(sys, full);
  else if (old) sys.unlink(full);
  if (mode === linkMode) sys.symlink(fromUtf8(contentBytes(content)), full);
  else writeContent(sys, full, content, mode === 0o100755 ? 0o777 : 0o666);
}

/** Directories above a file; a file in their place goes. */
function makeWay(repo: Repository, path: string): void {
  const parts = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const directory = repo.file(parts.slice(0, depth).join('/'));
    const stat = lstat(repo.sys, directory);
    if (stat && isDirectoryMode(stat.mode)) continue;
    if (stat) repo.sys.unlink(directory);
    repo.sys.mkdir(directory, 0o777);
  }
}

export function removeTree(sys: Sys, path: string): void {
  for (const { name } of sys.readdir(path)) {
    const stat = sys.lstat(`${path}/${name}`);
    if (isDirectoryMode(stat.mode)) removeTree(sys, `${path}/${name}`);
    else sys.unlink(`${path}/${name}`);
  }
  sys.rmdir(path);
}

/** Removes a file and the directories it leaves empty, but not the one the command was called in. */
export function removeFile(repo: Repository, path: string): void {
  const { sys } = repo;
  try {
    sys.unlink(repo.file(path));
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR' && error.code !== 'EISDIR')
      throw new Fatal(`unable to unlink '${path}': ${error.message}`);
  }
  const parts = path.split('/');
  while (parts.pop() !== undefined && parts.length > 0) {
    if (repo.prefix === `${parts.join('/')}/`) return;
    try {
      sys.rmdir(repo.file(parts.join('/')));
    } catch (error) {
      if (isErrno(error)) return;
      throw error;
    }
  }
}
