/** A simulated host with the userland's programs, on which scripts of node and python run. */
import { nodeAssets } from '../../src/companion/node-assets.ts';
import { executableContent } from '../../src/sim/kernel/executable.ts';
import { gnuFiles, nodePrograms, programs, pythonPrograms } from '../../src/sim/userland/index.ts';
import { dash } from '../../src/sim/userland/shell/index.ts';
import { contentBytes, fromUtf8, utf8 } from '../../src/spec/index.ts';
import { testMachine } from '../kernel/boot-kernel.ts';

export type ScriptHost = ReturnType<typeof scriptHost>;

/** Path -> program, beside the GNU ones. */
const interpreters = { '/bin/sh': 'dash', '/usr/bin/node': 'node', '/usr/bin/python3': 'python/3.12.11' };

export function scriptHost() {
  const table = [...programs(), ...nodePrograms(nodeAssets), ...pythonPrograms(nodeAssets), ['dash', dash] as const];
  const machine = testMachine(new Map(table));
  const { sys } = machine.kernel;
  const put = (path: string, bytes: Uint8Array, mode = 0o644) => {
    const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, mode);
    sys.pwrite(fd, 0, bytes);
    sys.close(fd);
  };
  for (const directory of ['/usr', '/usr/bin', '/usr/sbin', '/proc', '/dev', '/root', '/etc']) {
    if (!sys.readdir('/').some(({ name }) => `/${name}` === directory)) sys.mkdir(directory);
  }
  sys.mount('proc', '/proc', 'proc', []);
  sys.netlink.setLink('lo', { up: true });
  for (const file of gnuFiles()) put(file.path, contentBytes(executableContent(file.program!, 0)), 0o755);
  for (const [path, program] of Object.entries(interpreters))
    put(path, contentBytes(executableContent(program, 0)), 0o755);
  /** Runs a program of /usr/bin with what it reads. */
  const start = async (argv: string[], cwd: string, stdin = '') => {
    const out: string[] = [];
    const err: string[] = [];
    let input: Uint8Array | null = utf8(stdin);
    const process = await machine.kernel.start(`/usr/bin/${argv[0]}`, {
      argv,
      env: { PATH: '/usr/bin:/bin', HOME: '/root' },
      cwd,
      stdio: {
        stdin: {
          async read() {
            const next = input;
            input = null;
            return next?.length ? next : null;
          },
        },
        stdout: (bytes) => void out.push(fromUtf8(bytes)),
        stderr: (bytes) => void err.push(fromUtf8(bytes)),
      },
    });
    const ended = process
      .wait()
      .then(({ code, signal }) => ({ stdout: out.join(''), stderr: err.join(''), code, signal }));
    return { process, out, ended };
  };
  const run = async (argv: string[], cwd = '/tmp', stdin = '') => (await start(argv, cwd, stdin)).ended;
  return { ...machine, put, start, run };
}
