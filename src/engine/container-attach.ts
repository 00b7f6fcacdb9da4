import type { Attachment, AttachOptions } from '../spec/index.ts';
import type { Container } from './container.ts';
import { logFrames } from './container-logs.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, conflict } from './errors.ts';
import type { OutputQueue } from './output-queue.ts';
import type { StreamHub } from './stream-hub.ts';

/** POST /containers/{id}/attach. Attached from when this resolves, before a start as well. */
export async function containerAttach(daemon: Daemon, name: string, options: AttachOptions): Promise<Attachment> {
  const keys = parseDetachKeys(options.detachKeys);
  const container = daemon.containers.find(name);
  if (container.state.paused) throw conflict(`Container ${name} is paused, unpause the container before attach.`);
  if (container.state.restarting) {
    throw conflict(`Container ${name} is restarting, wait until the container is running before attach.`);
  }
  const { Tty, OpenStdin, StdinOnce } = container.record.config;
  const queue = container.hub.subscribe(options.stream && options.stdout, options.stream && options.stderr);
  if (options.logs) await replay(container, queue, options);
  if (!options.stream) queue.end();
  daemon.containerEvent(container, 'attach');
  return attachment(container.hub, queue, {
    tty: Tty,
    stdin: options.stdin && OpenStdin,
    endsStdin: StdinOnce,
    keys: Tty ? keys : [],
    onDetach: () => daemon.containerEvent(container, 'detach'),
  });
}

async function replay(container: Container, queue: OutputQueue, options: AttachOptions): Promise<void> {
  for (const entry of container.log?.read().entries ?? []) {
    if (options[entry.stream]) void queue.push(logFrames.frameOf(entry, false));
  }
}

interface AttachmentSettings {
  tty: boolean;
  stdin: boolean;
  /** Stdin ends with this client. */
  endsStdin: boolean;
  /** Bytes that detach; [] none. */
  keys: number[];
  onDetach: () => void;
}

export function attachment(hub: StreamHub, queue: OutputQueue, settings: AttachmentSettings): Attachment {
  const detector = new DetachDetector(settings.keys);
  return {
    tty: settings.tty,
    output: queue,
    async write(bytes) {
      if (!settings.stdin) return;
      const { pass, detached } = detector.feed(bytes);
      if (pass.length > 0) hub.input(pass);
      if (!detached) return;
      settings.onDetach();
      queue.end();
    },
    closeWrite() {
      // A terminal stays: its input does not end with a client's.
      if (settings.stdin && settings.endsStdin && !settings.tty && !detector.detached) hub.endInput();
    },
    close: () => queue.close(),
  };
}

/** Holds back a begun detach sequence until it is complete or broken (moby pkg/term EscapeProxy). */
class DetachDetector {
  private matched = 0;
  detached = false;
  constructor(private readonly keys: number[]) {}

  feed(bytes: Uint8Array): { pass: Uint8Array; detached: boolean } {
    if (this.keys.length === 0) return { pass: bytes.slice(), detached: false };
    const pass: number[] = [];
    for (const byte of bytes) {
      if (byte === this.keys[this.matched]) {
        if (++this.matched < this.keys.length) continue;
        this.detached = true;
        return { pass: Uint8Array.from(pass), detached: true };
      }
      pass.push(...this.keys.slice(0, this.matched), byte);
      this.matched = 0;
    }
    return { pass: Uint8Array.from(pass), detached: false };
  }
}

/** `ctrl-p,ctrl-q`: single characters and ctrl- with a letter or one of @ [ \ ] ^ _ (moby pkg/term ToBytes). */
export function parseDetachKeys(text: string, kind = 'detach'): number[] {
  return (text || 'ctrl-p,ctrl-q').split(',').map((key) => {
    const control = /^ctrl-([a-z@[\\\]^_])$/.exec(key);
    if (control) return control[1]!.toUpperCase().charCodeAt(0) & 0x1f;
    if (key.length === 1) return key.charCodeAt(0);
    throw badRequest(`Invalid ${kind} keys (${text}) provided`);
  });
}
