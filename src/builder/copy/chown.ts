import { contentText, Errno } from '../../spec/index.ts';
import { BuildError } from '../backend.ts';
import type { SourceTree } from './source-tree.ts';

export interface Owner {
  uid: number;
  gid: number;
}

const fail = (message: string): never => {
  throw new BuildError(message);
};

/**
 * `user[:group]`, names or numbers, names looked up in the image's /etc/passwd and /etc/group. A user alone is the
 * group's name too. Errors are the classic builder's, without their prefix.
 */
export function parseOwner(text: string, root: SourceTree): Owner {
  const parts = text.split(':');
  if (parts.length > 2) fail(`invalid chown string format: ${text}`);
  const [user, group] = [parts[0]!, parts[1] ?? parts[0]!];
  return {
    uid:
      identifier(root, user, 'etc/passwd') ?? fail(`can't find uid for user ${user}: no such user: ${user}`.trimEnd()),
    gid:
      identifier(root, group, 'etc/group') ??
      fail(`can't find gid for group ${group}: no such group: ${group}`.trimEnd()),
  };
}

/** `user[:group]` by BuildKit's rule: a named user alone brings the group of its passwd line. */
export function parseOwnerBuildkit(text: string, root: SourceTree): Owner {
  const [user = '', group] = text.split(':');
  const line = lines(root, 'etc/passwd').find((fields) => fields[0] === user);
  const uid = /^\d+$/.test(user) ? Number(user) : line ? Number(line[2]) : fail(`invalid user index: -1`);
  if (group === undefined) return { uid, gid: /^\d+$/.test(user) ? uid : Number(line?.[3] ?? 0) };
  return { uid, gid: identifier(root, group, 'etc/group') ?? fail('invalid group index: -1') };
}

function identifier(root: SourceTree, name: string, file: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  if (name === '') return undefined;
  const line = lines(root, file).find((fields) => fields[0] === name);
  return line ? Number(line[2]) : undefined;
}

function lines(root: SourceTree, file: string): string[][] {
  try {
    const path = root.resolve(file, true);
    if (root.lstat(path)?.type !== 'file') return [];
    return contentText(root.content(path))
      .split('\n')
      .map((line) => line.split(':'));
  } catch (error) {
    if (error instanceof Errno) return [];
    throw error;
  }
}
