/** tar: GNU tar 1.34 and BusyBox. */
import {
  decompress,
  detectCompression,
  gzip,
  readTar,
  readTarStream,
  TarContent,
  type TarEntry,
  TarError,
} from '../../../archive/index.ts';
import { BytesContent, type Content, chunks, paced } from '../../../spec/index.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { globRegexp } from '../find/glob.ts';
import { gnuArchive } from './gnu-header.ts';
import { TarCreator } from './tar-create.ts';
import { TarExtractor, writeContent } from './tar-extract.ts';
import { TarListing } from './tar-list.ts';
import { type TarRequest, tarRequest, tryHelp } from './tar-options.ts';

/** GNU writes records of 20 blocks; BusyBox ends with the two blocks of zeros. */
const gnuRecord = 10240;
const busyboxRecord = 512;

export const tar: CommandSpec = {
  name: 'tar',
  suite: 'tar',
  applet: true,
  usageStatus: 64,
  usageHint: "Try '% --help' or '% --usage' for more information.\n",
  async run(c) {
    const request = tarRequest(c);
    if (request.action === 'create' || request.action === 'append') return create(c, request);
    return read(c, request);
  },
};

function unrecoverable(c: Command, message: string): never {
  if (c.bb) c.fail(message);
  c.error(message, 2);
  return c.fail('Error is not recoverable: exiting now', 2);
}

async function create(c: Command, request: TarRequest): Promise<number> {
  if (request.members.length === 0) {
    if (c.bb) c.fail('empty archive');
    c.error('Cowardly refusing to create an empty archive', 2);
    c.errorText(tryHelp(c));
    return 2;
  }
  const toStdout = request.file === '-';
  if (toStdout && c.sys.isatty(1) && !c.bb)
    unrecoverable(c, 'Refusing to write archive contents to terminal (missing -f option?)');
  const before = request.action === 'append' ? [...(await entriesOf(c, request)).entries] : [];
  const fd = toStdout ? 1 : openOutput(c, request.file);
  if (c.bb && request.directory !== undefined) enter(c, request.directory);
  else for (const { directory } of request.members) if (directory !== undefined) checkDirectory(c, directory);
  const listing = new TarListing(c, request.numericOwner);
  const report = (entry: TarEntry) => {
    if (!request.verbose) return;
    const line = request.verbose > 1 && !c.bb ? listing.long(entry) : listing.name(entry);
    toStdout ? c.errorText(`${line}\n`) : c.out(`${line}\n`);
  };
  const creator = new TarCreator(c, request, toStdout ? undefined : c.sys.fstat(fd), report);
  for (const member of request.members) await creator.add(c.bb ? { ...member, directory: undefined } : member);
  const entries = [...before, ...creator.entries];
  const plain =
    request.format === 'pax'
      ? new TarContent(entries)
      : await paced(gnuArchive(entries, c.bb ? busyboxRecord : gnuRecord), () => c.drain());
  await writeContent(c, fd, request.gzip ? gzip(plain) : plain);
  if (!toStdout) c.sys.close(fd);
  if (request.removeFiles && !c.status) for (const { name } of request.members) await c.system(['rm', '-rf', name]);
  return ending(c);
}

function openOutput(c: Command, path: string): number {
  try {
    return c.sys.openSync(path, { access: 'write', create: true, truncate: true }, 0o666);
  } catch (error) {
    return unrecoverable(
      c,
      c.bb ? `can't open '${path}': ${c.reason(error)}` : `${path}: Cannot open: ${c.reason(error)}`,
    );
  }
}

function enter(c: Command, directory: string): void {
  try {
    c.sys.chdir(directory);
  } catch (error) {
    const reason = c.reason(error);
    unrecoverable(
      c,
      c.bb ? `can't change directory to '${directory}': ${reason}` : `${directory}: Cannot open: ${reason}`,
    );
  }
}

function checkDirectory(c: Command, directory: string): void {
  try {
    c.sys.readdir(directory);
  } catch (error) {
    unrecoverable(c, `${directory}: Cannot open: ${c.reason(error)}`);
  }
}

function ending(c: Command): number {
  if (!c.status) return 0;
  if (c.bb) c.error('error exit delayed from previous errors');
  else c.error('Exiting with failure status due to previous errors', 2);
  return c.status;
}

async function read(c: Command, request: TarRequest): Promise<number> {
  const { entries, failure } = await entriesOf(c, request);
  if (request.directory !== undefined) enter(c, request.directory);
  const listing = new TarListing(c, request.numericOwner);
  const extractor = new TarExtractor(c, request);
  const wanted = new Selection(request);
  for (const entry of entries) {
    await c.drain();
    if (!wanted.takes(entry)) continue;
    if (request.action === 'list') {
      c.out(`${request.verbose ? listing.long(entry) : listing.name(entry)}\n`);
      continue;
    }
    const target = extractor.target(entry);
    if (c.bb && request.verbose) print(c, request, listing, entry);
    if (target === undefined || target === '') continue;
    if (!c.bb && request.verbose) print(c, request, listing, entry);
    if (!request.toStdout) await extractor.extract(entry, target);
    else if (entry.type === 'file') await writeContent(c, 1, entry.content);
  }
  extractor.finish();
  if (failure) return failed(c, failure, entries.length);
  for (const name of wanted.missing())
    c.error(`${name}: ${c.bb ? 'not found in archive' : 'Not found in archive'}`, c.bb ? 1 : 2);
  return c.bb ? c.status : ending(c);
}

function print(c: Command, request: TarRequest, listing: TarListing, entry: TarEntry): void {
  const line = `${request.verbose > 1 ? listing.long(entry) : listing.name(entry)}\n`;
  request.toStdout ? c.errorText(line) : c.out(line);
}

/** Which members were asked for: a name, all below it, or (BusyBox, --wildcards) a pattern. */
class Selection {
  private readonly tests: { name: string; test(path: string): boolean; found: boolean }[];
  constructor(private readonly request: TarRequest) {
    this.tests = request.members.map(({ name }) => {
      const plain = name.replace(/(?!^)\/+$/, '');
      const pattern = request.wildcards ? globRegexp(plain) : undefined;
      const exact = (path: string) => path === plain || (pattern?.test(path) ?? false);
      const test = (path: string) =>
        exact(path) || [...path.matchAll(/\//g)].some((match) => exact(path.slice(0, match.index)));
      return { name, test, found: false };
    });
  }
  takes(entry: TarEntry): boolean {
    const path = entry.name.replace(/(?!^)\/+$/, '');
    if (this.request.excluded(path)) return false;
    if (this.tests.length === 0) return true;
    const matching = this.tests.filter((one) => one.test(path));
    for (const one of matching) one.found = true;
    return matching.length > 0;
  }
  missing(): string[] {
    return this.tests.filter((one) => !one.found).map((one) => one.name);
  }
}

interface ArchiveEntries {
  entries: readonly TarEntry[];
  failure?: TarError;
}

async function entriesOf(c: Command, request: TarRequest): Promise<ArchiveEntries> {
  const content = await archiveContent(c, request.file);
  const compression = detectCompression(content);
  if (compression === 'xz' || compression === 'bzip2' || compression === 'zstd')
    c.fail(`drydock: ${compression} compression is not simulated`, 2);
  if (compression !== 'gzip' && request.gzip) notGzip(c);
  if (content.size === 0) return { entries: [], failure: new TarError('unexpected EOF') };
  let plain: Content;
  try {
    plain = decompress(content);
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    c.errorText(
      `\ngzip: stdin: ${error.message === 'unexpected EOF' ? 'unexpected end of file' : 'invalid compressed data--format violated'}\n`,
    );
    return unrecoverable(c, c.bb ? 'short read' : 'Child returned status 1');
  }
  return parse(plain);
}

function notGzip(c: Command): never {
  if (c.bb) {
    c.error('invalid magic');
    return c.fail('short read');
  }
  c.errorText('\ngzip: stdin: not in gzip format\n');
  return unrecoverable(c, 'Child returned status 1');
}

/** All entries, or those before the place where the archive is broken. */
async function parse(plain: Content): Promise<ArchiveEntries> {
  try {
    return { entries: readTar(plain) };
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    const entries: TarEntry[] = [];
    try {
      for await (const entry of readTarStream(streamOf(plain))) entries.push(entry);
    } catch {
      // The same failure again, after what could be read.
    }
    return { entries, failure: error };
  }
}

async function* streamOf(content: Content): AsyncGenerator<Uint8Array> {
  yield* chunks(content);
}

async function archiveContent(c: Command, path: string): Promise<Content> {
  if (path === '-') {
    if (c.sys.isatty(0) && !c.bb)
      unrecoverable(c, 'Refusing to read archive contents from terminal (missing -f option?)');
    return c.sys.fileContent(0) ?? new BytesContent(await c.readAll(0));
  }
  let fd: number;
  try {
    fd = await c.sys.open(path);
  } catch (error) {
    return unrecoverable(
      c,
      c.bb ? `can't open '${path}': ${c.reason(error)}` : `${path}: Cannot open: ${c.reason(error)}`,
    );
  }
  try {
    return c.sys.fileContent(fd) ?? new BytesContent(await c.readAll(fd));
  } catch (error) {
    return unrecoverable(c, c.bb ? `read error: ${c.reason(error)}` : `${path}: Cannot read: ${c.reason(error)}`);
  } finally {
    c.sys.close(fd);
  }
}

function failed(c: Command, failure: TarError, seen: number): number {
  const short = failure.message === 'unexpected EOF';
  if (c.bb) return c.fail(short ? 'short read' : 'invalid tar magic');
  if (short && seen > 0) return unrecoverable(c, 'Unexpected EOF in archive');
  c.error('This does not look like a tar archive', 2);
  if (seen === 0 && !short) c.error('Skipping to next header', 2);
  return c.fail('Exiting with failure status due to previous errors', 2);
}
