/** Seeded random edits of a tree by path, done through one or several roots in step. */
import type { PathContext } from '../../src/sim/vfs/index.ts';
import { isErrno, utf8 } from '../../src/spec/index.ts';
import { random } from './world.ts';

const names = ['a', 'b', 'c', 'd', 'é'];

/** What one edit does below a root; may fail with an Errno. */
export type Edit = (host: PathContext, root: string) => void;

/** An endless list of edits; the same for the same seed. */
export function* randomEdits(seed: number): Generator<{ text: string; edit: Edit }> {
  const pick = random(seed);
  const path = () => Array.from({ length: 1 + pick(3) }, () => names[pick(names.length)]!).join('/');
  for (let n = 0; ; n++) {
    const p = path();
    const q = path();
    const kind = pick(16);
    const number = pick(0o1000);
    const choices: [string, Edit][] = [
      [`write ${p}`, (host, root) => save(host, `${root}/${p}`, `content ${n}`, true)],
      [`write ${p}`, (host, root) => save(host, `${root}/${p}`, `content ${n}`, true)],
      [`append ${p}`, (host, root) => save(host, `${root}/${p}`, `more ${n}`, false)],
      [`mkdir ${p}`, (host, root) => host.mkdir(`${root}/${p}`, 0o755)],
      [`mkdir ${p}`, (host, root) => host.mkdir(`${root}/${p}`, 0o755)],
      [`unlink ${p}`, (host, root) => host.unlink(`${root}/${p}`)],
      [`rmdir ${p}`, (host, root) => host.rmdir(`${root}/${p}`)],
      [`rm -rf ${p}`, (host, root) => removeTree(host, `${root}/${p}`)],
      [`symlink ${p} -> ${q}`, (host, root) => host.symlink(q, `${root}/${p}`)],
      [`link ${p} ${q}`, (host, root) => host.link(`${root}/${p}`, `${root}/${q}`)],
      [`chmod ${number.toString(8)} ${p}`, (host, root) => host.chmod(`${root}/${p}`, number | 0o500)],
      [`chown ${number} ${p}`, (host, root) => host.chown(`${root}/${p}`, number, number + 1, false)],
      [`mv ${p} ${q}`, (host, root) => move(host, `${root}/${p}`, `${root}/${q}`)],
      [`mv ${p} ${q}`, (host, root) => move(host, `${root}/${p}`, `${root}/${q}`)],
      [`mkfifo ${p}`, (host, root) => host.mknod(`${root}/${p}`, 0o010644)],
      [`truncate ${p}`, (host, root) => host.truncate(`${root}/${p}`, number)],
    ];
    const [text, edit] = choices[kind]!;
    yield { text, edit };
  }
}

function save(host: PathContext, path: string, text: string, truncate: boolean): void {
  const { inode } = host.open(path, { write: true, create: true, truncate, nofollow: true });
  inode.write(truncate ? 0 : inode.getattr().size, utf8(text));
}

function removeTree(host: PathContext, path: string): void {
  if ((host.lstat(path).mode & 0o170000) !== 0o040000) {
    host.unlink(path);
    return;
  }
  for (const { name } of host.readdir(path)) removeTree(host, `${path}/${name}`);
  host.rmdir(path);
}

/** mv(1): rename, or copy and remove when rename says EXDEV. */
function move(host: PathContext, from: string, to: string): void {
  try {
    host.rename(from, to);
  } catch (error) {
    if (!isErrno(error, 'EXDEV')) throw error;
    // Only the directory rename that overlayfs refuses comes here: a plain tree has moved it, so must this.
    if (exists(host, to)) host.rmdir(to);
    copyTree(host, from, to, new Map());
    removeTree(host, from);
  }
}

const exists = (host: PathContext, path: string): boolean => {
  try {
    host.lstat(path);
    return true;
  } catch {
    return false;
  }
};

export function copyTree(host: PathContext, from: string, to: string, links: Map<number, string>): void {
  const stat = host.lstat(from);
  const type = stat.mode & 0o170000;
  const known = type === 0o040000 ? undefined : links.get(stat.ino);
  if (known) {
    host.link(known, to);
    return;
  }
  if (stat.nlink > 1 && type !== 0o040000) links.set(stat.ino, to);
  if (type === 0o040000) host.mkdir(to);
  else if (type === 0o120000) host.symlink(host.readlink(from), to);
  else if (type === 0o100000) {
    host.open(to, { write: true, create: true, exclusive: true }).inode.setContent(host.resolve(from).inode.content());
  } else host.mknod(to, stat.mode, stat.rdev);
  if (type === 0o040000) {
    for (const { name } of host.readdir(from)) copyTree(host, `${from}/${name}`, `${to}/${name}`, links);
  }
  host.chown(to, stat.uid, stat.gid, false);
  if (type !== 0o120000) host.chmod(to, stat.mode & 0o7777);
  host.utimens(to, stat.atime, stat.mtime, false);
}

/** Everything that can be seen of a tree but times and inode numbers. */
export function picture(host: PathContext, root: string, options: { links?: boolean } = {}): string[] {
  const lines: string[] = [];
  const firstNames = new Map<number, string>();
  const visit = (path: string): void => {
    for (const name of host
      .readdir(path)
      .map((entry) => entry.name)
      .sort()) {
      const child = `${path}/${name}`;
      const shown = child.slice(root.length);
      const stat = host.lstat(child);
      const type = stat.mode & 0o170000;
      const head = `${shown} ${stat.mode.toString(8)} ${stat.uid}:${stat.gid}`;
      if (type === 0o040000) {
        lines.push(head);
        visit(child);
        continue;
      }
      const inode = host.resolve(child, { follow: false }).inode;
      const data = type === 0o120000 ? inode.readlink() : '';
      const text = type === 0o100000 ? new TextDecoder().decode(inode.read(0, 1 << 20)) : '';
      const first = firstNames.get(stat.ino) ?? shown;
      if (stat.nlink > 1) firstNames.set(stat.ino, first);
      lines.push(`${head} ${data}${text}${options.links ? ` =${first} n${stat.nlink}` : ''}`);
    }
  };
  visit(root);
  return lines;
}
