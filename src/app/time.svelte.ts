/** What the page knows of time: the moments, the walk through a command, a replay, and whether the work is kept. */
import * as comlink from 'comlink';
import type { Inspection, StepState, TimelineMoment, TimelineState, TraceEvent } from '../trace/index.ts';
import type { KeepState, TimeListener } from './protocol.ts';
import type { Session } from './session.svelte.ts';

/** A moment that is looked at, without going there. */
export interface Moment {
  id: number;
  line: string;
  inspection: Inspection;
  events: TraceEvent[];
}

type Replay = Parameters<TimeListener['replay']>[0];

export class Time {
  state: TimelineState = $state.raw({ moments: [], current: 0, undo: undefined, redo: undefined });
  step: StepState = $state.raw({ on: false, event: undefined, count: 0 });
  replay: Replay = $state.raw(undefined);
  keep: KeepState = $state.raw({ state: 'off', reason: 'not-asked', text: '' });
  recording = $state(false);
  /** A recording that was opened, and waits to be played. */
  offered: File | undefined = $state.raw(undefined);
  /** The notice offers the workspace as a file. */
  offerFile = $state(false);
  /** Told once, until it is closed. */
  notice = $state('');
  /** Moments that no command made, by what did. */
  readonly named: Record<number, 'afresh' | 'file' | 'link' | 'recording'> = $state({});
  /** The machine is on its way to another moment. */
  moving = $state(false);

  decide: () => void = () => {};
  /** Whether this tab keeps the work is known, and what was kept is there: whatever depends on it, or changes it, waits. */
  readonly decided = new Promise<void>((resolve) => {
    this.decide = resolve;
  });

  readonly current: TimelineMoment | undefined = $derived(
    this.state.moments.find(({ id }) => id === this.state.current),
  );

  readonly listener: TimeListener = {
    timeline: (state) => {
      this.state = state;
      this.note();
    },
    step: (state) => {
      this.step = state;
    },
    replay: (progress) => {
      this.replay = progress;
    },
    keep: (state) => {
      this.keep = state;
      if (state.state === 'off' && state.reason === 'not-asked') this.session.noteKept(false);
      this.note();
    },
  };

  constructor(private readonly session: Session) {}

  /** From now on; the present state of each is there when this resolves. */
  async follow(): Promise<void> {
    await this.session.api.watchTime(comlink.proxy(this.listener));
  }

  /** Of both that come, whichever is last. An empty dock that is kept is nothing to wait for. */
  private note(): void {
    if (this.keep.state !== 'off' && this.state.moments.length > 1) this.session.noteKept(true);
  }

  undo = (): Promise<void> => this.move(() => this.session.api.undo());
  redo = (): Promise<void> => this.move(() => this.session.api.redo());

  /** Shows a moment in all views; the present one, or none that is held: now. */
  async look(id: number): Promise<void> {
    if (id === this.state.current) return this.now();
    const moment = this.state.moments.find((one) => one.id === id);
    if (!moment?.kept) return;
    const { api } = this.session;
    const [inspection, events] = await Promise.all([api.inspectAt(id), api.momentEvents(id)]);
    if (inspection) this.session.moment = { id, line: moment.line, inspection, events };
  }

  now(): void {
    this.session.moment = undefined;
  }

  /** Goes on from a moment: what is typed there begins a branch. */
  goTo = (id: number): Promise<void> => this.move(() => this.session.api.jump(id));

  takeOver = (): Promise<void> => this.move(() => this.session.api.takeOver());
  afresh = (): Promise<void> => this.named_('afresh', () => this.session.api.startAfresh());
  open = (file: Blob): Promise<void> => this.named_('file', () => this.session.api.importWorkspace(file));

  /** Plays a recording, or what a link holds, and says so in the timeline. */
  async play(how: 'link' | 'recording', playing: () => Promise<boolean>): Promise<boolean> {
    await this.decided;
    const before = this.state.moments.at(-1)?.id ?? 0;
    const whole = await playing();
    const first = this.state.moments.find(({ id }) => id > before);
    if (first) this.named[first.id] = how;
    return whole;
  }

  private async named_(how: Time['named'][number], going: () => Promise<TimelineState>): Promise<void> {
    await this.move(going);
    this.named[this.state.current] = how;
  }

  private async move(going: () => Promise<TimelineState>): Promise<void> {
    this.moving = true;
    try {
      await this.decided;
      this.state = await going();
      this.now();
      this.session.inspection = await this.session.api.inspect();
      this.session.version++;
    } finally {
      this.moving = false;
    }
  }
}
