/** The engine's side of the page: one machine in a Web Worker. */
import * as comlink from 'comlink';
import type { BuildLog } from '../lesson/index.ts';
import {
  buildTools,
  type Cast,
  createMachine,
  dockerWords,
  type FolderEntry,
  hubImages,
  type Machine,
  type Terminal,
} from '../machine/index.ts';
import {
  type Body,
  BytesContent,
  bodyText,
  chunks,
  contentText,
  fromUtf8,
  header,
  isContent,
  textContent,
} from '../spec/index.ts';
import type { TraceEvent } from '../trace/index.ts';
import { pageAssets } from './assets.ts';
import { authorApi } from './author-api.ts';
import { breathe } from './breathe.ts';
import type { FolderState, FolderSync } from './folder-sync.ts';
import { InspectionTeller } from './inspection-news.ts';
import { PageTerminal, type Size } from './page-terminal.ts';
import type { BootOptions, PageListener, WorkerApi } from './protocol.ts';
import { timeApi } from './time-api.ts';

const { seed, keep, terminal: withTerminal } = JSON.parse(self.name) as BootOptions;
let machine: Machine;
let listener: PageListener;
/** The first terminal, until the page has a screen for it. */
let early: PageTerminal | undefined;
const terminals = new Set<Terminal>();
const casts = new Map<Terminal, Cast>();
const time = timeApi({ machine: () => machine, seed: () => seed, terminals, casts });
const folders = new Map<string, FolderSync>();
let folderListener: ((folders: FolderState[]) => void) | undefined;
const tellFolders = () => folderListener?.([...folders.values()].map(({ state }) => ({ ...state })));
let builds: BuildLog | undefined;
/** Why a program may not run; set while a lesson locks commands. */
let refuse: ((argv: readonly string[]) => string | undefined) | undefined;
/** What a terminal is before anyone measured one. */
const usualSize: Size = { columns: 80, rows: 24 };
/** For a command that a goal runs. */
const checkTimeoutMs = 10_000;

const author = authorApi(
  () => machine,
  time.api,
  lessonRoom,
  () => builds?.records ?? [],
  () => seed,
);

const api: WorkerApi = {
  ...time.api,
  ...author,
  async attach(page) {
    listener = page;
    await booted;
    tell(listener);
  },
  keepWork: (name) => time.keep(name),
  dockerWords,
  hubImages,
  async listFiles(path) {
    try {
      return machine.listFiles(path).map(({ name }) => name);
    } catch {
      return [];
    }
  },
  async openTerminal(size, port) {
    await booted;
    const opened = early ?? openTerminal(size);
    early = undefined;
    opened.attach(size, port);
    return opened.terminal.name;
  },
  inspect: () => machine.inspect(),
  layerChanges: (id) => machine.layerChanges(id),
  async layerFile(id, path, limit) {
    const content = await machine.layerFile(id, path);
    if (!content) return undefined;
    const bytes = content.read(0, limit);
    return { text: fromUtf8(bytes), size: content.size, binary: bytes.includes(0) };
  },
  look: (container, path) => machine.look(container, path),
  async buildFiles() {
    const build = await machine.lastBuild();
    return build && (await buildTools()).contextFiles(build);
  },
  async rebuild(changed, dockerfile) {
    const build = await machine.lastBuild();
    return build && (await buildTools()).afterChange(await machine.fork(), build, changed, dockerfile);
  },
  async readFile(path) {
    const content = machine.readFile(path);
    return content && contentText(content);
  },
  async writeFile(path, text) {
    machine.writeFile(path, textContent(text));
    time.mark(`> ${path}`);
  },
  async readImage(reference) {
    const target = `/images/get?names=${encodeURIComponent(reference)}`;
    const { status, body } = await machine.engine({ method: 'GET', target, headers: [['Host', 'docker']] }, {});
    if (status !== 200) throw new Error(JSON.parse(await bodyText(body, 1 << 20)).message);
    const pieces = piecesOf(body);
    return comlink.proxy({ next: async () => (await pieces.next()).value ?? undefined });
  },
  async mountFolder(handle) {
    const { FolderSync } = await import('./folder-sync.ts');
    const known = [...folders.values()].find((folder) => folder.state.name === handle.name);
    if (known) await api.unmountFolder(known.state.path);
    const path = `/root/${handle.name}`;
    const mount = (entries: FolderEntry[]) => machine.mountFolder(path, handle.name, entries);
    folders.set(path, await FolderSync.mount(handle, mount, tellFolders));
    tellFolders();
    return path;
  },
  async unmountFolder(path) {
    const folder = folders.get(path);
    if (!folder) return;
    await folder.close();
    machine.unmountFolder(folder.mount);
    folders.delete(path);
    tellFolders();
  },
  async refreshFolders() {
    for (const folder of folders.values()) await folder.refresh();
  },
  async watchFolders(listener) {
    folderListener = listener;
    tellFolders();
  },
  async putFiles(directory, files) {
    for (const { path, file } of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      machine.writeFile(`${directory}/${path}`, new BytesContent(bytes));
    }
    time.mark(`> ${directory}`);
  },
  async checkLesson(steps, looked) {
    const { checkLesson, fittingHints, worldOf } = await lessonRoom();
    const world = await worldOf(machine, builds!.records, checkTimeoutMs);
    return {
      goals: await checkLesson({ steps }, world, looked),
      hints: await fittingHints(steps[looked.step]!, world),
    };
  },
  async beginLesson(lesson, fresh) {
    const { beginLesson } = await lessonRoom();
    if (fresh) await time.beginAgain();
    const failed = await beginLesson(lesson, machine);
    time.mark('');
    return failed;
  },
  async runUnseen(command) {
    void machine.run(['/bin/bash', '-c', command], { stdout() {}, stderr() {} });
  },
  async lock(lock) {
    if (!lock) {
      refuse = undefined;
      return;
    }
    const { lockedBy, refusal } = await lessonRoom();
    refuse = (argv) => {
      const command = lockedBy(lock.commands, argv);
      return command && refusal(command, lock.title);
    };
  },
  async fetchPort(port, path) {
    const response = await machine.request(port, {
      method: 'GET',
      target: path,
      headers: [['Host', `localhost:${port}`]],
    });
    return {
      status: response.status,
      type: header(response, 'content-type') ?? '',
      body: await bodyText(response.body, 4 << 20),
    };
  },
};

async function boot(restore: boolean): Promise<void> {
  const from = keep !== undefined && restore ? await time.keeping.open(keep, seed, { known: true }) : undefined;
  machine = await createMachine({
    seed,
    from,
    pace: 'real',
    breathe,
    assets: pageAssets,
    realTimer: (ms, fire) => {
      const id = setTimeout(fire, ms);
      return () => clearTimeout(id);
    },
    refuse: (argv) => refuse?.(argv),
    edit: ({ save, ...request }) =>
      listener.edit(
        request,
        comlink.proxy(async (text: string) => problemOf(save, text)),
      ),
  });
  time.begin();
  if (withTerminal) early = openTerminal(usualSize);
}

function openTerminal(size: Size): PageTerminal {
  const opened = new PageTerminal(machine, size);
  const { terminal, cast } = opened;
  terminals.add(terminal);
  casts.set(terminal, cast);
  void terminal.ended.then(() => {
    terminals.delete(terminal);
    casts.delete(terminal);
  });
  return opened;
}

function problemOf(save: (text: string) => void, text: string): string | undefined {
  try {
    save(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function* piecesOf(body: Body | undefined): AsyncGenerator<Uint8Array, void> {
  if (!body) return;
  for await (const piece of isContent(body) ? chunks(body) : body) yield piece.slice();
}

/** Loaded when a lesson is opened; from then on builds are noted. */
async function lessonRoom() {
  const room = await import('../lesson/index.ts');
  builds ??= new room.BuildLog(machine.trace);
  return room;
}

/** Tells the page what happened, at most once a frame and only when something that is drawn may have changed. */
function tell(listener: PageListener): void {
  const teller = new InspectionTeller();
  let batch: TraceEvent[] = [];
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let created = 0;
  let pause = shortestPause;
  /** PIDs of shells in which something that was typed runs. */
  const typed = new Set<number>();
  machine.trace.on((event) => {
    if (quiet.has(event.type)) return;
    if (event.type === 'command.begin' && event.typed) {
      typed.add(event.pid);
      listener.typed(event);
    } else if (event.type === 'command.end' && typed.delete(event.pid)) listener.typed(event);
    if (event.type === 'overlay.create' && ++created > mostCreated) return;
    batch.push(event);
    // The end of what somebody typed is what they wait to see.
    if (event.type === 'command.end' && event.terminal) {
      pause = shortestPause;
      clearTimeout(waiting);
      waiting = undefined;
    }
    if (waiting === undefined && !looking) waiting = setTimeout(look, pause);
  });
  async function look(): Promise<void> {
    const events = batch;
    batch = [];
    created = 0;
    waiting = undefined;
    looking = true;
    const start = performance.now();
    await listener.events(events, teller.tell(await machine.inspect()));
    const ended = batch.some((event) => event.type === 'command.end' && event.terminal);
    const rest = restPerWork * (performance.now() - start);
    pause = ended ? shortestPause : Math.min(longestPause, Math.max(shortestPause, rest));
    looking = false;
    if (batch.length > 0) waiting = setTimeout(look, pause);
  }
}

/**
 * Between two batches, ms: at least two frames, and long enough that looking at the state and drawing it take a quarter
 * of the time at most, however large it grows.
 */
const shortestPause = 30;
const longestPause = 1000;
const restPerWork = 3;

// Too many to draw one by one; views that want them ask for them.
const quiet = new Set<TraceEvent['type']>(['overlay.lookup']);

/** Files made, told in one batch: a student's few are seen, the thousands of a package are counted by their layer. */
const mostCreated = 100;

let booted: Promise<void>;
addEventListener(
  'message',
  ({ data: restore }: MessageEvent<boolean>) => {
    booted = boot(restore);
    // Told to whoever attaches.
    booted.catch(() => {});
    comlink.expose(api);
  },
  { once: true },
);
