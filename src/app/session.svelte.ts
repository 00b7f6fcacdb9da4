/** What the page knows: the engine behind it, the latest inspection, and the reader's settings. */
import * as comlink from 'comlink';
import type { Inspection, TraceEvent } from '../trace/index.ts';
import { CommandHistory } from './history.svelte.ts';
import { type LanguageCode, preferredLanguage, type Strings, strings } from './i18n.ts';
import type { PageListener, WorkerApi } from './protocol.ts';
import { isViewName, type ViewName } from './views.ts';

export type Theme = 'dark' | 'light' | 'system';

type Edit = Parameters<PageListener['edit']>[0] & {
  save(text: string): Promise<string | undefined>;
  closed(): void;
};

const settingsKey = 'drydock.settings';

interface Settings {
  language: LanguageCode;
  theme: Theme;
}

function readSettings(): Settings {
  const fallback: Settings = { language: preferredLanguage(), theme: 'system' };
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(settingsKey) ?? '{}') as Partial<Settings>) };
  } catch {
    return fallback; // storage is off (private mode) or holds something else
  }
}

export class Session {
  readonly api: comlink.Remote<WorkerApi>;
  state: 'booting' | 'ready' | 'failed' = $state('booting');
  problem = $state('');
  /** The first prompt is on the screen: what it did not need may load now. */
  prompted = $state(false);
  private showPrompt: () => void = () => {};
  private readonly prompt = new Promise<void>((resolve) => {
    this.showPrompt = resolve;
  });
  inspection: Inspection | undefined = $state.raw(undefined);
  /** Another moment that the views show instead of now: of the timeline. */
  moment: { line: string; inspection: Inspection } | undefined = $state.raw(undefined);
  /** What the views show: now, or the moment that was chosen. */
  readonly shown: Inspection | undefined = $derived(this.moment?.inspection ?? this.inspection);
  readonly history = new CommandHistory();
  /** The view on the stage and what is chosen in it: both stand in the address (`?view=processes&pick=p2317`). */
  view: ViewName = $state('layers');
  pick: string | undefined = $state(undefined);
  /** Grows with each batch of events: what must be asked again depends on it. */
  version = $state(0);
  edit: Edit | undefined = $state.raw(undefined);
  language: LanguageCode = $state('en');
  theme: Theme = $state('system');
  /** Types into the terminal that is in front. Set by the terminals. */
  type: (text: string) => void = () => {};
  /** The text of the terminal that is in front, scrollback included. Set by the terminals. */
  screen: () => string = () => '';
  readonly t: Strings = $derived(strings[this.language]);
  private readonly listeners = new Set<(events: TraceEvent[]) => void>();

  constructor() {
    Object.assign(this, readSettings(), readAddress());
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onerror = (event) => this.fail(event.message);
    this.api = comlink.wrap<WorkerApi>(worker);
  }

  async boot(): Promise<void> {
    const listener: PageListener = {
      events: (events, inspection) => {
        this.inspection = inspection;
        this.history.fold(events, inspection);
        this.version++;
        for (const listen of this.listeners) listen(events);
      },
      edit: (request, save) =>
        new Promise((resolve) => {
          const closed = () => {
            this.edit = undefined;
            resolve();
          };
          this.edit = { ...request, save, closed };
        }),
    };
    try {
      await this.api.boot({ seed: seedOfPage(), keep: keptAs() }, comlink.proxy(listener));
      this.state = 'ready';
      // The engine's code is loaded when something first asks for it: not before there is a prompt to type at.
      await this.prompt;
      this.inspection = await this.api.inspect();
    } catch (error) {
      this.fail((error as Error).message);
    }
  }

  /** Told by each terminal when it first draws something. */
  firstPrompt(): void {
    if (!this.prompted) performance.mark('drydock:prompt');
    this.prompted = true;
    this.showPrompt();
  }

  open(view: ViewName, pick?: string): void {
    this.view = view;
    this.pick = pick;
    writeAddress(view, pick);
  }

  /** Chooses a thing of the view, or lets go of it when it was chosen. */
  choose(pick: string | undefined): void {
    this.open(this.view, pick === this.pick ? undefined : pick);
  }

  on(listen: (events: TraceEvent[]) => void): () => void {
    this.listeners.add(listen);
    return () => this.listeners.delete(listen);
  }

  set(settings: Partial<Settings>): void {
    Object.assign(this, settings);
    try {
      localStorage.setItem(settingsKey, JSON.stringify({ language: this.language, theme: this.theme }));
    } catch {
      // Storage is off: the setting holds for this visit.
    }
  }

  private fail(problem: string): void {
    this.state = 'failed';
    this.problem = problem;
  }
}

/** `?keep=NAME`: the work is kept in this browser under that name, and is there again after a reload. */
const keptAs = (): string | undefined => new URLSearchParams(location.search).get('keep') ?? undefined;

/** `?seed=7` makes a class see the same ids; without it everyone has seed 1. */
function seedOfPage(): number {
  const seed = Number(new URLSearchParams(location.search).get('seed') ?? 1);
  return Number.isSafeInteger(seed) ? seed : 1;
}

function readAddress(): { view: ViewName; pick: string | undefined } {
  const query = new URLSearchParams(location.search);
  const view = query.get('view');
  return { view: isViewName(view) ? view : 'layers', pick: query.get('pick') ?? undefined };
}

function writeAddress(view: ViewName, pick: string | undefined): void {
  const address = new URL(location.href);
  address.searchParams.set('view', view);
  if (pick === undefined) address.searchParams.delete('pick');
  else address.searchParams.set('pick', pick);
  history.replaceState(history.state, '', address);
}
