/** python3: what students do with it. One host; each interpreter starts from the same snapshot. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/spec/index.ts';
import { scriptHost } from './script-host.ts';

const host = scriptHost();
const python = (code: string, stdin = '') => host.run(['python3', '-c', code], '/tmp', stdin);

describe('python3', { timeout: 60_000 }, () => {
  it('runs a command, a file, standard input, a module; tells what ended it', async () => {
    host.put('/tmp/script.py', utf8('import sys\nprint(__name__, sys.argv[1:], __file__)\nsys.exit(3)\n'));
    const [command, file, input, module, version, text] = await Promise.all([
      python('import sys; print(1 + 1, sys.argv, input())', 'line\n'),
      host.run(['python3', 'script.py', 'a', 'b']),
      host.run(['python3', '-'], '/tmp', 'print("from stdin")'),
      host.run(['python3', '-m', 'script', 'x']),
      host.run(['python3', '-V']),
      python('import sys; sys.exit("broken")'),
    ]);
    expect(command).toEqual({ stdout: "2 ['-c'] line\n", stderr: '', code: 0 });
    expect(file).toEqual({ stdout: "__main__ ['a', 'b'] /tmp/script.py\n", stderr: '', code: 3 });
    expect(input).toEqual({ stdout: 'from stdin\n', stderr: '', code: 0 });
    expect(module).toEqual({ stdout: "__main__ ['x'] /tmp/script.py\n", stderr: '', code: 3 });
    expect(version).toMatchObject({ stdout: 'Python 3.12.11\n', code: 0 });
    expect(text).toMatchObject({ stderr: 'broken\n', code: 1 });
  });

  it('prints tracebacks with their source lines', async () => {
    host.put('/tmp/fails.py', utf8('def f(x):\n    return 1 / x\n\nf(0)\n'));
    expect(await host.run(['python3', 'fails.py'])).toMatchObject({
      stderr:
        'Traceback (most recent call last):\n  File "/tmp/fails.py", line 4, in <module>\n    f(0)\n    ~^^^\n' +
        '  File "/tmp/fails.py", line 2, in f\n    return 1 / x\n           ~~^~~\nZeroDivisionError: division by zero\n',
      code: 1,
    });
  });

  it('walks, writes and lists the tree it is in', async () => {
    const code = `
import os, pathlib, socket, subprocess
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.connect(('127.0.0.1', 9))
    print(s.getsockname()[0])
os.makedirs('/tmp/py/a/b')
pathlib.Path('/tmp/py/a/b/f').write_text('text')
os.symlink('a', '/tmp/py/link')
os.chdir('/tmp/py/link/b')
print(os.getcwd(), open('../b/f').read(), os.listdir('..'), os.path.islink('/tmp/py/link'))
os.rename('f', 'g')
print([str(p) for p in sorted(pathlib.Path('/tmp/py').rglob('*'))])
print(subprocess.run(['cat', 'g'], capture_output=True, text=True).stdout, os.system('exit 3') >> 8)
try:
    open('nothing')
except FileNotFoundError as error:
    print(error.filename)
`;
    expect(await python(code)).toMatchObject({
      stdout: `127.0.0.1\n/tmp/py/a/b text ['b'] True\n['/tmp/py/a', '/tmp/py/a/b', '/tmp/py/a/b/g', '/tmp/py/link']\ntext 3\nnothing\n`,
      stderr: '',
      code: 0,
    });
  });
});
