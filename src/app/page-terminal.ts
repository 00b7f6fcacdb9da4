/** A terminal in the worker: what its shell prints goes to a port of the page, what the page types comes from it. */
import { Cast, type Machine, type Terminal } from '../machine/index.ts';
import type { TerminalInput, TerminalOutput } from './protocol.ts';

/** Bytes a terminal may have on their way to the screen before the program that writes them waits. */
const mostInFlight = 256 * 1024;

export interface Size {
  columns: number;
  rows: number;
}

export class PageTerminal {
  readonly terminal: Terminal;
  readonly cast: Cast;
  private waiting: (() => void)[] = [];
  private inFlight = 0;
  private show: (port: MessagePort) => void = () => {};
  /** A shell that was started before the page has a screen for it waits with its first word. */
  private readonly port = new Promise<MessagePort>((resolve) => {
    this.show = resolve;
  });

  constructor(
    machine: Machine,
    private size: Size,
  ) {
    this.cast = new Cast(size, () => performance.now());
    this.terminal = machine.openTerminal({ ...size, onData: (bytes) => this.print(bytes) });
  }

  attach(size: Size, port: MessagePort): void {
    if (size.columns !== this.size.columns || size.rows !== this.size.rows) this.resize(size);
    port.onmessage = ({ data }: MessageEvent<TerminalInput>) => this.take(data);
    void this.terminal.ended.then((status) => post(port, { type: 'ended', status }));
    this.show(port);
  }

  private async print(bytes: Uint8Array): Promise<void> {
    const port = await this.port;
    this.cast.output(bytes);
    this.inFlight += bytes.length;
    post(port, { type: 'data', bytes });
    if (this.inFlight > mostInFlight) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private take(input: TerminalInput): void {
    if (input.type === 'data') this.terminal.write(input.bytes);
    else if (input.type === 'resize') this.resize(input);
    else if (input.type === 'close') this.terminal.close();
    else {
      this.inFlight -= input.bytes;
      const ready = this.waiting;
      this.waiting = [];
      for (const resume of ready) resume();
    }
  }

  private resize({ columns, rows }: Size): void {
    this.size = { columns, rows };
    this.cast.resize(columns, rows);
    this.terminal.resize(columns, rows);
  }
}

const post = (port: MessagePort, message: TerminalOutput): void => port.postMessage(message);
