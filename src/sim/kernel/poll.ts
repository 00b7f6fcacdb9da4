/** poll(2). */
import { blockUntil } from './block.ts';
import type { PollEvents } from './sys.ts';
import type { Task } from './task.ts';

interface Interest {
  fd: number;
  read?: boolean;
  write?: boolean;
}

/** Those that are ready; none when the time ran out. */
export async function pollFiles(task: Task, fds: readonly Interest[], timeoutMs?: number): Promise<PollEvents[]> {
  const queues = fds.flatMap(({ fd }) => task.files.get(fd).queues());
  const attempt = (): PollEvents[] | undefined => {
    const events = fds.flatMap((interest) => eventsOf(task, interest));
    return events.length > 0 ? events : undefined;
  };
  return (await blockUntil(task, queues, attempt, timeoutMs)) ?? [];
}

function eventsOf(task: Task, { fd, read, write }: Interest): PollEvents[] {
  const ready = task.files.get(fd).ready();
  const event: PollEvents = { fd };
  if (read && ready.read) event.read = true;
  if (write && ready.write) event.write = true;
  if (ready.hangup) event.hangup = true;
  if (ready.error) event.error = true;
  return Object.keys(event).length > 1 ? [event] : [];
}
