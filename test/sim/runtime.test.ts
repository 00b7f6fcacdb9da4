import { executableContent } from '../../src/sim/kernel/executable.ts';
import { SimRuntime } from '../../src/sim/runtime.ts';
import { programs } from '../../src/sim/userland/index.ts';
import { textContent } from '../../src/spec/index.ts';
import { testMachine } from '../kernel/boot-kernel.ts';
import { containerSpec } from '../kernel/container-world.ts';
import { type RuntimeWorld, runtimeSuite } from '../suites/runtime.suite.ts';

const applets = 'sh cat echo id hostname sleep pwd test stty dd true'.split(' ');

function world(): RuntimeWorld {
  const { kernel } = testMachine(programs());
  const { sys } = kernel;
  for (const path of ['/layer', '/layer/bin', '/layer/etc']) sys.mkdir(path, 0o755);
  const put = (path: string, mode: number, content: ReturnType<typeof textContent>): void => {
    sys.close(sys.openSync(path, { access: 'write', create: true }, mode));
    kernel.kernelTask.paths.resolve(path).inode.setContent(content);
  };
  put('/layer/bin/busybox', 0o755, executableContent('busybox', 4096));
  put('/layer/etc/passwd', 0o644, textContent('root:x:0:0:root:/root:/bin/sh\n'));
  for (const name of applets) sys.symlink('busybox', `/layer/bin/${name}`);
  let count = 0;
  return {
    runtime: new SimRuntime(kernel),
    bundle(args, adapt) {
      const base = `/c${++count}`;
      for (const path of [base, `${base}/merged`, `${base}/diff`, `${base}/work`]) sys.mkdir(path, 0o755);
      const spec = containerSpec(`${base}/merged`);
      spec.process.args = args;
      adapt?.(spec);
      const options = ['lowerdir=/layer', `upperdir=${base}/diff`, `workdir=${base}/work`];
      return { spec, rootfs: [{ type: 'overlay', source: 'overlay', target: '/', options }] };
    },
  };
}

runtimeSuite('memory', world);
