/** A host with PostgreSQL's programs, a user `postgres` and a cluster in /data. */
import { writeText } from '../../../src/sim/userland/packages/sys-files.ts';
import { postgresPrograms } from '../../../src/sim/userland/services/postgres/index.ts';
import { fromUtf8, utf8 } from '../../../src/spec/index.ts';
import { run, testMachine } from '../../kernel/boot-kernel.ts';
import { nodeWorld } from '../../node-world.ts';

export const postgresId = 999;

export async function startPostgres() {
  const programs = postgresPrograms(nodeWorld.assets);
  const { kernel } = testMachine(programs);
  const { sys } = kernel;
  writeText(sys, '/etc/passwd', `root:x:0:0::/root:/bin/sh\npostgres:x:${postgresId}:${postgresId}::/:/bin/sh\n`);
  writeText(sys, '/etc/hosts', '127.0.0.1\tlocalhost\n');
  for (const path of ['/var', '/var/run', '/var/run/postgresql', '/data']) {
    sys.mkdir(path);
    sys.chown(path, postgresId, postgresId);
  }
  const program = (name: string) => programs.get(name)!.load();
  const log: string[] = [];
  const told = (bytes: Uint8Array) => void log.push(fromUtf8(bytes));
  const boot = async () => {
    const server = await kernel.start(await program('postgres'), {
      argv: ['postgres', '-D', '/data'],
      ...{ env: {}, cwd: '/', uid: postgresId, stdio: { stdout: told, stderr: told } },
    });
    const before = log.length;
    while (!log.slice(before).join('').includes('ready to accept'))
      await new Promise((resolve) => setTimeout(resolve, 10));
    return server;
  };
  const ask = async (name: string, argv: string[] = [], stdin?: string) =>
    run(kernel, await program(name), { argv: [name, ...argv], stdin, uid: postgresId });
  /** The screen of a terminal at which lines are typed, each when a prompt is there. */
  const typed = async (name: string, argv: string[], lines: readonly (string | (() => Promise<void>))[]) => {
    const pty = kernel.openPty({ columns: 80, rows: 24 });
    const process = await kernel.start(await program(name), {
      argv: [name, ...argv],
      ...{ env: {}, cwd: '/', uid: postgresId, stdio: { pty } },
    });
    let screen = '';
    for (const line of [...lines, undefined]) {
      while (line !== undefined && !/[#>] $/.test(screen)) screen += fromUtf8((await pty.read()) ?? new Uint8Array(0));
      if (line === undefined) break;
      if (typeof line === 'function') {
        await line();
        continue;
      }
      await pty.write(utf8(`${line}\n`));
      while (!screen.endsWith(`${line}\r\n`)) screen += fromUtf8((await pty.read()) ?? new Uint8Array(0));
    }
    await process.wait();
    return screen;
  };
  const made = await ask('initdb', ['-D', '/data']);
  return { kernel, boot, ask, typed, made, log: () => log.join('') };
}
