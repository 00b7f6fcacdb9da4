/** The suite of port Runtime over runc, on a root filesystem of this machine's static busybox. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { LinuxRuntime } from '../../src/linux/index.ts';
import { containerSpec } from '../kernel/container-world.ts';
import { describeWith } from '../needs.ts';
import { type RuntimeWorld, runtimeSuite } from '../suites/runtime.suite.ts';

const applets = 'sh cat echo id hostname sleep pwd test stty dd true'.split(' ');

describeWith({ programs: ['runc', 'perl', 'busybox'], root: true }, 'runc', () => {
  const work = mkdtempSync(join(tmpdir(), 'drydock-runtime-'));
  const runtimes: LinuxRuntime[] = [];
  let count = 0;

  afterAll(async () => {
    for (const runtime of runtimes) await runtime.close();
    rmSync(work, { recursive: true, force: true });
  });

  /** A lower layer that all worlds share. */
  function layer(): string {
    const root = join(work, 'layer');
    for (const directory of ['bin', 'etc']) mkdirSync(join(root, directory), { recursive: true });
    copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
    for (const name of applets) symlinkSync('busybox', join(root, 'bin', name));
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
    return root;
  }

  let lower: string | undefined;

  function world(): RuntimeWorld {
    lower ??= layer();
    const runtime = new LinuxRuntime(join(work, `state${runtimes.length}`));
    runtimes.push(runtime);
    return {
      runtime,
      bundle(args, adapt) {
        const name = `c${++count}`;
        const [diff, workdir] = [join(work, name, 'diff'), join(work, name, 'work')];
        for (const path of [diff, workdir]) mkdirSync(path, { recursive: true });
        const spec = containerSpec(join(work, name, 'merged'));
        spec.process.args = args;
        spec.linux.cgroupsPath = `/drydock-suite-${process.pid}-${name}`;
        adapt?.(spec);
        const options = [`lowerdir=${lower}`, `upperdir=${diff}`, `workdir=${workdir}`];
        return { spec, rootfs: [{ type: 'overlay', source: 'overlay', target: '/', options }] };
      },
    };
  }

  runtimeSuite('runc', world);
});
