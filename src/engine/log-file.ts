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

  constructor(
    private readonly tree: Tree,
    private readonly path: string,
    private readonly clock: Clock,
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
    if (content.size < offset) return { entries: [], next: content.size };
    const text = fromUtf8(content.read(offset, content.size - offset));
    const entries = text.split('\n').flatMap((line) => parseLine(line) ?? []);
    return { entries, next: content.size };
  }

  /** Called after each append, until cancelled. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private line(stream: 'stdout' | 'stderr', bytes: Uint8Array): Uint8Array {
    const time = rfc3339Nano(this.clock.now());
    return utf8(`{"log":${goString(fromUtf8(bytes))},"stream":"${stream}","time":"${time}"}\n`);
  }

  private append(lines: Uint8Array[]): void {
    if (lines.length === 0) return;
    for (const line of lines) this.parts.push(new BytesContent(line));
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
    const { log, stream, time } = JSON.parse(line);
    return { text: log, stream, time: parseRfc3339(time) ?? { sec: 0, nsec: 0 } };
  } catch {
    return undefined;
  }
}
