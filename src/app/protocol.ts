/** What page and engine worker say to each other. Plain calls go by comlink, bytes of terminals by MessagePort. */
import type { EditRequest } from '../machine/index.ts';
import type { Inspection, LayerChange, TraceEvent } from '../trace/index.ts';

export interface WorkerApi {
  /** Boots the machine; resolves when a terminal can be opened. */
  boot(options: { seed: number }, listener: PageListener): Promise<void>;
  openTerminal(size: { columns: number; rows: number }, port: MessagePort): Promise<void>;
  inspect(): Promise<Inspection>;
  layerChanges(id: string): Promise<LayerChange[]>;
  /** The first `limit` bytes as text; undefined when absent. */
  layerFile(
    id: string,
    path: string,
    limit: number,
  ): Promise<{ text: string; size: number; binary: boolean } | undefined>;
  readFile(path: string): Promise<string | undefined>;
  writeFile(path: string, text: string): Promise<void>;
  /** Checks a lesson's goals: per step, per goal. */
  checkLesson(name: string): Promise<boolean[][]>;
  /** Puts a lesson's workspace and set-up in place. */
  beginLesson(name: string): Promise<void>;
  /** GET from a published port. */
  fetchPort(port: number, path: string): Promise<{ status: number; type: string; body: string }>;
}

/** What the worker tells the page; passed as a comlink proxy. */
export interface PageListener {
  /** Something changed: a batch of events, at most once a frame. */
  events(events: TraceEvent[], inspection: Inspection): void;
  /** Asks for an editor; resolves when it was closed. */
  edit(request: Omit<EditRequest, 'save'>, save: (text: string) => Promise<string | undefined>): Promise<void>;
}

/** On a terminal's port. Page -> worker. */
export type TerminalInput =
  | { type: 'data'; bytes: Uint8Array }
  | { type: 'resize'; columns: number; rows: number }
  /** The page has drawn `bytes` more: lets the worker send on (backpressure). */
  | { type: 'drawn'; bytes: number }
  | { type: 'close' };

/** On a terminal's port. Worker -> page. */
export type TerminalOutput = { type: 'data'; bytes: Uint8Array } | { type: 'ended'; status: number };
