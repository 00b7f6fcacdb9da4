/** A machine with the shells and the handful of commands that the recorded cases use. */
import type { Program } from '../../src/sim/kernel/program.ts';
import type { Sys } from '../../src/sim/kernel/sys.ts';
import { ash, bash, dash } from '../../src/sim/userland/shell/index.ts';
import { isErrno, programFile } from '../../src/spec/index.ts';
import { testMachine } from '../kernel/boot-kernel.ts';

const copy = async (sys: Sys, fd: number): Promise<void> => {
  for (let bytes = await sys.read(fd); bytes.length > 0; bytes = await sys.read(fd)) await sys.write(1, bytes);
};

const perFile =
  (name: string, run: (sys: Sys, path: string) => void): Program =>
  async (sys) => {
    let status = 0;
    for (const path of sys.argv.slice(1).filter((a) => a[0] !== '-')) {
      try {
        run(sys, path);
      } catch (error) {
        if (!isErrno(error)) throw error;
        await sys.write(2, `${name}: ${path}: ${error.message}\n`);
        status = 1;
      }
    }
    return status;
  };

const commands: Record<string, Program> = {
  cat: async (sys) => {
    const files = sys.argv.slice(1);
    if (files.length === 0) await copy(sys, 0);
    for (const file of files) {
      const fd = file === '-' ? 0 : await sys.open(file);
      await copy(sys, fd);
    }
    return 0;
  },
  touch: perFile('touch', (sys, path) => sys.close(sys.openSync(path, { access: 'write', create: true }, 0o666))),
  mkdir: perFile('mkdir', (sys, path) => sys.mkdir(path, 0o777)),
  rm: perFile('rm', (sys, path) => sys.unlink(path)),
  chmod: async (sys) => {
    for (const path of sys.argv.slice(2)) sys.chmod(path, Number.parseInt(sys.argv[1]!, 8));
    return 0;
  },
  sleep: async (sys) => {
    await sys.sleep(Number(sys.argv[1]) * 1000);
    return 0;
  },
  yes: async (sys) => {
    for (;;) await sys.write(1, 'y\n'.repeat(64));
  },
  head: async (sys) => {
    let left = Number(sys.argv.at(-1)!.replace('-', ''));
    while (left > 0) {
      const bytes = await sys.read(0);
      if (bytes.length === 0) break;
      const lines = new TextDecoder().decode(bytes).split('\n');
      const take = lines.slice(0, left);
      await sys.write(1, take.join('\n') + (lines.length > take.length ? '\n' : ''));
      left -= lines.length - 1;
    }
    return 0;
  },
  tr: async (sys) => {
    for (let b = await sys.read(0); b.length > 0; b = await sys.read(0)) {
      await sys.write(
        1,
        b.map((c) => (c >= 97 && c <= 122 ? c - 32 : c)),
      );
    }
    return 0;
  },
  env: async (sys) => {
    await sys.write(
      1,
      Object.entries(sys.env)
        .map(([k, v]) => `${k}=${v}\n`)
        .join(''),
    );
    return 0;
  },
};

export const shells = { bash, dash, ash } as const;
export type ShellName = keyof typeof shells;

export const shellMachine = () => {
  const programs = new Map<string, Program>([...Object.entries(commands), ...Object.entries(shells)]);
  const machine = testMachine(programs);
  const { sys } = machine.kernel;
  sys.mkdir('/work');
  sys.mkdir('/root');
  const install = (path: string, name: string) => {
    const fd = sys.openSync(path, { access: 'write', create: true }, 0o755);
    const content = programFile(name, 4096);
    sys.pwrite(fd, 0, content.read(0, 256));
    sys.close(fd);
    sys.chmod(path, 0o755);
  };
  for (const name of programs.keys()) install(`/bin/${name}`, name);
  install('/bin/sh', 'dash');
  return machine;
};

export interface Outcome {
  stdout: string;
  stderr: string;
  status: number;
}

export const runShell = async (shell: ShellName, script: string): Promise<Outcome> => {
  const { kernel } = shellMachine();
  const [out, err]: [string[], string[]] = [[], []];
  const decoder = () => new TextDecoder('latin1');
  const handle = await kernel.start(shells[shell], {
    argv: [shell === 'ash' ? 'sh' : shell, '-c', script],
    env: { PATH: '/bin', HOME: '/root', LC_ALL: 'C' },
    cwd: '/work',
    stdio: {
      stdin: null,
      stdout: (bytes) => void out.push(decoder().decode(bytes)),
      stderr: (bytes) => void err.push(decoder().decode(bytes)),
    },
  });
  const end = await handle.wait();
  await kernel.shutdown();
  return { stdout: out.join(''), stderr: err.join(''), status: end.code ?? 128 + (end.signal ?? 0) };
};
