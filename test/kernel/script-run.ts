/** Runs a script of test/kernel/scripts on the simulated kernel, on a host with the commands of a Debian system. */
import { executableContent } from '../../src/sim/kernel/executable.ts';
import { busyboxFiles, hostFiles, programs } from '../../src/sim/userland/index.ts';
import { bash, dash } from '../../src/sim/userland/shell/index.ts';
import { fromUtf8, textContent } from '../../src/spec/index.ts';
import { testMachine } from './boot-kernel.ts';
import { answerOf, type ScriptAnswer, type ScriptCase, scriptEnvironment, workDirectory } from './script-cases.ts';

type Machine = ReturnType<typeof testMachine>;

function install({ kernel }: Machine, path: string, program: string): void {
  kernel.sys.close(kernel.sys.openSync(path, { access: 'write', create: true }, 0o755));
  kernel.kernelTask.paths.resolve(path).inode.setContent(executableContent(program, 40_000));
}

function debian(): Machine {
  const machine = testMachine(new Map([...programs(), ['dash', dash], ['bash', bash]]));
  const { sys } = machine.kernel;
  sys.rmdir('/bin');
  sys.symlink('usr/bin', '/bin');
  for (const name of ['usr', 'usr/bin', 'usr/sbin', 'sbin', 'mnt', 'root']) sys.mkdir(`/${name}`, 0o755);
  sys.chmod('/tmp', 0o1777);
  const put = (path: string, text: string): void => {
    sys.close(sys.openSync(path, { access: 'write', create: true }, 0o644));
    machine.kernel.kernelTask.paths.resolve(path).inode.setContent(textContent(text));
  };
  put('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n');
  put('/etc/group', 'root:x:0:\n');
  for (const { path, program } of hostFiles()) if (program) install(machine, path, program);
  install(machine, busyboxFiles('busybox')[0]!.path, 'busybox');
  install(machine, '/bin/dash', 'dash');
  sys.symlink('dash', '/bin/sh');
  install(machine, '/bin/bash', 'bash');
  return machine;
}

export async function runScript({ script }: ScriptCase): Promise<ScriptAnswer> {
  const { kernel } = debian();
  const out: string[] = [];
  const enter = `mkdir -p ${workDirectory} && mount -t tmpfs k ${workDirectory} && cd ${workDirectory} && exec sh -c "$1"`;
  const process = await kernel.start('/bin/sh', {
    argv: ['sh', '-c', enter, 'sh', script],
    env: { ...scriptEnvironment, CG: '/sys/fs/cgroup' },
    cwd: '/',
    stdio: {
      stdin: null,
      stdout: (bytes) => void out.push(fromUtf8(bytes)),
      stderr: (bytes) => void (globalThis.process.env.SHOW_ERRORS && console.error(fromUtf8(bytes))),
    },
  });
  const { code, signal } = await process.wait();
  await kernel.shutdown();
  return answerOf(out.join(''), code ?? 128 + (signal ?? 0));
}
