/** Shells on a pty, keys typed one after another once the shell is quiet, drawn by a real terminal. */
import headless from '@xterm/headless';
import { describe, expect, test } from 'vitest';
import type { Sys } from '../../src/sim/kernel/sys.ts';
import { type ShellName, shellMachine, shells } from './machine.ts';

interface Played {
  raw: string;
  /** The rows of the screen that hold text. */
  rows: string[];
  sys: Sys;
}

const quiet = async (length: () => number): Promise<void> => {
  for (let same = 0, before = length(); same < 6; ) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    same = length() === before ? same + 1 : 0;
    before = length();
  }
};

const play = async (
  shell: ShellName,
  keys: string[],
  options: {
    columns?: number;
    argv?: string[];
    files?: Record<string, string>;
    machine?: ReturnType<typeof shellMachine>;
  } = {},
): Promise<Played> => {
  const { kernel } = options.machine ?? shellMachine();
  const columns = options.columns ?? 80;
  for (const [path, text] of Object.entries(options.files ?? {})) {
    const fd = kernel.sys.openSync(path, { access: 'write', create: true, truncate: true }, 0o644);
    kernel.sys.pwrite(fd, 0, new TextEncoder().encode(text));
    kernel.sys.close(fd);
  }
  const pty = kernel.openPty({ columns, rows: 24 });
  const env = { PATH: '/bin', HOME: '/root', TERM: 'xterm', PS1: '$ ' };
  const terminal = new headless.Terminal({ cols: columns, rows: 24, allowProposedApi: true });
  let raw = '';
  const decoder = new TextDecoder();
  void (async () => {
    for (let b = await pty.read(); b && b.length > 0; b = await pty.read()) {
      terminal.write(b);
      raw += decoder.decode(b, { stream: true });
    }
  })();
  const handle = await kernel.start(shells[shell], {
    argv: options.argv ?? [shell],
    env,
    cwd: '/work',
    stdio: { pty },
  });
  for (const key of keys) {
    await quiet(() => raw.length);
    await pty.write(new TextEncoder().encode(key));
  }
  await quiet(() => raw.length);
  void handle;
  await new Promise<void>((resolve) => terminal.write('', resolve));
  const buffer = terminal.buffer.active;
  const rows = Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i)!.translateToString(true).trimEnd());
  while (rows.at(-1) === '') rows.pop();
  return { raw, rows, sys: kernel.sys };
};

const paste = (text: string) => `\x1b[200~${text}\x1b[201~`;

describe('bash reads a line', () => {
  test('brackets pastes at the prompt, not while a command runs', async () => {
    const { raw } = await play('bash', ['echo hi\r', '\x04']);
    expect(raw).toBe('\x1b[?2004h$ echo hi\r\n\x1b[?2004l\rhi\r\n\x1b[?2004h$ \x1b[?2004l\r\r\nexit\r\n');
  });

  test('a pasted text of several lines waits for Enter, can be edited, and runs line by line', async () => {
    const { raw, rows } = await play('bash', [paste('echo a\recho b'), '\x02', 'X', '\r']);
    expect(raw).toContain('\x1b[7mecho a');
    expect(rows).toEqual(['$ echo a', 'echo Xb', 'a', 'Xb', '$']);
  });

  test('a trailing newline of a paste is kept, and makes no command of its own', async () => {
    const { rows } = await play('bash', [paste('for i in 1 2\ndo echo $i\ndone\n'), '\r']);
    expect(rows).toEqual(['$ for i in 1 2', 'do echo $i', 'done', '1', '2', '$']);
  });

  test('wrapped lines are drawn whole, also at the very edge', async () => {
    const typed = 'echo 4567890123456789 1234567890123456789';
    for (const columns of [20, 21, 22, 23]) {
      const { rows } = await play('bash', [typed, '\x01', '\x06\x06', '\x05', 'x\x7f', '\r'], { columns });
      const line = `$ ${typed}`;
      const expected = [];
      for (let i = 0; i < line.length; i += columns) expected.push(line.slice(i, i + columns).trimEnd());
      const out = typed.slice(5);
      for (let i = 0; i < out.length; i += columns) expected.push(out.slice(i, i + columns).trimEnd());
      expect(rows.map((row) => row.trimEnd())).toEqual([...expected, '$']);
    }
  });

  test('wide characters go to the next row whole, and what is inserted before them moves them', async () => {
    const { rows } = await play('bash', ['echo 你好世界你好世界', '\x02\x02', 'x', '\r'], { columns: 20 });
    expect(rows).toEqual(['$ echo 你好世界你好x', '世界', '你好世界你好x世界', '$']);
  });

  test('Ctrl-R finds, runs, and gives the line back', async () => {
    const { rows } = await play('bash', [
      'echo foo bar\r',
      'echo other\r',
      '\x12',
      'foo',
      '\r',
      '\x12oth\x07',
      'echo z\r',
    ]);
    expect(rows).toEqual([
      '$ echo foo bar',
      'foo bar',
      '$ echo other',
      'other',
      '$ echo foo bar',
      'foo bar',
      '$ echo z',
      'z',
      '$',
    ]);
  });

  test('a key that arrives in pieces is one key', async () => {
    const { rows } = await play('bash', ['echo ab', '\x1b', '[D', 'X', '\x1b[', 'D', '\r']);
    expect(rows.slice(0, 2)).toEqual(['$ echo aXb', 'aXb']);
  });
});

describe('keys of readline', () => {
  const line = async (keys: string[], columns = 60): Promise<string[]> => (await play('bash', keys, { columns })).rows;

  test('words are cut, joined in the kill ring, yanked and undone', async () => {
    const rows = await line(['aaa bbb ccc', '\x17\x17', '\x19\x19', '\x1f', '\x01\x1bd', '\x05\x0b', '\x15', 'X']);
    expect(rows).toEqual(['$ X']);
    expect(await line(['one two\x17', '\x01\x0b', '\x19', '\x1by'])).toEqual(['$ two']);
  });

  test('events and words of the history', async () => {
    const rows = await line(['echo one two\r', 'echo !!:2 !$\r', '^two^2\r', '!zz\r', 'echo \x1b.']);
    expect(rows).toContain('echo two two');
    expect(rows).toContain('echo 2 two');
    expect(rows).toContain('bash: !zz: event not found');
    expect(rows.at(-1)).toBe('$ echo two');
  });

  test('what cannot be run gives the terminal back', async () => {
    const rows = await line(['./no\r', '/\r', 'echo on\r']);
    expect(rows.slice(1)).toEqual([
      'bash: ./no: No such file or directory',
      '$ /',
      'bash: /: Is a directory',
      '$ echo on',
      'on',
      '$',
    ]);
  });

  test('a here-document is not searched for events', async () => {
    const rows = await line(['cat <<E\r', 'a!b ^c\r', 'E\r']);
    expect(rows.slice(0, 4)).toEqual(['$ cat <<E', '> a!b ^c', '> E', 'a!b ^c']);
  });

  test('bind gives keys to functions, texts and commands', async () => {
    const rows = await line([
      `bind '"\\C-g": "echo hi\\C-m"'\r`,
      '\x07',
      `bind '"\\C-t": kill-whole-line'\r`,
      'abc\x14echo ok\r',
      `bind -x '"\\C-o": READLINE_LINE=changed'\r`,
      'ab\x0f',
    ]);
    expect(rows).toContain('hi');
    expect(rows).toContain('ok');
    expect(rows.at(-1)).toBe('$ changed');
  });

  test('vi: moving, deleting, changing', async () => {
    const rows = await line(['set -o vi\r', 'echo abc def', '\x1b', '0w', 'dw', 'cwnew', '\x1b', 'A!\r']);
    expect(rows).toContain('new!');
  });

  test('complete -W, then the list, then nothing more to add', async () => {
    const rows = await line(["complete -W 'start stop status' svc\r", 'svc st\t', '\t']);
    expect(rows).toEqual(["$ complete -W 'start stop status' svc", '$ svc st', 'start   status  stop', '$ svc st']);
  });

  test('a window of another width draws the line in its place', async () => {
    const machine = shellMachine();
    const pty = machine.kernel.openPty({ columns: 40, rows: 24 });
    let raw = '';
    void (async () => {
      for (let b = await pty.read(); b && b.length > 0; b = await pty.read()) raw += new TextDecoder().decode(b);
    })();
    const env = { PATH: '/bin', HOME: '/root', TERM: 'xterm', PS1: '$ ' };
    await machine.kernel.start(shells.bash, { argv: ['bash'], env, cwd: '/work', stdio: { pty } });
    await quiet(() => raw.length);
    await pty.write(new TextEncoder().encode('x'.repeat(50)));
    await quiet(() => raw.length);
    const before = raw.length;
    pty.resize(30, 24);
    await quiet(() => raw.length);
    expect(raw.slice(before)).toMatch(/^\x1b\[1A\r\$ x+\x1b\[J/);
  });
});

describe('jobs at a terminal', () => {
  for (const shell of ['bash', 'dash', 'ash'] as const) {
    test(`Ctrl-C ends a loop, a sleep and a pipeline in ${shell}`, async () => {
      const { rows } = await play(shell, [
        'while :; do :; done\r',
        '\x03',
        'cat\r',
        '\x03',
        'cat | cat\r',
        '\x03',
        'echo $?\r',
      ]);
      expect(rows.filter((row) => row.startsWith('^C'))).toHaveLength(3);
      expect(rows.slice(-2, -1)).toEqual(['130']);
    });
  }

  test('Ctrl-Z, jobs, fg, bg and what they say', async () => {
    const { rows } = await play('bash', [
      'cat\r',
      '\x1a',
      'jobs\r',
      'fg\r',
      '\x03',
      'cat\r',
      '\x1a',
      'exit\r',
      'jobs\r',
      'kill %1; wait\r',
    ]);
    expect(rows.slice(0, 8)).toEqual([
      '$ cat',
      '^Z',
      '[1]+  Stopped                 cat',
      '$ jobs',
      '[1]+  Stopped                 cat',
      '$ fg',
      'cat',
      '^C',
    ]);
    expect(rows).toContain('There are stopped jobs.');
  });

  test('a shell whose terminal was taken from it ends as at the end of its input', async () => {
    for (const shell of ['bash', 'dash', 'ash'] as const) {
      const { raw, rows } = await play('bash', ['bash\r', `${shell}\r`, 'kill -9 $PPID\r', 'echo top\r']);
      expect(raw.includes('exit\r\n')).toBe(shell === 'bash');
      expect(raw).not.toContain('error');
      expect(rows.slice(-2)).toEqual(['top', '$']);
    }
  });

  test('a command read from a pipe or a file', async () => {
    const { rows } = await play('bash', ['cat x | sh\r', 'bash < x\r'], {
      files: { '/work/x': 'echo one\necho two\n' },
    });
    expect(rows).toEqual(['$ cat x | sh', 'one', 'two', '$ bash < x', 'one', 'two', '$']);
  });

  test('what was typed in one session is there in the next; multi-line commands are one line', async () => {
    const machine = shellMachine();
    await play('bash', ['if true\r', 'then echo x; fi\r', 'exit\r'], { machine });
    const { rows } = await play('bash', ['\x1b[A\x1b[A', '\r'], { machine });
    expect(rows.slice(0, 2)).toEqual(['$ if true; then echo x; fi', 'x']);
  });

  test('startup files', async () => {
    const files = { '/root/.bashrc': 'echo rc\n', '/root/.profile': 'echo profile\n' };
    expect((await play('bash', [], { files })).rows).toEqual(['rc', '$']);
    expect((await play('bash', [], { files, argv: ['-bash'] })).rows).toEqual(['profile', '$']);
  });
});
