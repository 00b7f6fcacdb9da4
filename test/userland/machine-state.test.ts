/** Programs that tell of the machine, and applets that are there but not simulated. */
import { expect, it } from 'vitest';
import { executableContent } from '../../src/sim/kernel/executable.ts';
import { programs } from '../../src/sim/userland/index.ts';
import { contentBytes } from '../../src/spec/index.ts';
import { testMachine } from '../kernel/boot-kernel.ts';

async function run(program: string, argv: string[]): Promise<{ out: string; code: number | undefined }> {
  const machine = testMachine(new Map(programs()));
  const { sys } = machine.kernel;
  const fd = sys.openSync('/program', { access: 'write', create: true }, 0o755);
  sys.pwrite(fd, 0, contentBytes(executableContent(program, 0)));
  sys.close(fd);
  let out = '';
  const into = (bytes: Uint8Array) => {
    out += Buffer.from(bytes).toString();
  };
  const process = await machine.kernel.start('/program', {
    argv,
    env: {},
    cwd: '/',
    stdio: { stdout: into, stderr: into },
  });
  const { code } = await process.wait();
  return { out, code };
}

it('pstree draws the tree of processes', async () => {
  expect(await run('psmisc/pstree', ['pstree', '-p'])).toEqual({ out: expect.stringMatching(/^init\(1\)/), code: 0 });
});

it('openssl digests, makes random bytes, and says what it cannot', async () => {
  expect((await run('openssl/openssl', ['openssl', 'rand', '-hex', '4'])).out).toMatch(/^[\da-f]{8}\n$/);
  expect(await run('openssl/openssl', ['openssl', 'genrsa'])).toEqual({
    out: 'openssl: drydock: openssl genrsa is not simulated\n',
    code: 1,
  });
});

it('an applet of BusyBox that is not simulated says so; only an unknown one is not found', async () => {
  expect(await run('busybox', ['busybox', 'fdisk'])).toEqual({
    out: 'fdisk: drydock: the applet fdisk is not simulated\n',
    code: 1,
  });
  expect(await run('busybox', ['busybox', 'nosuch'])).toEqual({ out: 'nosuch: applet not found\n', code: 127 });
});
