/** The worker's half of `TimeApi`: history, keeping, and handing out. */
import { type Cast, type Machine, type Recorder, type Terminal, Timeline, timeTools } from '../machine/index.ts';
import { fromUtf8 } from '../spec/index.ts';
import type { StepState } from '../trace/index.ts';
import { Keeping } from './keeping.ts';
import type { TimeApi, TimeListener } from './protocol.ts';

export interface TimeParts {
  machine(): Machine;
  seed(): number;
  /** A machine from the beginning, in place of the present one's state. */
  terminals: ReadonlySet<Terminal>;
  casts: ReadonlyMap<Terminal, Cast>;
}

const now = () => performance.now();
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** `begin` once there is a machine; `keeping` before it, for what it goes on from. */
export function timeApi({ machine, seed, terminals, casts }: TimeParts) {
  let listener: TimeListener | undefined;
  let timeline: Timeline | undefined;
  let recorder: Recorder | undefined;
  let cancelled = false;
  let step: StepState = { on: false, event: undefined, count: 0 };
  const keeping = new Keeping((state) => void listener?.keep(state));
  const history = (): Timeline => timeline!;
  const after = async (moved: Promise<void>) => {
    await moved;
    return history().state();
  };
  const past = (id: number) => {
    const moment = history().at(id);
    if (!moment) throw new Error(`the state of moment ${id} is no longer held`);
    return moment;
  };

  async function play(lines: Parameters<Awaited<ReturnType<typeof timeTools>>['replay']>[2]['lines'], speed?: number) {
    const { replay } = await timeTools();
    cancelled = false;
    const first = [...terminals][0];
    const terminal = first ?? machine().openTerminal({ columns: 80, rows: 24, onData() {} });
    const total = lines.length;
    const whole = await replay(machine(), terminal, {
      lines,
      speed,
      sleep,
      cancelled: () => cancelled,
      progress: (done, line) => void listener?.replay({ done, total, line }),
    });
    void listener?.replay(undefined);
    if (!first) terminal.close();
    return whole;
  }

  const api: TimeApi = {
    async watchTime(next) {
      listener = next;
      await Promise.all([next.timeline(history().state()), next.step(step), next.keep(keeping.state)]);
    },
    timeline: async () => history().state(),
    momentEvents: async (id) => history().events(id),
    undo: () => after(history().undo()),
    redo: () => after(history().redo()),
    jump: (id) => after(history().jump(id)),
    inspectAt: async (id) => history().at(id)?.inspect(),
    layerChangesAt: (id, key) => past(id).layerChanges(key),
    lookAt: (id, container, path) => past(id).look(container, path),
    async layerFileAt(id, key, path, limit) {
      const content = await past(id).layerFile(key, path);
      if (!content) return undefined;
      const bytes = content.read(0, limit);
      return { text: fromUtf8(bytes), size: content.size, binary: bytes.includes(0) };
    },
    stepMode: async (on) => machine().stepMode(on),
    step: async () => machine().step(),
    exportWorkspace: async () => (await timeTools()).writeWorkspace(history().snapshot(), seed()),
    async importWorkspace(file) {
      const { snapshot } = await (await timeTools()).readWorkspace(file);
      return after(history().adopt('', snapshot));
    },
    async shareLink(lesson) {
      const lines = history().typedLines();
      if (!lines) return { tooLong: true, reason: 'not-typed' };
      const fragment = (await timeTools()).shareFragment({ seed: seed(), lines, lesson });
      return fragment ? { fragment } : { tooLong: true, reason: 'length' };
    },
    async readShareLink(fragment) {
      const shared = (await timeTools()).readShareFragment(fragment);
      return shared && { ...shared, commands: shared.lines.map(({ line }) => line) };
    },
    async openShareLink(fragment) {
      const shared = (await timeTools()).readShareFragment(fragment);
      if (!shared) throw new Error('this is no share link');
      // The seed of the link is the machine's: a page that was opened with another one begins anew.
      await history().adopt('', await machine().beginning(shared.seed));
      return play(shared.lines);
    },
    async cancelReplay() {
      cancelled = true;
    },
    async exportCast(name) {
      const terminal = [...terminals].find((one) => one.name === name);
      return (terminal && casts.get(terminal)?.text()) ?? '';
    },
    async startRecording() {
      const tools = await timeTools();
      recorder = new tools.Recorder(machine(), seed(), now);
    },
    async stopRecording() {
      if (!recorder) throw new Error('nothing is being recorded');
      const file = await recorder.stop();
      recorder = undefined;
      return file;
    },
    async playRecording(file, speed) {
      const { start, lines } = await (await timeTools()).readRecording(file);
      await history().adopt('', start);
      return play(lines, speed);
    },
    startAfresh: async () => after(history().adopt('', await machine().beginning(seed()))),
    keeping: async () => keeping.state,
    async takeOver() {
      const found = await keeping.takeOver();
      // What was done here meanwhile is one undo away.
      if (found) return after(history().adopt('', found));
      keeping.save(() => history().snapshot());
      return history().state();
    },
    keepNow: () => keeping.flush(),
    forgetWork: () => keeping.forget(),
  };
  return {
    api,
    keeping,
    begin() {
      timeline = new Timeline(machine());
      timeline.on((state) => {
        void listener?.timeline(state);
        keeping.save(() => history().snapshot());
      });
      machine().onStep((state) => {
        step = state;
        void listener?.step(state);
      });
    },
    /** From now on, of a machine that began with nothing kept. */
    async keep(workspace: string) {
      const found = await keeping.open(workspace, seed());
      // Kept between the look before the boot and now: it is not written over, and undo leads back.
      if (found) await history().adopt('', found);
      else if (history().state().moments.length > 1) keeping.save(() => history().snapshot());
    },
    /** Puts a host that was just booted in place of the present one; the history stays. */
    beginAgain: async () => history().adopt('', await machine().beginning(seed())),
    /** A change that was not typed. */
    mark: (line: string) => timeline?.mark(line),
  };
}
