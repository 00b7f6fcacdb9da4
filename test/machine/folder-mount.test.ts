/** A folder of the real world, mounted in the host: build contexts and volumes see it, writes are told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMachine, type FolderMount, type Machine } from '../../src/machine/index.ts';
import { contentText, fromUtf8, textContent } from '../../src/spec/index.ts';
import { nodeWorld } from '../node-world.ts';

let machine: Machine;
let folder: FolderMount;

async function sh(line: string): Promise<string> {
  let out = '';
  const stdio = {
    stdout: (bytes: Uint8Array) => void (out += fromUtf8(bytes)),
    stderr: (bytes: Uint8Array) => void (out += fromUtf8(bytes)),
  };
  await machine.run(['/bin/bash', '-c', line], stdio);
  return out;
}
const told = () =>
  folder
    .changes()
    .map((change) => ('content' in change ? { ...change, content: contentText(change.content) } : change));

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  folder = await machine.mountFolder('/root/app', 'app', [
    { path: 'Dockerfile', content: textContent('FROM busybox\nCOPY src /src\n'), mtimeMs: 1 },
    { path: 'src/one', content: textContent('one\n'), mtimeMs: 1 },
    { path: 'empty' },
  ]);
}, 60_000);
afterAll(() => machine?.shutdown());

describe('a mounted folder', () => {
  it('is there, as a filesystem of its own, and nothing was written', async () => {
    expect(await sh('ls -p app; cat app/src/one; grep app /proc/mounts | cut -d" " -f1-3')).toBe(
      'Dockerfile\nempty/\nsrc/\none\napp /root/app fuse\n',
    );
    expect(folder.changes()).toEqual([]);
  });

  it('is a build context and a volume', { timeout: 60_000 }, async () => {
    expect(await sh('docker build -q -t x app > /dev/null && docker run --rm x cat /src/one')).toBe('one\n');
    await sh('docker run --rm -v /root/app:/w busybox sh -c "echo two > /w/src/two; rm /w/src/one; mkdir /w/new"');
    expect(told()).toEqual([
      { kind: 'remove', path: 'src/one' },
      { kind: 'directory', path: 'new' },
      { kind: 'write', path: 'src/two', content: 'two\n' },
    ]);
    expect(folder.changes()).toEqual([]);
  });

  it('tells renames of directories, what changed its kind, and what no folder holds', async () => {
    await sh('cd app; mv src source; rmdir empty; echo now a file > empty; ln -s source link; echo more >> Dockerfile');
    expect(told()).toEqual([
      { kind: 'remove', path: 'src/two' },
      { kind: 'remove', path: 'src' },
      { kind: 'remove', path: 'empty' },
      { kind: 'write', path: 'Dockerfile', content: 'FROM busybox\nCOPY src /src\nmore\n' },
      { kind: 'write', path: 'empty', content: 'now a file\n' },
      { kind: 'unsupported', path: 'link' },
      { kind: 'directory', path: 'source' },
      { kind: 'write', path: 'source/two', content: 'two\n' },
    ]);
  });

  it('takes what changed outside, and keeps what was written here meanwhile', async () => {
    await sh('echo mine > app/mine');
    folder.written('source/two', 5);
    folder.refresh([
      { path: 'Dockerfile', content: textContent('FROM scratch\n'), mtimeMs: 9 },
      { path: 'source/two', content: textContent('not read: the same time'), mtimeMs: 5 },
      { path: 'theirs/deep', content: textContent('theirs\n'), mtimeMs: 9 },
    ]);
    expect(await sh('cd app; cat Dockerfile source/two theirs/deep mine; ls -p')).toBe(
      'FROM scratch\ntwo\ntheirs\nmine\nDockerfile\nlink\nmine\nsource/\ntheirs/\n',
    );
    expect(told()).toEqual([{ kind: 'write', path: 'mine', content: 'mine\n' }]);
  });

  it('stays over a restore, and is unmounted when asked', async () => {
    const before = machine.snapshot();
    await sh('echo later > app/later; echo gone > gone');
    await machine.restore(before);
    expect(await sh('cat app/later; ls gone')).toBe("later\nls: cannot access 'gone': No such file or directory\n");
    machine.unmountFolder(folder);
    expect(await sh('ls app')).toBe('');
  });
});
