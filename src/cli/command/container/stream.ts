import { FrameDecoder } from '../../../api/index.ts';
import type { Duplex } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';

/** Why a stream ended. */
export type StreamEnd = 'closed' | 'detached';

/** Keys as `--detach-keys` names them (`ctrl-p,ctrl-q`, `a`): bytes. Throws on an unknown key. */
export function detachKeys(text: string): number[] {
  if (text === '') return [16, 17];
  return text.split(',').map((key) => {
    const control = /^ctrl-([a-z@[\\\]^_])$/.exec(key.toLowerCase());
    if (control)
      return control[1]! >= 'a' && control[1]! <= 'z'
        ? control[1]!.charCodeAt(0) - 96
        : '@[\\]^_'.indexOf(control[1]!) === 0
          ? 0
          : 26 + '@[\\]^_'.indexOf(control[1]!);
    if (key.length !== 1) throw new Error(`Unknown character: '${key}'`);
    return key.charCodeAt(0);
  });
}

/** The daemon refuses keys that it does not know; the client keeps to the usual ones. */
function knownKeys(text: string): number[] {
  try {
    return detachKeys(text);
  } catch {
    return detachKeys('');
  }
}

/** Watches what is typed for the detach sequence; gives back what is to be passed on. */
export class DetachWatch {
  private matched = 0;
  constructor(private readonly keys: readonly number[]) {}

  /** Undefined when the sequence is complete. */
  pass(bytes: Uint8Array): Uint8Array | undefined {
    const out: number[] = [];
    for (const byte of bytes) {
      if (byte === this.keys[this.matched]) {
        this.matched++;
        if (this.matched === this.keys.length) return undefined;
        continue;
      }
      out.push(...this.keys.slice(0, this.matched));
      this.matched = byte === this.keys[0] ? 1 : 0;
      if (this.matched === 0) out.push(byte);
    }
    return Uint8Array.from(out);
  }
}

/**
 * Joins the terminal to a hijacked connection until the other side ends or the user detaches. With `tty` the bytes are
 * raw; otherwise they are framed (stdout and stderr apart). The terminal is in raw mode meanwhile.
 */
export async function pumpStream(
  cli: DockerCli,
  stream: Duplex,
  options: { tty: boolean; stdin: boolean; detachKeys?: string; signalsCaught?: boolean },
): Promise<StreamEnd> {
  const { host } = cli;
  const raw = options.tty && options.stdin && host.stdin.isTty;
  const keys = knownKeys(options.detachKeys ?? '');
  if (raw) host.setRaw(true);
  try {
    const written = options.signalsCaught
      ? pumpOutput(cli, stream, options.tty).catch(sayBrokenPipe)
      : pumpOutput(cli, stream, options.tty);
    const output = written.then((): StreamEnd => 'closed');
    if (!options.stdin) {
      stream.closeWrite();
      return await output;
    }
    const input = pumpInput(cli, stream, options.tty ? new DetachWatch(keys) : undefined);
    // The end of the input alone ends nothing: the other side is still heard.
    const detached = input.then((ended): StreamEnd | Promise<StreamEnd> => (ended === 'detached' ? ended : output));
    const end = await Promise.race([output, detached]);
    if (end === 'closed') {
      host.stdin.cancel();
      await input;
    }
    // A read that nothing answers any more.
    output.catch(() => undefined);
    return end;
  } finally {
    if (raw) host.setRaw(false);
    stream.close();
  }
}

/** Whoever catches every signal is not ended by SIGPIPE. */
function sayBrokenPipe(error: unknown): never {
  if ((error as { code?: string }).code !== 'EPIPE') throw error;
  throw new Error('write /dev/stdout: broken pipe');
}

async function pumpInput(cli: DockerCli, stream: Duplex, watch: DetachWatch | undefined): Promise<StreamEnd> {
  for (;;) {
    const bytes = await cli.host.stdin.read();
    if (!bytes) break;
    const passed = watch ? watch.pass(bytes) : bytes;
    if (!passed) return 'detached';
    try {
      if (passed.length) await stream.write(passed);
    } catch {
      // The container is gone; what it said before is still to be read.
      return 'closed';
    }
  }
  stream.closeWrite();
  return 'closed';
}

async function pumpOutput(cli: DockerCli, stream: Duplex, tty: boolean): Promise<void> {
  const decoder = new FrameDecoder();
  for (let bytes = await stream.read(); bytes; bytes = await stream.read()) {
    if (tty) await cli.host.stdout.write(bytes);
    else await writeFrames(cli, decoder, bytes);
  }
}

/** Writes framed output to stdout and stderr. */
export async function writeFrames(cli: DockerCli, decoder: FrameDecoder, bytes: Uint8Array): Promise<void> {
  for (const frame of decoder.push(bytes)) {
    if (frame.stream === 3) throw new Error(`error from daemon in stream: ${new TextDecoder().decode(frame.bytes)}`);
    await (frame.stream === 2 ? cli.host.stderr : cli.host.stdout).write(frame.bytes);
  }
}

/** Tells the daemon the terminal's size, now and whenever it changes. `path` is the container's or the exec's. */
export function followSize(cli: DockerCli, path: string): () => void {
  const send = (): void => {
    const size = cli.host.windowSize();
    if (!size || (size.rows === 0 && size.columns === 0)) return;
    void cli.client.done('POST', `${path}/resize`, { query: { h: size.rows, w: size.columns } }).catch(() => undefined);
  };
  send();
  return cli.host.onResize(send);
}

/** Passes every signal on to the container; returns how to stop. */
export function proxySignals(cli: DockerCli, id: string): () => void {
  return cli.host.onSignal((signal) => {
    void cli.client
      .done('POST', `/containers/${id}/kill`, { query: { signal: signal.replace(/^SIG/, '') } })
      .catch(() => undefined);
  });
}

/** The check of `-it` without a terminal. */
export function checkTty(cli: DockerCli, attachStdin: boolean, tty: boolean): void {
  if (tty && attachStdin && !cli.host.stdin.isTty) throw new Error('the input device is not a TTY');
}
