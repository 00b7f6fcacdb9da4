/** What every command has in common: how it is declared, and what it gets to work with. */
import { type Errno, isErrno } from '../../../spec/index.ts';
import type { Program } from '../../kernel/program.ts';
import type { Sys } from '../../kernel/sys.ts';
import { encodeText, fromBinary, toBinary } from './bytes.ts';
import { findProgram } from './find-program.ts';
import { OptionError, type Options, optionTable, type ParseRules, parseOptions } from './options.ts';

/** Which family's option set, messages and formats a command has. */
export type Family = 'gnu' | 'busybox';

export interface CommandSpec {
  /** `ls`; the program's name in the table is `<suite>/<name>`. */
  name: string;
  /** GNU package, e.g. `coreutils`. Absent: there is only a BusyBox form. */
  suite?: string;
  /** BusyBox has an applet of this name. */
  applet?: boolean;
  /** Exit status for a wrong option (default 1). */
  usageStatus?: number;
  /** What GNU prints after a wrong option instead of "Try 'x --help' ..."; `help`: the whole help text. */
  usageHint?: string;
  /** What --help and --version end with (false: 1). */
  helpStatus?: number;
  /** Messages carry the last component of argv[0] only. */
  shortName?: boolean;
  /** GNU: the name that messages carry whatever argv[0] is (gunzip is a script that runs gzip). */
  messageName?: string;
  run(c: Command): Promise<number> | number;
}

/** Ends the command with a status; everything printed so far is still written. */
export class Exit extends Error {
  constructor(readonly status: number) {
    super(`exit ${status}`);
  }
}

class WriteError extends Error {
  constructor(
    readonly fd: number,
    override readonly cause: Errno,
  ) {
    super(cause.message);
  }
}

export interface OptionTables extends ParseRules {
  gnu?: string;
  busybox?: string;
}

/** Where usage and help texts come from; the busybox program and the GNU wrapper each give theirs. */
export interface HelpTexts {
  /** Exits after printing. */
  help(c: Command): Promise<string> | string;
  version?(c: Command): Promise<string> | string;
  /** Text after a wrong option (with newline). */
  afterError(c: Command): Promise<string> | string;
  musl?: boolean;
}

const flushAt = 1 << 16;
/** From here on what a command holds counts as its memory. */
const notableBytes = 1 << 20;

/** Differs from Linux: what a command holds has a limit of its own, below what a string may be here. */
const longestText = 1 << 28;

/** Calls that the some hundred steps between two drains stand for. */
const drainUnits = 12;

export class Command {
  /** As it stands in messages. */
  readonly name: string;
  /** Arguments after argv[0]. */
  readonly args: string[];
  readonly bb: boolean;
  /** Exit status so far; commands that carry on after an error set it. */
  status = 0;
  private pending = '';
  private pendingFd = 1;
  private queue: [fd: number, text: string][] = [];

  constructor(
    readonly sys: Sys,
    readonly spec: CommandSpec,
    readonly family: Family,
    readonly texts: HelpTexts,
    name: string,
    args: readonly string[],
  ) {
    this.name = name;
    this.args = [...args];
    this.bb = family === 'busybox';
  }

  /** Buffered standard output; `text` is UTF-16. Order with {@link error} is kept. */
  out(text: string): void {
    this.put(1, encodeText(text));
  }
  /** Buffered standard output of a binary string. */
  raw(binary: string): void {
    this.put(1, binary);
  }
  private put(fd: number, binary: string): void {
    if (fd !== this.pendingFd) this.seal(fd);
    this.pending += binary;
    if (this.pending.length > flushAt) this.seal(fd);
  }
  private seal(next: number): void {
    if (this.pending) this.queue.push([this.pendingFd, this.pending]);
    this.pending = '';
    this.pendingFd = next;
  }

  /** `name: message` on standard error; sets the status to 1 unless it is set. */
  error(message: string, status = 1): void {
    this.put(2, encodeText(`${this.name}: ${message}\n`));
    this.status ||= status;
  }
  /** Standard error, as is. */
  errorText(text: string): void {
    this.put(2, encodeText(text));
  }
  /** Prints and ends. */
  fail(message: string, status = 1): never {
    this.error(message);
    throw new Exit(status);
  }
  exit(status: number): never {
    throw new Exit(status);
  }

  /** Writes when much has gathered, and gives way to others. Call it in loops. */
  async drain(): Promise<void> {
    if (this.queue.length) await this.flush();
    await this.sys.preempt(drainUnits);
  }
  async flush(): Promise<void> {
    this.seal(1);
    const queue = this.queue;
    this.queue = [];
    for (const [fd, text] of queue) await this.writeBytes(fd, fromBinary(text));
  }
  private async writeBytes(fd: number, bytes: Uint8Array): Promise<void> {
    try {
      await this.sys.write(fd, bytes);
    } catch (error) {
      if (isErrno(error)) throw new WriteError(fd, error);
      throw error;
    }
  }
  async write(bytes: Uint8Array): Promise<void> {
    await this.flush();
    await this.writeBytes(1, bytes);
  }

  options(tables: OptionTables): Options {
    const words = (this.bb ? tables.busybox : tables.gnu) ?? tables.gnu ?? tables.busybox ?? '';
    const full = this.bb ? words : `${words} help version`;
    const rules = { ...tables, musl: this.bb && this.texts.musl };
    try {
      const parsed = parseOptions(this.args, optionTable(full), rules);
      const asked = this.bb ? undefined : parsed.list.find(({ name }) => name === 'help' || name === 'version');
      if (asked && !words.includes(asked.name)) throw new TextRequest(asked.name as 'help' | 'version');
      return parsed;
    } catch (error) {
      if (error instanceof OptionError) throw new UsageError(error.message);
      throw error;
    }
  }

  /** Wrong usage: the message (if any), then the hint or the usage text, then the usage status. */
  usage(message?: string): never {
    throw new UsageError(message);
  }

  /** Text of an errno as this family prints it. */
  reason(error: unknown): string {
    if (isErrno(error)) return error.message;
    throw error;
  }

  /** PATH search and spawn with inherited descriptors; throws as spawn when it cannot be run. */
  async spawn(argv: readonly string[], options: Parameters<Sys['spawn']>[2] = {}): Promise<number> {
    await this.flush();
    return this.sys.spawn(findProgram(this.sys, argv[0]!), argv, options);
  }
  /** Runs to the end; 128 + n for a signal. */
  async system(argv: readonly string[], options: Parameters<Sys['spawn']>[2] = {}): Promise<number> {
    const pid = await this.spawn(argv, options);
    const result = await this.sys.wait(pid);
    return result?.signal ? 128 + result.signal : (result?.code ?? 0);
  }
  /** execvp(3). */
  async exec(argv: readonly string[]): Promise<never> {
    await this.flush();
    return this.sys.exec(findProgram(this.sys, argv[0]!), argv, this.sys.env);
  }
  /** exec, or the message and status (126, 127) that coreutils' env, nice, nohup ... give. */
  async execOrFail(argv: readonly string[], quoteName: (name: string) => string): Promise<never> {
    try {
      return await this.exec(argv);
    } catch (error) {
      if (!isErrno(error)) throw error;
      const status = error.code === 'ENOENT' ? 127 : 126;
      const what = this.bb ? `can't execute '${argv[0]}'` : `failed to run command ${quoteName(argv[0]!)}`;
      return this.fail(`${what}: ${error.message}`, status);
    }
  }

  /** What the command holds, when that is much, is its memory. */
  hold(bytes: number): void {
    if (bytes > longestText) throw new RangeError('text too long');
    if (bytes >= notableBytes) this.sys.setMemory(bytes);
  }

  /** All of a descriptor. */
  async readAll(fd: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const bytes = await this.sys.read(fd, 1 << 20);
      if (bytes.length === 0) break;
      parts.push(bytes);
      size += bytes.length;
      this.hold(size);
    }
    if (parts.length === 1) return parts[0]!;
    const out = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
  async readAllText(fd: number): Promise<string> {
    return toBinary(await this.readAll(fd));
  }
  /** Opens for reading; '-' is standard input. */
  async openInput(path: string): Promise<number> {
    return path === '-' ? 0 : this.sys.open(path);
  }
  closeInput(fd: number): void {
    if (fd !== 0) this.sys.close(fd);
  }
  /** A whole file as a binary string. Throws Errno. */
  async readFile(path: string): Promise<string> {
    const fd = await this.openInput(path);
    try {
      return await this.readAllText(fd);
    } finally {
      this.closeInput(fd);
    }
  }
}

/** --help or --version among other arguments. */
class TextRequest extends Error {
  constructor(readonly text: 'help' | 'version') {
    super(text);
  }
}

export class UsageError extends Error {
  constructor(readonly text?: string) {
    super(text ?? 'usage');
  }
}

/** busybox tells by standard error what it is asked for, too. */
async function sayHelp(c: Command, status = 0): Promise<number> {
  const text = await c.texts.help(c);
  if (c.bb) c.errorText(text);
  else c.out(text);
  return status;
}

async function runCommand(c: Command): Promise<number> {
  try {
    const only = c.args.length === 1 ? c.args[0] : undefined;
    if (only === '--help' && !plainArguments.has(c.spec.name) && !(c.bb && busyboxPlain.has(c.spec.name))) {
      return sayHelp(c, c.spec.helpStatus);
    }
    if (only === '--version' && c.texts.version && !plainArguments.has(c.spec.name)) {
      c.out(await c.texts.version(c));
      return c.spec.helpStatus ?? 0;
    }
    const status = await c.spec.run(c);
    return status || c.status;
  } catch (error) {
    if (error instanceof Exit) return error.status;
    if (error instanceof TextRequest) {
      if (error.text === 'help') return sayHelp(c);
      c.out((await c.texts.version?.(c)) ?? '');
      return 0;
    }
    if (error instanceof UsageError) {
      if (error.text) c.error(error.text);
      c.errorText(await c.texts.afterError(c));
      return c.bb ? (busyboxUsageStatus[c.spec.name] ?? 1) : (c.spec.usageStatus ?? 1);
    }
    if (error instanceof RangeError || isErrno(error, 'ENOMEM')) {
      c.error(c.bb ? 'out of memory' : 'memory exhausted');
      return c.bb ? 1 : (c.spec.usageStatus ?? 1);
    }
    if (isErrno(error)) {
      c.error(error.path ? `${error.path}: ${error.message}` : error.message);
      return 1;
    }
    throw error;
  }
}

/** BusyBox applets that do not exit with 1 after a usage error. */
const busyboxUsageStatus: Readonly<Record<string, number>> = { grep: 2, egrep: 2, fgrep: 2, sort: 2 };

/** Commands that take --help as a plain argument. */
const plainArguments = new Set(['test', '[', '[[']);
/** And in BusyBox also these. */
const busyboxPlain = new Set(['true', 'false']);

/** What GNU programs say of output that cannot be written, where it is not `write error: REASON`. */
const writeErrors: Record<string, (reason: string) => string> = {
  sed: (reason) => `couldn't flush stdout: ${reason}`,
  sort: (reason) => `fflush failed: 'standard output': ${reason}\nsort: write error`,
  wc: () => 'write error',
  yes: (reason) => `standard output: ${reason}`,
};
const writeStatuses: Record<string, number> = { sed: 4, sort: 2, grep: 2, ls: 2 };

/** Runs a command of a family in `sys` under the name it was called by. */
export async function execute(
  sys: Sys,
  spec: CommandSpec,
  family: Family,
  texts: HelpTexts,
  name: string,
  args: readonly string[],
): Promise<number> {
  const c = new Command(sys, spec, family, texts, name, args);
  try {
    const status = await runCommand(c);
    await c.flush();
    return status & 255;
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    if (error.fd === 1 && error.cause.code !== 'EPIPE') {
      const reason = error.cause.message;
      const own = c.bb ? undefined : writeErrors[spec.name]?.(reason);
      await sys.write(2, `${name}: ${own ?? `write error: ${reason}`}\n`).catch(() => {});
    }
    return c.bb ? 1 : (writeStatuses[spec.name] ?? 1);
  }
}

export const baseName = (path: string): string => {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1) || (path ? '/' : '');
};

/** A GNU command as the kernel's Program. */
export function gnuProgram(spec: CommandSpec, texts: HelpTexts): Program {
  return (sys) => {
    const argv0 = sys.argv[0] ?? spec.name;
    const name = spec.messageName ?? (spec.shortName ? baseName(argv0) : argv0);
    return execute(sys, spec, 'gnu', texts, name, sys.argv.slice(1));
  };
}
