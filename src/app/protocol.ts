/** What page and engine worker say to each other. Plain calls go by comlink, bytes of terminals by MessagePort. */

import type { ProxyMarked } from 'comlink';
import type { Fact, Lesson, Looked, Step } from '../lesson/index.ts';
import type { EditRequest, RebuildOutcome } from '../machine/index.ts';
import type {
  Inspection,
  LayerChange,
  LookThrough,
  StepState,
  TimelineState,
  TraceEvent,
  TraceEventOf,
} from '../trace/index.ts';
import type { FolderState } from './folder-sync.ts';
import type { InspectionNews } from './inspection-news.ts';

/** The first bytes of a file as text. */
export interface FileText {
  text: string;
  size: number;
  binary: boolean;
}

/** What the worker boots: told as its name (and by its first message, whether to restore what is kept), so that it begins while the page's own code is on its way. */
export interface BootOptions {
  seed: number;
  /** Keeps the work in this browser under this name. Absent: nothing is kept. */
  keep?: string;
  /** The page shows a terminal: its shell starts with the machine. */
  terminal: boolean;
}

/** For who writes a lesson. */
export interface AuthorApi {
  /** Goals that are recorded hold after this moment, and did not at it. */
  markBefore(): Promise<void>;
  factsNow(): Promise<Fact[]>;
  /** What `drydock lessons check` would say of a lesson's files; on a host of its own. */
  checkDraft(name: string, files: Record<string, string>): Promise<string[]>;
}

export interface WorkerApi extends TimeApi, AuthorApi {
  /** Resolves when the machine is there. */
  attach(listener: PageListener): Promise<void>;
  /** Keeps the work from now on, under a name; for a machine that was booted without. */
  keepWork(name: string): Promise<void>;
  /** What docker itself offers after these words (the last may be empty): its commands and flags, no names of things. */
  dockerWords(words: string[]): Promise<string[]>;
  /** Repositories of the simulated Hub's library, and their tags. */
  hubImages(): Promise<Record<string, string[]>>;
  /** Names in a directory of the host; none when there is no such directory. */
  listFiles(path: string): Promise<string[]>;
  /** Resolves with the terminal's name, as `command.begin` tells it: `pts/0`. */
  openTerminal(size: { columns: number; rows: number }, port: MessagePort): Promise<string>;
  inspect(): Promise<Inspection>;
  layerChanges(id: string): Promise<LayerChange[]>;
  /** The first `limit` bytes as text; undefined when absent. */
  layerFile(id: string, path: string, limit: number): Promise<FileText | undefined>;
  /** How a container's mount answers for a path, layer by layer. */
  look(container: string, path: string): Promise<LookThrough | undefined>;
  /** Files of the last build's context; undefined when there is none to repeat. */
  buildFiles(): Promise<string[] | undefined>;
  /**
   * Builds the last build again, elsewhere, after a change of one of its files: what is not taken from the cache then.
   * With another Dockerfile that one is built before the change too.
   */
  rebuild(changed: string, dockerfile?: string): Promise<RebuildOutcome | undefined>;
  readFile(path: string): Promise<string | undefined>;
  writeFile(path: string, text: string): Promise<void>;
  /** What `docker save` writes of an image, piece by piece, undefined at its end. Rejects with the engine's message. */
  readImage(reference: string): Promise<{ next(): Promise<Uint8Array | undefined> } & ProxyMarked>;
  /** Mounts a folder of the visitor's computer below /root; resolves with where. Reads and writes the real files. */
  mountFolder(handle: FileSystemDirectoryHandle): Promise<string>;
  /** Writes what is still to be written, and unmounts. */
  unmountFolder(path: string): Promise<void>;
  /** Looks whether files of mounted folders changed outside. */
  refreshFolders(): Promise<void>;
  /** Tells of the mounted folders whenever something about them changes. One listener. */
  watchFolders(listener: (folders: FolderState[]) => void): Promise<void>;
  /** Files of the visitor's computer, below a directory of the host; directories are made. One moment of the timeline. */
  putFiles(directory: string, files: { path: string; file: Blob }[]): Promise<void>;
  /** Checks a lesson's goals (per step, per goal) and which conditional hints of the step that is looked at fit. */
  checkLesson(steps: Step[], looked: Looked): Promise<{ goals: boolean[][]; hints: number[] }>;
  /** Puts a lesson's or demonstration's workspace and set-up in place, on a fresh host or this one; resolves with what failed. */
  beginLesson(lesson: Pick<Lesson, 'workspace' | 'setup'>, fresh: boolean): Promise<string | undefined>;
  /** Starts a command of the host that nobody hears; what it left behind is seen when it has ended. */
  runUnseen(command: string): Promise<void>;
  /** Commands that are refused at a terminal, and the title of the lesson that says so; undefined: none. */
  lock(lock: { commands: string[]; title: string } | undefined): Promise<void>;
  /** GET from a published port. */
  fetchPort(port: number, path: string): Promise<{ status: number; type: string; body: string }>;
}

/**
 * Time: the history of the machine, what keeps it, and what hands it out. Whatever moves the machine (jump, undo, redo,
 * import, replay) restores everything durable, starts again the containers that ran, and gives each open terminal a
 * fresh shell in the directory it was in; calls that arrive meanwhile wait.
 */
export interface TimeApi {
  /** Tells of time from now on; the present state of each has been told when this resolves. One listener; a later call replaces it. */
  watchTime(listener: TimeListener): Promise<void>;

  timeline(): Promise<TimelineState>;
  /** What happened during a moment's command, as far as it is kept (`eventsLeftOut` says how much is not). */
  momentEvents(id: number): Promise<TraceEvent[]>;
  /** One moment back, or forward on the branch last left. Resolves with the state after it; no-op at the end. */
  undo(): Promise<TimelineState>;
  redo(): Promise<TimelineState>;
  /**
   * Goes to any kept moment. What is typed there begins a branch; the moments left behind stay reachable. Rejects when
   * the moment was thinned out.
   */
  jump(id: number): Promise<TimelineState>;

  /** The state at a kept moment, without going there; undefined when it was thinned out. */
  inspectAt(id: number): Promise<Inspection | undefined>;
  /** As layerChanges, look and layerFile, at that moment. */
  layerChangesAt(id: number, key: string): Promise<LayerChange[]>;
  lookAt(id: number, container: string, path: string): Promise<LookThrough | undefined>;
  layerFileAt(id: number, key: string, path: string, limit: number): Promise<FileText | undefined>;

  /** "Walk me through it": while on, a command waits at each significant event until `step`. Off lets it run on. */
  stepMode(on: boolean): Promise<void>;
  /** Lets the machine go on to the next significant event. */
  step(): Promise<void>;

  /** The whole workspace, history of this session not included, as one `.drydock` file. */
  exportWorkspace(): Promise<Blob>;
  /** Takes the state from such a file. Rejects with a reason to show, and nothing changed, when it is none. */
  importWorkspace(file: Blob): Promise<TimelineState>;

  /**
   * A fragment (without '#') that replays what was typed on the way to the present moment. `tooLong` when it would be
   * over the limit, or when something was done that typing cannot repeat (an upload): offer `exportWorkspace` instead.
   */
  shareLink(lesson?: string): Promise<ShareLink>;
  /** What a fragment holds, before it is replayed; undefined when it is no share link of ours. Rejects when broken. */
  readShareLink(fragment: string): Promise<SharedWork | undefined>;
  /** Replays a fragment on a fresh machine; `TimeListener.replay` tells how far it is. Resolves to false when cancelled. */
  openShareLink(fragment: string): Promise<boolean>;
  /** Ends a replay after the command that runs; what was replayed so far stays. */
  cancelReplay(): Promise<void>;

  /** What terminal `name` has shown since it was opened, in asciinema's v2 format (`.cast`). */
  exportCast(name: string): Promise<string>;

  /** Starts to record what is typed and when, from the present state. */
  startRecording(): Promise<void>;
  /** The recording as a file's text (JSON, versioned): commands with their timing, from a state that can be restored. */
  stopRecording(): Promise<Blob>;
  /**
   * Goes to a recording's start and plays it into the first terminal, at `speed` times its pace; `TimeListener.replay`
   * tells how far it is. `cancelReplay` takes over: the machine stays where the playing is.
   */
  playRecording(file: Blob, speed: number): Promise<boolean>;

  /** Takes the workspace over from the tab that has it, with all that was done there. */
  takeOver(): Promise<TimelineState>;
  /** Whether the work is kept. */
  keeping(): Promise<KeepState>;
  /** Goes to a machine as it first was: a moment of its own, so that undo brings everything back. */
  startAfresh(): Promise<TimelineState>;
  /** Writes at once what is still to be written: the page may be gone in a moment. */
  keepNow(): Promise<void>;
  /** Forgets what is kept in this browser (the machine stays as it is). */
  forgetWork(): Promise<void>;
}

export type ShareLink = { fragment: string } | { tooLong: true; reason: 'length' | 'not-typed' };

export interface SharedWork {
  seed: number;
  commands: string[];
  lesson?: string;
}

export type KeepState =
  /** Everything acknowledged is in the browser's store. */
  | { state: 'kept' }
  /** A save is under way. */
  | { state: 'saving' }
  /** Nothing is kept: it was not asked for; the browser has no store (private mode); another tab has this workspace;
   * the store is full. Told once; the work goes on. */
  | { state: 'off'; reason: 'not-asked' | 'no-store' | 'other-tab' | 'full' | 'failed'; text: string };

/** What the worker tells of time; passed as a comlink proxy. */
export interface TimeListener {
  timeline(state: TimelineState): void;
  step(state: StepState): void;
  /** A replay (share link, recording) has done `done` of `total` commands and is at `line`; undefined: it has ended. */
  replay(progress: { done: number; total: number; line: string } | undefined): void;
  keep(state: KeepState): void;
}

export type TypedEvent = TraceEventOf<'command.begin'> | TraceEventOf<'command.end'>;

/** What the worker tells the page; passed as a comlink proxy. */
export interface PageListener {
  /** Something changed: a batch of events. Resolves when it has been drawn; until then the next one waits. */
  events(events: TraceEvent[], news: InspectionNews): Promise<void>;
  /** A line that somebody typed begins or has ended: told at once, before its next prompt is seen, and again with the rest. */
  typed(event: TypedEvent): void;
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
