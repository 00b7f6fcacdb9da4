import type { BuildMessage } from './backend.ts';

/** The answer's JSON lines, and whether there were any. */
export class Output {
  private count = 0;
  private held: BuildMessage[] = [];

  constructor(
    private readonly emit: (message: BuildMessage) => void,
    /** -q: nothing is shown but the id, or all of it when the build fails. */
    private readonly quiet = false,
  ) {}

  get started(): boolean {
    return this.count > 0;
  }

  send(message: BuildMessage): void {
    if (this.quiet) this.held.push(message);
    else this.now(message);
  }

  private now(message: BuildMessage): void {
    this.count++;
    this.emit(message);
  }

  stdout(text: string): void {
    if (text) this.send({ stream: text });
  }

  /** The builder's own standard error, and that of RUN: red, chunk by chunk. */
  stderr(text: string): void {
    if (text) this.send({ stream: `\u001b[91m${text}\u001b[0m` });
  }

  /** What was held back. */
  release(): void {
    for (const message of this.held.splice(0)) this.now(message);
  }

  /** A message that -q does not hold back. */
  always(message: BuildMessage): void {
    this.now(message);
  }
}
