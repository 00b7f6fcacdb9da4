/** What the page knows: the engine behind it, the latest inspection, and the reader's settings. */
import * as comlink from 'comlink';
import type { Inspection, TraceEvent } from '../trace/index.ts';
import { type LanguageCode, preferredLanguage, type Strings, strings } from './i18n.ts';
import type { PageListener, WorkerApi } from './protocol.ts';

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
    Object.assign(this, readSettings());
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onerror = (event) => this.fail(event.message);
    this.api = comlink.wrap<WorkerApi>(worker);
  }

  async boot(): Promise<void> {
    const listener: PageListener = {
      events: (events, inspection) => {
        this.inspection = inspection;
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
      await this.api.boot({ seed: seedOfPage() }, comlink.proxy(listener));
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

/** `?seed=7` makes a class see the same ids; without it everyone has seed 1. */
function seedOfPage(): number {
  const seed = Number(new URLSearchParams(location.search).get('seed') ?? 1);
  return Number.isSafeInteger(seed) ? seed : 1;
}
