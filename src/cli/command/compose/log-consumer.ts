import type { DockerCli } from '../../docker-cli.ts';

type Paint = (text: string) => string;

interface Presenter {
  name: string;
  paint: Paint;
  prefix: string;
}

const colored =
  (code: string): Paint =>
  (text) =>
    `\x1b[${code}m${text}\x1b[0m`;
const monochrome: Paint = (text) => text;
/** cyan, yellow, green, magenta, blue; then intense. */
const rainbow = ['36', '33', '32', '35', '34', '36;1', '33;1', '32;1', '35;1', '34;1'].map(colored);

/** The name under which watch logs. */
export const watchLogger = '#watch';

/** Lines of several containers, each under its own name and colour (cmd/formatter/logs.go). */
export class LogConsumer {
  private readonly presenters = new Map<string, Presenter>();
  private width = 0;
  private colors = 0;
  private written: Promise<void> = Promise.resolve();
  private failure?: Error;

  constructor(
    private readonly cli: DockerCli,
    private readonly options: { color: boolean; prefix: boolean; timestamps?: boolean },
  ) {}

  register(name: string): Presenter {
    const [root, ...rest] = name.split(' ');
    const parent = rest.length ? this.presenter(root!) : undefined;
    const presenter = { name, paint: parent?.paint ?? this.nextColor(name), prefix: parent?.prefix ?? '' };
    this.presenters.set(name, presenter);
    this.width = Math.max(...[...this.presenters.keys()].map((one) => one.length)) + 1;
    if (this.options.prefix) for (const one of this.presenters.values()) one.prefix = this.prefixOf(one);
    return presenter;
  }

  /** Says no more: who looked on has gone. */
  mute(): void {
    this.muted = true;
  }
  private muted = false;

  log(name: string, message: string): void {
    this.lines(name, message, 'stdout');
  }
  err(name: string, message: string): void {
    this.lines(name, message, 'stderr');
  }
  status(name: string, message: string): void {
    this.write(this.presenter(name).paint(`\r\x1b[K${name} ${message}\n`), 'stdout');
  }
  /** Resolves when all is written; rejects when a reader is gone. */
  async flush(): Promise<void> {
    await this.written;
    if (this.failure) throw this.failure;
  }

  private presenter(name: string): Presenter {
    return this.presenters.get(name) ?? this.register(name);
  }

  private nextColor(name: string): Paint {
    if (!this.options.color) return monochrome;
    if (name === watchLogger) return colored('92');
    return rainbow[this.colors++ % rainbow.length]!;
  }

  private prefixOf({ name, paint }: Presenter): string {
    if (name === watchLogger) return paint(`${' '.repeat(this.width)} ⦿ `);
    return paint(`${name.padEnd(this.width)} | `);
  }

  private lines(name: string, message: string, stream: 'stdout' | 'stderr'): void {
    if (this.muted) return;
    const { prefix } = this.presenter(name);
    const time = this.options.timestamps ? timestamp(this.cli) : '';
    for (const line of message.split('\n')) this.write(`${prefix}${time}${line}\n`, stream);
  }

  private write(text: string, stream: 'stdout' | 'stderr'): void {
    this.written = this.written
      .then(() => (stream === 'stdout' ? this.cli.out(text) : this.cli.err(text)))
      .catch((error: Error) => {
        this.failure ??= error;
      });
  }
}

/** RFC 3339 with nine digits, as jsonmessage has it. */
function timestamp({ host }: DockerCli): string {
  const { sec, nsec } = host.now();
  return `${new Date(sec * 1000).toISOString().slice(0, 19)}.${String(nsec).padStart(9, '0')}Z`;
}

/** Cuts bytes into lines; what has no end yet waits. */
export class LineSplitter {
  private readonly decoder = new TextDecoder();
  private rest = '';

  constructor(private readonly consume: (line: string) => void) {}

  push(bytes: Uint8Array): void {
    const lines = (this.rest + this.decoder.decode(bytes, { stream: true })).split('\n');
    this.rest = lines.pop()!;
    for (const line of lines) this.consume(line);
  }
  end(): void {
    if (this.rest) this.consume(this.rest);
    this.rest = '';
  }
}
