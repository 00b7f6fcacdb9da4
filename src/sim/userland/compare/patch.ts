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
  /** What stood before the first hunk, and that hunk's line, for when the file is not found. */
  leading: string[];
  line: number;
}

const nameOf = (header: string): string => header.slice(4).split('\t')[0]!.trimEnd();

/** Unified patches, and normal ones (`2c2`), which name no file; what stands between files is commentary. */
function parsePatch(text: string): FilePatch[] {
  const lines = text.split('\n');
  const patches: FilePatch[] = [];
  let end = 0;
  for (let i = 0; i < lines.length; i++) {
    const change = /^(\d+)(?:,(\d+))?([acd])(\d+)(?:,(\d+))?$/.exec(lines[i]!);
    if (change && !patches.at(-1)?.from) {
      if (patches.length === 0) patches.push({ from: '', to: '', hunks: [], leading: [], line: i + 1 });
      i = readChange(lines, i, change, patches[0]!.hunks);
      continue;
    }
    if (lines[i]!.startsWith('--- ') && lines[i + 1]?.startsWith('+++ ')) {
      patches.push({ from: nameOf(lines[i]!), to: nameOf(lines[i + 1]!), hunks: [], leading: [], line: i + 3 });
      i++;
      continue;
    }
    const range = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(lines[i]!);
    if (!range || patches.length === 0) continue;
    const hunk: Hunk = { start: Number(range[1]), newStart: Number(range[3]), lines: [] };
    if (patches.at(-1)!.hunks.length === 0)
      Object.assign(patches.at(-1)!, { leading: lines.slice(end, i), line: i + 1 });
    i = readHunk(lines, i, hunk, Number(range[2] ?? 1), Number(range[4] ?? 1));
    patches.at(-1)!.hunks.push(hunk);
    end = i + 1;
  }
  return patches;
}

/** `2,3c2`: the old lines after <, the new ones after >. */
function readChange(lines: readonly string[], at: number, change: RegExpExecArray, hunks: Hunk[]): number {
  const hunk: Hunk = { start: Number(change[1]), newStart: Number(change[4]), lines: [] };
  for (; /^[<>] |^---$|^\\ /.test(lines[at + 1] ?? ''); at++) {
    const line = lines[at + 1]!;
    const last = hunk.lines.at(-1);
    if (line.startsWith('\\') && last) last[1] = last[1].slice(0, -1);
    else if (line !== '---') hunk.lines.push([line[0] === '<' ? '-' : '+', `${line.slice(2)}\n`]);
  }
  hunks.push(hunk);
  return at;
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
  /** Some hunk was not quite where it should be. */
  moved: boolean;
}

function apply(c: Command, text: string, hunks: readonly Hunk[]): Applied {
  const file = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  let shift = 0;
  let failed = 0;
  let moved = false;
  hunks.forEach((hunk, i) => {
    const size = hunk.lines.filter(([mark]) => mark !== '+').length;
    const expected = (size === 0 ? hunk.start : hunk.start - 1) + shift;
    const fuzz = (c.bb ? [0] : [0, 1, 2]).find((f) => locate(file, hunk, expected, f));
    if (fuzz === undefined) {
      failed++;
      if (c.bb)
        c.errorText(
          `Hunk ${i + 1} FAILED ${hunk.start}/${hunk.newStart}.\n${hunk.lines.map((line) => line.join('')).join('')}`,
        );
      else c.out(`Hunk #${i + 1} FAILED at ${hunk.start}.\n`);
      return;
    }
    const { at } = locate(file, hunk, expected, fuzz)!;
    const offset = at - expected;
    if ((offset || fuzz) && !c.bb) {
      moved = true;
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
  return { text: file.join(''), failed, moved };
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
      notFound(c, o, one, path);
      return;
    }
  }
  const verb = c.bb && creates ? 'creating' : o.has('dry-run') && !c.bb ? 'checking file' : 'patching file';
  if (!o.has('quiet', 'silent')) c.out(`${verb} ${path}\n`);
  const { text: result, failed, moved } = apply(c, text, o.has('reverse') ? one.hunks.map(reversed) : one.hunks);
  if (failed) {
    const count = `${failed} out of ${one.hunks.length} hunk${one.hunks.length === 1 ? '' : 's'}`;
    if (!c.bb) c.out(`${count} FAILED -- saving rejects to file ${path}.rej\n`);
    c.status = 1;
  }
  if (o.has('dry-run')) return;
  if (o.has('backup') || ((failed || moved) && !c.bb)) await writeFile(c, `${path}.orig`, fromBinary(text));
  if (removes && result === '') c.sys.unlink(path);
  else await writeFile(c, o.value('output') ?? path, fromBinary(result));
}

/** GNU asks for another name, and takes the end of input for a no. */
function notFound(c: Command, o: Options, one: FilePatch, path: string): void {
  c.status = 1;
  if (c.bb) {
    c.out(`patching file ${path}\n`);
    c.error(`can't open '${path}': No such file or directory`);
    return;
  }
  const rule = '-'.repeat(26);
  const leading = one.leading.map((line) => `|${line}\n`).join('');
  c.out(`can't find file to patch at input line ${one.line}\n`);
  c.out(`Perhaps you ${o.has('strip') ? 'used the wrong' : 'should have used the'} -p or --strip option?\n`);
  if (leading) c.out(`The text leading up to this was:\n${rule}\n${leading}${rule}\n`);
  if (o.has('force', 'batch')) c.out('No file to patch.  Skipping patch.\n');
  else c.out('File to patch: \nSkip this patch? [y] \nSkipping patch.\n');
  const { length } = one.hunks;
  c.out(`${length} out of ${length} hunk${length === 1 ? '' : 's'} ignored\n`);
}

export const patch: CommandSpec = {
  name: 'patch',
  suite: 'patch',
  applet: true,
  usageStatus: 2,
  async run(c) {
    const o = c.options({
      gnu: 'p,strip= i,input= R,reverse b,backup d,directory= o,output= s,quiet silent dry-run N,forward E,remove-empty-files f,force t,batch u,unified l,ignore-whitespace F,fuzz= verbose',
      busybox: 'p,strip= i,input= R,reverse N,forward f t E,remove-empty-files dry-run',
    });
    const path = o.value('input') ?? o.operands[1] ?? '-';
    const text = await (c.bb ? readOrFail(c, path) : readPatch(c, path));
    if (o.has('directory')) c.sys.chdir(o.value('directory')!);
    const patches = parsePatch(text);
    if (patches.length === 0 && text.trim() !== '' && !c.bb)
      c.fail('**** Only garbage was found in the patch input.', 2);
    for (const one of patches) await patchFile(c, o, one);
    return c.status;
  },
};

const readPatch = (c: Command, path: string): Promise<string> =>
  c.readFile(path).catch((error) => c.fail(`**** Can't open patch file ${path} : ${c.reason(error)}`, 2));
