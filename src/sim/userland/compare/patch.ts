import { isErrno } from '../../../spec/index.ts';
import { fromBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { readOrFail, writeFile } from '../core/inputs.ts';
import type { Options } from '../core/options.ts';

interface Hunk {
  start: number;
  newStart: number;
  /** ' ', '-' or '+', then the text with its newline (if it has one). */
  lines: [mark: string, text: string][];
}

interface FilePatch {
  from: string;
  to: string;
  hunks: Hunk[];
}

const nameOf = (header: string): string => header.slice(4).split('\t')[0]!.trimEnd();

/** Unified patches; what stands between files is commentary. */
function parsePatch(text: string): FilePatch[] {
  const lines = text.split('\n');
  const patches: FilePatch[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]!.startsWith('--- ') && lines[i + 1]?.startsWith('+++ ')) {
      patches.push({ from: nameOf(lines[i]!), to: nameOf(lines[i + 1]!), hunks: [] });
      i++;
      continue;
    }
    const range = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(lines[i]!);
    if (!range || patches.length === 0) continue;
    const hunk: Hunk = { start: Number(range[1]), newStart: Number(range[3]), lines: [] };
    i = readHunk(lines, i, hunk, Number(range[2] ?? 1), Number(range[4] ?? 1));
    patches.at(-1)!.hunks.push(hunk);
  }
  return patches;
}

function readHunk(lines: readonly string[], at: number, hunk: Hunk, before: number, after: number): number {
  while ((before > 0 || after > 0) && at + 1 < lines.length) {
    const line = lines[++at]!;
    const mark = line[0] ?? ' ';
    if (mark === '\\') continue;
    if (mark !== '+') before--;
    if (mark !== '-') after--;
    hunk.lines.push([mark, `${line.slice(1)}\n`]);
  }
  if (lines[at + 1]?.startsWith('\\')) {
    hunk.lines.at(-1)![1] = hunk.lines.at(-1)![1].slice(0, -1);
    at++;
  }
  return at;
}

const reversed = (hunk: Hunk): Hunk => ({
  start: hunk.newStart,
  newStart: hunk.start,
  lines: hunk.lines.map(([mark, text]) => [mark === '+' ? '-' : mark === '-' ? '+' : mark, text]),
});

/** Where the hunk's old lines stand nearest to where they should, dropping up to `fuzz` lines of context. */
function locate(
  file: readonly string[],
  hunk: Hunk,
  expected: number,
  fuzz: number,
): { at: number; skip: number } | undefined {
  const old = hunk.lines.filter(([mark]) => mark !== '+').map(([, text]) => text);
  const leading = hunk.lines.findIndex(([mark]) => mark !== ' ');
  const skip = Math.min(fuzz, Math.max(0, leading));
  const trailing = [...hunk.lines].reverse().findIndex(([mark]) => mark !== ' ');
  const wanted = old.slice(skip, old.length - Math.min(fuzz, Math.max(0, trailing)));
  const fits = (at: number) => at >= 0 && wanted.every((text, i) => file[at + i] === text);
  for (let distance = 0; distance <= file.length; distance++) {
    for (const at of distance ? [expected + skip + distance, expected + skip - distance] : [expected + skip]) {
      if (fits(at)) return { at: at - skip, skip };
    }
  }
  return undefined;
}

interface Applied {
  text: string;
  failed: number;
}

function apply(c: Command, text: string, hunks: readonly Hunk[]): Applied {
  const file = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  let shift = 0;
  let failed = 0;
  hunks.forEach((hunk, i) => {
    const size = hunk.lines.filter(([mark]) => mark !== '+').length;
    const expected = (size === 0 ? hunk.start : hunk.start - 1) + shift;
    const fuzz = [0, 1, 2].find((f) => locate(file, hunk, expected, f));
    if (fuzz === undefined) {
      failed++;
      c.out(`Hunk #${i + 1} FAILED at ${hunk.start}.\n`);
      return;
    }
    const { at } = locate(file, hunk, expected, fuzz)!;
    const offset = at - expected;
    if (offset || fuzz) {
      const how = `${fuzz ? ` with fuzz ${fuzz}` : ''}${offset ? ` (offset ${offset} line${Math.abs(offset) === 1 ? '' : 's'})` : ''}`;
      c.out(`Hunk #${i + 1} succeeded at ${at + 1}${how}.\n`);
    }
    let cursor = at;
    const fresh = hunk.lines.flatMap(([mark, line]) => {
      if (mark === '+') return [line];
      const kept = file[cursor++];
      return mark === ' ' ? [kept ?? line] : [];
    });
    file.splice(at, size, ...fresh);
    shift += fresh.length - size + offset;
  });
  return { text: file.join(''), failed };
}

const strip = (path: string, count: number | undefined): string => {
  if (count === undefined) return path.slice(path.lastIndexOf('/') + 1);
  return path.split(/\/+/).slice(count).join('/');
};

function target(c: Command, o: Options, one: FilePatch): string {
  if (o.operands[0] !== undefined) return o.operands[0];
  const count = o.has('strip') ? Number(o.value('strip')) : undefined;
  const names = [one.from, one.to].filter((name) => name !== '/dev/null').map((name) => strip(name, count));
  const exists = names.find((name) => {
    try {
      c.sys.stat(name);
      return true;
    } catch {
      return false;
    }
  });
  return exists ?? names.at(-1)!;
}

async function patchFile(c: Command, o: Options, one: FilePatch): Promise<void> {
  const path = target(c, o, one);
  const creates = (o.has('reverse') ? one.to : one.from) === '/dev/null';
  const removes = (o.has('reverse') ? one.from : one.to) === '/dev/null';
  let text = '';
  try {
    text = await c.readFile(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    if (!creates) {
      c.out(`can't find file to patch at input line 3\n`);
      c.status = 1;
      return;
    }
  }
  if (!o.has('quiet', 'silent')) c.out(`patching file ${path}\n`);
  const { text: result, failed } = apply(c, text, o.has('reverse') ? one.hunks.map(reversed) : one.hunks);
  if (failed) {
    c.out(
      `${failed} out of ${one.hunks.length} hunk${one.hunks.length === 1 ? '' : 's'} FAILED${c.bb ? '' : ` -- saving rejects to file ${path}.rej`}\n`,
    );
    c.status = 1;
  }
  if (o.has('dry-run')) return;
  if (o.has('backup') || (failed && !c.bb)) await writeFile(c, `${path}.orig`, fromBinary(text));
  if (removes && result === '') c.sys.unlink(path);
  else await writeFile(c, o.value('output') ?? path, fromBinary(result));
}

export const patch: CommandSpec = {
  name: 'patch',
  suite: 'patch',
  applet: true,
  usageStatus: 2,
  async run(c) {
    const o = c.options({
      gnu: 'p,strip= i,input= R,reverse b,backup d,directory= o,output= s,quiet silent dry-run N,forward E,remove-empty-files f,force t,batch u,unified l,ignore-whitespace F,fuzz= verbose',
      busybox: 'p,strip= i,input= R,reverse N,forward E,remove-empty-files dry-run',
    });
    const text = await readOrFail(c, o.value('input') ?? o.operands[1] ?? '-');
    if (o.has('directory')) c.sys.chdir(o.value('directory')!);
    const patches = parsePatch(text);
    if (patches.length === 0 && text.trim() !== '') c.fail('**** Only garbage was found in the patch input.', 2);
    for (const one of patches) await patchFile(c, o, one);
    return c.status;
  },
};
