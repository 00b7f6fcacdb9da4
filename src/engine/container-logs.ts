import { compareTime, type LogOptions, type OutputFrame, rfc3339Nano, type Timespec, utf8 } from '../spec/index.ts';
import type { Container } from './container.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, engineError, messageOf } from './errors.ts';
import { parseTimestamp } from './event-log.ts';
import { hostPath, logPathOf } from './host-paths.ts';
import { type LogEntry, LogFile } from './log-file.ts';

/** GET /containers/{id}/logs */
export async function containerLogs(
  daemon: Daemon,
  name: string,
  options: LogOptions,
): Promise<{ tty: boolean; frames: AsyncIterable<OutputFrame> }> {
  const container = daemon.containers.find(name);
  const { hostConfig, config } = container.record;
  if (hostConfig.LogConfig.Type === 'none') {
    throw engineError(501, 'configured logging driver does not support reading');
  }
  const since = time(options.since);
  const until = time(options.until);
  const { hostTree, clock } = daemon.ports;
  const log = container.log ?? new LogFile(hostTree, hostPath(logPathOf(container.id)), clock);
  const wanted = (entry: LogEntry): boolean =>
    options[entry.stream] &&
    (!since || compareTime(entry.time, since) >= 0) &&
    (!until || compareTime(entry.time, until) <= 0);
  return { tty: config.Tty, frames: read(daemon, container, log, options, wanted, until) };
}

function time(text: string): Timespec | undefined {
  try {
    return text === '0' ? undefined : parseTimestamp(text);
  } catch (error) {
    throw badRequest(messageOf(error));
  }
}

// What is not a number means all, as in the daemon.
function lastOf(entries: LogEntry[], tail: string): LogEntry[] {
  if (!/^\+?\d+$/.test(tail)) return entries;
  return Number(tail) === 0 ? [] : entries.slice(-Number(tail));
}

async function* read(
  daemon: Daemon,
  container: Container,
  log: LogFile,
  options: LogOptions,
  wanted: (entry: LogEntry) => boolean,
  until: Timespec | undefined,
): AsyncGenerator<OutputFrame> {
  let change = () => {};
  const stop = log.listen(() => change());
  const ended = container.isRunning ? container.waitFor('next-exit') : undefined;
  let over = ended === undefined;
  void ended?.result.then(() => {
    over = true;
    change();
  });
  try {
    const { entries, next } = log.read();
    for (const entry of lastOf(entries.filter(wanted), options.tail))
      yield logFrames.frameOf(entry, options.timestamps, options.details);
    let at = next;
    while (options.follow) {
      const last = over || (until && compareTime(daemon.ports.clock.now(), until) > 0);
      const more = log.read(at);
      at = more.next;
      for (const entry of more.entries.filter(wanted))
        yield logFrames.frameOf(entry, options.timestamps, options.details);
      if (last && more.entries.length === 0) return;
      if (more.entries.length > 0 || over) continue;
      await new Promise<void>((resolve) => {
        change = resolve;
      });
    }
  } finally {
    stop();
    ended?.cancel();
  }
}

export const logFrames = {
  frameOf(entry: LogEntry, timestamps: boolean, details = false): OutputFrame {
    const prefix = timestamps ? `${fixedNano(entry.time)} ` : '';
    const attributes = details ? `${attributesText(entry.attrs ?? {})} ` : '';
    return { stream: entry.stream, bytes: utf8(prefix + attributes + entry.text) };
  },
};

const attributesText = (attrs: Record<string, string>): string =>
  Object.keys(attrs)
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(attrs[name]!)}`)
    .join(',');

// jsonmessage.RFC3339NanoFixed: always nine digits.
const fixedNano = (moment: Timespec): string =>
  `${rfc3339Nano({ sec: moment.sec, nsec: 0 }).slice(0, -1)}.${String(moment.nsec).padStart(9, '0')}Z`;
