/** What the page knows: the engine behind it, the latest inspection, and the reader's settings. */
import * as comlink from 'comlink';
import type { Lesson } from '../lesson/index.ts';
import type { Inspection, LayerChange, LookThrough, TraceEvent } from '../trace/index.ts';
import type { Archive } from './archive.svelte.ts';
import type { Folder } from './drop.ts';
import type { FolderState } from './folder-sync.ts';
import { CommandHistory, type CommandRecord, commandsUpTo } from './history.svelte.ts';
import { type Strings, strings } from './i18n.ts';
import type { ImportedLesson } from './import-lesson.ts';
import { InspectionHearer } from './inspection-news.ts';
import { keepCommands, keptCommands } from './kept-commands.ts';
import type { FileText, PageListener, TypedEvent, WorkerApi } from './protocol.ts';
import { readSettings, type Settings, writeSettings } from './settings.ts';
import type { Started } from './start.ts';
import { type Moment, Time } from './time.svelte.ts';
import { isViewName, type ViewName } from './views.ts';

export type { Theme } from './settings.ts';

type Edit = Parameters<PageListener['edit']>[0] & {
  save(text: string): Promise<string | undefined>;
  closed(): void;
};

export class Session {
  readonly api: comlink.Remote<WorkerApi>;
  state: 'booting' | 'ready' | 'failed' = $state('booting');
  problem = $state('');
  /** What was kept is being brought back. */
  readonly restoring: boolean;
  /** The first prompt is on the screen: what it did not need may load now. */
  prompted = $state(false);
  private showPrompt: () => void = () => {};
  private readonly prompt = new Promise<void>((resolve) => {
    this.showPrompt = resolve;
  });
  inspection: Inspection | undefined = $state.raw(undefined);
  /** Another moment that the views show instead of now: of the timeline. */
  moment: Moment | undefined = $state.raw(undefined);
  /** What the views show: now, or the moment that was chosen. */
  readonly shown: Inspection | undefined = $derived(this.moment?.inspection ?? this.inspection);
  readonly history = new CommandHistory();
  readonly time: Time;
  /** The view on the stage and what is chosen in it: both stand in the address (`?view=processes&pick=p2317`). */
  view: ViewName = $state('layers');
  pick: string | undefined = $state(undefined);
  /** Grows with each batch of events: what must be asked again depends on it. */
  version = $state(0);
  edit: Edit | undefined = $state.raw(undefined);
  /** Mounted folders of this computer, and those that may be mounted again once somebody says so. */
  folders: FolderState[] = $state.raw([]);
  askMount: FileSystemDirectoryHandle[] = $state.raw([]);
  /** A lesson that was just imported, and what of it was not carried over. */
  imported: ImportedLesson | undefined = $state.raw(undefined);
  /** A lesson that the lesson card is to open. */
  openLesson: Lesson | undefined = $state.raw(undefined);
  /** An image archive of this computer that is looked at. */
  archive: Archive | undefined = $state.raw(undefined);
  /** A folder that was dropped or chosen, and waits for what is to be done with it. */
  folder: Folder | undefined = $state.raw(undefined);
  settings: Settings = $state(readSettings());
  /** The page is light now: chosen, or as the system is. */
  light = $state(false);
  /** What is open above the page. */
  panel: 'settings' | 'menu' | 'palette' | 'keys' | undefined = $state(undefined);
  /** The demonstration that is presented (`?present=NAME`); '' while one is chosen. */
  presenting: string | undefined = $state(new URLSearchParams(location.search).get('present') ?? undefined);
  /** The author's desk is on the stage, in place of a view. */
  writing = $state(false);
  /** The draft that the lesson card shows. */
  draft: Lesson | undefined = $state.raw(undefined);
  draftAt = 0;
  /** Sizes for a projector, in place of those of the settings. */
  enlarged: { terminal: number; page: number } | undefined = $state(undefined);
  readonly terminalSize: number = $derived(this.enlarged?.terminal ?? this.settings.terminalSize);
  readonly pageSize: number = $derived(this.enlarged?.page ?? this.settings.pageSize);
  /** One view and nothing around it: in somebody else's page. */
  readonly embed = new URLSearchParams(location.search).has('embed');
  /** Brings a terminal to the front by its name; '' is the first. Set by the terminals. */
  toFront: (name: string) => Promise<void> = async () => {};
  /** Types a line into the terminal that is in front. Set by the terminals; where there are none, it runs unseen. */
  type: (line: string) => void = (line) => void this.api.runUnseen(line);
  /** Puts text at its cursor, without Enter. Set by the terminals. */
  insert: (text: string) => void = () => {};
  /** Told what an editor saved. Set by the lesson. */
  saved: (text: string) => void = () => {};
  /** What the terminal in front calls itself (`pts/0`). Set by the terminals. */
  terminal = $state('');
  /** The text of the terminal that is in front, scrollback included. Set by the terminals. */
  screen: () => string = () => '';
  readonly t: Strings = $derived(strings[this.settings.language]);
  readonly hasTerminal: boolean;
  private readonly listeners = new Set<(events: TraceEvent[]) => void>();
  /** What was typed before somebody asked for it. */
  private untold: TypedEvent[] = [];
  private typed: (event: TypedEvent) => void = (event) => void this.untold.push(event);

  constructor(private readonly started: Started) {
    const { worker } = started;
    this.restoring = started.restore;
    this.hasTerminal = started.terminal;
    Object.assign(this, readAddress());
    worker.onerror = (event) => this.fail(event.message);
    this.api = comlink.wrap<WorkerApi>(worker);
    this.time = new Time(this);
  }

  /** The page may be gone in a moment, with what is not written yet. */
  private keepOnLeaving(): void {
    const key = this.commandsKey;
    const keeps = () => this.time.keep.state !== 'off';
    if (this.restoring && keeps()) this.history.bring(keptCommands(key));
    const leave = () => {
      void this.api.keepNow();
      if (keeps()) keepCommands(key, this.history.commands);
    };
    addEventListener('pagehide', leave);
    addEventListener('visibilitychange', () => document.hidden && leave());
  }

  /** For the next visit: whether a prompt is to wait for what is kept. */
  noteKept(kept: boolean): void {
    if (this.started.keep === undefined) return;
    try {
      if (kept) localStorage.setItem(this.started.keptKey, '');
      else for (const key of [this.started.keptKey, this.commandsKey]) localStorage.removeItem(key);
    } catch {
      // Storage is off: what is kept is brought back after the prompt.
    }
  }

  private get commandsKey(): string {
    return `drydock.commands.${this.started.keep}`;
  }

  get seed() {
    return this.started.seed;
  }
  get language() {
    return this.settings.language;
  }
  get theme() {
    return this.settings.theme;
  }

  /** What was typed up to what is shown, oldest first: the last one made it. */
  get commands(): readonly CommandRecord[] {
    const { commands, ofNow } = this.history;
    return this.moment ? commandsUpTo(this.moment, this.time.state.moments, ofNow) : commands;
  }

  /** What a layer or container changes, how its mount answers, and its files, at the moment that is shown. */
  layerChanges(id: string): Promise<LayerChange[]> {
    return this.moment ? this.api.layerChangesAt(this.moment.id, id) : this.api.layerChanges(id);
  }
  look(container: string, path: string): Promise<LookThrough | undefined> {
    return this.moment ? this.api.lookAt(this.moment.id, container, path) : this.api.look(container, path);
  }
  layerFile(id: string, path: string, limit: number): Promise<FileText | undefined> {
    return this.moment ? this.api.layerFileAt(this.moment.id, id, path, limit) : this.api.layerFile(id, path, limit);
  }

  async boot(): Promise<void> {
    const hearer = new InspectionHearer();
    const listener: PageListener = {
      events: (events, news) => {
        const inspection = hearer.hear(news);
        this.inspection = inspection;
        this.history.fold(events, inspection);
        this.version++;
        for (const listen of this.listeners) listen(events);
        return drawn();
      },
      typed: (event) => this.typed(event),
      edit: (request, save) =>
        new Promise((resolve) => {
          const closed = () => {
            this.edit = undefined;
            resolve();
          };
          const noted = async (text: string) => {
            const problem = await save(text);
            if (problem === undefined) this.saved(text);
            return problem;
          };
          this.edit = { ...request, save: noted, closed };
        }),
    };
    try {
      const { keep } = this.started;
      await this.api.attach(comlink.proxy(listener));
      this.state = 'ready';
      if (!this.started.terminal) this.firstPrompt();
      // The engine's code is loaded when something first asks for it: not before there is a prompt to type at.
      await this.prompt;
      // Where nothing was kept yet the store is opened now.
      if (keep !== undefined && !this.restoring) await this.api.keepWork(keep);
      await this.time.follow();
      this.keepOnLeaving();
      this.time.decide();
      this.inspection = await this.api.inspect();
    } catch (error) {
      this.fail((error as Error).message);
    }
  }

  /**
   * Types a line, `^C` as that key: into the terminal of that name, which is opened if need be, '' the first; without a
   * name into the one that is in front.
   */
  async run(line: string, terminal?: string): Promise<void> {
    if (terminal !== undefined) await this.toFront(terminal);
    if (line === '^C') this.insert('\x03');
    else this.type(line);
  }

  /** Told by each terminal when it first draws something. */
  firstPrompt(): void {
    if (!this.prompted) performance.mark('drydock:prompt');
    this.prompted = true;
    this.showPrompt();
  }

  open(view: ViewName, pick?: string): void {
    this.writing = false;
    this.view = view;
    this.pick = pick;
    writeAddress(view, pick);
  }

  closeArchive(): void {
    this.archive?.close();
    this.archive = undefined;
    this.open('archive');
  }

  /** Chooses a thing of the view, or lets go of it when it was chosen. */
  choose(pick: string | undefined): void {
    this.open(this.view, pick === this.pick ? undefined : pick);
  }

  on(listen: (events: TraceEvent[]) => void): () => void {
    this.listeners.add(listen);
    return () => this.listeners.delete(listen);
  }

  /** Told of each line as it begins and ends, at once, from the first one on. One listener. */
  onTyped(listen: (event: TypedEvent) => void): void {
    this.typed = listen;
    for (const event of this.untold.splice(0)) listen(event);
  }

  set(settings: Partial<Settings>): void {
    Object.assign(this.settings, settings);
    if (!this.embed) writeSettings($state.snapshot(this.settings));
  }

  private fail(problem: string): void {
    this.state = 'failed';
    this.problem = problem;
  }
}

/** Resolves when what was set has been drawn; a page that is hidden draws nothing and does not wait. */
const drawn = (): Promise<void> =>
  new Promise((resolve) => {
    const late = setTimeout(resolve, 250);
    requestAnimationFrame(() =>
      setTimeout(() => {
        clearTimeout(late);
        resolve();
      }),
    );
  });

function readAddress(): { view: ViewName; pick: string | undefined } {
  const query = new URLSearchParams(location.search);
  const view = query.get('view');
  const name = query.get('embed') || view;
  return { view: isViewName(name) ? name : 'layers', pick: query.get('pick') ?? undefined };
}

function writeAddress(view: ViewName, pick: string | undefined): void {
  const address = new URL(location.href);
  address.searchParams.set('view', view);
  if (pick === undefined) address.searchParams.delete('pick');
  else address.searchParams.set('pick', pick);
  history.replaceState(history.state, '', address);
}
