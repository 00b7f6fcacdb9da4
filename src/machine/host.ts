/** One host, from power on to power off. A machine that is restored goes on with another. */
import { BootedKernel, forkTree, hostNameserver, MemTree, SeededEntropy, VirtualClock } from '../sim/index.ts';
import { timespecFromMs } from '../spec/index.ts';
import type { Trace, TraceEvent, Tracer } from '../trace/index.ts';
import type { EngineParts } from './boot-engine.ts';
import { mountCgroupV1 } from './cgroup-v1.ts';
import { fillHostRoot } from './host-root.ts';
import type { MachineOptions } from './machine.ts';
import { ownPrograms, programTable } from './programs.ts';
import type { RunningRegistry } from './registries.ts';
import type { Snapshot } from './snapshot.ts';
import { StepGate } from './step-gate.ts';

/** 2025-07-01T09:00:00Z: the same on every day, so that digests and times are those on the teacher's slide. */
const defaultStart = Date.UTC(2025, 6, 1, 9);

const socket = '/var/run/docker.sock';

export class Host {
  readonly clock: VirtualClock;
  readonly kernel: BootedKernel;
  readonly tracer: Tracer;
  /** Registry programs that run. */
  readonly registries = new Set<RunningRegistry>();
  private readonly disk: MemTree;
  private readonly entropy: SeededEntropy;
  private starting: Promise<EngineParts> | undefined;
  private parts: EngineParts | undefined;
  private on = true;
  readonly gate = new StepGate(() => this.kernel.core.scheduler.halt());

  constructor(
    private readonly options: MachineOptions,
    trace: Trace,
    private readonly from?: Snapshot,
  ) {
    this.tracer = {
      emit: (event: TraceEvent) => {
        if (!this.on) return;
        trace.emit(event);
        this.gate.hear(event);
      },
      wants: (type) => this.on && trace.wants(type),
    };
    this.clock = new VirtualClock({
      ...(from?.clock ?? { start: timespecFromMs(options.startMs ?? defaultStart) }),
      pace:
        options.pace === 'skip'
          ? { kind: 'skip', breathe: options.breathe }
          : { kind: 'real', hostTimer: options.realTimer },
    });
    this.entropy = new SeededEntropy(`kernel:${options.seed ?? 1}`);
    if (from) this.entropy.restore(from.entropy);
    this.disk = from ? forkTree(from.disk, this.clock) : new MemTree({ type: 'ext4', dev: 0xfe01, clock: this.clock });
    this.kernel = this.boot();
    if (from) this.rewind(from);
    this.kernel.serveHttp({ unix: socket }, async (request, context) => (await this.engine()).api(request, context));
  }

  /** Loads and starts it at the first call; whoever needs it waits. */
  engine(): Promise<EngineParts> {
    this.starting ??= import('./boot-engine.ts')
      .then(({ bootEngine }) =>
        bootEngine({
          gate: this.gate,
          options: this.options,
          kernel: this.kernel,
          tracer: this.tracer,
          clock: this.clock,
          from: this.from,
        }),
      )
      .then((parts) => {
        if (this.from?.engine) this.rewind(this.from);
        this.parts = parts;
        return parts;
      });
    return this.starting;
  }

  /** What it took to start again what ran is not part of the history: times and ids go on as they would have. */
  private rewind({ clock, entropy }: Snapshot): void {
    this.clock.rewind(clock);
    this.entropy.restore(entropy);
  }

  /** O(1): see {@link Snapshot}. Of a host whose engine is starting: as it was before. */
  snapshot(): Snapshot {
    return {
      clock: this.clock.state(),
      entropy: this.entropy.state(),
      processes: this.processes(),
      disk: this.disk.snapshot(),
      engine: this.parts ? this.parts.snapshot() : this.from?.engine,
    };
  }

  processes(): Snapshot['processes'] {
    const { kernel } = this;
    const processes = [...kernel.processes.values()].map(
      ({ startedMs: _started, sid: _session, pids, args, ...process }) => ({
        ...process,
        pids: [...pids],
        args: [...args],
      }),
    );
    return { processes, cgroups: kernel.cgroups, netNamespaces: kernel.netNamespaces };
  }

  /** Every process ends at once and nothing that waits goes on; what is still under way writes to what nobody reads. */
  async powerOff(): Promise<void> {
    this.on = false;
    this.gate.set(false);
    await this.kernel.shutdown();
    this.clock.stop();
  }

  private boot(): BootedKernel {
    const { options } = this;
    const hostname = options.hostname ?? 'dock';
    const kernel = new BootedKernel({
      clock: this.clock,
      entropy: this.entropy,
      tracer: this.tracer,
      root: this.disk,
      hostname,
      programs: programTable(options, () => this.clock.hold(), this.registries),
      refuse: options.refuse,
      breathe: async () => {
        await options.breathe();
        await this.gate.passed();
      },
    });
    const { paths } = kernel.kernelTask;
    const nameserver = options.nameserver ?? hostNameserver;
    if (this.from) paths.unlink(socket);
    else fillHostRoot(paths, { hostname, nameserver, extra: ownPrograms });
    if (options.cgroups === 1) mountCgroupV1(kernel.sys);
    if (options.uplink === false) kernel.sys.netlink.deleteRoute('default');
    return kernel;
  }
}
