import type { Clock, Tree } from '../port/index.ts';
import {
  BytesContent,
  ConcatContent,
  type Content,
  chunks,
  fromUtf8,
  type OutputFrame,
  parseRfc3339,
  rfc3339Nano,
  type Timespec,
  utf8,
} from '../spec/index.ts';

export interface LogEntry {
  stream: 'stdout' | 'stderr';
  /** Ends in a newline unless the line was cut or the output ended. */
  text: string;
  time: Timespec;
  /** Labels and variables that the log options name. */
  attrs?: Record<string, string>;
}

export interface LogFileOptions {
  /** Bytes after which the file is turned over; 0 is never. */
  maxSize: number;
  /** Files kept, the current one among them. */
  maxFile: number;
  attrs: Record<string, string>;
}

/** A line longer than this is written in pieces (moby daemon/logger copier). */
const maxLine = 16 * 1024;

/**
 * The json-file log of a container on the host: one JSON object a line,
 *
 *   {"log":"hi\n","stream":"stdout","time":"2026-11-22T01:25:03.115978975Z"}
 */
export class LogFile {
  private parts: Content[];
  private partial: Record<'stdout' | 'stderr', Uint8Array> = { stdout: new Uint8Array(0), stderr: new Uint8Array(0) };
  private listeners = new Set<() => void>();
  /** Bytes of the files before the current one. */
  private before = 0;

  constructor(
    private readonly tree: Tree,
    private readonly path: string,
    private readonly clock: Clock,
    private readonly options: LogFileOptions = { maxSize: 0, maxFile: 1, attrs: {} },
  ) {
    this.parts = tree.lstat(path) ? [tree.content(path)] : [];
  }

  write(frame: OutputFrame): void {
    let rest = concat(this.partial[frame.stream], frame.bytes);
    const lines: Uint8Array[] = [];
    for (;;) {
      const newline = rest.indexOf(10);
      const end = newline >= 0 && newline < maxLine ? newline + 1 : rest.length >= maxLine ? maxLine : 0;
      if (end === 0) break;
      lines.push(this.line(frame.stream, rest.subarray(0, end)));
      rest = rest.subarray(end);
    }
    this.partial[frame.stream] = rest.slice();
    this.append(lines);
  }

  /** The process ended: what has no newline yet is a line. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.partial[stream];
      this.partial[stream] = new Uint8Array(0);
      if (rest.length > 0) this.append([this.line(stream, rest)]);
    }
  }

  /** Entries from byte `offset` of the file, and where they end. */
  read(offset = 0): { entries: LogEntry[]; next: number } {
    if (!this.tree.lstat(this.path)) return { entries: [], next: 0 };
    const content = this.tree.content(this.path);
    const from = Math.max(0, offset - this.before);
    const next = this.before + content.size;
    const old = offset === 0 ? this.kept() : '';
    const text = old + (from < content.size ? fromUtf8(content.read(from, content.size - from)) : '');
    return { entries: text.split('\n').flatMap((line) => parseLine(line) ?? []), next };
  }

  private name(index: number): string {
    return index === 0 ? this.path : `${this.path}.${index}`;
  }

  /** What the turned-over files hold, oldest first. */
  private kept(): string {
    const indexes = Array.from(
      { length: this.options.maxFile - 1 },
      (_unused, index) => this.options.maxFile - 1 - index,
    );
    return indexes
      .filter((index) => this.tree.lstat(this.name(index)))
      .map((index) => {
        const content = this.tree.content(this.name(index));
        return fromUtf8(content.read(0, content.size));
      })
      .join('');
  }

  /** moby loggerutils rotate: FILE becomes FILE.1, that FILE.2; the last is lost. */
  private turnOver(): void {
    for (let index = this.options.maxFile - 1; index > 0; index--) {
      if (!this.tree.lstat(this.name(index - 1))) continue;
      this.tree.writeFile(this.name(index), this.tree.content(this.name(index - 1)));
    }
    this.before += this.size();
    this.parts = [];
  }

  private size(): number {
    return this.parts.reduce((sum, part) => sum + part.size, 0);
  }

  /** Called after each append, until cancelled. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private line(stream: 'stdout' | 'stderr', bytes: Uint8Array): Uint8Array {
    const time = rfc3339Nano(this.clock.now());
    const { attrs } = this.options;
    const extra = Object.keys(attrs).length > 0 ? `,"attrs":${JSON.stringify(attrs)}` : '';
    return utf8(`{"log":${goString(fromUtf8(bytes))},"stream":"${stream}"${extra},"time":"${time}"}\n`);
  }

  private append(lines: Uint8Array[]): void {
    if (lines.length === 0) return;
    for (const line of lines) {
      if (this.options.maxSize > 0 && this.size() >= this.options.maxSize) this.turnOver();
      this.parts.push(new BytesContent(line));
      if (this.options.maxSize > 0) this.tree.writeFile(this.path, new ConcatContent([...this.parts]));
    }
    this.compact();
    this.tree.writeFile(this.path, new ConcatContent([...this.parts]));
    for (const listener of [...this.listeners]) listener();
  }

  // As a binary counter: neighbours of like size are joined, so the file has few parts and each byte is copied seldom.
  private compact(): void {
    while (this.parts.length > 1) {
      const [last, before] = [this.parts.at(-1)!, this.parts.at(-2)!];
      if (before.size > 2 * last.size) return;
      this.parts.splice(-2, 2, joined(before, last));
    }
  }
}

function joined(a: Content, b: Content): Content {
  const bytes = new Uint8Array(a.size + b.size);
  let at = 0;
  for (const part of [a, b]) {
    for (const chunk of chunks(part)) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
  }
  return new BytesContent(bytes);
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

const goString = (text: string): string =>
  JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

function parseLine(line: string): LogEntry | undefined {
  try {
    const { log, stream, time, attrs } = JSON.parse(line);
    return { text: log, stream, ...(attrs ? { attrs } : {}), time: parseRfc3339(time) ?? { sec: 0, nsec: 0 } };
  } catch {
    return undefined;
  }
}
