/** `vi`, `vim`, `nano`, `edit`: hand a file to the editor of whoever shows the terminal. */
import type { Program, Sys } from '../sim/index.ts';
import { fromUtf8, isErrno, utf8 } from '../spec/index.ts';
import type { EditRequest } from './machine.ts';

/** Larger files are not for editing by hand. */
const limit = 4 << 20;

export const editorProgram =
  (program: string, edit: ((request: EditRequest) => Promise<void>) | undefined): Program =>
  async (sys) => {
    const path = sys.argv.slice(1).find((argument) => !/^[-+]/.test(argument));
    if (!path) return complain(sys, program, 'give the name of a file to edit');
    if (!edit || !sys.isatty(0))
      return complain(sys, program, 'needs a terminal with an editor behind it (try the web app)');
    let text: string | undefined;
    try {
      text = read(sys, path);
    } catch (error) {
      if (!isErrno(error)) throw error;
      return complain(sys, program, `${path}: ${error.message}`);
    }
    await edit({ program, path, text, readOnly: !writable(sys, path, text), save: (next) => save(sys, path, next) });
    return 0;
  };

async function complain(sys: Sys, program: string, problem: string): Promise<number> {
  await sys.write(2, `${program}: ${problem}\n`);
  return 1;
}

function read(sys: Sys, path: string): string | undefined {
  try {
    const fd = sys.openSync(path);
    try {
      return fromUtf8(sys.pread(fd, 0, Math.min(limit, sys.fstat(fd).size)));
    } finally {
      sys.close(fd);
    }
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function writable(sys: Sys, path: string, text: string | undefined): boolean {
  try {
    sys.access(text === undefined ? path.replace(/[^/]*$/, '') || '.' : path, 2);
    return true;
  } catch {
    return false;
  }
}

/** The file is replaced at once: a reader never sees half of it. */
function save(sys: Sys, path: string, text: string): void {
  const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, 0o666);
  try {
    sys.pwrite(fd, 0, utf8(text));
  } finally {
    sys.close(fd);
  }
}
