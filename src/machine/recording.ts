/**
 * A session that can be played and taken over: the state it began with, and what was typed when.
 *
 *   "DRYREC1\n"  u32 length, JSON {version, lines}  then the state as a workspace file
 */
import { fromUtf8, utf8 } from '../spec/index.ts';
import { readWorkspace, writeWorkspace } from './keep/workspace-file.ts';
import type { Machine } from './machine.ts';
import type { Snapshot } from './snapshot.ts';

export interface RecordedLine {
  line: string;
  terminal: string;
  /** Milliseconds since the line before began. */
  afterMs: number;
}

const magic = 'DRYREC1\n';
const jsonLimit = 4 << 20;

export class Recorder {
  private readonly lines: RecordedLine[] = [];
  private readonly start: Snapshot;
  private readonly stopListening: () => void;
  private last: number;

  constructor(
    machine: Machine,
    private readonly seed: number,
    now: () => number,
  ) {
    this.start = machine.snapshot();
    this.last = now();
    this.stopListening = machine.trace.on('command.begin', ({ line, terminal, typed }) => {
      if (!typed) return;
      const at = now();
      this.lines.push({ line, terminal, afterMs: Math.round(at - this.last) });
      this.last = at;
    });
  }

  async stop(): Promise<Blob> {
    this.stopListening();
    const json = utf8(JSON.stringify({ version: 1, lines: this.lines }));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, json.length, true);
    return new Blob([magic, length, json as BlobPart, await writeWorkspace(this.start, this.seed)]);
  }
}

/** Rejects, with a reason to show, on anything else. */
export async function readRecording(file: Blob): Promise<{ start: Snapshot; lines: RecordedLine[] }> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const length = head.length === 12 ? new DataView(head.buffer).getUint32(8, true) : 0;
  if (fromUtf8(head.subarray(0, 8)) !== magic || length > jsonLimit) throw new Error('this is no drydock recording');
  const lines = parse(await file.slice(12, 12 + length).text());
  const { snapshot } = await readWorkspace(file.slice(12 + length));
  return { start: snapshot, lines };
}

function parse(json: string): RecordedLine[] {
  try {
    const { lines } = JSON.parse(json) as { lines: RecordedLine[] };
    return lines.map(({ line, terminal, afterMs }) => ({
      line: String(line),
      terminal: String(terminal),
      afterMs: Math.min(60_000, Math.max(0, Number(afterMs) || 0)),
    }));
  } catch {
    throw new Error('this recording is damaged');
  }
}
