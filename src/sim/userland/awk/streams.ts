import { decodeText, fromBinary, toBinary } from '../core/bytes.ts';
import type { Command } from '../core/command.ts';

/** Reads records from a descriptor. */
export class RecordReader {
  private buffer = '';
  private ended = false;
  constructor(
    private readonly c: Command,
    readonly fd: number,
  ) {}

  async next(separator: string, regexp: RegExp | undefined): Promise<string | undefined> {
    if (separator === '') return this.paragraph();
    for (;;) {
      const found = regexp ? this.findRegexp(regexp) : this.findText(separator);
      if (found) {
        const record = this.buffer.slice(0, found.index);
        this.buffer = this.buffer.slice(found.index + found.length);
        return record;
      }
      if (this.ended) {
        const rest = this.buffer;
        this.buffer = '';
        if (rest === '') return undefined;
        return regexp && rest.endsWith('\n') ? rest.slice(0, -1) || undefined : rest;
      }
      await this.fill();
    }
  }
  private findText(separator: string): { index: number; length: number } | undefined {
    const index = this.buffer.indexOf(separator);
    return index < 0 ? undefined : { index, length: separator.length };
  }
  private findRegexp(regexp: RegExp): { index: number; length: number } | undefined {
    regexp.lastIndex = 0;
    const match = regexp.exec(this.buffer);
    if (!match || match[0] === '' || (!this.ended && match.index + match[0].length === this.buffer.length))
      return undefined;
    return { index: match.index, length: match[0].length };
  }
  /** RS = "": records are separated by blank lines. */
  private async paragraph(): Promise<string | undefined> {
    while (!this.ended) await this.fill();
    this.buffer = this.buffer.replace(/^\n+/, '');
    if (this.buffer === '') return undefined;
    const match = /\n\n+/.exec(this.buffer);
    const record = match ? this.buffer.slice(0, match.index) : this.buffer.replace(/\n$/, '');
    this.buffer = match ? this.buffer.slice(match.index + match[0].length) : '';
    return record;
  }
  private async fill(): Promise<void> {
    await this.c.flush();
    const bytes = await this.c.sys.read(this.fd, 1 << 17);
    if (bytes.length === 0) this.ended = true;
    else this.buffer += toBinary(bytes);
  }
}

interface Output {
  fd: number;
  pending: string;
  pid?: number;
}

/** Files and commands that a script has open, by the name it knows them by. */
export class Streams {
  private readonly outputs = new Map<string, Output>();
  private readonly inputs = new Map<string, { reader: RecordReader; pid?: number }>();
  constructor(private readonly c: Command) {}

  async output(operator: string, name: string): Promise<Output> {
    const known = this.outputs.get(name);
    if (known) return known;
    const made =
      operator === '|' ? await this.pipeTo(name) : { fd: await this.openFile(name, operator === '>>'), pending: '' };
    this.outputs.set(name, made);
    return made;
  }
  private async openFile(name: string, append: boolean): Promise<number> {
    if (name === '/dev/stdout' || name === '-') return 1;
    if (name === '/dev/stderr') return 2;
    return this.c.sys.open(
      decodeText(name),
      { access: 'write', create: true, append, truncate: !append, cloexec: true },
      0o666,
    );
  }
  private shell(command: string, fds: Map<number, number>): Promise<number> {
    return this.c.spawn(['/bin/sh', '-c', decodeText(command)], { fds });
  }
  private async pipeTo(command: string): Promise<Output> {
    const [read, write] = this.c.sys.pipe();
    this.c.sys.setCloexec(write, true);
    const pid = await this.shell(command, new Map([[0, read]]));
    this.c.sys.close(read);
    return { fd: write, pending: '', pid };
  }
  async write(operator: string, name: string, text: string): Promise<void> {
    const out = await this.output(operator, name);
    if (out.fd === 1) return this.c.raw(text);
    if (out.fd === 2) await this.c.flush();
    out.pending += text;
    if (out.fd === 2 || out.pending.length > 65536) await this.flushOne(out);
  }
  private async flushOne(out: Output): Promise<void> {
    const { pending } = out;
    out.pending = '';
    if (pending) await this.c.sys.write(out.fd, fromBinary(pending));
  }
  async flush(): Promise<void> {
    await this.c.flush();
    for (const out of this.outputs.values()) await this.flushOne(out);
  }

  async input(name: string, command: boolean): Promise<RecordReader> {
    const known = this.inputs.get(name);
    if (known) return known.reader;
    await this.flush();
    let fd: number;
    let pid: number | undefined;
    if (command) {
      const [read, write] = this.c.sys.pipe();
      this.c.sys.setCloexec(read, true);
      pid = await this.shell(name, new Map([[1, write]]));
      this.c.sys.close(write);
      fd = read;
    } else fd = await this.c.openInput(decodeText(name));
    const reader = new RecordReader(this.c, fd);
    this.inputs.set(name, { reader, pid });
    return reader;
  }

  /** awk's close(): the exit status of a command, 0 of a file, -1 when it is not open. */
  async close(name: string): Promise<number> {
    const out = this.outputs.get(name);
    const input = this.inputs.get(name);
    this.outputs.delete(name);
    this.inputs.delete(name);
    if (!out && !input) return -1;
    if (out) await this.flushOne(out);
    const fd = out?.fd ?? input!.reader.fd;
    if (fd > 2) this.c.sys.close(fd);
    const pid = out?.pid ?? input?.pid;
    if (pid === undefined) return 0;
    const result = await this.c.sys.wait(pid);
    return result?.signal ? 256 + result.signal : (result?.code ?? 0);
  }
  async closeAll(): Promise<void> {
    await this.c.flush();
    for (const name of [...this.outputs.keys(), ...this.inputs.keys()]) await this.close(name);
  }
}
