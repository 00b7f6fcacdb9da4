/** A demonstration before an audience: one key types a command, runs it, and goes on to the next step. */
import type { Demo, DemoStep, SolutionLine } from '../lesson/index.ts';
import type { Session } from './session.svelte.ts';
import { movesLittle } from './settings.ts';
import type { ViewName } from './views.ts';
import { teachWords } from './words/teach.ts';

/** `over`: the step's commands have run. */
export type Phase = 'starting' | 'ready' | 'typing' | 'typed' | 'running' | 'over' | 'end';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
/** Ms between two keys of someone who types before others. */
const rhythm = (char: string): number => (char === ' ' ? 70 : 25) + Math.random() * 50;
/** A line that opens another shell has its prompt when the screen has stood still for so long. */
const stillMs = 800;
const killLine = '\x15';

export class Presenter {
  /** Index of the step, and of the command that is next in it. */
  at = $state(0);
  line = $state(0);
  phase: Phase = $state('starting');
  /** The teacher types: only the clicker's own keys are the presenter's. */
  hands = $state(false);
  problem = $state('');
  readonly began = performance.now();
  readonly step: DemoStep = $derived.by(() => this.demo.steps[this.at]!);
  readonly command: SolutionLine | undefined = $derived.by(() => this.step.commands[this.line]);
  /** Moment of the timeline at which each step began. */
  private readonly starts: number[] = [];
  private hurry = false;
  private gone = false;

  constructor(
    readonly session: Session,
    readonly demo: Demo,
  ) {}

  async begin(): Promise<void> {
    await this.session.time.decided;
    const problem = await this.session.api.beginLesson(this.demo, true);
    if (problem) this.problem = problem;
    else await this.enter(0);
  }

  next = (): void => {
    this.hands = false;
    if (this.phase === 'typing') this.hurry = true;
    else if (this.phase === 'typed') void this.run();
    else if (this.phase === 'ready') void this.type();
    else if (this.phase === 'over') void this.enter(this.at + 1);
  };

  /** To the beginning of this step, or of the one before, as the host was then. */
  back = async (): Promise<void> => {
    this.hands = false;
    if (this.phase === 'typed' || this.phase === 'typing') return this.untype();
    if (this.phase === 'running' || this.phase === 'starting') return;
    const to = this.line > 0 ? this.at : Math.max(0, this.at - 1);
    this.phase = 'running';
    await this.session.time.goTo(this.starts[to]!);
    this.show(to);
  };

  leave = (): void => {
    this.gone = true;
    if (this.phase === 'typed' || this.phase === 'typing') this.session.insert(killLine);
    this.session.enlarged = undefined;
    this.session.presenting = undefined;
    const address = new URL(location.href);
    address.searchParams.delete('present');
    history.replaceState(history.state, '', address);
  };

  /** Somebody types into the terminal: what is typed there is theirs. */
  takeOver(): void {
    if (this.hands) return;
    this.hands = true;
    if (this.phase === 'typing' || this.phase === 'typed') this.untype();
  }

  private untype(): void {
    this.phase = 'ready';
    this.session.insert(killLine);
  }

  private async enter(step: number): Promise<void> {
    this.starts[step] = (await this.session.api.timeline()).current;
    this.show(step);
  }

  private show(step: number): void {
    this.at = step;
    this.line = 0;
    this.problem = '';
    this.phase = this.afterCommand();
    const { view, pick } = this.step;
    if (view || pick) this.session.open((view as ViewName | undefined) ?? this.session.view, pick);
  }

  private afterCommand(): Phase {
    if (this.line < this.step.commands.length) return 'ready';
    return this.at < this.demo.steps.length - 1 ? 'over' : 'end';
  }

  private async type(): Promise<void> {
    const { run } = this.command!;
    // By hand something may stand there.
    this.session.insert(killLine);
    this.phase = 'typing';
    this.hurry = movesLittle(this.session.settings);
    for (const [at, char] of [...run].entries()) {
      if (this.phase !== 'typing' || this.gone) return;
      if (this.hurry) {
        this.session.insert([...run].slice(at).join('').replaceAll('\n', '\r'));
        break;
      }
      this.session.insert(char === '\n' ? '\r' : char);
      await sleep(rhythm(char));
    }
    if (this.phase === 'typing') this.phase = 'typed';
  }

  private async run(): Promise<void> {
    const { run, status: wanted = 0 } = this.command!;
    const before = { number: this.session.history.last?.number ?? 0, screen: this.session.screen() };
    this.phase = 'running';
    this.session.type('');
    const status = await this.ended(before);
    if (this.gone) return;
    this.problem =
      status === undefined || status === wanted ? '' : teachWords[this.session.language].wrongStatus(run, status);
    this.line += 1;
    this.phase = this.afterCommand();
  }

  /** Resolves with the exit status when a prompt is there again; undefined: of a shell that the line opened. */
  private async ended(before: { number: number; screen: string }): Promise<number | undefined> {
    for (let still = 0, last = ''; !this.gone; await sleep(80)) {
      const screen = this.session.screen();
      still = screen === last ? still + 80 : 0;
      last = screen;
      if (screen === before.screen || !/(?:[#$]|>>>) ?$/.test(screen)) continue;
      const command = this.session.history.last;
      if (command && command.number > before.number && command.status !== undefined) return command.status;
      if (still >= stillMs) return undefined;
    }
    return undefined;
  }
}
